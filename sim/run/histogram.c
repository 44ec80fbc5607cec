/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/histogram.h"

void histogram_merge(struct histogram *to, const struct histogram *from)
{
	if (from->total == 0)
		return;
	if (to->total == 0 || from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	to->total += from->total;
	to->sum += from->sum;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		to->count[i] += from->count[i];
}

/* The greatest value that falls into bucket @i. */
static uint64_t bucket_end(uint32_t i)
{
	uint32_t octave;

	if (i < HISTOGRAM_SUB)
		return i;
	octave = (i >> HISTOGRAM_SUB_BITS) - 1;
	return (((uint64_t)(i - (octave << HISTOGRAM_SUB_BITS)) + 1)
		<< octave) -
	       1;
}

uint64_t histogram_percentile(const struct histogram *h, uint32_t per_million)
{
	/* ceil(total * part / 10^6) without overflow */
	uint64_t rank = h->total / 1000000 * per_million +
			(h->total % 1000000 * per_million + 999999) / 1000000;
	uint64_t seen = 0;

	if (h->total == 0)
		return 0;
	if (rank == 0)
		rank = 1;
	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->count[i];
		if (seen >= rank)
			return bucket_end(i) < h->max ? bucket_end(i) : h->max;
	}
	return h->max;
}

uint64_t histogram_mean(const struct histogram *h)
{
	return h->total ? (uint64_t)(h->sum / h->total) : 0;
}
