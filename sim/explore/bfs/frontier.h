/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * States of one depth that wait to be looked at, in the order in which they
 * were found. Two frontiers take turns in one room: what has been looked at
 * makes place for what was found. Knows how a state is written down; not what
 * it means.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_FRONTIER_H
#define TWINRING_SIM_EXPLORE_BFS_FRONTIER_H

#include "sim/explore/store/shared_arena.h"

struct waiting {
	uint64_t digest;
	uint32_t owner;    /* that knows which moves lead nowhere new */
	uint32_t index;    /* of the state in the parent log */
	uint32_t number[]; /* of answers by query, of contents by component */
};

enum { FRONTIER_CHUNK_BITS = 10, FRONTIER_CHUNK = 1 << FRONTIER_CHUNK_BITS };

/* Room for states, in chunks of so many; whoever looks only, sees it whole. */
struct frontier_room {
	uint64_t *word;
	uint32_t words; /* of a state */
	uint32_t chunks, used;
	uint32_t *empty; /* of the used ones, those without states */
	uint32_t empties;
};

struct frontier {
	struct frontier_room *room;
	uint32_t *chunk; /* in the room, by that of the frontier; shared */
	uint64_t count;
	uint64_t dropped; /* chunks of it that are empty again */
};

/* For states of @numbers numbers. False: no memory. */
bool frontier_room_open(struct frontier_room *r, uint32_t numbers, bool shared);
void frontier_room_close(struct frontier_room *r);

bool frontier_open(struct frontier *l, struct frontier_room *room, bool shared);
void frontier_close(struct frontier *l);

static inline struct waiting *frontier_at(const struct frontier *l, uint64_t n)
{
	const struct frontier_room *r = l->room;
	uint64_t chunk = l->chunk[n >> FRONTIER_CHUNK_BITS];

	return (struct waiting *)&r->word[(chunk << FRONTIER_CHUNK_BITS |
					   (n & (FRONTIER_CHUNK - 1))) *
					  r->words];
}

static inline void frontier_prefetch(const struct frontier *l, uint64_t n)
{
	const uint64_t *at = (const uint64_t *)frontier_at(l, n);

	for (uint32_t i = 0; i < l->room->words; i += SHARED_LINE / 8)
		__builtin_prefetch(at + i);
}

/* Room for @more, to be filled in; false: there is none. */
bool frontier_extend(struct frontier *l, uint64_t more);

/* Nobody looks at states before the @n-th any more. */
void frontier_drop(struct frontier *l, uint64_t n);

void frontier_clear(struct frontier *l);

static inline uint64_t frontier_state_bytes(const struct frontier_room *r)
{
	return r->words * sizeof(uint64_t);
}

#endif
