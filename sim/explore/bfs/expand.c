/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/expand.h"

#include <stdlib.h>

#include "sim/explore/bfs/cached.h"
#include "sim/explore/bfs/uncached.h"

struct expand *expand_open(struct sut *s, const struct expand_options *opt)
{
	const struct expand_ops *ops =
		opt->uncached ? &uncached_ops : &cached_ops;
	struct expand *e = calloc(1, ops->size);

	if (!e)
		return NULL;
	e->ops = ops;
	e->opt = *opt;
	if (cache_open(&e->cache, s, opt->shared) && ops->open(e))
		return e;
	expand_close(e);
	return NULL;
}

void expand_close(struct expand *e)
{
	if (!e)
		return;
	e->ops->close(e);
	cache_close(&e->cache);
	free(e);
}

bool expand_grow(struct expand *e)
{
	return e->ops->grow(e) && cache_grow(&e->cache);
}

bool expand_first(struct expand *e, struct waiting *out)
{
	cache_interned_now(&e->cache, out->number + e->cache.queries);
	e->ops->first(e, out);
	return !e->cache.failed;
}

uint64_t expand_states(struct expand *e, uint64_t first, uint32_t count,
		       uint32_t n, uint64_t *out)
{
	uint64_t words;

	assert(count <= BATCH_STATES);
	for (uint32_t i = 0; i < count; i++)
		e->here[i] = frontier_at(e->frontier, first + i);
	words = e->ops->states(e, first, count, n, out);
	return expand_stops(e) ? 0 : words;
}

uint64_t expand_words_max(const struct expand *e)
{
	return sizeof(struct looked) / 8 +
	       (uint64_t)e->cache.s->moves * arrival_words(e);
}

uint64_t expand_remembered(const struct expand *e)
{
	return table_ever(&e->cache.trie.table) + e->ops->kept(e).digests;
}

uint64_t expand_remembered_bytes(const struct expand *e)
{
	return cache_bytes(&e->cache) + e->ops->kept(e).bytes;
}

void expand_restore(struct expand *e, const uint32_t *number)
{
	cache_restore(&e->cache, expand_interned(e, number));
}
