/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counts of 64-bit values in log-linear buckets: 128 to the octave, so that a
 * percentile is off by less than one part in 128. Merged by adding.
 */
#ifndef TWINRING_SIM_RUN_HISTOGRAM_H
#define TWINRING_SIM_RUN_HISTOGRAM_H

#include <stdint.h>

enum {
	HISTOGRAM_SUB_BITS = 7,
	HISTOGRAM_SUB = 1 << HISTOGRAM_SUB_BITS,
	HISTOGRAM_BUCKETS = (64 - HISTOGRAM_SUB_BITS + 1) * HISTOGRAM_SUB
};

struct histogram {
	uint64_t count[HISTOGRAM_BUCKETS];
	uint64_t total;
	unsigned __int128 sum;
	uint64_t min, max;
};

static inline uint32_t histogram_bucket(uint64_t v)
{
	uint32_t octave;

	if (v < HISTOGRAM_SUB)
		return (uint32_t)v;
	octave = 63u - (uint32_t)__builtin_clzll(v) - HISTOGRAM_SUB_BITS;
	return (octave << HISTOGRAM_SUB_BITS) + (uint32_t)(v >> octave);
}

/* Adds @v, @n times. */
static inline void histogram_add(struct histogram *h, uint64_t v, uint64_t n)
{
	if (h->total == 0)
		h->min = h->max = v;
	if (v < h->min)
		h->min = v;
	if (v > h->max)
		h->max = v;
	h->total += n;
	h->sum += (unsigned __int128)v * n;
	h->count[histogram_bucket(v)] += n;
}

/* Adds all of @from. */
void histogram_merge(struct histogram *to, const struct histogram *from);

/*
 * The value that @per_million parts in a million do not exceed, rounded up to
 * its bucket's end but not beyond the greatest; 0 when empty.
 */
uint64_t histogram_percentile(const struct histogram *h, uint32_t per_million);

/* The mean, rounded down; 0 when empty. */
uint64_t histogram_mean(const struct histogram *h);

#endif
