/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/follow.h"

#include <stdlib.h>
#include <string.h>

enum { BITS_FIRST = 16, BITS_MAX = 24 };

#define NODE_WORDS (UINT64_C(1) << 28)

/* In the table: what is found is no answer, but cells to look at as well. */
#define IS_NODE (UINT64_C(1) << 33)

enum { KEY_CONTENT = FOLLOW_ANSWER + 1, KEY_NODE };

bool follow_open(struct follow *f, struct answers *a, bool shared)
{
	*f = (struct follow){.a = a};
	f->known = calloc(a->set_words, sizeof *f->known);
	f->lacking = calloc(a->set_words, sizeof *f->lacking);
	return f->known && f->lacking && plans_open(&f->plans, a) &&
	       share_pool_open(&f->nodes, NODE_WORDS, shared) &&
	       table_open(&f->next, shared ? BITS_FIRST + 4 : BITS_FIRST,
			  BITS_MAX, shared);
}

void follow_close(struct follow *f)
{
	free(f->known);
	free(f->lacking);
	plans_close(&f->plans);
	share_pool_close(&f->nodes);
	table_close(&f->next);
	*f = (struct follow){0};
}

void follow_grow(struct follow *f)
{
	if (!table_grow(&f->next))
		table_clear(&f->next);
}

/* Where the cells of a node are in a state, as memo_state has it. */
static const uint32_t *node_list(const struct follow *f, uint64_t node,
				 uint32_t *count)
{
	const uint32_t *list =
		(const uint32_t *)&f->nodes.word[node + f->a->set_words];

	*count = list[0];
	return list + 1;
}

/* The key that goes on from @node. */
static uint64_t node_key(const struct follow *f, uint64_t key, uint64_t node,
			 const uint32_t *behind)
{
	const uint64_t *word = f->a->contents.pool.word;
	uint32_t count;
	const uint32_t *list = node_list(f, node, &count);

	key += memo_mix(KEY_NODE, node);
	for (uint32_t i = 0; i < count; i++)
		key += word[behind[list[i] >> 16] + (list[i] & UINT16_MAX)];
	return key;
}

/* UINT64_MAX: no memory. */
static uint64_t node_new(struct follow *f, const uint64_t *cells)
{
	const struct answers *a = f->a;
	uint32_t count = set_count(cells, a->set_words), n = 0;
	uint64_t node = share_take(&f->nodes, a->set_words + 1 + count / 2);
	uint32_t *list;

	if (node == UINT64_MAX)
		return node;
	memcpy(&f->nodes.word[node], cells, a->set_words * sizeof *cells);
	list = (uint32_t *)&f->nodes.word[node + a->set_words];
	list[n++] = count;
	for (uint32_t i = 0; i < a->set_words; i++)
		for (uint64_t w = cells[i]; w; w &= w - 1)
			list[n++] = a->blocks.place[64 * i + set_lowest(w)];
	return node;
}

static void node_known(struct follow *f, uint64_t node)
{
	for (uint32_t i = 0; i < f->a->set_words; i++)
		f->known[i] |= f->nodes.word[node + i];
}

/* What is known of cells behind: what told the answer, and what changes. */
static void known_begin(struct follow *f, uint32_t q, uint32_t answer,
			const struct plan *plan)
{
	const struct answers *a = f->a;
	const uint64_t *reads = &f->plans.reads[(size_t)q * a->set_words];
	const uint64_t *told = memo_known(&a->memo, answer);
	const uint64_t *writes = effect_writes(plan->f, a->set_words);

	for (uint32_t i = 0; i < a->set_words; i++)
		f->known[i] = told[i] | (writes[i] & reads[i]);
}

/* As the table keeps it. */
static uint64_t value_of(const struct follow *f, uint32_t q, uint32_t from,
			 uint32_t to)
{
	const struct answers *a = f->a;

	if (q >= a->parts || !a->slots)
		return to;
	return memcmp(answers_told(a, from), answers_told(a, to),
		      a->slots * sizeof(uint64_t)) == 0
		       ? to
		       : to | FOLLOW_SLOTS;
}

/*
 * Looks for what follows, and remembers it. All states with the same answer
 * that change the same where @q reads have the same one behind, if it looks
 * at no cell but what told the first or is changed; else, those of them that
 * hold the same in these, too.
 */
static uint64_t answer_find(struct follow *f, uint32_t q, uint32_t from,
			    const struct plan *plan, uint64_t key,
			    const uint32_t *behind)
{
	struct answers *a = f->a;
	uint32_t to = answers_ask(a, q, behind);
	uint64_t found, more;

	if (a->learnt || a->failed)
		return 0;
	known_begin(f, q, from, plan);
	for (;;) {
		found = table_find(&f->next, key);
		if (!found) {
			more = value_of(f, q, from, to);
			if (set_without(memo_known(&a->memo, to), f->known,
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

uint64_t follow_answer(struct follow *f, uint32_t q, uint32_t from,
		       const struct plan *plan, uint64_t key,
		       const uint32_t *behind)
{
	uint64_t found = table_find(&f->next, key), at = key;

	while (found & IS_NODE) {
		at = node_key(f, at, found & ~IS_NODE, behind);
		found = table_find(&f->next, at);
	}
	return found ? found : answer_find(f, q, from, plan, key, behind);
}

uint64_t follow_part(struct follow *f, uint32_t part, const uint32_t *here,
		     const struct plan *plan, uint64_t key)
{
	const uint32_t *contents = here + f->a->questions;
	uint64_t found = table_find(&f->next, key);
	uint32_t behind[BLOCKS_MAX];

	if (found && !(found & IS_NODE))
		return found;
	memcpy(behind, contents, f->a->blocks.count * sizeof *behind);
	follow_contents(f, contents, plan, behind);
	return follow_answer(f, part, here[part], plan, key, behind);
}

static uint64_t content_key(uint32_t content, uint64_t change)
{
	return memo_mix(KEY_CONTENT, content) + change;
}

static uint32_t content_behind(struct follow *f, uint32_t block, uint32_t from,
			       const struct plan *plan, uint64_t key)
{
	uint32_t to = (uint32_t)table_find(&f->next, key);

	if (to)
		return to;
	to = answers_content(f->a, block, from, plan->f);
	return f->a->failed ? 0 : (uint32_t)table_put(&f->next, key, to);
}

void follow_contents(struct follow *f, const uint32_t *from,
		     const struct plan *plan, uint32_t *out)
{
	uint32_t first = plan->parts + plan->moves;
	const uint8_t *block = plan_numbers(plan) + first;

	for (uint32_t i = 0; i < plan->blocks; i++) {
		uint32_t b = block[i];
		out[b] = content_behind(
			f, b, from[b], plan,
			content_key(from[b], plan->change[first + i]));
	}
}

void follow_fetch(const struct follow *f, const uint32_t *here,
		  const struct plan *plan)
{
	const uint8_t *number = plan_numbers(plan) + plan->parts;
	const uint64_t *change = plan->change + plan->parts;

	here += f->a->parts;
	for (uint32_t i = 0; i < plan->moves; i++)
		follow_prefetch(f, follow_key(here[number[i]], change[i]));
	here += f->a->questions - f->a->parts;
	number += plan->moves;
	change += plan->moves;
	for (uint32_t i = 0; i < plan->blocks; i++)
		follow_prefetch(f, content_key(here[number[i]], change[i]));
}
