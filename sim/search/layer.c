/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/layer.h"

#define POOL_WORDS (UINT64_C(1) << 31)

bool layer_open(struct layer *l, uint32_t numbers, bool shared)
{
	size_t size = sizeof(struct waiting) + numbers * sizeof(uint32_t);

	*l = (struct layer){.words = (uint32_t)((size + 7) / 8)};
	return share_pool_open(&l->pool, POOL_WORDS, shared);
}

void layer_close(struct layer *l)
{
	share_pool_close(&l->pool);
}

struct waiting *layer_add(struct layer *l)
{
	uint64_t at = share_take(&l->pool, l->words);

	if (at == UINT64_MAX)
		return NULL;
	l->count++;
	return (struct waiting *)&l->pool.word[at];
}

void layer_clear(struct layer *l)
{
	share_drop(l->pool.word, layer_bytes(l), l->pool.shared);
	*l->pool.used = 0;
	l->count = 0;
}
