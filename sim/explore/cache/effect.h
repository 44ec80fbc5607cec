/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a move does, as words that can be remembered; what is the same is kept
 * once, under a number. Knows variables; not what they mean.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_EFFECT_H
#define TWINRING_SIM_EXPLORE_CACHE_EFFECT_H

#include "sim/explore/store/set.h"
#include "sim/explore/store/shared_arena.h"
#include "sim/explore/store/table.h"

struct effect {
	uint16_t writes; /* variables */
	uint16_t clause; /* sut_broke() */
	uint32_t zero;   /* no holes: effects are compared by their bytes */
	/*
	 * Sets of variables that it reads or writes and that it writes; what
	 * they hold then; and their numbers in 16 bits.
	 */
	uint64_t words[];
};

static inline const uint64_t *effect_touches(const struct effect *f)
{
	return f->words;
}

/* Sets have @set words. */
static inline const uint64_t *effect_writes(const struct effect *f,
					    uint32_t set)
{
	return f->words + set;
}

static inline const uint64_t *effect_values(const struct effect *f,
					    uint32_t set)
{
	return f->words + 2 * set;
}

static inline const uint16_t *effect_variables(const struct effect *f,
					       uint32_t set)
{
	return (const uint16_t *)(effect_values(f, set) + f->writes);
}

static inline uint32_t effect_words(uint32_t writes, uint32_t set)
{
	return (uint32_t)(sizeof(struct effect) / 8) + 2 * set + writes +
	       (writes + 3) / 4;
}

struct effects {
	struct table table;
	struct shared_pool pool; /* the effects */
	struct shared_pool at;   /* by number: where it begins */
	uint32_t set;
};

/* Sets of variables have @set words. False: no memory. */
bool effects_open(struct effects *e, uint32_t set, bool shared);
void effects_close(struct effects *e);

/* Makes room for more; false: there is none. Nobody else may look. */
bool effects_grow(struct effects *e);

/* The number of @f, from 1 on; 0: no memory. */
uint32_t effects_put(struct effects *e, const struct effect *f);

static inline const struct effect *effects_get(const struct effects *e,
					       uint32_t number)
{
	return (const struct effect *)&e->pool.word[e->at.word[number]];
}

#endif
