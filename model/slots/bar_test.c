/* SPDX-License-Identifier: BSD-3-Clause */
/* Between a slot's number and its offset, for any stride. */
#include "model/slots/bar.h"

#include "model/unit.h"

static const uint32_t strides[] = {64, 128, 192, 704, 2048, 4096, 4160, 65536};

static void there_and_back(void)
{
	for (uint32_t i = 0; i < sizeof strides / sizeof strides[0]; i++) {
		struct bar_geometry g;
		uint32_t slot;

		bar_geometry_init(&g, 100, 64, strides[i]);

		for (uint32_t s = 0; s < 100; s++) {
			uint64_t off = bar_offset(&g, s);

			CU_ASSERT_EQUAL(off, (uint64_t)s * strides[i]);
			CU_ASSERT(bar_slot(&g, off, 64, &slot));
			CU_ASSERT_EQUAL(slot, s);
			CU_ASSERT(bar_slot(&g, off, 0, &slot));
			CU_ASSERT_FALSE(bar_slot(&g, off, 65, &slot));
			CU_ASSERT_FALSE(bar_slot(&g, off + 1, 1, &slot));
			CU_ASSERT_FALSE(
				bar_slot(&g, off + strides[i] - 1, 1, &slot));
		}
		CU_ASSERT_EQUAL(bar_bytes(&g), UINT64_C(100) * strides[i]);
		CU_ASSERT_FALSE(bar_slot(&g, bar_bytes(&g), 1, &slot));
		CU_ASSERT_FALSE(bar_slot(&g, UINT64_MAX, 1, &slot));
		CU_ASSERT_FALSE(bar_slot(&g, 0, UINT64_MAX, &slot));
	}
}

/* The largest BAR that a scenario can ask for: 4 GiB. */
static void beyond_32_bits(void)
{
	struct bar_geometry g;
	uint32_t slot;

	bar_geometry_init(&g, 65536, 65536, 65536);

	CU_ASSERT_EQUAL(bar_bytes(&g), UINT64_C(1) << 32);
	CU_ASSERT(bar_slot(&g, bar_offset(&g, 65535), 65536, &slot));
	CU_ASSERT_EQUAL(slot, 65535);
	CU_ASSERT_FALSE(bar_slot(&g, UINT64_C(1) << 32, 1, &slot));
	CU_ASSERT_FALSE(bar_slot(&g, UINT64_C(65536) << 32, 1, &slot));
}

static void an_empty_bar_has_no_slot(void)
{
	struct bar_geometry g;
	uint32_t slot;

	bar_geometry_init(&g, 0, 64, 64);

	CU_ASSERT_EQUAL(bar_bytes(&g), 0);
	CU_ASSERT_FALSE(bar_slot(&g, 0, 0, &slot));
}

/* The two ends begin with as many slots each, one more for end 1 if odd. */
static void first_holders_share_evenly(void)
{
	for (uint32_t slots = 2; slots < 50; slots++) {
		uint32_t lent[2] = {0, 0};

		for (uint32_t s = 0; s < slots; s++)
			lent[bar_first_lender(s)]++;
		CU_ASSERT_EQUAL(lent[0], (slots + 1) / 2);
		CU_ASSERT_EQUAL(lent[1], slots / 2);
	}
}

static const struct unit_case cases[] = {
	{"there and back", there_and_back},
	{"beyond 32 bits", beyond_32_bits},
	{"an empty bar has no slot", an_empty_bar_has_no_slot},
	{"first holders share evenly", first_holders_share_evenly},
};

UNIT_MAIN("bar", cases)
