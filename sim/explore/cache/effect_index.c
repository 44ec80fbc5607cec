/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/cache/effect_index.h"

#include <stdlib.h>
#include <string.h>

enum {
	SPARE = 2 /* changes that an index row has room for when more is read */
};

#define POOL_WORDS (UINT64_C(1) << 28)
#define NUMBERS    (UINT64_C(1) << 24)

bool effect_index_open(struct effect_index *p, const struct transition_cache *a)
{
	uint32_t most = a->queries + COMPONENTS_MAX;

	*p = (struct effect_index){.a = a};
	p->reads = calloc((size_t)a->queries * a->set_words, sizeof *p->reads);
	p->at = shared_arena_map(NUMBERS * sizeof *p->at, false);
	p->scratch = calloc(sizeof(struct effect_row) / 8 + most + most / 8 + 1,
			    sizeof *p->scratch);
	if (!p->reads || !p->at || !p->scratch ||
	    !shared_pool_open(&p->pool, POOL_WORDS, false))
		return false;
	shared_pool_take(&p->pool, 1); /* so that none is at 0 */
	return true;
}

void effect_index_close(struct effect_index *p)
{
	free(p->reads);
	free(p->scratch);
	shared_arena_unmap(p->at, NUMBERS * sizeof *p->at);
	shared_pool_close(&p->pool);
	*p = (struct effect_index){0};
}

void effect_index_renew(struct effect_index *p)
{
	uint32_t grown = __atomic_load_n(&p->a->head->grown, __ATOMIC_ACQUIRE);

	if (p->grown == grown)
		return;
	for (size_t i = 0; i < (size_t)p->a->queries * p->a->set_words; i++)
		p->reads[i] =
			__atomic_load_n(&p->a->reads[i], __ATOMIC_RELAXED);
	p->grown = grown;
}

/* What @f changes of what @q reads, as a number; false: nothing. */
static bool query_change(const struct effect_index *p, uint32_t q,
			 const struct effect *f, uint64_t *change)
{
	uint32_t set = p->a->set_words;
	const uint64_t *reads = &p->reads[(size_t)q * set];
	const uint64_t *value = effect_values(f, set);
	const uint16_t *variable = effect_variables(f, set);

	*change = 0;
	if (!set_meets(effect_writes(f, set), reads, set))
		return false;
	for (uint32_t i = 0; i < f->writes; i++)
		if (set_has(reads, variable[i]))
			*change += trie_mix(variable[i], value[i]);
	return true;
}

/* Queries [@from, @to) that it may change; how many. */
static uint8_t queries_fill(const struct effect_index *p,
			    struct effect_row *effect_row, uint32_t from,
			    uint32_t to, uint64_t *change, uint8_t *number)
{
	uint8_t n = 0;

	for (uint32_t q = from; q < to; q++)
		if (query_change(p, q, effect_row->f, &change[n]))
			number[n++] = (uint8_t)(q - from);
	return n;
}

static uint8_t components_fill(const struct effect_index *p,
			       struct effect_row *effect_row, uint64_t *change,
			       uint8_t *number)
{
	const struct effect *f = effect_row->f;
	uint32_t set = p->a->set_words;
	const uint64_t *value = effect_values(f, set);
	const uint16_t *variable = effect_variables(f, set);
	uint64_t sum[COMPONENTS_MAX] = {0}, any = 0;
	uint8_t n = 0;

	for (uint32_t i = 0; i < f->writes; i++) {
		uint32_t component = p->a->components.of[variable[i]];

		sum[component] += trie_mix(variable[i], value[i]);
		any |= UINT64_C(1) << component;
	}
	for (; any; any &= any - 1) {
		number[n] = (uint8_t)set_lowest(any);
		change[n] = sum[number[n]];
		n++;
	}
	return n;
}

/* Where it was, if it has room there. */
static struct effect_row *draw_room(struct effect_index *p, uint32_t number,
				    uint32_t most)
{
	struct effect_row *old =
		(struct effect_row *)&p->pool.word[p->at[number]];
	uint64_t at;

	if (p->at[number] && old->room >= most)
		return old;
	most += SPARE;
	at = shared_pool_take(&p->pool,
			      sizeof *old / 8 + most + (most + 7) / 8);
	if (at == UINT64_MAX)
		return NULL;
	p->at[number] = at;
	old = (struct effect_row *)&p->pool.word[at];
	old->room = (uint16_t)most;
	return old;
}

const struct effect_row *effect_index_make(struct effect_index *p,
					   uint32_t number)
{
	const struct transition_cache *a = p->a;
	uint8_t numbers[UINT8_MAX + 2 * COMPONENTS_MAX];
	struct effect_row *effect_row = (struct effect_row *)p->scratch, *to;
	uint32_t n = 0;
	uint16_t room;

	*effect_row = (struct effect_row){.grown = p->grown, .effect = number};
	effect_row->f = effects_get(&a->effects, number);
	effect_row->clause = effect_row->f->clause;
	n += effect_row->parts = queries_fill(p, effect_row, 0, a->parts,
					      effect_row->change, numbers);
	effect_row->last = n && numbers[n - 1] == a->parts - 1;
	n += effect_row->moves =
		queries_fill(p, effect_row, a->parts, a->queries,
			     effect_row->change + n, numbers + n);
	n += effect_row->components = components_fill(
		p, effect_row, effect_row->change + n, numbers + n);
	to = draw_room(p, number, n);
	if (!to)
		return NULL;
	room = to->room;
	memcpy(to, effect_row,
	       sizeof *effect_row + n * sizeof *effect_row->change);
	to->room = room;
	memcpy(to->change + n, numbers, n);
	return to;
}
