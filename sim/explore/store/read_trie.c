/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/store/read_trie.h"

#include <string.h>

#include "sim/explore/store/set.h"

enum {
	SET_WORDS = UINT16_MAX / 64 + 1,
	BITS_FIRST = 14,
	BITS_MAX = 26,
	/*
	 * Variables that are looked at next. With many, answers hang on
	 * variables that the code would not have read had it seen what is in
	 * the first ones; with few, the way to them is long.
	 */
	NEXT_MAX = 4
};

#define POOL_WORDS (UINT64_C(1) << 29)

/*
 * A node says which variables to look at next: what was looked at before, with
 * these, as a set, and then the number of these and each, in 16 bits. What is
 * found there leads to an answer or to another node. In the table, a number is
 * the place of a node in its pool, or an answer.
 */
enum { IS_NODE = 1 };

uint64_t trie_seed;

static const uint16_t *node_list(const struct read_trie *m, uint64_t node,
				 uint32_t *count)
{
	const uint16_t *list =
		(const uint16_t *)&m->nodes.word[node + m->words];

	*count = list[0];
	return list + 1;
}

static inline uint64_t key_of(uint64_t node, uint64_t sum)
{
	uint64_t key = (node + 1) * UINT64_C(0xff51afd7ed558ccd) + sum;

	return key ^ key >> 29;
}

/* What a state holds in the variables of @node, as a key. */
static inline uint64_t node_key(const struct read_trie *m, uint64_t node,
				const struct trie_state *s)
{
	uint64_t sum = 0;
	uint32_t count;
	const uint16_t *list = node_list(m, node, &count);

	for (uint32_t i = 0; i < count; i++)
		sum += trie_variable(s, list[i]);
	return key_of(node, sum);
}

/* The same where they hold nothing. */
static uint64_t zero_key(const struct read_trie *m, uint64_t node)
{
	uint64_t sum = 0;
	uint32_t count;
	const uint16_t *list = node_list(m, node, &count);

	for (uint32_t i = 0; i < count; i++)
		sum += trie_mix(list[i], 0);
	return key_of(node, sum);
}

/* Looks at @variables after @before; UINT64_MAX: no memory. */
static uint64_t node_new(struct read_trie *m, const uint64_t *before,
			 const uint64_t *variables)
{
	uint32_t count = set_count(variables, m->words), n = 0;
	uint64_t node = shared_pool_take(&m->nodes, m->words + 1 + count / 4);
	uint16_t *list;

	if (node == UINT64_MAX)
		return node;
	list = (uint16_t *)&m->nodes.word[node + m->words];
	list[n++] = (uint16_t)count;
	for (uint32_t i = 0; i < m->words; i++) {
		m->nodes.word[node + i] =
			variables[i] | (before ? before[i] : 0);
		for (uint64_t w = variables[i]; w; w &= w - 1)
			list[n++] = (uint16_t)(64 * i + set_lowest(w));
	}
	return node;
}

bool trie_open(struct read_trie *m, uint32_t queries, uint32_t variables,
	       bool shared)
{
	assert(variables < UINT16_MAX);
	*m = (struct read_trie){.queries = queries,
				.words = set_words(variables)};
	m->root = shared_arena_map(queries * sizeof *m->root, shared);
	m->begun = shared_arena_map(queries * sizeof *m->begun, shared);
	m->always = shared_arena_map(queries * m->words * sizeof *m->always,
				     shared);
	if (!m->root || !m->begun || !m->always ||
	    !shared_pool_open(&m->nodes, POOL_WORDS, shared) ||
	    !shared_pool_open(&m->cache, POOL_WORDS, shared) ||
	    !table_open(&m->table, BITS_FIRST, BITS_MAX, shared))
		return false;
	/* So that no answer has number 0. */
	shared_pool_take(&m->cache, sizeof(struct trie_answer) / 8);
	return true;
}

void trie_close(struct read_trie *m)
{
	table_close(&m->table);
	shared_pool_close(&m->nodes);
	shared_pool_close(&m->cache);
	shared_arena_unmap(m->root, m->queries * sizeof *m->root);
	shared_arena_unmap(m->begun, m->queries * sizeof *m->begun);
	shared_arena_unmap(m->always,
			   m->queries * m->words * sizeof *m->always);
	*m = (struct read_trie){0};
}

bool trie_grow(struct read_trie *m)
{
	return table_grow(&m->table);
}

bool trie_begin(struct read_trie *m, uint32_t q, const uint64_t *first,
		const uint64_t *always)
{
	memcpy(&m->always[q * m->words], always, m->words * sizeof *always);
	m->root[q] = m->begun[q] = node_new(m, NULL, first);
	return m->root[q] != UINT64_MAX;
}

bool trie_forget(struct read_trie *m, uint32_t q)
{
	const uint64_t *variables = &m->nodes.word[m->begun[q]];

	m->root[q] = m->begun[q] = node_new(m, NULL, variables);
	return m->root[q] != UINT64_MAX;
}

/* Query @q looks at @variables first, and goes on to @node where all is
 * zero. */
static bool root_set(struct read_trie *m, uint32_t q, const uint64_t *variables,
		     uint64_t node)
{
	uint64_t root = node_new(m, NULL, variables);

	if (root == UINT64_MAX)
		return false;
	table_put(&m->table, zero_key(m, root), node << 1 | IS_NODE);
	m->root[q] = root;
	return true;
}

bool trie_widen(struct read_trie *m, uint32_t q, const uint64_t *variables)
{
	return root_set(m, q, variables, m->root[q]);
}

bool trie_shorten(struct read_trie *m, uint32_t q, const uint64_t *variables)
{
	return root_set(m, q, variables, m->begun[q]);
}

uint32_t trie_ask(const struct read_trie *m, uint32_t q,
		  const struct trie_state *s)
{
	uint64_t node = m->root[q], found;

	for (;;) {
		found = table_find(&m->table, node_key(m, node, s));
		if (!(found & IS_NODE))
			return (uint32_t)(found >> 1);
		node = found >> 1;
	}
}

/*
 * What to look at behind @node on the way to what @read told: all that is
 * nearly always read, or what was read next. False: all has been looked at.
 */
static bool variables_next(const struct read_trie *m, uint32_t q, uint64_t node,
			   const struct trie_reads *read, uint64_t *next)
{
	const uint64_t *known = &m->nodes.word[node];
	const uint64_t *always = &m->always[q * m->words];
	uint32_t found = 0;

	if (!set_without(always, read->set, m->words, next) &&
	    set_without(always, known, m->words, next))
		return true;
	memset(next, 0, m->words * sizeof *next);
	for (uint32_t i = 0; i < read->count && found < NEXT_MAX; i++) {
		if (set_has(known, read->variable[i]))
			continue;
		set_add(next, read->variable[i]);
		found++;
	}
	return found;
}

/* 0: no memory. */
static uint32_t answer_keep(struct read_trie *m, uint64_t node, uint64_t word,
			    uint32_t says)
{
	uint64_t words = sizeof(struct trie_answer) / 8;
	uint64_t at = shared_pool_take(&m->cache, words);

	if (at == UINT64_MAX)
		return 0;
	*(struct trie_answer *)&m->cache.word[at] =
		(struct trie_answer){word, says, (uint32_t)node};
	return (uint32_t)(at / words);
}

uint32_t trie_tell(struct read_trie *m, uint32_t q, const struct trie_state *s,
		   const struct trie_reads *read, uint64_t word, uint32_t says,
		   bool mark)
{
	uint64_t next[SET_WORDS], node = m->root[q], found, at;

	for (;;) {
		uint64_t key = node_key(m, node, s);

		found = table_find(&m->table, key);
		if (!found && variables_next(m, q, node, read, next)) {
			at = node_new(m, &m->nodes.word[node], next);
			if (at == UINT64_MAX)
				return 0;
			found = table_put(&m->table, key, at << 1 | IS_NODE);
		} else if (!found) {
			at = answer_keep(m, node, word, says);
			if (!at)
				return 0;
			at |= mark ? TRIE_MARK : 0;
			found = table_put(&m->table, key, at << 1);
		}
		if (!(found & IS_NODE))
			return (uint32_t)(found >> 1);
		node = found >> 1;
	}
}
