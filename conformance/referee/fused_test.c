/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A referee that takes fused batches as a whole says the same as one that hears
 * the runs that they stand for, and one that hears event by event: of slots
 * that go to and fro as they should, and of what somebody makes of that.
 */
#include <string.h>

#include "conformance/referee/isolation.h"
#include "conformance/referee/ledger.h"
#include "conformance/referee/ring/ringwatch.h"
#include "conformance/referee_harness.h"
#include "sim/world/rng.h"

enum {
	SLOTS = 8,
	SLOT = 128,
	HEADER = 12,
	RING = 8,
	ROUNDS = 100000,
	GOES = 30, /* in one epoch */
	MOST = 6,  /* buffers in a fused batch */
	NOBODY = 0xff
};

enum { WHOLE, PARTS, SINGLE, WAYS };

static const uint64_t bar_gpa[2] = {0x10000, 0x90000};

static struct rng rng;
static struct referee_harness way[WAYS];

/* What is true while nobody lies: who has each slot, and its two heads. */
static struct {
	uint8_t holder; /* end that may send it, or NOBODY while it is sent */
	uint8_t posted[2]; /* head on the receive queue of each end */
	uint8_t sent;      /* head on the transmit queue of who sent it */
} slot[SLOTS];
static uint8_t order[2][SLOTS]; /* what each end sent, or was handed, in turn */
static uint32_t orders[2];
static bool forwarded[2]; /* these have been handed over */
static uint16_t position[4], used[4];
static uint8_t freed[4][RING]; /* heads, used again in turn */
static uint32_t freed_first[4], frees[4];

static void prepare(struct referee_harness *h, const struct referee_ops *ops)
{
	harness_prepare(h);
	harness_bar(h, bar_gpa, SLOTS, SLOT);
	harness_open(h, ops);
}

static void all_hear(const struct event *ev)
{
	struct event part[EVENT_BATCH_PLACES];
	uint32_t kind = event_kind(ev);

	referee_watch(way[WHOLE].ops, way[WHOLE].self, ev, event_size(ev));
	for (uint32_t i = 0; i < event_parts(kind); i++) {
		if (kind >= EVENT_KINDS)
			fused_part(ev, i, part);
		else
			memcpy(part, ev, event_size(ev) * sizeof *ev);
		referee_watch(way[PARTS].ops, way[PARTS].self, part,
			      event_size(part));
	}
	for (uint32_t k = 0; k < event_total(ev); k++) {
		struct event one = event_nth(ev, k);

		referee_watch(way[SINGLE].ops, way[SINGLE].self, &one, 1);
	}
}

static void hear(struct event ev)
{
	all_hear(&ev);
}

static uint8_t head_take(uint32_t queue)
{
	assert(frees[queue]);
	frees[queue]--;
	return freed[queue][freed_first[queue]++ % RING];
}

static void head_put(uint32_t queue, uint8_t head)
{
	freed[queue][(freed_first[queue] + frees[queue]++) % RING] = head;
}

/* Each end posts what the other one holds at first. */
static void posts(void)
{
	for (uint32_t s = 0; s < SLOTS; s++) {
		uint16_t rx = queue_of_nic(s & 1, NET_RX);

		slot[s].holder = !(s & 1);
		slot[s].posted[s & 1] = head_take(rx);
		hear((struct event){.kind = EV_AVAILABLE,
				    .actor = s & 1,
				    .queue = rx,
				    .item = {bar_gpa[s & 1] + s * SLOT, SLOT,
					     slot[s].posted[s & 1] | 1u << 16},
				    .b = 2 | (uint32_t)position[rx]++ << 16});
	}
}

static void indexes_say(void)
{
	for (uint16_t q = 0; q < 4; q++) {
		hear((struct event){
			.kind = EV_AVAIL_IDX, .queue = q, .a = position[q]});
		hear((struct event){
			.kind = EV_USED_IDX, .queue = q, .a = used[q]});
	}
}

static void begin(void)
{
	for (uint16_t end = 0; end < 2; end++) {
		uint16_t q = queue_of_nic(end, NET_RX);

		hear((struct event){.kind = EV_STATUS, .queue = q});
		hear((struct event){.kind = EV_STATUS, .queue = q, .a = 15});
		orders[end] = forwarded[end] = 0;
	}
	hear((struct event){.kind = EV_PAIR, .a = 1, .b = SLOTS});
	memset(position, 0, sizeof position);
	memset(used, 0, sizeof used);
	for (uint32_t q = 0; q < 4; q++) {
		frees[q] = freed_first[q] = 0;
		for (uint8_t i = 0; i < RING; i++)
			head_put(q, i);
	}
	posts();
	indexes_say();
}

/* Somebody says something else than what is so. */
static void lie(struct event *ev)
{
	struct event_item *item = (struct event_item *)(ev + 1);
	uint32_t k = rng_below(&rng, ev->a), i = rng_below(&rng, ev->a);

	switch (rng_below(&rng, 8)) {
	case 0:
		item[k].addr += rng_below(&rng, 2) ? SLOT : 1;
		break;
	case 1:
		item[k].len = rng_below(&rng, 2 * SLOT);
		break;
	case 2:
		item[k].a ^= 1u << rng_below(&rng, 20);
		break;
	case 3:
		item[k] = item[i];
		break;
	case 4:
		item[k].addr = item[i].addr;
		break;
	case 5:
		ev->b ^= 1u << rng_below(&rng, 32);
		break;
	case 6:
		ev->addr ^= 1u << rng_below(&rng, 8);
		break;
	default:
		ev->queue ^= 2; /* of the other end */
		break;
	}
}

static void tell(struct event *ev)
{
	ev->time = way[WHOLE].time;
	if (rng_below(&rng, 6) == 0)
		lie(ev);
	all_hear(ev);
	indexes_say();
}

/* @end sends some of what it holds. */
static void send_some(uint32_t end)
{
	struct event ev[EVENT_BATCH_PLACES] = {0};
	struct event_item *item = (struct event_item *)(ev + 1);
	uint16_t rx = queue_of_nic(end, NET_RX), tx = queue_of_nic(end, NET_TX);
	uint32_t most = 1 + rng_below(&rng, MOST), n = 0;

	ev[0] = fused_send(tx, position[rx], position[tx], SLOT, end);
	for (uint32_t s = 0; s < SLOTS && n < most; s++) {
		if (slot[s].holder != end || !frees[rx] || !frees[tx])
			continue;
		slot[s].holder = NOBODY;
		slot[s].posted[end] = head_take(rx);
		slot[s].sent = head_take(tx);
		order[end][orders[end]++] = (uint8_t)s;
		item[n++] = (struct event_item){
			bar_gpa[end] + s * SLOT, HEADER + s,
			fused_heads(slot[s].posted[end], slot[s].sent)};
	}
	if (!n)
		return;
	ev[0].actor = (actor_id)end;
	ev[0].a = n;
	position[rx] = (uint16_t)(position[rx] + n);
	position[tx] = (uint16_t)(position[tx] + n);
	tell(ev);
}

/* The host hands over all that @end has sent. */
static void forward_all(uint32_t end)
{
	struct event ev[EVENT_BATCH_PLACES] = {0};
	struct event_item *item = (struct event_item *)(ev + 1);
	uint16_t tx = queue_of_nic(end, NET_TX),
		 rx = queue_of_nic(!end, NET_RX);

	ev[0] = fused_forward(tx, rx, used[rx], used[tx], HEADER, end);
	ev[0].actor = (actor_id)(2 + end);
	ev[0].a = orders[end];
	for (uint32_t k = 0; k < orders[end]; k++) {
		uint32_t s = order[end][k];

		item[k] = (struct event_item){
			bar_gpa[end] + s * SLOT, HEADER + s,
			fused_heads(slot[s].posted[!end], slot[s].sent)};
	}
	used[rx] = (uint16_t)(used[rx] + orders[end]);
	used[tx] = (uint16_t)(used[tx] + orders[end]);
	forwarded[end] = true;
	tell(ev);
}

/* The other end takes and reads it; @end takes back its sends. */
static void take_all(uint32_t end)
{
	struct event ev[EVENT_BATCH_PLACES] = {0},
		     reap[EVENT_BATCH_PLACES] = {0};
	struct event_item *item = (struct event_item *)(ev + 1);
	uint16_t tx = queue_of_nic(end, NET_TX),
		 rx = queue_of_nic(!end, NET_RX);

	ev[0] = fused_take(rx, !end);
	ev[0].actor = !end;
	ev[0].a = orders[end];
	reap[0] = (struct event){.kind = EV_USED_CONSUMED | EVENT_BATCH,
				 .actor = (actor_id)end,
				 .queue = tx,
				 .a = orders[end]};
	for (uint32_t k = 0; k < orders[end]; k++) {
		uint32_t s = order[end][k];

		item[k] = (struct event_item){bar_gpa[!end] + s * SLOT,
					      HEADER + s, slot[s].posted[!end]};
		((struct event_item *)(reap + 1))[k].a = slot[s].sent;
		slot[s].holder = !end;
		head_put(rx, slot[s].posted[!end]);
		head_put(tx, slot[s].sent);
	}
	orders[end] = forwarded[end] = 0;
	tell(ev);
	all_hear(reap);
}

static void go(void)
{
	uint32_t end = rng_below(&rng, 2);

	if (orders[end] && forwarded[end])
		take_all(end);
	else if (orders[end])
		forward_all(end);
	else
		send_some(end);
}

static bool said_alike(const struct referee_harness *a,
		       const struct referee_harness *b)
{
	bool same = a->said == b->said;

	for (uint32_t i = 0; same && i < a->said && i < HARNESS_FINDINGS; i++)
		same = memcmp(&a->finding[i].event, &b->finding[i].event,
			      sizeof(struct event)) == 0 &&
		       a->finding[i].clause == b->finding[i].clause &&
		       a->finding[i].slot == b->finding[i].slot &&
		       strcmp(a->finding[i].detail, b->finding[i].detail) == 0;
	return same;
}

static void alike(const struct referee_ops *ops)
{
	uint32_t silent = 0, findings = 0;
	bool same = true;

	rng.state = 1;
	for (uint32_t i = 0; i < WAYS; i++)
		prepare(&way[i], ops);
	for (uint32_t n = 0; same && n < ROUNDS; n++) {
		if (n % GOES == 0)
			begin();
		for (uint32_t i = 0; i < WAYS; i++)
			way[i].said = 0;
		go();
		silent += way[WHOLE].said == 0;
		findings += way[WHOLE].said;
		same = said_alike(&way[WHOLE], &way[SINGLE]) &&
		       said_alike(&way[PARTS], &way[SINGLE]);
	}
	CU_ASSERT(same);
	for (uint32_t i = 0; i < WAYS; i++) {
		if (!same) {
			printf("  as %s:\n", i == WHOLE   ? "bundles"
					     : i == PARTS ? "runs"
							  : "events");
			harness_show(&way[i]);
		}
		harness_close(&way[i]);
	}
	CU_ASSERT(silent > ROUNDS / 10);
	CU_ASSERT(findings > ROUNDS / 100);
}

static void ledger(void)
{
	alike(&ledger_referee);
}

static void ringwatch(void)
{
	alike(&ringwatch_referee);
}

static void isolation(void)
{
	alike(&isolation_referee);
}

static const struct unit_case cases[] = {
	{"ledger", ledger},
	{"ringwatch", ringwatch},
	{"isolation", isolation},
};

UNIT_MAIN("bundles", cases)
