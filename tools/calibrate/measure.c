/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/calibrate/measure.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

struct measure measure_of(uint64_t ps[MEASURE_ROUNDS])
{
	qsort(ps, MEASURE_ROUNDS, sizeof *ps, ascending);
	return (struct measure){
		.low = ps[MEASURE_ROUNDS / 4],
		.median = ps[MEASURE_ROUNDS / 2],
		.high = ps[MEASURE_ROUNDS * 3 / 4],
		.known = true,
	};
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 1;
}

struct measure measure_less(struct measure m, struct measure part)
{
	m.known &= part.known;
	m.low = less(m.low, part.median);
	m.median = less(m.median, part.median);
	m.high = less(m.high, part.median);
	return m;
}
