/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * States of one depth that wait to be looked at, in the order in which they
 * were found. Two layers take turns in one room: what has been looked at makes
 * place for what was found. Knows how a state is written down; not what it
 * means.
 */
#ifndef TWINRING_SIM_SEARCH_LAYER_H
#define TWINRING_SIM_SEARCH_LAYER_H

#include "sim/search/share.h"

struct waiting {
	uint64_t digest;
	uint32_t claim;    /* that knows which moves lead nowhere new */
	uint32_t index;    /* of the state in the trail */
	uint32_t number[]; /* of answers by question, of contents by block */
};

enum { LAYER_CHUNK_BITS = 10, LAYER_CHUNK = 1 << LAYER_CHUNK_BITS };

/* Room for states, in chunks of so many; whoever looks only, sees it whole. */
struct layer_room {
	uint64_t *word;
	uint32_t words; /* of a state */
	uint32_t chunks, used;
	uint32_t *empty; /* of the used ones, those without states */
	uint32_t empties;
};

struct layer {
	struct layer_room *room;
	uint32_t *chunk; /* in the room, by that of the layer; shared */
	uint64_t count;
	uint64_t dropped; /* chunks of it that are empty again */
};

/* For states of @numbers numbers. False: no memory. */
bool layer_room_open(struct layer_room *r, uint32_t numbers, bool shared);
void layer_room_close(struct layer_room *r);

bool layer_open(struct layer *l, struct layer_room *room, bool shared);
void layer_close(struct layer *l);

static inline struct waiting *layer_at(const struct layer *l, uint64_t n)
{
	const struct layer_room *r = l->room;
	uint64_t chunk = l->chunk[n >> LAYER_CHUNK_BITS];

	return (struct waiting *)&r
		->word[(chunk << LAYER_CHUNK_BITS | (n & (LAYER_CHUNK - 1))) *
		       r->words];
}

static inline void layer_prefetch(const struct layer *l, uint64_t n)
{
	const uint64_t *at = (const uint64_t *)layer_at(l, n);

	for (uint32_t i = 0; i < l->room->words; i += SHARE_LINE / 8)
		__builtin_prefetch(at + i);
}

/* Room for @more, to be filled in; false: there is none. */
bool layer_extend(struct layer *l, uint64_t more);

/* Nobody looks at states before the @n-th any more. */
void layer_drop(struct layer *l, uint64_t n);

void layer_clear(struct layer *l);

static inline uint64_t layer_state_bytes(const struct layer_room *r)
{
	return r->words * sizeof(uint64_t);
}

#endif
