/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which moves are in each other's way: one changes what the other reads or
 * writes. Of two effects, that hangs on what a few cells hold at most, which
 * are looked for once. Knows effects and cells; not what sleeps.
 */
#ifndef TWINRING_SIM_SEARCH_CLASH_H
#define TWINRING_SIM_SEARCH_CLASH_H

#include "sim/search/answers.h"

struct clashes {
	const struct answers *a;
	struct table table;     /* by two effects: what to look at */
	struct share_pool pool; /* cells, and what they are to hold */
};

/* False: no memory. */
bool clashes_open(struct clashes *c, const struct answers *a, bool shared);
void clashes_close(struct clashes *c);

/* Makes room for more; false: there is none. Nobody else may look. */
bool clashes_grow(struct clashes *c);

/* No two pairs have the same. */
static inline uint64_t clashes_key(uint32_t one, uint32_t other)
{
	return ((uint64_t)one << 32 | other) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Begins to fetch what clashes_at() will look at. */
static inline void clashes_prefetch(const struct clashes *c, uint32_t one,
				    uint32_t other)
{
	table_prefetch(&c->table, clashes_key(one, other));
}

/*
 * Whether one of the effects @one and @other changes what the other touches,
 * where blocks hold @contents. No memory: they do.
 */
bool clashes_at(struct clashes *c, const uint32_t *contents, uint32_t one,
		uint32_t other);

#endif
