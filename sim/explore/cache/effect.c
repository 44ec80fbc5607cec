/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/cache/effect.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { BITS_FIRST = 14, BITS_MAX = 26 };

#define POOL_WORDS (UINT64_C(1) << 29)
#define NUMBERS    (UINT64_C(1) << 24)

bool effects_open(struct effects *e, uint32_t set, bool shared)
{
	*e = (struct effects){.set = set};
	if (!shared_pool_open(&e->pool, POOL_WORDS, shared) ||
	    !shared_pool_open(&e->at, NUMBERS, shared) ||
	    !table_open(&e->table, shared ? BITS_FIRST + 4 : BITS_FIRST,
			BITS_MAX, shared))
		return false;
	shared_pool_take(&e->at, 1); /* so that none has number 0 */
	return true;
}

void effects_close(struct effects *e)
{
	table_close(&e->table);
	shared_pool_close(&e->pool);
	shared_pool_close(&e->at);
	*e = (struct effects){0};
}

bool effects_grow(struct effects *e)
{
	return table_grow(&e->table);
}

uint32_t effects_put(struct effects *e, const struct effect *f)
{
	uint32_t words = effect_words(f->writes, e->set);
	uint64_t key = XXH3_64bits(f, words * sizeof(uint64_t)), number, at;

	number = table_find(&e->table, key);
	if (!number) {
		at = shared_pool_take(&e->pool, words);
		number = shared_pool_take(&e->at, 1);
		if (at == UINT64_MAX || number == UINT64_MAX)
			return 0;
		memcpy(&e->pool.word[at], f, words * sizeof(uint64_t));
		e->at.word[number] = at;
		number = table_put(&e->table, key, number);
	}
	assert(memcmp(effects_get(e, (uint32_t)number), f,
		      words * sizeof(uint64_t)) == 0);
	return (uint32_t)number;
}
