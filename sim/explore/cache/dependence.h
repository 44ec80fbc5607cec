/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Conditional dependence of moves: one writes what the other reads or writes.
 * Whether two effects commute in a state is decided by the values of a few
 * variables, which are listed once for each pair.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_DEPENDENCE_H
#define TWINRING_SIM_EXPLORE_CACHE_DEPENDENCE_H

#include "sim/explore/cache/transition_cache.h"

struct dependence {
	const struct transition_cache *a;
	struct table table;      /* by two effects: what to look at */
	struct shared_pool pool; /* variables, and what they are to hold */
};

/* False: no memory. */
bool dependence_open(struct dependence *c, const struct transition_cache *a,
		     bool shared);
void dependence_close(struct dependence *c);

/* Makes room for more; false: there is none. Nobody else may look. */
bool dependence_grow(struct dependence *c);

/* No two pairs have the same. */
static inline uint64_t dependence_key(uint32_t one, uint32_t other)
{
	return ((uint64_t)one << 32 | other) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Begins to fetch what dependence_at() will look at. */
static inline void dependence_prefetch(const struct dependence *c, uint32_t one,
				       uint32_t other)
{
	table_prefetch(&c->table, dependence_key(one, other));
}

/*
 * Whether one of the effects @one and @other changes what the other touches,
 * where components hold the contents @interned. No memory: true.
 */
bool dependence_at(struct dependence *c, const uint32_t *interned, uint32_t one,
		   uint32_t other);

#endif
