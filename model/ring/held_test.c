/* SPDX-License-Identifier: BSD-3-Clause */
/* What is popped is held in order: buffers in a row, or one other chain. */
#include "model/ring/held.h"

#include "model/ring/ring_fixture.h"
#include "model/ring/split/split.h"

enum { GPA = 0x1000, MEMORY = 0x2000, SIZE = 8, BURST = 3 };

static _Alignas(64) uint8_t bytes[MEMORY];
static _Alignas(64) uint8_t own[4096];
static struct ring_fixture r;
static struct ring_held held;
static struct verdict why;

static void begin(void)
{
	const struct vq_area area = {GPA, GPA + 0x800, GPA + 0x1000, SIZE};
	struct arena arena = {.base = own, .size = sizeof own};

	ring_fixture_begin(&r, VQ_SPLIT, &area, GPA, bytes, MEMORY, 0, false);
	CU_ASSERT_FATAL(held_arena(SIZE, BURST) <= sizeof own);
	held_init(&held, SIZE, BURST, &arena);
}

/* A chain of @count segments of @len bytes, the last of them writable or not.
 */
static void offer(uint32_t count, uint32_t len, bool write)
{
	struct ring_seg seg[SIZE] = {{0}};

	for (uint32_t k = 0; k < count; k++)
		ring_seg_set(&seg[k], GPA + 64 * k, len,
			     write && k == count - 1);
	CU_ASSERT(vq_driver_add(&r.driver, seg, count, len));
	vq_driver_publish(&r.driver);
}

/* Pops, and holds @buffers, or one whole chain. */
static void pulls(uint32_t most, uint32_t buffers, bool whole)
{
	CU_ASSERT_EQUAL_FATAL(held_pull(&held, &r.device, most, &why),
			      RING_CHAIN);
	CU_ASSERT_EQUAL(held.count, buffers);
	CU_ASSERT_EQUAL(held.whole, whole);
}

/* The next one has @count segments, the first of @len bytes. */
static void next_is(uint32_t count, uint32_t len, uint32_t readable)
{
	const struct ring_chain *c = held_chain(&held);

	CU_ASSERT_EQUAL(c->count, count);
	CU_ASSERT_EQUAL(c->readable, readable);
	CU_ASSERT_EQUAL(c->seg[0].len, len);
	CU_ASSERT_EQUAL(c->seg[0].gpa, GPA);
	CU_ASSERT_EQUAL(c->read_len + c->write_len, (uint64_t)count * len);
	CU_ASSERT_EQUAL(c->write_len, (uint64_t)(count - readable) * len);
	held_chain_done(&held);
}

/* A burst at most, and none behind a chain of another kind. */
static void in_order(void)
{
	begin();
	for (uint32_t len = 1; len <= 4; len++)
		offer(1, len, false);
	offer(2, 5, false);
	offer(1, 6, true);
	pulls(BURST, 3, false);
	for (uint32_t len = 1; len <= 3; len++)
		next_is(1, len, 1);
	CU_ASSERT_FALSE(held_any(&held));
	pulls(BURST, 1, false);
	next_is(1, 4, 1);
	pulls(BURST, 0, true);
	next_is(2, 5, 2);
	pulls(BURST, 0, true);
	next_is(1, 6, 0);
	CU_ASSERT_EQUAL(held_pull(&held, &r.device, BURST, &why), RING_EMPTY);
	CU_ASSERT_FALSE(held_any(&held));
}

static void some_are_done(void)
{
	begin();
	for (uint32_t len = 1; len <= 3; len++)
		offer(1, len, false);
	pulls(2, 2, false);
	held_buffers_done(&held, 1);
	next_is(1, 2, 1);
	pulls(BURST, 1, false);
	next_is(1, 3, 1);
}

static void what_is_forgotten_is_not_held(void)
{
	begin();
	offer(1, 1, false);
	offer(2, 2, false);
	pulls(BURST, 1, false);
	held_forget(&held);
	CU_ASSERT_FALSE(held_any(&held));
	pulls(BURST, 0, true);
	held_forget(&held);
	CU_ASSERT_FALSE(held_any(&held));
}

/* A head behind the table stops the queue; what was held before is kept. */
static void a_wrong_head(void)
{
	begin();
	offer(1, 1, false);
	offer(1, 2, false);
	gmem_store16(vq_driver_bytes(&r.driver).driver + SPLIT_RING + 2, SIZE);
	pulls(BURST, 1, false);
	next_is(1, 1, 1);
	CU_ASSERT_EQUAL(held_pull(&held, &r.device, BURST, &why), RING_BROKEN);
	CU_ASSERT_EQUAL(why.broken, CLAUSE_SPLIT_HEAD);
	CU_ASSERT(vq_device_broken(&r.device));
	CU_ASSERT_FALSE(held_any(&held));
}

static const struct unit_case cases[] = {
	{"in order", in_order},
	{"some are done", some_are_done},
	{"what is forgotten is not held", what_is_forgotten_is_not_held},
	{"a wrong head", a_wrong_head},
};

UNIT_MAIN("held", cases)
