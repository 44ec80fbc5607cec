/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device half before a driver that lies about indexes, heads and chains.
 * Its rules bind the driver; that our device names them and stops is a rule of
 * this house.
 */
#include "conformance/case/ring_expect.h"

static void one_buffer(uint16_t size, uint16_t start)
{
	struct ring_bench *b = BENCH_DEVICE(.size = size, .start = start);

	expect_empty(b);
	ring_bench_offer(b, (uint16_t)(size - 1), 100);
	CU_ASSERT_TRUE(vq_device_pending(&b->device));
	expect_chain(b, 1, 0, 100);
	CU_ASSERT_EQUAL(b->chain.head, size - 1);
	expect_empty(b);
	ring_bench_close(b);
}

static void sizes_and_starts(void)
{
	one_buffer(1, 0);
	one_buffer(1, 65535);
	one_buffer(2, 0);
	one_buffer(2, 65535);
	one_buffer(256, 12345);
	one_buffer(32768, 0);
	one_buffer(32768, 40000);
	one_buffer(32768, 65535);
}

/* The device half completes the chain at hand, and the element is right. */
static void complete(struct ring_bench *b, uint32_t len)
{
	uint16_t at = raw_ring_used_idx(&b->raw);

	vq_device_used(&b->device, b->chain.head, len);
	CU_ASSERT_EQUAL(raw_ring_used_idx(&b->raw), at);
	vq_device_publish(&b->device);
	CU_ASSERT_EQUAL(raw_ring_used_idx(&b->raw), (uint16_t)(at + 1));
	CU_ASSERT_EQUAL(raw_ring_used_id(&b->raw, at), b->chain.head);
	CU_ASSERT_EQUAL(raw_ring_used_len(&b->raw, at), len);
	ring_bench_look(b);
}

static void rounds(uint16_t size, uint16_t start, uint32_t count)
{
	struct ring_bench *b = BENCH_DEVICE(.size = size, .start = start);

	for (uint32_t i = 0; i < count; i++) {
		ring_bench_offer(b, (uint16_t)(i % size), i);
		expect_chain(b, 1, 0, i);
		complete(b, i);
	}
	expect_empty(b);
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

static void used_out_of_order(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 4, .start = 65534);

	ring_bench_offer(b, 0, 1);
	ring_bench_offer(b, 1, 1);
	expect_chain(b, 1, 0, 1);
	expect_chain(b, 1, 0, 1);
	vq_device_used(&b->device, 1, 10);
	vq_device_used(&b->device, 0, 20);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_USED_IDX), 0);
	vq_device_publish(&b->device);
	vq_device_publish(&b->device);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_USED_IDX), 1);
	CU_ASSERT_EQUAL(raw_ring_used_idx(&b->raw), 0);
	CU_ASSERT_EQUAL(raw_ring_used_id(&b->raw, 65534), 1);
	CU_ASSERT_EQUAL(raw_ring_used_id(&b->raw, 65535), 0);
	CU_ASSERT_EQUAL(raw_ring_used_len(&b->raw, 65535), 20);
	ring_bench_close(b);
}

static void full(uint16_t size)
{
	struct ring_bench *b = BENCH_DEVICE(.size = size, .start = 65535);

	for (uint32_t i = 0; i < size; i++) {
		ring_bench_desc(b, (uint16_t)i, BENCH_TABLE, 9, 0, 0);
		ring_bench_avail(b, (uint16_t)i);
	}
	ring_bench_publish(b);
	for (uint32_t i = 0; i < size; i++)
		expect_chain(b, 1, 9, 0);
	expect_empty(b);
	ring_bench_close(b);
}

static void full_rings(void)
{
	full(1);
	full(2);
	full(256);
	full(32768);
}

/* A chain that was taken may be looked at again, and is checked again. */
static void look_again(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 2);

	ring_bench_offer(b, 1, 1);
	expect_chain(b, 1, 0, 1);
	CU_ASSERT_TRUE(vq_device_walk(&b->device, 1, &b->chain, &b->why));
	CU_ASSERT_EQUAL(b->chain.head, 1);
	CU_ASSERT_EQUAL(b->chain.write_len, 1);
	ring_bench_desc(b, 1, BENCH_TABLE, 1, RAW_NEXT, 2);
	CU_ASSERT_FALSE(vq_device_walk(&b->device, 1, &b->chain, &b->why));
	expect_verdict(b, CLAUSE_SPLIT_HEAD);
	expect_empty(b);
	ring_bench_close(b);
}

static void chain_of_all(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 256);

	for (uint32_t i = 0; i < 256; i++)
		ring_bench_desc(b, (uint16_t)i, i, 3,
				(i < 255 ? RAW_NEXT : 0) |
					(i > 99 ? RAW_WRITE : 0),
				i + 1);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_chain(b, 256, 300, 468);
	CU_ASSERT_EQUAL(b->chain.readable, 100);
	CU_ASSERT_EQUAL(b->chain.seg[255].gpa, 255);
	ring_bench_close(b);
}

static void no_bytes(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 4);

	ring_bench_desc(b, 0, 0, 0, RAW_NEXT, 1);
	ring_bench_desc(b, 1, UINT64_MAX, 0, RAW_WRITE, 0);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_chain(b, 2, 0, 0);
	CU_ASSERT_EQUAL(b->chain.readable, 1);
	ring_bench_close(b);
}

/* Where a buffer lies is for whoever copies to judge, with its own windows. */
static void buffer_at_the_end_of_addresses(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 4);

	ring_bench_desc(b, 0, UINT64_MAX, UINT32_MAX, 0, 0);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_chain(b, 1, UINT32_MAX, 0);
	CU_ASSERT_PTR_NULL(
		gmem_at(&b->mem, b->chain.seg[0].gpa, b->chain.seg[0].len));
	CU_ASSERT_PTR_NULL(gmem_at(&b->mem, BENCH_END - 1, 2));
	CU_ASSERT_PTR_NOT_NULL(gmem_at(&b->mem, BENCH_END - 1, 1));
	ring_bench_close(b);
}

/* Modulo 2^16 a step back is a leap ahead: the device names what it sees. */
static void avail_idx_goes_back(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_offer(b, 0, 1);
	ring_bench_offer(b, 1, 1);
	expect_chain(b, 1, 0, 1);
	expect_chain(b, 1, 0, 1);
	raw_ring_put_avail_idx(&b->raw, 1);
	expect_stop(b, CLAUSE_SPLIT_AVAIL_OVERRUN);
	ring_bench_close(b);
}

static void avail_idx_beyond_the_ring(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8, .start = 65535);

	raw_ring_put_avail_idx(&b->raw, 8);
	expect_stop(b, CLAUSE_SPLIT_AVAIL_OVERRUN);
	ring_bench_close(b);
}

static void avail_idx_beyond_the_largest_ring(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 32768);

	raw_ring_put_avail_idx(&b->raw, 32769);
	expect_stop(b, CLAUSE_SPLIT_AVAIL_OVERRUN);
	ring_bench_close(b);
}

/* What the device holds counts, and so does what it has not yet published. */
static void more_out_than_the_table_has(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 2);

	ring_bench_offer(b, 0, 1);
	ring_bench_offer(b, 1, 1);
	expect_chain(b, 1, 0, 1);
	vq_device_used(&b->device, 0, 0);
	ring_bench_look(b);
	expect_chain(b, 1, 0, 1);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_AVAIL_OVERRUN);
	ring_bench_close(b);
}

static void head_outside_of_the_table(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_avail(b, 8);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void head_far_outside_of_the_table(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 32768);

	ring_bench_avail(b, 65535);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void next_outside_of_the_table(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_desc(b, 0, BENCH_TABLE, 1, RAW_NEXT, 8);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_HEAD);
	ring_bench_close(b);
}

static void chain_loops(uint16_t size, uint32_t len, uint16_t back)
{
	struct ring_bench *b = BENCH_DEVICE(.size = size);

	ring_bench_desc(b, 0, BENCH_TABLE, len, RAW_NEXT, back ? 1 : 0);
	if (back)
		ring_bench_desc(b, 1, BENCH_TABLE, len, RAW_NEXT, 0);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_CHAIN_LONG);
	ring_bench_close(b);
}

/* A loop is longer than any ring before anything else is wrong with it. */
static void loops(void)
{
	chain_loops(1, 1, 0);
	chain_loops(2, 1, 1);
	chain_loops(256, 1, 1);
	chain_loops(32768, 0, 1);
}

/* A loop of large segments exceeds 2^32 bytes first. */
static void loop_of_many_bytes(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_desc(b, 0, BENCH_TABLE, UINT32_MAX, RAW_NEXT, 0);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_CHAIN_BYTES);
	ring_bench_close(b);
}

/* A chain of two, @first readable and @second writable bytes. */
static struct ring_bench *two(uint32_t first, uint32_t second)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_desc(b, 0, 0, first, RAW_NEXT, 1);
	ring_bench_desc(b, 1, 0, second, RAW_WRITE, 0);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
	return b;
}

static void bytes_up_to_the_limit(void)
{
	struct ring_bench *b = two(UINT32_MAX, 1);

	expect_chain(b, 2, UINT32_MAX, 1);
	ring_bench_close(b);
}

static void one_byte_too_many(void)
{
	struct ring_bench *b = two(UINT32_MAX, 2);

	expect_stop(b, CLAUSE_SPLIT_CHAIN_BYTES);
	ring_bench_close(b);
}

static void readable_behind_writable(uint32_t len)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_desc(b, 3, BENCH_TABLE, len, RAW_WRITE | RAW_NEXT, 4);
	ring_bench_desc(b, 4, BENCH_TABLE, 5, 0, 0);
	ring_bench_avail(b, 3);
	ring_bench_publish(b);
	expect_stop(b, CLAUSE_SPLIT_ORDER);
	ring_bench_close(b);
}

static void wrong_order(void)
{
	readable_behind_writable(5);
	readable_behind_writable(0); /* writable all the same */
}

/* Good chains before the lie are served, and completed if the host likes. */
static void what_came_before_the_lie(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_offer(b, 0, 1);
	ring_bench_avail(b, 99);
	ring_bench_publish(b);
	expect_chain(b, 1, 0, 1);
	expect_stop(b, CLAUSE_SPLIT_HEAD);
	complete(b, 1);
	ring_bench_close(b);
}

/* The chain that was taken is the device's own copy. */
static void memory_changes_after_the_pop(void)
{
	struct ring_bench *b = two(7, 9);

	expect_chain(b, 2, 7, 9);
	ring_bench_desc(b, 0, UINT64_MAX, 1000, RAW_WRITE, 0);
	ring_bench_desc(b, 1, UINT64_MAX, 1000, 0, 0);
	raw_ring_put_avail(&b->raw, 0, 7);
	CU_ASSERT_EQUAL(b->chain.head, 0);
	CU_ASSERT_EQUAL(b->chain.seg[0].gpa, 0);
	CU_ASSERT_EQUAL(b->chain.seg[0].len, 7);
	CU_ASSERT_FALSE(b->chain.seg[0].write);
	CU_ASSERT_EQUAL(b->chain.seg[1].len, 9);
	CU_ASSERT_TRUE(b->chain.seg[1].write);
	complete(b, 9);
	CU_ASSERT_EQUAL(raw_ring_used_id(&b->raw, 0), 0);
	ring_bench_close(b);
}

/* One load of the index serves all the entries that it covered. */
static void index_changes_between_pops(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_offer(b, 0, 1);
	ring_bench_offer(b, 1, 1);
	expect_chain(b, 1, 0, 1);
	raw_ring_put_avail_idx(&b->raw, 500);
	expect_chain(b, 1, 0, 1);
	expect_stop(b, CLAUSE_SPLIT_AVAIL_OVERRUN);
	ring_bench_close(b);
}

/* The device reads nothing of what it wrote itself. */
static void driver_scribbles_over_the_used_ring(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	ring_bench_offer(b, 0, 1);
	expect_chain(b, 1, 0, 1);
	raw_ring_put_used_idx(&b->raw, 77);
	raw_ring_put_used_flags(&b->raw, 0xffff);
	vq_device_used(&b->device, 0, 1);
	vq_device_publish(&b->device);
	CU_ASSERT_EQUAL(raw_ring_used_idx(&b->raw), 1);
	CU_ASSERT_EQUAL(raw_ring_used_id(&b->raw, 0), 0);
	ring_bench_close(b);
}

static const struct unit_case cases[] = {
	{"sizes and starts", sizes_and_starts},
	{"index wrap", index_wrap},
	{"used out of order", used_out_of_order},
	{"full rings", full_rings},
	{"look again", look_again},
	{"a chain of all descriptors", chain_of_all},
	{"descriptors of no bytes", no_bytes},
	{"buffer at the end of addresses", buffer_at_the_end_of_addresses},
	{"avail idx goes back", avail_idx_goes_back},
	{"avail idx beyond the ring", avail_idx_beyond_the_ring},
	{"avail idx beyond the largest ring",
	 avail_idx_beyond_the_largest_ring},
	{"more out than the table has", more_out_than_the_table_has},
	{"head outside of the table", head_outside_of_the_table},
	{"head far outside of the table", head_far_outside_of_the_table},
	{"next outside of the table", next_outside_of_the_table},
	{"loops", loops},
	{"a loop of many bytes", loop_of_many_bytes},
	{"2^32 bytes", bytes_up_to_the_limit},
	{"2^32 bytes and one", one_byte_too_many},
	{"readable behind writable", wrong_order},
	{"what came before the lie", what_came_before_the_lie},
	{"memory changes after the pop", memory_changes_after_the_pop},
	{"index changes between pops", index_changes_between_pops},
	{"the used ring is scribbled over",
	 driver_scribbles_over_the_used_ring},
};

UNIT_MAIN("split_device", cases)
