/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A referee that takes kinds in whole runs says the same as one that hears
 * event by event, whatever the events: thrown at random, right and wrong ones.
 */
#include <string.h>

#include "conformance/referee/device_access.h"
#include "conformance/referee/integrity.h"
#include "conformance/referee/isolation.h"
#include "conformance/referee/ledger.h"
#include "conformance/referee/ring/ringwatch.h"
#include "conformance/referee_harness.h"
#include "sim/world/rng.h"

enum { SLOTS = 4, SLOT = 128, ROUNDS = 300000, MOST = 6, SAID = 16 };

static const uint64_t bar_gpa[2] = {0x10000, 0x90000};

static struct rng rng;
static struct referee_harness whole, single;
static uint16_t offered[LINK_ENDS * NIC_QUEUES],
	used[LINK_ENDS * NIC_QUEUES]; /* positions, by queue */
static uint32_t sent[2];      /* the number of the next packet, by end */
static uint32_t described;    /* descriptors that no chain has yet */
static uint16_t described_on; /* this queue */

static void prepare(struct referee_harness *h, const struct referee_ops *ops)
{
	harness_prepare(h);
	harness_bar(h, bar_gpa, SLOTS, SLOT);
	if (ops == &device_access_referee) /* to which slots are nothing */
		h->map.link[0].bar_size = 0;
	harness_open(h, ops);
}

/* A place in the BAR of @end: mostly where a slot begins. */
static uint64_t place(uint32_t end)
{
	uint64_t at = bar_gpa[end] + rng_below(&rng, SLOTS + 1) * SLOT;

	return rng_below(&rng, 10) ? at : at + rng_below(&rng, SLOT);
}

static struct event_item item_throw(enum event_kind kind, uint32_t end)
{
	struct event_item i = {.addr = place(end), .len = SLOT};
	bool odd = rng_below(&rng, 12) == 0;

	switch (kind) {
	case EV_AVAILABLE:
		i.a = rng_below(&rng, 9) | (odd ? 2u : 1u) << 16;
		break;
	case EV_DESC:
		i.a = rng_below(&rng, 9);
		break;
	case EV_SEND:
		i.addr = rng_below(&rng, 3);
		i.a = odd ? rng_below(&rng, 3) : sent[end];
		sent[end] = i.a + 1;
		break;
	case EV_DELIVER:
		i.addr = rng_below(&rng, 3);
		break;
	case EV_HOST_WRITE:
		i.a = !odd;
		break;
	default:
		i.addr = 0;
		i.a = rng_below(&rng, 9);
		i.len = rng_below(&rng, 2) * SLOT;
		break;
	case EV_GUEST_READ:
	case EV_GUEST_WRITE:
	case EV_HOST_READ:
		break;
	}
	if (odd)
		i.len = rng_below(&rng, 2 * SLOT);
	return i;
}

/* Descriptors are mostly followed by the head of their chain. */
static bool chain_due(enum event_kind kind)
{
	return kind == EV_AVAILABLE && described && rng_below(&rng, 8);
}

static uint16_t some_queue(void)
{
	uint32_t end = rng_below(&rng, LINK_ENDS);

	return queue_of_nic(end, rng_below(&rng, NET_QUEUES));
}

/* One event, or the head of a run, with its items behind it; its places. */
static uint32_t throw_run(struct event *ev)
{
	static const enum event_kind kinds[] = {
		EV_AVAILABLE, EV_AVAILABLE,     EV_USED,
		EV_USED,      EV_USED_CONSUMED, EV_USED_CONSUMED,
		EV_SEND,      EV_DELIVER,       EV_GUEST_READ,
		EV_HOST_READ, EV_HOST_WRITE,    EV_GUEST_WRITE,
		EV_DESC};
	enum event_kind kind =
		described ? EV_AVAILABLE : kinds[rng_below(&rng, 13)];
	bool chain = chain_due(kind);
	uint32_t count = chain ? 1 : 1 + rng_below(&rng, MOST);
	uint16_t queue = chain ? described_on : some_queue();
	struct event_item *item = (struct event_item *)(ev + 1);

	*ev = (struct event){.kind = (uint8_t)(kind | EVENT_BATCH),
			     .actor = (actor_id)queue_nic(queue),
			     .queue = queue,
			     .b = queue_nic(queue),
			     .a = count};
	if (kind == EV_AVAILABLE) {
		ev->b = (queue_is_tx(queue) ? 0 : 2) | (uint32_t)offered[queue]
							       << 16;
		ev->b |= chain; /* the flag that says so */
		offered[queue] = (uint16_t)(offered[queue] + count);
	} else if (kind == EV_DESC) {
		ev->b = queue_is_tx(queue) ? 0 : 2;
	} else if (kind == EV_USED) {
		ev->b = used[queue];
		used[queue] = (uint16_t)(used[queue] + count);
	} else if (kind == EV_SEND) {
		ev->b = !queue_nic(queue);
	}
	for (uint32_t k = 0; k < count; k++)
		item[k] = item_throw(kind, queue_nic(queue));
	if (chain)
		item[0].a = (item[0].a & 0xffff) | (described + 1) << 16;
	described = kind == EV_DESC ? count : 0;
	described_on = queue;
	return event_places(count);
}

/* Indexes follow what was written, as after a burst. */
static void indexes_say(uint16_t queue)
{
	struct event ev[2] = {
		{.kind = EV_AVAIL_IDX, .queue = queue, .a = offered[queue]},
		{.kind = EV_USED_IDX, .queue = queue, .a = used[queue]}};

	referee_watch(whole.ops, whole.self, ev, 2);
	referee_watch(single.ops, single.self, ev, 2);
}

static void both_say(struct event ev)
{
	referee_watch(whole.ops, whole.self, &ev, 1);
	referee_watch(single.ops, single.self, &ev, 1);
}

/* The links begin anew: so that there is something right to go wrong. */
static void begin(void)
{
	for (uint16_t end = 0; end < 2; end++) {
		uint16_t queue = queue_of_nic(end, NET_RX);

		both_say((struct event){.kind = EV_STATUS, .queue = queue});
		both_say((struct event){
			.kind = EV_STATUS, .queue = queue, .a = 15});
	}
	both_say((struct event){.kind = EV_PAIR, .a = 1, .b = SLOTS});
	memset(offered, 0, sizeof offered);
	memset(used, 0, sizeof used);
}

static bool said_alike(void)
{
	bool same = whole.said == single.said;

	for (uint32_t i = 0; same && i < whole.said && i < SAID; i++)
		same = memcmp(&whole.finding[i].event, &single.finding[i].event,
			      sizeof(struct event)) == 0 &&
		       whole.finding[i].clause == single.finding[i].clause &&
		       whole.finding[i].slot == single.finding[i].slot &&
		       strcmp(whole.finding[i].detail,
			      single.finding[i].detail) == 0;
	return same;
}

static void alike(const struct referee_ops *ops)
{
	struct event ev[1 + (MOST + 1) / 2];
	uint32_t findings = 0, silent = 0;

	rng.state = 1;
	memset(sent, 0, sizeof sent);
	prepare(&whole, ops);
	prepare(&single, ops);
	for (uint32_t n = 0; n < ROUNDS; n++) {
		uint32_t places;

		if (n % 40 == 0)
			begin();
		whole.said = single.said = 0;
		places = throw_run(ev);
		referee_watch(ops, whole.self, ev, places);
		for (uint32_t k = 0; k < event_count(ev); k++) {
			struct event one = event_nth(ev, k);

			referee_watch(ops, single.self, &one, 1);
		}
		indexes_say(ev->queue);
		findings += whole.said;
		silent += whole.said == 0;
		if (!said_alike()) {
			harness_show(&whole);
			printf("  not as\n");
			harness_show(&single);
			CU_FAIL("whole runs are judged otherwise");
			break;
		}
	}
	CU_ASSERT(findings > 1000);
	CU_ASSERT(silent > 1000);
	harness_close(&whole);
	harness_close(&single);
}

static void ledger(void)
{
	alike(&ledger_referee);
}

static void ringwatch(void)
{
	alike(&ringwatch_referee);
}

static void integrity(void)
{
	alike(&integrity_referee);
}

static void device_access(void)
{
	alike(&device_access_referee);
}

static void isolation(void)
{
	alike(&isolation_referee);
}

static const struct unit_case cases[] = {
	{"ledger", ledger},
	{"ringwatch", ringwatch},
	{"integrity", integrity},
	{"isolation", isolation},
	{"device access", device_access},
};

UNIT_MAIN("runs", cases)
