/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/cache/successor_cache.h"

#include <stdlib.h>
#include <string.h>

enum { BITS_FIRST = 16, BITS_MAX = 24 };

#define NODE_WORDS (UINT64_C(1) << 28)

/* In the table: what is found is no answer, but variables to look at as well.
 */
#define IS_NODE (UINT64_C(1) << 33)

enum { KEY_CONTENT = SUCCESSOR_ANSWER + 1, KEY_NODE };

bool successors_open(struct successors *f, struct transition_cache *a,
		     bool shared)
{
	*f = (struct successors){.a = a};
	f->known = calloc(a->set_words, sizeof *f->known);
	f->lacking = calloc(a->set_words, sizeof *f->lacking);
	return f->known && f->lacking &&
	       effect_index_open(&f->effect_index, a) &&
	       shared_pool_open(&f->nodes, NODE_WORDS, shared) &&
	       table_open(&f->next, shared ? BITS_FIRST + 4 : BITS_FIRST,
			  BITS_MAX, shared);
}

void successors_close(struct successors *f)
{
	free(f->known);
	free(f->lacking);
	effect_index_close(&f->effect_index);
	shared_pool_close(&f->nodes);
	table_close(&f->next);
	*f = (struct successors){0};
}

void successors_grow(struct successors *f)
{
	if (!table_grow(&f->next))
		table_clear(&f->next);
}

/* Where the variables of a node are in a state, as trie_state has it. */
static const uint32_t *node_list(const struct successors *f, uint64_t node,
				 uint32_t *count)
{
	const uint32_t *list =
		(const uint32_t *)&f->nodes.word[node + f->a->set_words];

	*count = list[0];
	return list + 1;
}

/* The key that goes on from @node. */
static uint64_t node_key(const struct successors *f, uint64_t key,
			 uint64_t node, const uint32_t *behind)
{
	const uint64_t *word = f->a->interned.pool.word;
	uint32_t count;
	const uint32_t *list = node_list(f, node, &count);

	key += trie_mix(KEY_NODE, node);
	for (uint32_t i = 0; i < count; i++)
		key += word[behind[list[i] >> 16] + (list[i] & UINT16_MAX)];
	return key;
}

/* UINT64_MAX: no memory. */
static uint64_t node_new(struct successors *f, const uint64_t *variables)
{
	const struct transition_cache *a = f->a;
	uint32_t count = set_count(variables, a->set_words), n = 0;
	uint64_t node =
		shared_pool_take(&f->nodes, a->set_words + 1 + count / 2);
	uint32_t *list;

	if (node == UINT64_MAX)
		return node;
	memcpy(&f->nodes.word[node], variables,
	       a->set_words * sizeof *variables);
	list = (uint32_t *)&f->nodes.word[node + a->set_words];
	list[n++] = count;
	for (uint32_t i = 0; i < a->set_words; i++)
		for (uint64_t w = variables[i]; w; w &= w - 1)
			list[n++] = a->components.place[64 * i + set_lowest(w)];
	return node;
}

static void node_known(struct successors *f, uint64_t node)
{
	for (uint32_t i = 0; i < f->a->set_words; i++)
		f->known[i] |= f->nodes.word[node + i];
}

/* What is known of variables behind: what told the answer, and what changes. */
static void known_begin(struct successors *f, uint32_t q, uint32_t answer,
			const struct effect_row *effect_row)
{
	const struct transition_cache *a = f->a;
	const uint64_t *reads =
		&f->effect_index.reads[(size_t)q * a->set_words];
	const uint64_t *told = trie_known(&a->trie, answer);
	const uint64_t *writes = effect_writes(effect_row->f, a->set_words);

	for (uint32_t i = 0; i < a->set_words; i++)
		f->known[i] = told[i] | (writes[i] & reads[i]);
}

/* As the table keeps it. */
static uint64_t value_of(const struct successors *f, uint32_t q, uint32_t from,
			 uint32_t to)
{
	const struct transition_cache *a = f->a;

	if (q >= a->parts || !a->slots)
		return to;
	return memcmp(cache_told(a, from), cache_told(a, to),
		      a->slots * sizeof(uint64_t)) == 0
		       ? to
		       : to | SUCCESSOR_SLOTS;
}

/*
 * The next answer to query @q, and keeps it: a function of the answer @from and
 * of the writes that meet the read set of @q. Variables that the next answer
 * reads for the first time, and that the effect does not write, join the key.
 */
static uint64_t answer_find(struct successors *f, uint32_t q, uint32_t from,
			    const struct effect_row *effect_row, uint64_t key,
			    const uint32_t *behind)
{
	struct transition_cache *a = f->a;
	uint32_t to = cache_ask(a, q, behind);
	uint64_t found, more;

	if (a->learnt || a->failed)
		return 0;
	known_begin(f, q, from, effect_row);
	for (;;) {
		found = table_find(&f->next, key);
		if (!found) {
			more = value_of(f, q, from, to);
			if (set_without(trie_known(&a->trie, to), f->known,
					a->set_words, f->lacking)) {
				more = node_new(f, f->lacking);
				a->failed |= more == UINT64_MAX;
				if (a->failed)
					return 0;
				more |= IS_NODE;
			}
			found = table_put(&f->next, key, more);
		}
		if (!(found & IS_NODE))
			return found;
		node_known(f, found & ~IS_NODE);
		key = node_key(f, key, found & ~IS_NODE, behind);
	}
}

uint64_t successor_answer(struct successors *f, uint32_t q, uint32_t from,
			  const struct effect_row *effect_row, uint64_t key,
			  const uint32_t *behind)
{
	uint64_t found = table_find(&f->next, key), at = key;

	while (found & IS_NODE) {
		at = node_key(f, at, found & ~IS_NODE, behind);
		found = table_find(&f->next, at);
	}
	return found ? found : answer_find(f, q, from, effect_row, key, behind);
}

uint64_t successor_part(struct successors *f, uint32_t part,
			const uint32_t *here,
			const struct effect_row *effect_row, uint64_t key)
{
	const uint32_t *interned = here + f->a->queries;
	uint64_t found = table_find(&f->next, key);
	uint32_t behind[COMPONENTS_MAX];

	if (found && !(found & IS_NODE))
		return found;
	memcpy(behind, interned, f->a->components.count * sizeof *behind);
	successor_interned(f, interned, effect_row, behind);
	return successor_answer(f, part, here[part], effect_row, key, behind);
}

static uint64_t content_key(uint32_t content, uint64_t change)
{
	return trie_mix(KEY_CONTENT, content) + change;
}

static uint32_t content_behind(struct successors *f, uint32_t component,
			       uint32_t from,
			       const struct effect_row *effect_row,
			       uint64_t key)
{
	uint32_t to = (uint32_t)table_find(&f->next, key);

	if (to)
		return to;
	to = cache_interned(f->a, component, from, effect_row->f);
	return f->a->failed ? 0 : (uint32_t)table_put(&f->next, key, to);
}

void successor_interned(struct successors *f, const uint32_t *from,
			const struct effect_row *effect_row, uint32_t *out)
{
	uint32_t first = effect_row->parts + effect_row->moves;
	const uint8_t *component = effect_row_numbers(effect_row) + first;

	for (uint32_t i = 0; i < effect_row->components; i++) {
		uint32_t b = component[i];
		out[b] = content_behind(
			f, b, from[b], effect_row,
			content_key(from[b], effect_row->change[first + i]));
	}
}

void successor_fetch(const struct successors *f, const uint32_t *here,
		     const struct effect_row *effect_row)
{
	const uint8_t *number =
		effect_row_numbers(effect_row) + effect_row->parts;
	const uint64_t *change = effect_row->change + effect_row->parts;

	here += f->a->parts;
	for (uint32_t i = 0; i < effect_row->moves; i++)
		successor_prefetch(f,
				   successor_key(here[number[i]], change[i]));
	here += f->a->queries - f->a->parts;
	number += effect_row->moves;
	change += effect_row->moves;
	for (uint32_t i = 0; i < effect_row->components; i++)
		successor_prefetch(f, content_key(here[number[i]], change[i]));
}
