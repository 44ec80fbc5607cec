/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What blocks of words have ever held, each content once, under a number: a
 * state is then a number for each of its blocks. Knows words; not what they
 * mean.
 */
#ifndef TWINRING_SIM_SEARCH_CONTENTS_H
#define TWINRING_SIM_SEARCH_CONTENTS_H

#include "sim/search/share.h"
#include "sim/search/table.h"

struct contents {
	struct table table;
	struct share_pool pool;
};

enum { CONTENTS_NONE = 0 }; /* no number: there is no memory */

/* False: no memory. */
bool contents_open(struct contents *c, bool shared);
void contents_close(struct contents *c);

/* The number of @count words in block @block, which stays the same. */
uint32_t contents_put(struct contents *c, uint32_t block, const uint64_t *words,
		      uint32_t count);

static inline const uint64_t *contents_get(const struct contents *c,
					   uint32_t number)
{
	return &c->pool.word[number];
}

#endif
