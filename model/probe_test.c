/* SPDX-License-Identifier: BSD-3-Clause */
/* Events alone and in runs: none is lost, doubled or cut at the ring's end. */
#include "model/probe.h"

#include "model/unit.h"

enum { CAPACITY = 1024 };

static struct event ring[CAPACITY + PROBE_SLACK];
static struct probe probe;
static uint32_t heard; /* events; each has its number as a */
static bool as_written;

static void expect(const struct event *e)
{
	uint32_t n = heard++;

	as_written &= e->a == n && e->addr == 7 * (uint64_t)n &&
		      e->len == n + 3 && e->actor == 5;
}

static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	struct event_walk walk = event_walk(ev, places);
	struct event one;

	(void)listener;
	while (event_next(&walk, &one))
		expect(&one);
}

static void begin(void)
{
	probe = (struct probe){.ring = ring,
			       .mask = CAPACITY - 1,
			       .wanted = UINT64_MAX,
			       .actor = 5,
			       .flush = on_flush};
	heard = 0;
	as_written = true;
}

/* Writes events @from to @from + @count - 1 as one run. */
static void emit(enum event_kind kind, uint32_t from, uint32_t count,
		 uint32_t b)
{
	struct event_item item[EVENT_BATCH_MAX];

	for (uint32_t k = 0; k < count; k++)
		item[k] = (struct event_item){7 * (uint64_t)(from + k),
					      from + k + 3, from + k};
	probe_emit_batch(&probe, kind, 2, item, count, b);
}

static void batches_of_all_lengths_arrive_in_order(void)
{
	uint32_t n = 0;

	begin();
	for (uint32_t lap = 0; lap < 20; lap++)
		for (uint32_t count = 0; count <= EVENT_BATCH_MAX; count++) {
			emit(EV_SEND, n, count, 0);
			n += count;
			probe_emit(&probe, EV_KICK, 2, n, 7 * (uint64_t)n,
				   n + 3, 0);
			n++;
		}
	probe_flush(&probe);
	CU_ASSERT_EQUAL(heard, n);
	CU_ASSERT(as_written);
}

static void positions_count_up_in_a_batch(void)
{
	struct probe_walk walk = {.p = &probe};
	struct event e = {0};

	begin();
	emit(EV_AVAILABLE, 0, 3, 2 | 0xfffeu << 16);
	emit(EV_USED, 3, 2, 0xffff);
	emit(EV_USED_CONSUMED, 5, 2, 9);
	for (uint32_t k = 0; k < 3; k++) {
		CU_ASSERT_FATAL(probe_next(&walk, &e));
		CU_ASSERT_EQUAL(e.kind, EV_AVAILABLE);
		CU_ASSERT_EQUAL(e.b >> 16, (uint16_t)(0xfffe + k));
		CU_ASSERT_EQUAL((uint16_t)e.b, 2);
	}
	for (uint32_t k = 0; k < 2; k++) {
		CU_ASSERT_FATAL(probe_next(&walk, &e));
		CU_ASSERT_EQUAL(e.b, (uint16_t)(0xffff + k));
	}
	for (uint32_t k = 0; k < 2; k++) {
		CU_ASSERT_FATAL(probe_next(&walk, &e));
		CU_ASSERT_EQUAL(e.b, 9);
	}
	CU_ASSERT_FALSE(probe_next(&walk, &e));
}

/* From the oldest on, history is whole: numbers without a gap to the last. */
static void history_is_whole(void)
{
	uint32_t n = 0;

	begin();
	for (uint32_t i = 0; i < 500; i++) {
		struct probe_walk walk = {.p = &probe};
		uint32_t next, first;
		struct event e = {0};

		emit(EV_SEND, n, 1 + i % 7, 0);
		n += 1 + i % 7;
		if (i % 5)
			continue;
		probe_flush(&probe);
		walk.at = probe_oldest(&probe);
		if (!probe_next(&walk, &e))
			continue;
		first = next = e.a;
		do
			as_written &= e.a == next++;
		while (probe_next(&walk, &e));
		CU_ASSERT_EQUAL(next, n);
		CU_ASSERT(i < 100 || n - first > 8);
	}
	CU_ASSERT(as_written);
}

/* Two runs and a fused batch side by side, all cut to what there was. */
static void batches_that_turn_out_shorter(void)
{
	for (uint32_t asked = 1; asked <= EVENT_BATCH_MAX; asked++)
		for (uint32_t got = 0; got <= asked; got++) {
			struct probe_batches runs;
			struct event_item *item[3];
			struct probe_walk walk = {.p = &probe};
			struct event e = {0};

			begin();
			probe.head = probe.seen = walk.at =
				CAPACITY - asked / 3; /* near the end */
			runs = probe_batches_begin(&probe, asked);
			item[0] = probe_batch_begin(&probe, EV_USED_CONSUMED, 2,
						    asked, 0);
			item[1] = probe_fused_begin(&probe, fused_take(2, 1),
						    asked);
			item[2] =
				probe_batch_begin(&probe, EV_USED, 2, asked, 7);
			for (uint32_t k = 0; k < asked; k++)
				for (uint32_t i = 0; i < 3; i++)
					event_item_set(&item[i][k], k, 3 * k,
						       i);
			probe_batches_end(&probe, &runs, got);
			for (uint32_t k = 0; k < got; k++) {
				CU_ASSERT_FATAL(probe_next(&walk, &e));
				CU_ASSERT(e.kind == EV_USED_CONSUMED &&
					  e.addr == k && e.a == 0);
			}
			for (uint32_t k = 0; k < 2 * got; k++) {
				CU_ASSERT_FATAL(probe_next(&walk, &e));
				CU_ASSERT(e.kind == (k < got ? EV_USED_CONSUMED
							     : EV_GUEST_READ) &&
					  e.len == 3 * (k % got));
			}
			for (uint32_t k = 0; k < got; k++) {
				CU_ASSERT_FATAL(probe_next(&walk, &e));
				CU_ASSERT(e.kind == EV_USED && e.a == 2 &&
					  e.b == 7 + k);
			}
			CU_ASSERT_FALSE(probe_next(&walk, &e));
		}
}

/* A fused batch is kept for whoever wants any of what it tells. */
static void fused_batches_are_wanted_with_their_parts(void)
{
	begin();
	probe_want(&probe, UINT64_C(1) << EV_SEND);
	CU_ASSERT_FALSE(probe_wants(&probe, FUSED_SEND));
	probe_want(&probe, UINT64_C(1) << EV_USED);
	CU_ASSERT(probe_wants(&probe, FUSED_FORWARD));
	CU_ASSERT_FALSE(probe_wants(&probe, FUSED_TAKE));
	probe_fused_begin(&probe, fused_take(2, 1), 9);
	CU_ASSERT_EQUAL(probe.head, 0);
}

static void unwanted_kinds_leave_no_trace(void)
{
	begin();
	probe.wanted = ~(UINT64_C(1) << EV_SEND);
	emit(EV_SEND, 0, 9, 0);
	emit(EV_SEND, 0, 1, 0);
	CU_ASSERT_EQUAL(probe.head, 0);
}

static const struct unit_case cases[] = {
	{"runs of all lengths are heard in order",
	 batches_of_all_lengths_arrive_in_order},
	{"positions count up in a run", positions_count_up_in_a_batch},
	{"history is whole", history_is_whole},
	{"runs that turn out shorter", batches_that_turn_out_shorter},
	{"bundles are wanted with their parts",
	 fused_batches_are_wanted_with_their_parts},
	{"unwanted kinds leave no trace", unwanted_kinds_leave_no_trace},
};

UNIT_MAIN("probe", cases)
