/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a case expects of a half on the bench: the verdict, and that nothing
 * else happened. Each expectation accounts for all events so far.
 */
#ifndef TWINRING_CONFORMANCE_CASE_RING_EXPECT_H
#define TWINRING_CONFORMANCE_CASE_RING_EXPECT_H

#include "conformance/ring_bench.h"
#include "model/unit.h"

/* The device half finds a chain: so many segments, so many bytes each way. */
static inline void expect_chain(struct ring_bench *b, uint32_t segs,
				uint64_t readable, uint64_t writable)
{
	CU_ASSERT_EQUAL_FATAL(ring_bench_pop(b), RING_CHAIN);
	CU_ASSERT_EQUAL(b->chain.count, segs);
	CU_ASSERT_EQUAL(b->chain.read_len, readable);
	CU_ASSERT_EQUAL(b->chain.write_len, writable);
	for (uint32_t i = 0; i < b->chain.count; i++)
		CU_ASSERT_EQUAL(b->chain.seg[i].write, i >= b->chain.readable);
	CU_ASSERT(ring_bench_quiet(b));
}

static inline void expect_empty(struct ring_bench *b)
{
	CU_ASSERT_FALSE(vq_device_pending(&b->device));
	CU_ASSERT_EQUAL(ring_bench_pop(b), RING_EMPTY);
	CU_ASSERT(ring_bench_quiet(b));
}

/* The verdict is @clause, with words, and is taken back by the case. */
static inline void expect_verdict(struct ring_bench *b, enum clause clause)
{
	CU_ASSERT_STRING_EQUAL(clause_info(b->why.broken)->id,
			       clause_info(clause)->id);
	CU_ASSERT_NOT_EQUAL(b->why.detail[0], 0);
	b->why = (struct verdict){0};
}

/* The device half names @clause, stops, and does nothing more. */
static inline void expect_stop(struct ring_bench *b, enum clause clause)
{
	CU_ASSERT_EQUAL(ring_bench_pop(b), RING_BROKEN);
	expect_verdict(b, clause);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_BROKEN), 1);
	CU_ASSERT_EQUAL(b->probe.head - b->seen, 1);
	CU_ASSERT_EQUAL(b->event[b->seen & b->probe.mask].a, clause);
	b->seen = b->probe.head;
	CU_ASSERT_FALSE(vq_device_kicks_on(&b->device));
	CU_ASSERT_FALSE(vq_device_pending(&b->device));
	expect_empty(b);
}

/* The driver half takes the used element of the chain called @cookie. */
static inline void expect_take(struct ring_bench *b, uint32_t cookie,
			       uint32_t len)
{
	uint32_t cookie_is = ~cookie, len_is = ~len;

	ring_bench_look(b);
	CU_ASSERT_EQUAL(
		vq_driver_take(&b->driver, &cookie_is, &len_is, &b->why),
		RING_CHAIN);
	CU_ASSERT_EQUAL(cookie_is, cookie);
	CU_ASSERT_EQUAL(len_is, len);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_USED_CONSUMED), 1);
	ring_bench_look(b);
}

static inline void expect_nothing_used(struct ring_bench *b)
{
	uint32_t cookie, len;

	ring_bench_look(b);
	CU_ASSERT_EQUAL(vq_driver_take(&b->driver, &cookie, &len, &b->why),
			RING_EMPTY);
	CU_ASSERT(ring_bench_quiet(b));
}

/* The driver half names @clause, stops, and exposes nothing more. */
static inline void expect_driver_stop(struct ring_bench *b, enum clause clause)
{
	const struct ring_seg seg = {.gpa = BENCH_TABLE, .len = 1};
	uint32_t cookie, len;

	ring_bench_look(b);
	CU_ASSERT_EQUAL(vq_driver_take(&b->driver, &cookie, &len, &b->why),
			RING_BROKEN);
	expect_verdict(b, clause);
	CU_ASSERT_EQUAL(vq_driver_take(&b->driver, &cookie, &len, &b->why),
			RING_BROKEN);
	CU_ASSERT_FALSE(vq_driver_add(&b->driver, &seg, 1, 0));
	CU_ASSERT(ring_bench_quiet(b));
}

#endif
