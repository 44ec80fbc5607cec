/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which move a random walk takes. For a while it prefers some moves to all
 * others, then others: so it gets where one party has done all that it can and
 * another nothing, which even chances hardly ever bring about. Knows numbers.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_PROFILING_WALK_H
#define TWINRING_SIM_EXPLORE_CACHE_PROFILING_WALK_H

#include "sim/explore/store/set.h"
#include "sim/world/rng.h"

enum { WALK_MOVES_MAX = 256, WALK_WHILE = 128 };

struct walk {
	struct rng rng;
	uint64_t liked[WALK_MOVES_MAX / 64];
	uint32_t left; /* moves of the while */
};

/* One of @n moves @can. */
static inline uint8_t walk_pick(struct walk *w, const uint8_t *can, uint32_t n)
{
	uint8_t liked[WALK_MOVES_MAX];
	uint32_t count = 0;

	if (!w->left)
		for (uint32_t i = 0; i < WALK_MOVES_MAX / 64; i++)
			w->liked[i] = rng_next(&w->rng);
	w->left = w->left ? w->left - 1 : rng_below(&w->rng, WALK_WHILE);
	for (uint32_t i = 0; i < n; i++)
		if (set_has(w->liked, can[i]))
			liked[count++] = can[i];
	return count ? liked[rng_below(&w->rng, count)]
		     : can[rng_below(&w->rng, n)];
}

#endif
