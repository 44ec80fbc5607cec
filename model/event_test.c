/* SPDX-License-Identifier: BSD-3-Clause */
/* Fused batches: the plain runs, and the events one by one, that they stand
 * for. */
#include "model/event.h"

#include "model/unit.h"

enum { COUNT = 3, POS_RX = 0xfffe, POS_TX = 7, SLOT = 2048, VM = 1 };

static const uint16_t tx = 3 * NIC_QUEUES + NET_TX; /* of NIC 3 */

/* A fused batch of COUNT items whose fields can be told apart. */
static void bundle(struct event *ev, struct event head)
{
	struct event_item *item = (struct event_item *)(ev + 1);

	ev[0] = head;
	ev[0].actor = 5;
	ev[0].time = 99;
	ev[0].a = COUNT;
	for (uint32_t k = 0; k < COUNT; k++)
		item[k] = (struct event_item){0x1000 * (k + 1), 100 + k,
					      fused_heads(10 + k, 20 + k)};
}

static void expect(const struct event *one, enum event_kind kind,
		   uint16_t queue, uint32_t a, uint64_t addr, uint32_t len,
		   uint32_t b)
{
	CU_ASSERT_EQUAL(one->kind, kind);
	CU_ASSERT_EQUAL(one->queue, queue);
	CU_ASSERT_EQUAL(one->a, a);
	CU_ASSERT_EQUAL(one->addr, addr);
	CU_ASSERT_EQUAL(one->len, len);
	CU_ASSERT_EQUAL(one->b, b);
	CU_ASSERT_EQUAL(one->actor, 5);
	CU_ASSERT_EQUAL(one->time, 99);
}

static void what_a_driver_sends(void)
{
	struct event ev[EVENT_BATCH_PLACES];

	bundle(ev, fused_send(tx, POS_RX, POS_TX, SLOT, VM));
	CU_ASSERT_EQUAL(event_total(ev), 3 * COUNT);
	for (uint32_t k = 0; k < COUNT; k++) {
		uint64_t addr = 0x1000 * (k + 1);
		struct event wrote = event_nth(ev, k);
		struct event post = event_nth(ev, COUNT + k);
		struct event sent = event_nth(ev, 2 * COUNT + k);

		expect(&wrote, EV_GUEST_WRITE, tx, 0, addr, 100 + k, VM);
		expect(&post, EV_AVAILABLE, queue_rx(tx), (10 + k) | 1u << 16,
		       addr, SLOT, 2 | (uint32_t)(uint16_t)(POS_RX + k) << 16);
		expect(&sent, EV_AVAILABLE, tx, (20 + k) | 1u << 16, addr,
		       100 + k, (POS_TX + k) << 16);
	}
}

static void forwarded(uint16_t to)
{
	struct event ev[EVENT_BATCH_PLACES];

	bundle(ev, fused_forward(tx, to, POS_RX, POS_TX, 12, VM));
	CU_ASSERT_EQUAL(event_total(ev), 3 * COUNT);
	for (uint32_t k = 0; k < COUNT; k++) {
		struct event wrote = event_nth(ev, k);
		struct event rx = event_nth(ev, COUNT + k);
		struct event sent = event_nth(ev, 2 * COUNT + k);

		expect(&wrote, EV_HOST_WRITE, tx, 1, 0x1000 * (k + 1), 12, VM);
		expect(&rx, EV_USED, to, 10 + k, 0, 100 + k,
		       (uint16_t)(POS_RX + k));
		expect(&sent, EV_USED, tx, 20 + k, 0, 0, POS_TX + k);
	}
}

/* To whichever NIC. */
static void what_a_host_forwards(void)
{
	for (uint32_t nic = 0; nic < NIC_MAX; nic++)
		forwarded(queue_of_nic(nic, NET_RX));
}

static void what_a_driver_takes(void)
{
	struct event ev[EVENT_BATCH_PLACES];

	bundle(ev, fused_take(4, VM));
	CU_ASSERT_EQUAL(event_total(ev), 2 * COUNT);
	for (uint32_t k = 0; k < COUNT; k++) {
		struct event took = event_nth(ev, k);
		struct event read = event_nth(ev, COUNT + k);

		expect(&took, EV_USED_CONSUMED, 4, fused_heads(10 + k, 20 + k),
		       0, 100 + k, 0);
		expect(&read, EV_GUEST_READ, 4, 0, 0x1000 * (k + 1), 100 + k,
		       VM);
	}
}

/* Of a chain that is written backwards, each goes on with the one before. */
static void descriptors_are_linked(void)
{
	struct event ev[EVENT_BATCH_PLACES];
	struct event first, next, last;

	bundle(ev, (struct event){.kind = EV_DESC | EVENT_BATCH,
				  .queue = tx,
				  .b = 2 | 9u << 16});
	((struct event_item *)(ev + 1))[0].a = 4;
	((struct event_item *)(ev + 1))[1].a = 8;
	((struct event_item *)(ev + 1))[2].a = 6;
	first = event_nth(ev, 0);
	next = event_nth(ev, 1);
	last = event_nth(ev, 2);
	expect(&first, EV_DESC, tx, 4, 0x1000, 100, 2 | 9u << 16);
	expect(&next, EV_DESC, tx, 8, 0x2000, 101, 3 | 4u << 16);
	expect(&last, EV_DESC, tx, 6, 0x3000, 102, 3 | 8u << 16);
}

/* Both ways of taking a fused batch apart come to the same, of any length. */
static void batches_and_events_agree(void)
{
	const uint16_t to = queue_of_nic(5, NET_RX);
	struct event heads[] = {fused_send(tx, POS_RX, POS_TX, SLOT, VM),
				fused_forward(tx, to, POS_RX, POS_TX, 12, VM),
				fused_take(4, VM)};
	struct event ev[EVENT_BATCH_PLACES] = {0}, part[EVENT_BATCH_PLACES];

	for (uint32_t i = 0; i < 3; i++)
		for (uint32_t n = 1; n <= EVENT_BATCH_MAX; n++) {
			struct event_walk walk;
			struct event one;

			bundle(ev, heads[i]);
			ev[0].a = n;
			walk = event_walk(ev, event_size(ev));
			for (uint32_t p = 0; p < event_parts(event_kind(ev));
			     p++) {
				fused_part(ev, p, part);
				CU_ASSERT_EQUAL(event_count(part), n);
				for (uint32_t k = 0; k < n; k++) {
					struct event e = event_nth(part, k);

					CU_ASSERT_FATAL(
						event_next(&walk, &one));
					CU_ASSERT(memcmp(&e, &one, sizeof e) ==
						  0);
				}
			}
			CU_ASSERT_FALSE(event_next(&walk, &one));
		}
}

static const struct unit_case cases[] = {
	{"what a driver sends", what_a_driver_sends},
	{"what a host forwards", what_a_host_forwards},
	{"what a driver takes", what_a_driver_takes},
	{"descriptors are linked", descriptors_are_linked},
	{"runs and events agree", batches_and_events_agree},
};

UNIT_MAIN("event", cases)
