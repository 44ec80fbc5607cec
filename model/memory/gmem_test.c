/* SPDX-License-Identifier: BSD-3-Clause */
/* Windows on memory: bounds, wrap, overlap, removal, and words in order. */
#include "model/memory/gmem.h"

#include "model/unit.h"

static uint8_t bytes[4096];
enum { WINDOWS = 5 };

static struct gmem_window window[WINDOWS];
static struct gmem m;

static bool add(uint64_t gpa, uint64_t size)
{
	return gmem_add(&m, (struct gmem_window){
				    .gpa = gpa, .size = size, .base = bytes});
}

static void clear(void)
{
	memset(window, 0, sizeof window);
	m = (struct gmem){.window = window, .room = WINDOWS};
}

static void inside_and_outside(void)
{
	clear();
	CU_ASSERT(add(0x1000, 0x100));
	CU_ASSERT_PTR_EQUAL(gmem_at(&m, 0x1000, 0x100), bytes);
	CU_ASSERT_PTR_EQUAL(gmem_at(&m, 0x10ff, 1), bytes + 0xff);
	CU_ASSERT_PTR_EQUAL(gmem_at(&m, 0x1040, 0), bytes + 0x40);
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0xfff, 1));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0xfff, 2));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x1100, 1));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x1100, 0));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x10ff, 2));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x1000, 0x101));
}

/* Sums that wrap must not come out inside. */
static void lengths_that_wrap(void)
{
	clear();
	CU_ASSERT(add(0x1000, 0x100));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x1000, UINT64_MAX));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x1080, UINT64_MAX - 0x40));
	CU_ASSERT_PTR_NULL(gmem_at(&m, UINT64_MAX, 0x1002));
	CU_ASSERT_PTR_NULL(gmem_at(&m, UINT64_MAX, 1));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0, UINT64_MAX));
}

static void windows_that_cannot_be(void)
{
	clear();
	CU_ASSERT_FALSE(add(0x1000, 0));
	CU_ASSERT_FALSE(add(UINT64_MAX, 2));
	CU_ASSERT_FALSE(add(UINT64_MAX - 10, 100));
	CU_ASSERT_EQUAL(m.count, 0);
	CU_ASSERT(add(UINT64_MAX - 100, 100));
	CU_ASSERT_PTR_NOT_NULL(gmem_at(&m, UINT64_MAX - 100, 100));
	CU_ASSERT_PTR_NULL(gmem_at(&m, UINT64_MAX - 100, 101));
}

static void windows_do_not_overlap(void)
{
	clear();
	CU_ASSERT(add(0x1000, 0x100));
	CU_ASSERT_FALSE(add(0x1000, 0x100));
	CU_ASSERT_FALSE(add(0x10ff, 1));
	CU_ASSERT_FALSE(add(0xf00, 0x101));
	CU_ASSERT_FALSE(add(0xf00, 0x1000));
	CU_ASSERT_FALSE(add(0x1080, 0x10));
	CU_ASSERT_EQUAL(m.count, 1);
	CU_ASSERT(add(0xf00, 0x100));
	CU_ASSERT(add(0x1100, 0x100));
	CU_ASSERT_EQUAL(m.count, 3);
	/* What lies across two windows is in neither. */
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x10f0, 0x20));
}

static void removed_is_gone(void)
{
	clear();
	CU_ASSERT(add(0x1000, 0x100) && add(0x2000, 0x100) &&
		  add(0x3000, 0x100));
	CU_ASSERT_FALSE(gmem_remove(&m, 0x2001));
	CU_ASSERT(gmem_remove(&m, 0x2000));
	CU_ASSERT_FALSE(gmem_remove(&m, 0x2000));
	CU_ASSERT_PTR_NULL(gmem_at(&m, 0x2000, 1));
	CU_ASSERT_PTR_NOT_NULL(gmem_at(&m, 0x1000, 1));
	CU_ASSERT_PTR_NOT_NULL(gmem_at(&m, 0x3000, 1));
	CU_ASSERT(add(0x2000, 0x200));
	CU_ASSERT(gmem_remove(&m, 0x1000) && gmem_remove(&m, 0x3000) &&
		  gmem_remove(&m, 0x2000));
	CU_ASSERT_EQUAL(m.count, 0);
}

static void the_table_has_an_end(void)
{
	clear();
	for (uint64_t i = 0; i < WINDOWS; i++)
		CU_ASSERT(add(i << 16, 16));
	CU_ASSERT_FALSE(add(UINT64_C(1) << 40, 16));
	CU_ASSERT_EQUAL(m.count, WINDOWS);
	CU_ASSERT_PTR_NOT_NULL(gmem_at(&m, (uint64_t)(WINDOWS - 1) << 16, 16));
}

/* Against a list of bytes, one by one. */
static void as_a_naive_model_says(void)
{
	static uint8_t owner[300];
	static const struct {
		uint64_t gpa, size;
	} w[] = {{10, 20}, {30, 1}, {50, 100}, {200, 90}};

	clear();
	memset(owner, 0xff, sizeof owner);
	for (uint32_t i = 0; i < 4; i++) {
		CU_ASSERT(add(w[i].gpa, w[i].size));
		memset(owner + w[i].gpa, (int)i, w[i].size);
	}
	for (uint64_t gpa = 0; gpa < 300; gpa++)
		for (uint64_t len = 1; gpa + len <= 300; len++) {
			bool in = owner[gpa] != 0xff;

			for (uint64_t k = 1; in && k < len; k++)
				in = owner[gpa + k] == owner[gpa];
			CU_ASSERT_EQUAL_FATAL(gmem_at(&m, gpa, len) != NULL,
					      in);
		}
}

static void words_are_little_endian(void)
{
	_Alignas(8) uint8_t p[8];

	gmem_store64(p, UINT64_C(0x0807060504030201));
	for (uint32_t i = 0; i < 8; i++)
		CU_ASSERT_EQUAL(p[i], i + 1);
	CU_ASSERT_EQUAL(gmem_load64(p), UINT64_C(0x0807060504030201));
	CU_ASSERT_EQUAL(gmem_load32(p), 0x04030201);
	CU_ASSERT_EQUAL(gmem_load16(p), 0x0201);
	CU_ASSERT_EQUAL(gmem_load16_acquire(p + 2), 0x0403);
	gmem_store32(p, 0xaabbccdd);
	CU_ASSERT_EQUAL(p[0], 0xdd);
	gmem_store16(p, 0x1122);
	CU_ASSERT_EQUAL(p[0], 0x22);
	gmem_store16_release(p + 6, 0x3344);
	CU_ASSERT_EQUAL(p[7], 0x33);
}

static const struct unit_case cases[] = {
	{"inside and outside", inside_and_outside},
	{"lengths that wrap", lengths_that_wrap},
	{"windows that cannot be", windows_that_cannot_be},
	{"windows do not overlap", windows_do_not_overlap},
	{"removed is gone", removed_is_gone},
	{"the table has an end", the_table_has_an_end},
	{"as a naive model says", as_a_naive_model_says},
	{"words are little-endian", words_are_little_endian},
};

UNIT_MAIN("gmem", cases)
