/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver half before a device that lies about what it used. Half of the
 * rules bind the device; that our driver names them and stops is a rule of
 * this house.
 */
#include "conformance/case/ring_expect.h"

/* One chain of a readable and a writable segment, called 7, is out. */
static struct ring_bench *one_out(uint16_t *head)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8);

	*head = ring_bench_add(b, 2, 7);
	return b;
}

static void words_of_a_chain(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);
	struct raw_desc d = raw_ring_desc(&b->raw, head);

	CU_ASSERT_EQUAL(raw_ring_avail_idx(&b->raw), 1);
	CU_ASSERT_EQUAL(raw_ring_avail_flags(&b->raw), 0);
	CU_ASSERT_EQUAL(d.addr, BENCH_BUFFER);
	CU_ASSERT_EQUAL(d.len, 100);
	CU_ASSERT_EQUAL(d.flags, RAW_NEXT);
	d = raw_ring_desc(&b->raw, d.next);
	CU_ASSERT_EQUAL(d.addr, BENCH_BUFFER + 100);
	CU_ASSERT_EQUAL(d.flags, RAW_WRITE);
	ring_bench_close(b);
}

static void words_of_a_table(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8, .indirect = true);
	uint16_t head = ring_bench_add(b, 3, 7);
	struct raw_desc d = raw_ring_desc(&b->raw, head);

	CU_ASSERT_EQUAL(d.flags, RAW_INDIRECT);
	CU_ASSERT_EQUAL(d.len, 48);
	CU_ASSERT_EQUAL(raw_ring_entry(&b->raw, d.addr, 0).flags, RAW_NEXT);
	CU_ASSERT_EQUAL(raw_ring_entry(&b->raw, d.addr, 0).next, 1);
	CU_ASSERT_EQUAL(raw_ring_entry(&b->raw, d.addr, 1).next, 2);
	CU_ASSERT_EQUAL(raw_ring_entry(&b->raw, d.addr, 2).flags, RAW_WRITE);
	ring_bench_used(b, head, 200);
	ring_bench_used_idx(b);
	expect_take(b, 7, 200);
	ring_bench_close(b);
}

static void nothing_visible_before_publish(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8, .start = 65535);
	const struct ring_seg seg = {.gpa = BENCH_TABLE, .len = 1};

	CU_ASSERT_TRUE(vq_driver_add(&b->driver, &seg, 1, 0));
	CU_ASSERT_EQUAL(raw_ring_avail_idx(&b->raw), 65535);
	vq_driver_publish(&b->driver);
	CU_ASSERT_EQUAL(raw_ring_avail_idx(&b->raw), 0);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_AVAIL_IDX), 1);
	vq_driver_publish(&b->driver);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_AVAIL_IDX), 1);
	ring_bench_close(b);
}

static void rounds(uint16_t size, uint16_t start, uint32_t count)
{
	struct ring_bench *b = BENCH_DRIVER(.size = size, .start = start);

	for (uint32_t i = 0; i < count; i++) {
		uint16_t head = ring_bench_add(b, size > 1 ? 2 : 1, i);

		expect_nothing_used(b);
		ring_bench_used(b, head, size > 1 ? 100 : 0);
		expect_nothing_used(b);
		ring_bench_used_idx(b);
		expect_take(b, i, size > 1 ? 100 : 0);
	}
	ring_bench_close(b);
}

static void index_wrap(void)
{
	rounds(1, 65530, 20);
	rounds(2, 65530, 20);
	rounds(256, 65000, 2000);
	rounds(32768, 65530, 20);
	rounds(4, 0, 70000);
}

/* All descriptors out, one chain more refused, all back in another order. */
static void full(uint16_t size)
{
	struct ring_bench *b = BENCH_DRIVER(.size = size, .start = 65535);
	const struct ring_seg seg = {.gpa = BENCH_TABLE, .len = 1};

	for (uint32_t i = 0; i < size; i++)
		ring_bench_add(b, 1, i);
	ring_bench_look(b);
	CU_ASSERT_FALSE(vq_driver_add(&b->driver, &seg, 1, 0));
	CU_ASSERT_TRUE(ring_bench_quiet(b));
	for (uint32_t i = size; i-- > 0;)
		ring_bench_used(
			b, raw_ring_avail(&b->raw, (uint16_t)(65535 + i)), 0);
	ring_bench_used_idx(b);
	for (uint32_t i = size; i-- > 0;)
		expect_take(b, i, 0);
	expect_nothing_used(b);
	ring_bench_close(b);
}

static void full_rings(void)
{
	full(1);
	full(2);
	full(256);
	full(32768);
}

static void longer_than_the_queue(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 2, .indirect = true);
	const struct ring_seg seg[3] = {{.len = 1}, {.len = 1}, {.len = 1}};

	CU_ASSERT_FALSE(vq_driver_add(&b->driver, seg, 3, 0));
	CU_ASSERT_TRUE(ring_bench_quiet(b));
	ring_bench_close(b);
}

static void used_id_outside_of_the_table(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, 8, 0);
	ring_bench_used_idx(b);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

/* Only the low 16 bits would name the head. */
static void used_id_of_32_bits(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, 0x10000 + head, 0);
	ring_bench_used_idx(b);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void used_id_never_exposed(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, 7, 0);
	ring_bench_used_idx(b);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void used_id_inside_a_chain(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, raw_ring_desc(&b->raw, head).next, 0);
	ring_bench_used_idx(b);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void used_twice(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_add(b, 2, 8);
	ring_bench_used(b, head, 0);
	ring_bench_used(b, head, 0);
	ring_bench_used_idx(b);
	expect_take(b, 7, 0);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void used_idx_beyond_what_is_out(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	raw_ring_put_used_idx(&b->raw, 3); /* two descriptors are out */
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void used_idx_goes_back(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, head, 0);
	ring_bench_used_idx(b);
	expect_take(b, 7, 0);
	raw_ring_put_used_idx(&b->raw, 0);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

/* Looking for work before sleeping must not let a false index in. */
static void used_idx_goes_back_before_sleeping(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, head, 0);
	ring_bench_used_idx(b);
	expect_take(b, 7, 0);
	ring_bench_add(b, 2, 8); /* the same head: an old element names it */
	raw_ring_put_used_idx(&b->raw, 0);
	vq_driver_calls_on(&b->driver);
	CU_ASSERT_TRUE(vq_driver_pending(&b->driver));
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void used_len_beyond_the_room(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, head, 101);
	ring_bench_used_idx(b);
	expect_driver_stop(b, CLAUSE_SPLIT_USED_LEN);
	ring_bench_close(b);
}

static void used_len_without_room(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8);

	ring_bench_used(b, ring_bench_add(b, 1, 7), 1);
	ring_bench_used_idx(b);
	expect_driver_stop(b, CLAUSE_SPLIT_USED_LEN);
	ring_bench_close(b);
}

static void used_len_up_to_the_room(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	ring_bench_used(b, head, 100);
	ring_bench_used_idx(b);
	expect_take(b, 7, 100);
	ring_bench_close(b);
}

/* The driver keeps its own account: descriptors are free as it gave them. */
static void device_scribbles_over_the_table(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);

	for (uint16_t i = 0; i < 8; i++)
		ring_bench_desc(b, i, UINT64_MAX, UINT32_MAX, 0xffff, 0xffff);
	raw_ring_put_avail_idx(&b->raw, 0x5555);
	raw_ring_put_avail(&b->raw, 0, 0x5555);
	ring_bench_used(b, head, 100);
	ring_bench_used_idx(b);
	expect_take(b, 7, 100);
	for (uint32_t i = 0; i < 4; i++)
		ring_bench_add(b, 2, i);
	CU_ASSERT_EQUAL(raw_ring_avail_idx(&b->raw), 5);
	ring_bench_close(b);
}

/* One load of the index serves all the elements that it covered. */
static void index_changes_between_takes(void)
{
	uint16_t head;
	struct ring_bench *b = one_out(&head);
	uint16_t other = ring_bench_add(b, 2, 8);

	ring_bench_used(b, head, 1);
	ring_bench_used(b, other, 2);
	ring_bench_used_idx(b);
	expect_take(b, 7, 1);
	raw_ring_put_used_idx(&b->raw, 999);
	expect_take(b, 8, 2);
	expect_driver_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static const struct unit_case cases[] = {
	{"words of a chain", words_of_a_chain},
	{"words of a table", words_of_a_table},
	{"nothing visible before publish", nothing_visible_before_publish},
	{"index wrap", index_wrap},
	{"full rings", full_rings},
	{"longer than the queue", longer_than_the_queue},
	{"used id outside of the table", used_id_outside_of_the_table},
	{"used id of 32 bits", used_id_of_32_bits},
	{"used id never exposed", used_id_never_exposed},
	{"used id inside a chain", used_id_inside_a_chain},
	{"used twice", used_twice},
	{"used idx beyond what is out", used_idx_beyond_what_is_out},
	{"used idx goes back", used_idx_goes_back},
	{"used idx goes back before sleeping",
	 used_idx_goes_back_before_sleeping},
	{"used len beyond the room", used_len_beyond_the_room},
	{"used len without room", used_len_without_room},
	{"used len up to the room", used_len_up_to_the_room},
	{"the table is scribbled over", device_scribbles_over_the_table},
	{"index changes between takes", index_changes_between_takes},
};

UNIT_MAIN("split_driver", cases)
