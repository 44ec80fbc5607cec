/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the three parts of a split ring may lie, and where not. */
#include "model/ring/split/split.h"

#include "model/unit_verdict.h"

enum { MEMORY = 1 << 20 };

static _Alignas(4096) uint8_t bytes[MEMORY];
static struct gmem_window window[1];
static struct gmem mem = {.window = window, .room = 1};
static struct split_bytes at;
static struct verdict why;

static bool map(uint64_t desc, uint64_t avail, uint64_t used, uint16_t size)
{
	struct vq_area area = {desc, avail, used, size};

	mem.count = 0;
	gmem_add(&mem, (struct gmem_window){
			       .gpa = 0x1000, .size = MEMORY, .base = bytes});
	why.broken = CLAUSE_NONE;
	return split_map(&area, &mem, &at, &why);
}

static void sizes(void)
{
	static const uint16_t bad[] = {0,   3,    5,     6,     7,
				       100, 1000, 32767, 32769, 65535};

	for (uint32_t s = 1; s <= 32768; s *= 2)
		verdict_none("split",
			     map(0x1000, 0x90000, 0xb0000, (uint16_t)s),
			     CLAUSE_SPLIT_SIZE);
	for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		CU_ASSERT_FALSE(map(0x1000, 0x90000, 0xb0000, bad[i]));
		verdict_names("split", &why, CLAUSE_SPLIT_SIZE);
	}
}

static void bytes_of_each_part(void)
{
	CU_ASSERT_EQUAL(split_desc_bytes(256), 4096);
	CU_ASSERT_EQUAL(split_avail_bytes(256), 6 + 2 * 256);
	CU_ASSERT_EQUAL(split_used_bytes(256), 6 + 8 * 256);
	CU_ASSERT_EQUAL(split_desc_bytes(32768), 524288);
	CU_ASSERT_EQUAL(split_used_bytes(32768), 262150);
	CU_ASSERT(map(0x1000, 0x3000, 0x4000, 4));
	CU_ASSERT_PTR_EQUAL(split_used_event(&at, 4), bytes + 0x2000 + 12);
	CU_ASSERT_PTR_EQUAL(split_avail_event(&at, 4), bytes + 0x3000 + 36);
}

static void alignment(void)
{
	verdict_none("split", map(0x1010, 0x3002, 0x4004, 4),
		     CLAUSE_SPLIT_LAYOUT);
	for (uint64_t off = 1; off < 16; off++) {
		CU_ASSERT_FALSE(map(0x1000 + off, 0x3000, 0x4000, 4));
		verdict_names("split", &why, CLAUSE_SPLIT_LAYOUT);
	}
	CU_ASSERT_FALSE(map(0x1000, 0x3001, 0x4000, 4));
	for (uint64_t off = 1; off < 4; off++)
		CU_ASSERT_FALSE(map(0x1000, 0x3000, 0x4000 + off, 4));
}

/* The last byte of each part, event words included, must be there. */
static void parts_end_inside(void)
{
	uint64_t end = 0x1000 + MEMORY;

	CU_ASSERT(map(end - 64, 0x3000, 0x4000, 4));
	CU_ASSERT_FALSE(map(end - 48, 0x3000, 0x4000, 4));
	CU_ASSERT(map(0x1000, end - 14, 0x4000, 4));
	CU_ASSERT_FALSE(map(0x1000, end - 12, 0x4000, 4));
	CU_ASSERT(map(0x1000, 0x3000, end - 40, 4));
	CU_ASSERT_FALSE(map(0x1000, 0x3000, end - 36, 4));
	CU_ASSERT_FALSE(map(0, 0x3000, 0x4000, 4));
	CU_ASSERT_FALSE(map(0x1000, end, 0x4000, 4));
	CU_ASSERT_FALSE(map(0x1000, 0x3000, UINT64_MAX - 3, 4));
	CU_ASSERT_FALSE(map(UINT64_MAX - 15, 0x3000, 0x4000, 32768));
	CU_ASSERT_EQUAL(why.broken, CLAUSE_SPLIT_LAYOUT);
}

/* Where a part lies is where its bytes are; nobody asks: no words. */
static void maps_to_bytes(void)
{
	struct vq_area area = {0x1000, 0x3000, 0x4000, 8};

	CU_ASSERT(map(0x1000, 0x3000, 0x4000, 8));
	CU_ASSERT_PTR_EQUAL(at.desc, bytes);
	CU_ASSERT_PTR_EQUAL(at.avail, bytes + 0x2000);
	CU_ASSERT_PTR_EQUAL(at.used, bytes + 0x3000);
	area.size = 3;
	CU_ASSERT_FALSE(split_map(&area, &mem, &at, NULL));
}

static const struct unit_case cases[] = {
	{"sizes", sizes},
	{"bytes of each part", bytes_of_each_part},
	{"alignment", alignment},
	{"parts end inside", parts_end_inside},
	{"maps to bytes", maps_to_bytes},
};

UNIT_MAIN("split", cases)
