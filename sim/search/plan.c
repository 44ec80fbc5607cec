/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/plan.h"

#include <stdlib.h>
#include <string.h>

enum { SPARE = 2 /* changes that a plan has room for when more is read */ };

#define POOL_WORDS (UINT64_C(1) << 28)
#define NUMBERS    (UINT64_C(1) << 24)

bool plans_open(struct plans *p, const struct answers *a)
{
	uint32_t most = a->questions + BLOCKS_MAX;

	*p = (struct plans){.a = a};
	p->reads =
		calloc((size_t)a->questions * a->set_words, sizeof *p->reads);
	p->at = share_map(NUMBERS * sizeof *p->at, false);
	p->scratch = calloc(sizeof(struct plan) / 8 + most + most / 8 + 1,
			    sizeof *p->scratch);
	if (!p->reads || !p->at || !p->scratch ||
	    !share_pool_open(&p->pool, POOL_WORDS, false))
		return false;
	share_take(&p->pool, 1); /* so that none is at 0 */
	return true;
}

void plans_close(struct plans *p)
{
	free(p->reads);
	free(p->scratch);
	share_unmap(p->at, NUMBERS * sizeof *p->at);
	share_pool_close(&p->pool);
	*p = (struct plans){0};
}

void plans_renew(struct plans *p)
{
	uint32_t grown = __atomic_load_n(&p->a->head->grown, __ATOMIC_ACQUIRE);

	if (p->grown == grown)
		return;
	for (size_t i = 0; i < (size_t)p->a->questions * p->a->set_words; i++)
		p->reads[i] =
			__atomic_load_n(&p->a->reads[i], __ATOMIC_RELAXED);
	p->grown = grown;
}

/* What @f changes of what @q reads, as a number; false: nothing. */
static bool question_change(const struct plans *p, uint32_t q,
			    const struct effect *f, uint64_t *change)
{
	uint32_t set = p->a->set_words;
	const uint64_t *reads = &p->reads[(size_t)q * set];
	const uint64_t *value = effect_values(f, set);
	const uint16_t *cell = effect_cells(f, set);

	*change = 0;
	if (!set_meets(effect_writes(f, set), reads, set))
		return false;
	for (uint32_t i = 0; i < f->writes; i++)
		if (set_has(reads, cell[i]))
			*change += memo_mix(cell[i], value[i]);
	return true;
}

/* Questions [@from, @to) that it may change; how many. */
static uint8_t questions_fill(const struct plans *p, struct plan *plan,
			      uint32_t from, uint32_t to, uint64_t *change,
			      uint8_t *number)
{
	uint8_t n = 0;

	for (uint32_t q = from; q < to; q++)
		if (question_change(p, q, plan->f, &change[n]))
			number[n++] = (uint8_t)(q - from);
	return n;
}

static uint8_t blocks_fill(const struct plans *p, struct plan *plan,
			   uint64_t *change, uint8_t *number)
{
	const struct effect *f = plan->f;
	uint32_t set = p->a->set_words;
	const uint64_t *value = effect_values(f, set);
	const uint16_t *cell = effect_cells(f, set);
	uint64_t sum[BLOCKS_MAX] = {0}, any = 0;
	uint8_t n = 0;

	for (uint32_t i = 0; i < f->writes; i++) {
		uint32_t block = p->a->blocks.of[cell[i]];

		sum[block] += memo_mix(cell[i], value[i]);
		any |= UINT64_C(1) << block;
	}
	for (; any; any &= any - 1) {
		number[n] = (uint8_t)set_lowest(any);
		change[n] = sum[number[n]];
		n++;
	}
	return n;
}

/* Where it was, if it has room there. */
static struct plan *plan_room(struct plans *p, uint32_t number, uint32_t most)
{
	struct plan *old = (struct plan *)&p->pool.word[p->at[number]];
	uint64_t at;

	if (p->at[number] && old->room >= most)
		return old;
	most += SPARE;
	at = share_take(&p->pool, sizeof *old / 8 + most + (most + 7) / 8);
	if (at == UINT64_MAX)
		return NULL;
	p->at[number] = at;
	old = (struct plan *)&p->pool.word[at];
	old->room = (uint16_t)most;
	return old;
}

const struct plan *plans_make(struct plans *p, uint32_t number)
{
	const struct answers *a = p->a;
	uint8_t numbers[UINT8_MAX + 2 * BLOCKS_MAX];
	struct plan *plan = (struct plan *)p->scratch, *to;
	uint32_t n = 0;
	uint16_t room;

	*plan = (struct plan){.grown = p->grown, .effect = number};
	plan->f = effects_get(&a->effects, number);
	plan->clause = plan->f->clause;
	n += plan->parts =
		questions_fill(p, plan, 0, a->parts, plan->change, numbers);
	plan->last = n && numbers[n - 1] == a->parts - 1;
	n += plan->moves = questions_fill(p, plan, a->parts, a->questions,
					  plan->change + n, numbers + n);
	n += plan->blocks = blocks_fill(p, plan, plan->change + n, numbers + n);
	to = plan_room(p, number, n);
	if (!to)
		return NULL;
	room = to->room;
	memcpy(to, plan, sizeof *plan + n * sizeof *plan->change);
	to->room = room;
	memcpy(to->change + n, numbers, n);
	return to;
}
