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
	uint64_t *word;
	uint64_t count;
	uint32_t words; /* of a state */
	bool shared;
};

/* False: no memory. */
bool layer_open(struct layer *l, uint32_t numbers, bool shared);
void layer_close(struct layer *l);

static inline struct waiting *layer_at(const struct layer *l, uint64_t n)
{
	return (struct waiting *)&l->word[n * l->words];
}

/* Room for @more, to be filled in; false: there is none. */
bool layer_extend(struct layer *l, uint64_t more);

void layer_clear(struct layer *l);

static inline uint64_t layer_bytes(const struct layer *l)
{
	return l->count * l->words * sizeof(uint64_t);
}

#endif
