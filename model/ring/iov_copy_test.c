/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes between lists of segments, cut in every way, and what is counted. */
#include "model/ring/iov_copy.h"

#include "model/unit.h"

enum { MEMORY = 4096, BASE = 0x1000, TO = 0x1800 };

static uint8_t bytes[MEMORY];
static struct gmem_window window[1];
static struct gmem mem = {.window = window, .room = 1};
static struct event ring[4096 + PROBE_SLACK];
static struct probe probe;
static struct cost_meter cost;
static uint64_t read_bytes, written_bytes;

static void listen(void *listener, const struct event *ev, uint32_t places)
{
	(void)listener;
	for (const struct event *end = ev + places; ev < end; ev++) {
		read_bytes += ev->kind == EV_HOST_READ ? ev->len : 0;
		written_bytes += ev->kind == EV_HOST_WRITE ? ev->len : 0;
	}
}

static struct iov_copy iov_copy_begin(void)
{
	mem.count = 0;
	gmem_add(&mem, (struct gmem_window){
			       .gpa = BASE, .size = MEMORY, .base = bytes});
	probe = (struct probe){.ring = ring,
			       .mask = 4095,
			       .wanted = UINT64_MAX,
			       .flush = listen};
	memset(&cost, 0, sizeof cost);
	read_bytes = written_bytes = 0;
	for (uint32_t i = 0; i < MEMORY; i++)
		bytes[i] = i < TO - BASE ? (uint8_t)(i * 5 + 1) : 0;
	return (struct iov_copy){&probe,        &cost,          EV_HOST_READ,
				 EV_HOST_WRITE, COST_HOST_COPY, COST_HOST_BYTE};
}

static struct cursor cursor(const struct ring_seg *seg, uint32_t count)
{
	return (struct cursor){.mem = &mem, .seg = seg, .count = count};
}

/* Cuts [@gpa, @gpa + @total) into pieces of @cut bytes, empty ones between. */
static uint32_t cut(struct ring_seg *seg, uint64_t gpa, uint32_t total,
		    uint32_t size)
{
	uint32_t n = 0;

	for (uint32_t done = 0; done < total; done += seg[n - 1].len) {
		if (n % 3 == 2)
			seg[n++] = (struct ring_seg){.gpa = gpa + done};
		seg[n++] = (struct ring_seg){
			.gpa = gpa + done,
			.len = total - done < size ? total - done : size};
	}
	return n;
}

static void check_copy(uint32_t total, uint32_t from_cut, uint32_t to_cut)
{
	static struct ring_seg a[400], b[400];
	struct iov_copy m = iov_copy_begin();
	uint32_t as = cut(a, BASE, total, from_cut);
	uint32_t bs = cut(b, TO, total, to_cut);
	struct cursor from = cursor(a, as), to = cursor(b, bs);

	CU_ASSERT(iov_copy_move(&m, &to, &from, total));
	CU_ASSERT_EQUAL(memcmp(bytes, bytes + (TO - BASE), total), 0);
	CU_ASSERT_EQUAL(bytes[TO - BASE + total], 0);
	probe_flush(&probe);
	CU_ASSERT_EQUAL(read_bytes, total);
	CU_ASSERT_EQUAL(written_bytes, total);
	CU_ASSERT_EQUAL(cost.count[COST_HOST_BYTE], total);
	/* Nothing is left at either end. */
	CU_ASSERT_FALSE(iov_copy_move(&m, &to, &from, 1));
}

static void copies_however_cut(void)
{
	for (uint32_t total = 1; total < 200; total += 13)
		for (uint32_t a = 1; a < 90; a += 8)
			for (uint32_t b = 1; b < 90; b += 11)
				check_copy(total, a, b);
}

static void nothing_is_always_there(void)
{
	struct iov_copy m = iov_copy_begin();
	struct cursor none = cursor(NULL, 0);

	CU_ASSERT(iov_copy_move(&m, &none, &none, 0));
	CU_ASSERT(iov_copy_get(&m, &none, NULL, 0));
	CU_ASSERT_FALSE(iov_copy_get(&m, &none, bytes, 1));
}

static void out_and_in_again(void)
{
	struct iov_copy m = iov_copy_begin();
	struct ring_seg seg[60];
	struct cursor from = cursor(seg, cut(seg, BASE, 300, 17));
	uint8_t copy[300];

	CU_ASSERT(iov_copy_get(&m, &from, copy, 100));
	CU_ASSERT(iov_copy_get(&m, &from, copy + 100, 200));
	CU_ASSERT_EQUAL(memcmp(copy, bytes, 300), 0);
	CU_ASSERT_FALSE(iov_copy_get(&m, &from, copy, 1));
	from = cursor(seg, cut(seg, TO, 300, 23));
	CU_ASSERT(iov_copy_put(&m, &from, copy, 300));
	CU_ASSERT_EQUAL(memcmp(bytes, bytes + (TO - BASE), 300), 0);
	CU_ASSERT_FALSE(iov_copy_put(&m, &from, copy, 1));
}

/* Memory that cannot be reached ends it; what lies before was moved. */
static void out_of_reach(void)
{
	struct iov_copy m = iov_copy_begin();
	struct ring_seg good = {.gpa = BASE, .len = 64};
	struct ring_seg bad[] = {{.gpa = TO, .len = 16},
				 {.gpa = BASE + MEMORY - 4, .len = 16},
				 {.gpa = UINT64_MAX - 8, .len = 32}};
	struct cursor from = cursor(&good, 1), to = cursor(bad, 3);
	uint8_t copy[64];

	CU_ASSERT_FALSE(iov_copy_move(&m, &to, &from, 64));
	to = cursor(bad, 3);
	CU_ASSERT_FALSE(iov_copy_put(&m, &to, copy, 24));
	to = cursor(bad + 2, 1);
	CU_ASSERT_FALSE(iov_copy_get(&m, &to, copy, 1));
}

/* A guest may describe one place twice; overlap must not be undefined. */
static void segments_that_overlap(void)
{
	struct iov_copy m = iov_copy_begin();
	struct ring_seg a = {.gpa = BASE, .len = 100};
	struct ring_seg b = {.gpa = BASE + 10, .len = 100};
	struct cursor from = cursor(&a, 1), to = cursor(&b, 1);
	uint8_t before[100];

	memcpy(before, bytes, 100);
	CU_ASSERT(iov_copy_move(&m, &to, &from, 100));
	CU_ASSERT_EQUAL(memcmp(bytes + 10, before, 100), 0);
}

/* Each segment counts, but for those that are over and those of no bytes. */
static void within_reach(void)
{
	struct ring_seg seg[] = {{.gpa = TO, .len = 16},
				 {.gpa = UINT64_MAX - 8, .len = 0},
				 {.gpa = BASE, .len = 64},
				 {.gpa = BASE + MEMORY - 4, .len = 5}};
	struct cursor c = cursor(seg, 3);

	CU_ASSERT(iov_copy_reaches(&c));
	c = cursor(seg, 4);
	CU_ASSERT_FALSE(iov_copy_reaches(&c));
	seg[3].len = 4;
	CU_ASSERT(iov_copy_reaches(&c));
	seg[0].gpa = UINT64_MAX;
	CU_ASSERT_FALSE(iov_copy_reaches(&c));
	c.i = 1;
	CU_ASSERT(iov_copy_reaches(&c));
}

static const struct unit_case cases[] = {
	{"copies, however cut", copies_however_cut},
	{"nothing is always there", nothing_is_always_there},
	{"out and in again", out_and_in_again},
	{"out of reach", out_of_reach},
	{"within reach", within_reach},
	{"segments that overlap", segments_that_overlap},
};

UNIT_MAIN("iov_copy", cases)
