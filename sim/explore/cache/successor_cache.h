/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from what: behind a move, the answer to a query is told by
 * the answer before it and by what the move changes, and so is what a component
 * holds. Asks only where nothing like it has followed before. Knows answers and
 * effects; not which moves are tried.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_SUCCESSOR_CACHE_H
#define TWINRING_SIM_EXPLORE_CACHE_SUCCESSOR_CACHE_H

#include "sim/explore/cache/effect_index.h"

struct successors {
	struct transition_cache *a;
	struct effect_index effect_index;
	struct table next;         /* by answer, or content, and change */
	struct shared_pool nodes;  /* what else to look at */
	uint64_t *known, *lacking; /* scratch */
};

/* An answer; with this, other things are said of slots than before. */
#define SUCCESSOR_SLOTS (UINT64_C(1) << 32)

/* False: no memory. */
bool successors_open(struct successors *f, struct transition_cache *a,
		     bool shared);
void successors_close(struct successors *f);

/* Makes room for more. Nobody else may look. */
void successors_grow(struct successors *f);

enum { SUCCESSOR_ANSWER = 1 << 16 }; /* beyond all variables */

static inline uint64_t successor_key(uint32_t answer, uint64_t change)
{
	return trie_mix(SUCCESSOR_ANSWER, answer) + change;
}

static inline void successor_prefetch(const struct successors *f, uint64_t key)
{
	table_prefetch(&f->next, key);
}

/*
 * The answer to @q behind the effect of @effect_row, where it was answered
 * @from,
 * @key tells that and the change, and components hold @behind then. 0: as
 * cache_ask().
 */
uint64_t successor_answer(struct successors *f, uint32_t q, uint32_t from,
			  const struct effect_row *effect_row, uint64_t key,
			  const uint32_t *behind);

/* The same for a part, from the numbers of a state. */
uint64_t successor_part(struct successors *f, uint32_t part,
			const uint32_t *here,
			const struct effect_row *effect_row, uint64_t key);

/* What components that it changes hold behind it, where all hold @from. */
void successor_interned(struct successors *f, const uint32_t *from,
			const struct effect_row *effect_row, uint32_t *out);

/* Begins to fetch what tells moves, and contents, behind it. */
void successor_fetch(const struct successors *f, const uint32_t *here,
		     const struct effect_row *effect_row);

#endif
