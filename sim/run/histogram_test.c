/* SPDX-License-Identifier: BSD-3-Clause */
/* Percentiles against an exact sort, merging, and the edges of the range. */
#include "sim/run/histogram.h"

#include <string.h>

#include "model/unit.h"
#include "sim/world/rng.h"

enum { VALUES = 20000 };

static struct histogram h, other;
static uint64_t value[VALUES];

static const uint32_t parts[] = {1,      10000,  500000, 900000,
				 990000, 999000, 999900, 1000000};

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The value that @part of a million of the sorted values do not exceed. */
static uint64_t exact(uint32_t part)
{
	uint64_t rank = ((uint64_t)VALUES * part + 999999) / 1000000;

	return value[rank ? rank - 1 : 0];
}

/* Never below the exact value, and at most one part in 128 above it. */
static void check_all(void)
{
	unsigned __int128 sum = 0;

	memset(&h, 0, sizeof h);
	for (uint32_t i = 0; i < VALUES; i++)
		histogram_add(&h, value[i], 1);
	qsort(value, VALUES, sizeof value[0], by_size);
	CU_ASSERT_EQUAL(h.total, VALUES);
	CU_ASSERT_EQUAL(h.min, value[0]);
	CU_ASSERT_EQUAL(h.max, value[VALUES - 1]);
	for (uint32_t i = 0; i < VALUES; i++)
		sum += value[i];
	CU_ASSERT_EQUAL(histogram_mean(&h), (uint64_t)(sum / VALUES));
	for (uint32_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		uint64_t should = exact(parts[i]);
		uint64_t is = histogram_percentile(&h, parts[i]);

		CU_ASSERT(is >= should);
		CU_ASSERT(is - should <= should / HISTOGRAM_SUB);
	}
}

static void percentiles_of_any_size(void)
{
	struct rng d = {3};

	for (uint32_t shift = 0; shift < 64; shift += 7) {
		for (uint32_t i = 0; i < VALUES; i++)
			value[i] = rng_next(&d) >> shift;
		check_all();
	}
}

static void percentiles_over_many_octaves(void)
{
	struct rng d = {4};

	for (uint32_t i = 0; i < VALUES; i++)
		value[i] = rng_next(&d) >> rng_below(&d, 64);
	check_all();
}

static void buckets_are_in_order(void)
{
	uint32_t last = 0;

	for (uint32_t bit = 0; bit < 64; bit++)
		for (int off = -1; off <= 1; off++) {
			uint64_t v = (UINT64_C(1) << bit) + (uint64_t)off;
			uint32_t b = histogram_bucket(v);

			CU_ASSERT(b < HISTOGRAM_BUCKETS);
			CU_ASSERT(b >= last || off < 0);
			last = b;
		}
	CU_ASSERT_EQUAL(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static void small_values_are_exact(void)
{
	memset(&h, 0, sizeof h);
	for (uint64_t v = 0; v < HISTOGRAM_SUB; v++)
		histogram_add(&h, v, 1);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 0), 0);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 500000),
			HISTOGRAM_SUB / 2 - 1);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 1000000), HISTOGRAM_SUB - 1);
}

static void nothing_and_one_thing(void)
{
	memset(&h, 0, sizeof h);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 500000), 0);
	histogram_add(&h, UINT64_MAX, 1);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 1), UINT64_MAX);
	CU_ASSERT_EQUAL(histogram_percentile(&h, 1000000), UINT64_MAX);
	CU_ASSERT_EQUAL(h.min, UINT64_MAX);
}

/* Two halves together are the whole, in either order. */
static void merged_is_as_if_added(void)
{
	static struct histogram whole;
	struct rng d = {5};

	memset(&h, 0, sizeof h);
	memset(&other, 0, sizeof other);
	memset(&whole, 0, sizeof whole);
	for (uint32_t i = 0; i < VALUES; i++) {
		uint64_t v = rng_next(&d) >> rng_below(&d, 64);

		histogram_add(i % 3 ? &h : &other, v, 1);
		histogram_add(&whole, v, 1);
	}
	histogram_merge(&h, &other);
	CU_ASSERT_EQUAL(memcmp(&h, &whole, sizeof h), 0);
}

static void merging_with_nothing(void)
{
	static struct histogram empty;

	memset(&h, 0, sizeof h);
	histogram_add(&h, 7, 1);
	histogram_merge(&h, &empty);
	CU_ASSERT_EQUAL(h.min, 7);
	CU_ASSERT_EQUAL(h.total, 1);
	memset(&other, 0, sizeof other);
	histogram_merge(&other, &h);
	CU_ASSERT_EQUAL(memcmp(&other, &h, sizeof h), 0);
}

static void many_at_once(void)
{
	memset(&h, 0, sizeof h);
	memset(&other, 0, sizeof other);
	for (uint64_t v = 5; v < 5000; v *= 3) {
		histogram_add(&h, v, v);
		for (uint64_t n = 0; n < v; n++)
			histogram_add(&other, v, 1);
	}
	CU_ASSERT_EQUAL(memcmp(&other, &h, sizeof h), 0);
}

static const struct unit_case cases[] = {
	{"percentiles of any size", percentiles_of_any_size},
	{"percentiles over many octaves", percentiles_over_many_octaves},
	{"buckets are in order", buckets_are_in_order},
	{"small values are exact", small_values_are_exact},
	{"nothing and one thing", nothing_and_one_thing},
	{"merged is as if added", merged_is_as_if_added},
	{"merging with nothing", merging_with_nothing},
	{"many at once", many_at_once},
};

UNIT_MAIN("histogram", cases)
