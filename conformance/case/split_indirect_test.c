/* SPDX-License-Identifier: BSD-3-Clause */
/* The device half before a driver that lies about indirect tables. */
#include "conformance/case/ring_expect.h"

static struct ring_bench *open_ring(uint16_t size)
{
	return BENCH_DEVICE(.size = size, .indirect = true);
}

/* Descriptor 0 refers to @len bytes at @table, and is offered. */
static void refer(struct ring_bench *b, uint64_t table, uint32_t len,
		  uint32_t flags)
{
	ring_bench_desc(b, 0, table, len, RAW_INDIRECT | flags, 0);
	ring_bench_avail(b, 0);
	ring_bench_publish(b);
}

/* A table of a readable and a writable entry at @table. */
static void two_entries(struct ring_bench *b, uint64_t table)
{
	ring_bench_entry(b, table, 0, 12, RAW_NEXT, 1);
	ring_bench_entry(b, table, 1, 60, RAW_WRITE, 0);
}

static void a_table(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE);
	refer(b, BENCH_TABLE, 32, 0);
	expect_chain(b, 2, 12, 60);
	CU_ASSERT_EQUAL(b->chain.head, 0);
	ring_bench_close(b);
}

/* WRITE on the descriptor that refers to a table means nothing. */
static void write_flag_of_the_reference(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE);
	refer(b, BENCH_TABLE, 32, RAW_WRITE);
	expect_chain(b, 2, 12, 60);
	ring_bench_close(b);
}

/* The specification asks no alignment of tables. */
static void misaligned(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE + 1);
	refer(b, BENCH_TABLE + 1, 32, 0);
	expect_chain(b, 2, 12, 60);
	CU_ASSERT_EQUAL(b->chain.seg[1].gpa, BENCH_TABLE);
	ring_bench_close(b);
}

static void at_the_end_of_memory(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_END - 32);
	refer(b, BENCH_END - 32, 32, 0);
	expect_chain(b, 2, 12, 60);
	ring_bench_close(b);
}

static void behind_direct_descriptors(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE);
	ring_bench_desc(b, 3, BENCH_TABLE, 5, RAW_NEXT, 0);
	ring_bench_desc(b, 0, BENCH_TABLE, 32, RAW_INDIRECT, 0);
	ring_bench_avail(b, 3);
	ring_bench_publish(b);
	expect_chain(b, 3, 17, 60);
	CU_ASSERT_EQUAL(b->chain.head, 3);
	ring_bench_close(b);
}

/* Entries that no link reaches are not part of the chain. */
static void more_entries_than_the_queue(void)
{
	struct ring_bench *b = open_ring(2);

	ring_bench_entry(b, BENCH_TABLE, 0, 7, RAW_NEXT, 99);
	ring_bench_entry(b, BENCH_TABLE, 99, 8, 0, 0);
	refer(b, BENCH_TABLE, 100 * 16, 0);
	expect_chain(b, 2, 15, 0);
	ring_bench_close(b);
}

static void not_negotiated(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	two_entries(b, BENCH_TABLE);
	refer(b, BENCH_TABLE, 32, 0);
	expect_stop(b, CLAUSE_SPLIT_INDIR_FEATURE);
	ring_bench_close(b);
}

static void with_next(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE);
	refer(b, BENCH_TABLE, 32, RAW_NEXT);
	expect_stop(b, CLAUSE_SPLIT_INDIR_NEXT);
	ring_bench_close(b);
}

static void nested(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE + 64);
	ring_bench_entry(b, BENCH_TABLE, 0, 1, RAW_NEXT, 1);
	raw_ring_put_entry(
		&b->raw, BENCH_TABLE, 1,
		(struct raw_desc){BENCH_TABLE + 64, 32, RAW_INDIRECT, 0});
	refer(b, BENCH_TABLE, 32, 0);
	expect_stop(b, CLAUSE_SPLIT_INDIR_NEST);
	ring_bench_close(b);
}

/* A table whose first entry is itself: nothing may follow it for ever. */
static void nested_in_itself(void)
{
	struct ring_bench *b = open_ring(8);

	raw_ring_put_entry(&b->raw, BENCH_TABLE, 0,
			   (struct raw_desc){BENCH_TABLE, 16, RAW_INDIRECT, 0});
	refer(b, BENCH_TABLE, 16, 0);
	expect_stop(b, CLAUSE_SPLIT_INDIR_NEST);
	ring_bench_close(b);
}

static void bad_table(uint64_t table, uint32_t len)
{
	struct ring_bench *b = open_ring(8);

	refer(b, table, len, 0);
	expect_stop(b, CLAUSE_SPLIT_INDIR_TABLE);
	ring_bench_close(b);
}

static void no_whole_descriptors(void)
{
	bad_table(BENCH_TABLE, 0);
	bad_table(BENCH_TABLE, 1);
	bad_table(BENCH_TABLE, 15);
	bad_table(BENCH_TABLE, 17);
	bad_table(BENCH_TABLE, 31);
}

static void outside_of_memory(void)
{
	bad_table(0, 16);
	bad_table(BENCH_GPA - 16, 32);
	bad_table(BENCH_END - 16, 32);
	bad_table(BENCH_END, 16);
	bad_table(BENCH_TABLE, UINT32_MAX & ~15u);
	bad_table(UINT64_MAX, 16);
	bad_table(UINT64_MAX - 15, 16);
	bad_table(UINT64_MAX - 15, 32); /* wraps to address 16 */
}

static void next_behind_the_table(void)
{
	struct ring_bench *b = open_ring(8);

	ring_bench_entry(b, BENCH_TABLE, 0, 12, RAW_NEXT, 2);
	refer(b, BENCH_TABLE, 32, 0);
	expect_stop(b, CLAUSE_SPLIT_INDIR_TABLE);
	ring_bench_close(b);
}

static void loop(void)
{
	struct ring_bench *b = open_ring(8);

	ring_bench_entry(b, BENCH_TABLE, 0, 0, RAW_NEXT, 1);
	ring_bench_entry(b, BENCH_TABLE, 1, 0, RAW_NEXT, 0);
	refer(b, BENCH_TABLE, 32, 0);
	expect_stop(b, CLAUSE_SPLIT_CHAIN_LONG);
	ring_bench_close(b);
}

static void longer_than_the_queue(void)
{
	struct ring_bench *b = open_ring(2);

	ring_bench_entry(b, BENCH_TABLE, 0, 1, RAW_NEXT, 1);
	ring_bench_entry(b, BENCH_TABLE, 1, 1, RAW_NEXT, 2);
	ring_bench_entry(b, BENCH_TABLE, 2, 1, 0, 0);
	refer(b, BENCH_TABLE, 48, 0);
	expect_stop(b, CLAUSE_SPLIT_CHAIN_LONG);
	ring_bench_close(b);
}

static void too_many_bytes(void)
{
	struct ring_bench *b = open_ring(8);

	ring_bench_entry(b, BENCH_TABLE, 0, UINT32_MAX, RAW_NEXT, 1);
	ring_bench_entry(b, BENCH_TABLE, 1, 2, 0, 0);
	refer(b, BENCH_TABLE, 32, 0);
	expect_stop(b, CLAUSE_SPLIT_CHAIN_BYTES);
	ring_bench_close(b);
}

static void readable_behind_writable(void)
{
	struct ring_bench *b = open_ring(8);

	ring_bench_entry(b, BENCH_TABLE, 0, 0, RAW_NEXT | RAW_WRITE, 1);
	ring_bench_entry(b, BENCH_TABLE, 1, 2, 0, 0);
	refer(b, BENCH_TABLE, 32, 0);
	expect_stop(b, CLAUSE_SPLIT_ORDER);
	ring_bench_close(b);
}

/* The table may be the queue's own descriptors: no harm comes of it. */
static void table_inside_the_queue(void)
{
	struct ring_bench *b = open_ring(8);

	ring_bench_desc(b, 4, BENCH_TABLE, 12, RAW_NEXT, 1);
	ring_bench_desc(b, 5, BENCH_TABLE, 60, RAW_WRITE, 0);
	refer(b, b->raw.desc + 4 * 16, 32, 0);
	expect_chain(b, 2, 12, 60);
	ring_bench_close(b);
}

static void memory_changes_after_the_pop(void)
{
	struct ring_bench *b = open_ring(8);

	two_entries(b, BENCH_TABLE);
	refer(b, BENCH_TABLE, 32, 0);
	expect_chain(b, 2, 12, 60);
	ring_bench_entry(b, BENCH_TABLE, 1, 9999, 0, 0);
	CU_ASSERT_EQUAL(b->chain.seg[1].len, 60);
	CU_ASSERT_TRUE(b->chain.seg[1].write);
	ring_bench_close(b);
}

static const struct unit_case cases[] = {
	{"a table", a_table},
	{"WRITE on the reference", write_flag_of_the_reference},
	{"misaligned", misaligned},
	{"at the end of memory", at_the_end_of_memory},
	{"behind direct descriptors", behind_direct_descriptors},
	{"more entries than the queue", more_entries_than_the_queue},
	{"not negotiated", not_negotiated},
	{"with NEXT", with_next},
	{"nested", nested},
	{"nested in itself", nested_in_itself},
	{"no whole descriptors", no_whole_descriptors},
	{"outside of memory", outside_of_memory},
	{"next behind the table", next_behind_the_table},
	{"a loop", loop},
	{"longer than the queue", longer_than_the_queue},
	{"more than 2^32 bytes", too_many_bytes},
	{"readable behind writable", readable_behind_writable},
	{"a table inside the queue", table_inside_the_queue},
	{"memory changes after the pop", memory_changes_after_the_pop},
};

UNIT_MAIN("split_indirect", cases)
