/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/store/interned.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { BITS_FIRST = 16, BITS_MAX = 27 };

#define POOL_WORDS (UINT64_C(1) << 29)

bool interned_open(struct interned *c, bool shared)
{
	*c = (struct interned){0};
	if (!shared_pool_open(&c->pool, POOL_WORDS, shared) ||
	    !table_open(&c->table, shared ? BITS_FIRST + 4 : BITS_FIRST,
			BITS_MAX, shared))
		return false;
	shared_pool_take(&c->pool, 1); /* so that no content has number 0 */
	return true;
}

void interned_close(struct interned *c)
{
	table_close(&c->table);
	shared_pool_close(&c->pool);
}

uint32_t interned_put(struct interned *c, uint32_t component,
		      const uint64_t *words, uint32_t count)
{
	uint64_t key =
		XXH3_64bits_withSeed(words, count * sizeof *words, component);
	uint64_t at = table_find(&c->table, key);

	if (!at) {
		at = shared_pool_take(&c->pool, count);
		if (at == UINT64_MAX)
			return CONTENTS_NONE;
		memcpy(&c->pool.word[at], words, count * sizeof *words);
		at = table_put(&c->table, key, at);
	}
	assert(memcmp(&c->pool.word[at], words, count * sizeof *words) == 0);
	return (uint32_t)at;
}
