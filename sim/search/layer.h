/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * States of one depth that wait to be looked at, in the order in which they
 * were found. Knows how a state is written down; not what it means.
 */
#ifndef TWINRING_SIM_SEARCH_LAYER_H
#define TWINRING_SIM_SEARCH_LAYER_H

#include "sim/search/share.h"

struct waiting {
	uint64_t digest;
	uint64_t asleep;   /* moves that lead nowhere new, a bit each */
	uint32_t index;    /* of the state in the trail */
	uint32_t number[]; /* of contents by block, of answers by question */
};

struct layer {
	struct share_pool pool;
	uint64_t count;
	uint32_t words; /* of a state */
};

/* False: no memory. */
bool layer_open(struct layer *l, uint32_t numbers, bool shared);
void layer_close(struct layer *l);

static inline struct waiting *layer_at(const struct layer *l, uint64_t n)
{
	return (struct waiting *)&l->pool.word[n * l->words];
}

/* One more, to be filled in; NULL: no memory. */
struct waiting *layer_add(struct layer *l);

void layer_clear(struct layer *l);

static inline uint64_t layer_bytes(const struct layer *l)
{
	return l->count * l->words * sizeof(uint64_t);
}

#endif
