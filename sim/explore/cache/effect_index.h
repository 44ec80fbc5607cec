/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an effect is to each query and each component, worked out once: which of
 * them it may change, and a number for what it changes there. Each worker has
 * its own index rows, since they say what was read as far as he has seen. Knows
 * variables; not what is asked.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_EFFECT_INDEX_H
#define TWINRING_SIM_EXPLORE_CACHE_EFFECT_INDEX_H

#include "sim/explore/cache/transition_cache.h"

struct effect_row {
	uint32_t grown;  /* as of when */
	uint32_t effect; /* its number */
	uint16_t clause; /* as in the effect */
	uint16_t room;   /* for so many changes */
	/* Parts, moves and components that may be others behind it. */
	uint8_t parts, moves, components;
	uint8_t last; /* is the last part one of them */
	const struct effect *f;
	uint64_t change[]; /* one each; then the number of each, in 8 bits */
};

struct effect_index {
	const struct transition_cache *a;
	uint64_t *reads; /* by query: variables that it looks at */
	uint32_t grown;  /* as of when */
	struct shared_pool pool;
	uint64_t *at; /* by effect: where its index row is */
	uint64_t *scratch;
};

/* False: no memory. */
bool effect_index_open(struct effect_index *p,
		       const struct transition_cache *a);
void effect_index_close(struct effect_index *p);

/*
 * Looks what queries read as of now. Whoever then goes on with an answer knows
 * of all reads that led to it.
 */
void effect_index_renew(struct effect_index *p);

static inline const uint8_t *effect_row_numbers(const struct effect_row *p)
{
	return (const uint8_t *)(p->change + p->parts + p->moves +
				 p->components);
}

/* Of effect @number; NULL: no memory. */
const struct effect_row *effect_index_make(struct effect_index *p,
					   uint32_t number);

static inline const struct effect_row *effect_index_get(struct effect_index *p,
							uint32_t number)
{
	const struct effect_row *effect_row =
		(const struct effect_row *)&p->pool.word[p->at[number]];

	return p->at[number] && effect_row->grown == p->grown
		       ? effect_row
		       : effect_index_make(p, number);
}

#endif
