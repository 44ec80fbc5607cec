/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/memo.h"

#include <string.h>

enum { SET_WORDS = UINT16_MAX / 64 + 1, BITS_FIRST = 16, BITS_MAX = 26 };

#define POOL_WORDS (UINT64_C(0x7fffffff))

/*
 * A node says which cells to look at next: what was looked at before, with
 * these, as a set, and then the number of these and each, in 16 bits. What is
 * found there leads to an answer or to another node. In the table, a number is
 * the place in the pool and whether it is a node.
 */
enum { IS_NODE = 1 };

static const uint16_t *node_list(const struct memo *m, uint64_t node,
				 uint32_t *count)
{
	const uint16_t *list = (const uint16_t *)&m->pool.word[node + m->words];

	*count = list[0];
	return list + 1;
}

static inline uint64_t key_of(uint64_t node, uint64_t sum)
{
	uint64_t key = (node + 1) * UINT64_C(0xff51afd7ed558ccd) + sum;

	return key ^ key >> 29;
}

/* What a state holds in the cells of @node, as a key. */
static inline uint64_t node_key(const struct memo *m, uint64_t node,
				const struct memo_state *s)
{
	uint64_t sum = 0;
	uint32_t count;
	const uint16_t *list = node_list(m, node, &count);

	for (uint32_t i = 0; i < count; i++)
		sum += memo_cell(s, list[i]);
	return key_of(node, sum);
}

/* The same where they hold nothing. */
static uint64_t zero_key(const struct memo *m, uint64_t node)
{
	uint64_t sum = 0;
	uint32_t count;
	const uint16_t *list = node_list(m, node, &count);

	for (uint32_t i = 0; i < count; i++)
		sum += memo_mix(list[i], 0);
	return key_of(node, sum);
}

/* Looks at @cells after @before; UINT64_MAX: no memory. */
static uint64_t node_new(struct memo *m, const uint64_t *before,
			 const uint64_t *cells)
{
	uint32_t count = 0, n = 0;
	uint64_t node;
	uint16_t *list;

	for (uint32_t i = 0; i < m->words; i++)
		count += (uint32_t)__builtin_popcountll(cells[i]);
	node = share_take(&m->pool, m->words + 1 + count / 4);
	if (node == UINT64_MAX)
		return node;
	list = (uint16_t *)&m->pool.word[node + m->words];
	list[n++] = (uint16_t)count;
	for (uint32_t i = 0; i < m->words; i++) {
		m->pool.word[node + i] = cells[i] | (before ? before[i] : 0);
		for (uint64_t set = cells[i]; set; set &= set - 1)
			list[n++] = (uint16_t)(64 * i +
					       (uint32_t)__builtin_ctzll(set));
	}
	return node;
}

bool memo_open(struct memo *m, uint32_t questions, uint32_t cells, bool shared)
{
	assert(cells < UINT16_MAX);
	*m = (struct memo){.questions = questions, .words = (cells + 63) / 64};
	m->root = share_map(questions * sizeof *m->root, shared);
	m->begun = share_map(questions * sizeof *m->begun, shared);
	return m->root && m->begun &&
	       share_pool_open(&m->pool, POOL_WORDS, shared) &&
	       table_open(&m->table, shared ? BITS_FIRST + 4 : BITS_FIRST,
			  BITS_MAX, shared);
}

void memo_close(struct memo *m)
{
	table_close(&m->table);
	share_pool_close(&m->pool);
	share_unmap(m->root, m->questions * sizeof *m->root);
	share_unmap(m->begun, m->questions * sizeof *m->begun);
	*m = (struct memo){0};
}

bool memo_begin(struct memo *m, uint32_t q, const uint64_t *first)
{
	m->root[q] = m->begun[q] = node_new(m, NULL, first);
	return m->root[q] != UINT64_MAX;
}

/* Question @q looks at @cells first, and goes on to @node where all is zero. */
static bool root_set(struct memo *m, uint32_t q, const uint64_t *cells,
		     uint64_t node)
{
	uint64_t root = node_new(m, NULL, cells);

	if (root == UINT64_MAX)
		return false;
	table_put(&m->table, zero_key(m, root), node << 1 | IS_NODE);
	m->root[q] = root;
	return true;
}

bool memo_widen(struct memo *m, const uint64_t *cells)
{
	for (uint32_t q = 0; q < m->questions; q++)
		if (!root_set(m, q, cells, m->root[q]))
			return false;
	return true;
}

bool memo_shorten(struct memo *m, const uint64_t *cells)
{
	for (uint32_t q = 0; q < m->questions; q++)
		if (!root_set(m, q, cells, m->begun[q]))
			return false;
	return true;
}

uint32_t memo_ask(const struct memo *m, uint32_t q, const struct memo_state *s)
{
	uint64_t node = m->root[q], found;

	for (;;) {
		found = table_find(&m->table, node_key(m, node, s));
		if (!(found & IS_NODE))
			return (uint32_t)(found >> 1);
		node = found >> 1;
	}
}

uint32_t memo_trace(const struct memo *m, uint32_t q,
		    const struct memo_state *s, uint64_t *cells)
{
	uint64_t node = m->root[q], found;

	for (;;) {
		uint32_t count;
		const uint16_t *list = node_list(m, node, &count);

		for (uint32_t i = 0; i < count; i++)
			cells[list[i] / 64] |= UINT64_C(1) << list[i] % 64;
		found = table_find(&m->table, node_key(m, node, s));
		if (!(found & IS_NODE))
			return (uint32_t)(found >> 1);
		node = found >> 1;
	}
}

/* Cells of @read that nobody has looked at up to @node; false: none. */
static bool rest_of(const struct memo *m, uint64_t node, const uint64_t *read,
		    uint64_t *rest)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < m->words; i++) {
		rest[i] = read[i] & ~m->pool.word[node + i];
		any |= rest[i];
	}
	return any;
}

static uint64_t answer_keep(struct memo *m, const uint64_t *answer,
			    uint32_t words)
{
	uint64_t at = share_take(&m->pool, words);

	if (at != UINT64_MAX)
		memcpy(&m->pool.word[at], answer, words * sizeof *answer);
	return at;
}

uint32_t memo_tell(struct memo *m, uint32_t q, const struct memo_state *s,
		   const uint64_t *read, const uint64_t *answer, uint32_t words)
{
	uint64_t rest[SET_WORDS], node = m->root[q], found, at;

	for (;;) {
		uint64_t key = node_key(m, node, s);

		found = table_find(&m->table, key);
		if (!found && rest_of(m, node, read, rest)) {
			at = node_new(m, &m->pool.word[node], rest);
			if (at == UINT64_MAX)
				return 0;
			found = table_put(&m->table, key, at << 1 | IS_NODE);
		} else if (!found) {
			at = answer_keep(m, answer, words);
			if (at == UINT64_MAX)
				return 0;
			found = table_put(&m->table, key, at << 1);
		}
		if (!(found & IS_NODE))
			return (uint32_t)(found >> 1);
		node = found >> 1;
	}
}
