/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What components of words have ever held, each content once, under a number: a
 * state is then a number for each of its components. Knows words; not what they
 * mean.
 */
#ifndef TWINRING_SIM_EXPLORE_STORE_INTERNED_H
#define TWINRING_SIM_EXPLORE_STORE_INTERNED_H

#include "sim/explore/store/shared_arena.h"
#include "sim/explore/store/table.h"

struct interned {
	struct table table;
	struct shared_pool pool;
};

enum { CONTENTS_NONE = 0 }; /* no number: there is no memory */

/* False: no memory. */
bool interned_open(struct interned *c, bool shared);
void interned_close(struct interned *c);

/* The number of @count words in component @component, which stays the same. */
uint32_t interned_put(struct interned *c, uint32_t component,
		      const uint64_t *words, uint32_t count);

static inline const uint64_t *interned_get(const struct interned *c,
					   uint32_t number)
{
	return &c->pool.word[number];
}

#endif
