/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/memo.h"

#include <string.h>

#include "sim/search/set.h"

enum {
	SET_WORDS = UINT16_MAX / 64 + 1,
	BITS_FIRST = 14,
	BITS_MAX = 26,
	/*
	 * Cells that are looked at next. With many, answers hang on cells that
	 * the code would not have read had it seen what is in the first ones;
	 * with few, the way to them is long.
	 */
	NEXT_MAX = 4
};

#define POOL_WORDS (UINT64_C(1) << 29)

/*
 * A node says which cells to look at next: what was looked at before, with
 * these, as a set, and then the number of these and each, in 16 bits. What is
 * found there leads to an answer or to another node. In the table, a number is
 * the place of a node in its pool, or an answer.
 */
enum { IS_NODE = 1 };

uint64_t memo_seed;

static const uint16_t *node_list(const struct memo *m, uint64_t node,
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
	uint32_t count = set_count(cells, m->words), n = 0;
	uint64_t node = share_take(&m->nodes, m->words + 1 + count / 4);
	uint16_t *list;

	if (node == UINT64_MAX)
		return node;
	list = (uint16_t *)&m->nodes.word[node + m->words];
	list[n++] = (uint16_t)count;
	for (uint32_t i = 0; i < m->words; i++) {
		m->nodes.word[node + i] = cells[i] | (before ? before[i] : 0);
		for (uint64_t w = cells[i]; w; w &= w - 1)
			list[n++] = (uint16_t)(64 * i + set_lowest(w));
	}
	return node;
}

bool memo_open(struct memo *m, uint32_t questions, uint32_t cells, bool shared)
{
	assert(cells < UINT16_MAX);
	*m = (struct memo){.questions = questions, .words = set_words(cells)};
	m->root = share_map(questions * sizeof *m->root, shared);
	m->begun = share_map(questions * sizeof *m->begun, shared);
	m->always = share_map(questions * m->words * sizeof *m->always, shared);
	if (!m->root || !m->begun || !m->always ||
	    !share_pool_open(&m->nodes, POOL_WORDS, shared) ||
	    !share_pool_open(&m->answers, POOL_WORDS, shared) ||
	    !table_open(&m->table, BITS_FIRST, BITS_MAX, shared))
		return false;
	/* So that no answer has number 0. */
	share_take(&m->answers, sizeof(struct memo_answer) / 8);
	return true;
}

void memo_close(struct memo *m)
{
	table_close(&m->table);
	share_pool_close(&m->nodes);
	share_pool_close(&m->answers);
	share_unmap(m->root, m->questions * sizeof *m->root);
	share_unmap(m->begun, m->questions * sizeof *m->begun);
	share_unmap(m->always, m->questions * m->words * sizeof *m->always);
	*m = (struct memo){0};
}

bool memo_grow(struct memo *m)
{
	return table_grow(&m->table);
}

bool memo_begin(struct memo *m, uint32_t q, const uint64_t *first,
		const uint64_t *always)
{
	memcpy(&m->always[q * m->words], always, m->words * sizeof *always);
	m->root[q] = m->begun[q] = node_new(m, NULL, first);
	return m->root[q] != UINT64_MAX;
}

bool memo_forget(struct memo *m, uint32_t q)
{
	const uint64_t *cells = &m->nodes.word[m->begun[q]];

	m->root[q] = m->begun[q] = node_new(m, NULL, cells);
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

bool memo_widen(struct memo *m, uint32_t q, const uint64_t *cells)
{
	return root_set(m, q, cells, m->root[q]);
}

bool memo_shorten(struct memo *m, uint32_t q, const uint64_t *cells)
{
	return root_set(m, q, cells, m->begun[q]);
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

/*
 * What to look at behind @node on the way to what @read told: all that is
 * nearly always read, or what was read next. False: all has been looked at.
 */
static bool cells_next(const struct memo *m, uint32_t q, uint64_t node,
		       const struct memo_reads *read, uint64_t *next)
{
	const uint64_t *known = &m->nodes.word[node];
	const uint64_t *always = &m->always[q * m->words];
	uint32_t found = 0;

	if (!set_without(always, read->set, m->words, next) &&
	    set_without(always, known, m->words, next))
		return true;
	memset(next, 0, m->words * sizeof *next);
	for (uint32_t i = 0; i < read->count && found < NEXT_MAX; i++) {
		if (set_has(known, read->cell[i]))
			continue;
		set_add(next, read->cell[i]);
		found++;
	}
	return found;
}

/* 0: no memory. */
static uint32_t answer_keep(struct memo *m, uint64_t node, uint64_t word,
			    uint32_t says)
{
	uint64_t words = sizeof(struct memo_answer) / 8;
	uint64_t at = share_take(&m->answers, words);

	if (at == UINT64_MAX)
		return 0;
	*(struct memo_answer *)&m->answers.word[at] =
		(struct memo_answer){word, says, (uint32_t)node};
	return (uint32_t)(at / words);
}

uint32_t memo_tell(struct memo *m, uint32_t q, const struct memo_state *s,
		   const struct memo_reads *read, uint64_t word, uint32_t says,
		   bool mark)
{
	uint64_t next[SET_WORDS], node = m->root[q], found, at;

	for (;;) {
		uint64_t key = node_key(m, node, s);

		found = table_find(&m->table, key);
		if (!found && cells_next(m, q, node, read, next)) {
			at = node_new(m, &m->nodes.word[node], next);
			if (at == UINT64_MAX)
				return 0;
			found = table_put(&m->table, key, at << 1 | IS_NODE);
		} else if (!found) {
			at = answer_keep(m, node, word, says);
			if (!at)
				return 0;
			at |= mark ? MEMO_MARK : 0;
			found = table_put(&m->table, key, at << 1);
		}
		if (!(found & IS_NODE))
			return (uint32_t)(found >> 1);
		node = found >> 1;
	}
}
