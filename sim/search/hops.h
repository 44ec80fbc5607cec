/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A map from digests to numbers that forgets: what is put last takes the place
 * of what was there. One process has it for itself. Knows nothing of what the
 * numbers say.
 */
#ifndef TWINRING_SIM_SEARCH_HOPS_H
#define TWINRING_SIM_SEARCH_HOPS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct hop {
	uint32_t low, high; /* of the key */
	uint32_t to;        /* 0: nothing is there */
	uint32_t more[2];   /* whatever goes with it */
};

struct hops {
	struct hop *hop;
	uint32_t bits;
};

/* False: no memory. */
static inline bool hops_open(struct hops *h, uint32_t bits)
{
	*h = (struct hops){calloc((size_t)1 << bits, sizeof *h->hop), bits};
	return h->hop;
}

static inline void hops_close(struct hops *h)
{
	free(h->hop);
	*h = (struct hops){0};
}

/* Begins to fetch what hops_find() will look at. */
static inline void hops_prefetch(const struct hops *h, uint64_t key)
{
	__builtin_prefetch(&h->hop[key >> (64 - h->bits)]);
}

/* What belongs to @key, or 0. */
static inline uint32_t hops_find(const struct hops *h, uint64_t key,
				 uint64_t *more)
{
	const struct hop *at = &h->hop[key >> (64 - h->bits)];

	*more = (uint64_t)at->more[1] << 32 | at->more[0];
	return at->low == (uint32_t)key && at->high == key >> 32 ? at->to : 0;
}

static inline void hops_put(struct hops *h, uint64_t key, uint32_t to,
			    uint64_t more)
{
	h->hop[key >> (64 - h->bits)] =
		(struct hop){(uint32_t)key,
			     (uint32_t)(key >> 32),
			     to,
			     {(uint32_t)more, (uint32_t)(more >> 32)}};
}

#endif
