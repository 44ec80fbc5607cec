/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/expand.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/blind.h"
#include "sim/search/footprint.h"

enum { AUDIT_EVERY = 4096, AHEAD = 16 };

static bool memory_take(struct expand *e)
{
	size_t steps = (size_t)BATCH_STATES * e->answers.s->moves;

	e->plan = calloc(steps, sizeof *e->plan);
	e->step = calloc(steps, sizeof *e->step);
	e->fresh = calloc(steps, sizeof *e->fresh);
	e->key = calloc(steps * e->answers.parts, sizeof *e->key);
	e->found = calloc(steps * e->answers.parts, sizeof *e->found);
	return e->plan && e->step && e->fresh && e->key && e->found;
}

bool expand_open(struct expand *e, struct subject *s,
		 const struct expand_options *opt)
{
	*e = (struct expand){.opt = *opt};
	if (!e->opt.audit)
		e->opt.audit = AUDIT_EVERY;
	if (s->moves > ASLEEP_MAX || !footprint_sees())
		e->opt.reduce = false;
	for (uint32_t m = 0; m < s->moves; m++)
		e->at_rest[m] = subject_can_at_rest(s, m);
	return answers_open(&e->answers, s, opt->shared) &&
	       follow_open(&e->follow, &e->answers, opt->shared) &&
	       clashes_open(&e->clashes, &e->answers, opt->shared) &&
	       memory_take(e);
}

void expand_close(struct expand *e)
{
	clashes_close(&e->clashes);
	follow_close(&e->follow);
	answers_close(&e->answers);
	free(e->plan);
	free(e->step);
	free(e->fresh);
	free(e->key);
	free(e->found);
	*e = (struct expand){0};
}

bool expand_grow(struct expand *e)
{
	follow_grow(&e->follow);
	return clashes_grow(&e->clashes) && answers_grow(&e->answers);
}

uint64_t expand_remembered_bytes(const struct expand *e)
{
	const struct answers *a = &e->answers;
	const struct table *const table[] = {&a->contents.table, &a->memo.table,
					     &a->effects.table, &e->follow.next,
					     &e->clashes.table};
	const struct share_pool *const pool[] = {
		&a->contents.pool, &a->memo.nodes,   &a->memo.answers,
		&a->effects.pool,  &a->effects.at,   &a->told,
		&e->follow.nodes,  &e->clashes.pool, &e->follow.plans.pool};
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < sizeof table / sizeof table[0]; i++)
		bytes += table_bytes(table[i]);
	for (uint32_t i = 0; i < sizeof pool / sizeof pool[0]; i++)
		bytes += share_pool_bytes(pool[i]);
	return bytes;
}

/* Contents of a state's blocks. */
static const uint32_t *contents_of(const struct expand *e,
				   const uint32_t *number)
{
	return number + e->answers.questions;
}

void expand_restore(struct expand *e, const uint32_t *number)
{
	answers_restore(&e->answers, contents_of(e, number));
}

/* What all parts together say of slots. */
static void said_find(const struct expand *e, const uint32_t *number,
		      uint64_t *said)
{
	const struct answers *a = &e->answers;

	memset(said, 0, a->slots * sizeof *said);
	for (uint32_t part = 0; part < a->parts; part++) {
		const uint64_t *told = answers_told(a, number[part]);

		for (uint32_t i = 0; i < a->slots; i++)
			said[i] += told[i];
	}
}

static uint64_t digest_first(struct expand *e, const uint32_t *number)
{
	const struct answers *a = &e->answers;
	uint64_t said[FOLD_WORDS_MAX], digest = 0;

	if (e->opt.raw)
		return answers_raw(a, contents_of(e, number));
	if (!footprint_sees())
		return subject_digest(a->s);
	for (uint32_t part = 0; part < a->parts; part++)
		digest += memo_answer(&a->memo, number[part])->word;
	said_find(e, number, said);
	for (uint32_t i = 0; i < a->slots; i++)
		digest += fold_slot_digest(said[i]);
	return digest;
}

bool expand_first(struct expand *e, struct waiting *out)
{
	struct answers *a = &e->answers;

	answers_contents_now(a, out->number + a->questions);
	for (uint32_t q = 0; q < a->parts && footprint_sees(); q++)
		out->number[q] = answers_ask(a, q, contents_of(e, out->number));
	out->digest = digest_first(e, out->number);
	return !a->failed;
}

static bool stops(const struct expand *e)
{
	return e->answers.learnt || e->answers.failed;
}

/* Answers that a state lacks are found. */
static void moves_ask(struct expand *e, struct waiting *w)
{
	struct answers *a = &e->answers;

	for (uint32_t q = a->parts; q < a->questions && !stops(e); q++)
		if (answers_lack(a, q, w->number[q]))
			w->number[q] =
				answers_ask(a, q, contents_of(e, w->number));
	if (!stops(e) && ++e->audited >= e->opt.audit) {
		answers_audit(a, w->number, w->digest, e->opt.raw);
		e->audited = 0;
	}
}

/* Moves of state @i of the batch, and those of them that are tried. */
static void steps_begin(struct expand *e, uint32_t i)
{
	struct answers *a = &e->answers;
	const struct waiting *w = e->here[i];
	const struct plan **plan = &e->plan[(size_t)i * a->s->moves];
	uint32_t n = e->first[i];

	for (uint32_t m = 0; m < a->s->moves; m++) {
		uint32_t answer = w->number[a->parts + m];

		plan[m] = NULL;
		if (answer & MEMO_MARK)
			continue;
		plan[m] =
			plans_get(&e->follow.plans, answers_effect(a, answer));
		a->failed |= !plan[m];
		if (m >= ASLEEP_MAX || !(e->asleep[i] >> m & 1))
			e->step[n++] = (struct step){.plan = plan[m],
						     .state = (uint8_t)i,
						     .move = (uint8_t)m};
	}
	e->first[i + 1] = n;
}

/* What tells which moves are in the way of those that are tried. */
static void clashes_fetch(const struct expand *e, uint32_t i)
{
	const struct plan *const *plan =
		&e->plan[(size_t)i * e->answers.s->moves];
	uint64_t before = e->asleep[i];

	for (uint32_t n = e->first[i]; n < e->first[i + 1]; n++) {
		const struct step *s = &e->step[n];

		for (uint64_t w = before; w; w &= w - 1)
			clashes_prefetch(&e->clashes,
					 plan[set_lowest(w)]->effect,
					 s->plan->effect);
		before |= UINT64_C(1) << s->move;
	}
}

/* Keys of what tells digests; they are on their way. */
static void keys_find(struct expand *e, uint32_t steps)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < steps; i++) {
		struct step *s = &e->step[i];
		const uint32_t *here = e->here[s->state]->number;
		const uint8_t *part = plan_numbers(s->plan);

		s->keys = n;
		for (uint32_t k = 0; k < s->plan->parts; k++, n++) {
			e->key[n] =
				follow_key(here[part[k]], s->plan->change[k]);
			follow_prefetch(&e->follow, e->key[n]);
		}
	}
}

/* By all that is in memory. */
static uint64_t raw_behind(const struct expand *e, const struct step *s)
{
	const struct answers *a = &e->answers;
	const struct waiting *w = e->here[s->state];
	const struct memo_state here =
		answers_state(a, contents_of(e, w->number));
	const uint64_t *value = effect_values(s->plan->f, a->set_words);
	const uint16_t *cell = effect_cells(s->plan->f, a->set_words);
	uint64_t sum = w->digest;

	for (uint32_t i = 0; i < s->plan->f->writes; i++)
		sum += memo_mix(cell[i], value[i]) - memo_cell(&here, cell[i]);
	return sum;
}

/* What it makes for the digest that other things are said of slots. */
static uint64_t slots_differ(struct expand *e, const struct step *s)
{
	const struct answers *a = &e->answers;
	const struct waiting *w = e->here[s->state];
	const uint8_t *part = plan_numbers(s->plan);
	uint64_t differ[FOLD_WORDS_MAX] = {0}, digest = 0;

	if (e->said_of != w)
		said_find(e, w->number, e->said);
	e->said_of = w;
	for (uint32_t k = 0; k < s->plan->parts; k++) {
		uint64_t found = e->found[s->keys + k];
		const uint64_t *was, *now;

		if (!(found & FOLLOW_SLOTS))
			continue;
		was = answers_told(a, w->number[part[k]]);
		now = answers_told(a, (uint32_t)found);
		for (uint32_t i = 0; i < a->slots; i++)
			differ[i] += now[i] - was[i];
	}
	for (uint32_t i = 0; i < a->slots; i++)
		if (differ[i])
			digest += fold_slot_digest(e->said[i] + differ[i]) -
				  fold_slot_digest(e->said[i]);
	return digest;
}

/* From that of the state that is looked at: by parts that become others. */
static uint64_t digest_behind(struct expand *e, const struct step *s)
{
	const struct answers *a = &e->answers;
	const struct waiting *w = e->here[s->state];
	const uint8_t *part = plan_numbers(s->plan);
	uint64_t digest = w->digest, any = 0;

	for (uint32_t k = 0; k < s->plan->parts; k++) {
		uint32_t n = s->keys + k;
		uint64_t found = follow_part(&e->follow, part[k], w->number,
					     s->plan, e->key[n]);

		if (!found)
			return 0;
		e->found[n] = found;
		any |= found;
		digest += memo_answer(&a->memo, (uint32_t)found)->word -
			  memo_answer(&a->memo, w->number[part[k]])->word;
	}
	if (e->opt.raw)
		return raw_behind(e, s);
	return any & FOLLOW_SLOTS ? digest + slots_differ(e, s) : digest;
}

/* Digests of all states behind, so that the tables' lines are on their way. */
static void digests_find(struct expand *e, uint32_t steps)
{
	e->said_of = NULL;
	for (uint32_t i = 0; i < steps && !stops(e); i++) {
		struct step *s = &e->step[i];

		if (s->plan->clause != CLAUSE_NONE)
			continue;
		s->digest = digest_behind(e, s);
		visited_prefetch(e->visited, s->digest);
	}
}

/* Nobody has anything to do behind the move of @plan. */
static bool rests_behind(struct expand *e, const struct waiting *w,
			 const struct plan *plan)
{
	uint32_t last = e->answers.parts - 1;
	uint64_t answer = w->number[last];

	if (plan->clause != CLAUSE_NONE)
		return false;
	if (plan->last)
		answer = follow_part(&e->follow, last, w->number, plan,
				     follow_key(w->number[last],
						plan->change[plan->parts - 1]));
	return answer & MEMO_MARK;
}

/*
 * Moves that need not be tried behind @s: whatever they lead to from there is
 * also led to by doing them first, and that was, or is, looked at. Not so where
 * nobody has anything to do behind them: something may be owed, and then no
 * way goes on.
 */
static uint64_t asleep_behind(struct expand *e, const struct step *s,
			      uint64_t before)
{
	const struct answers *a = &e->answers;
	const struct plan **plan = &e->plan[(size_t)s->state * a->s->moves];
	const struct waiting *w = e->here[s->state];
	bool at_rest = e->at_rest[s->move];
	uint64_t asleep = 0;

	for (; before; before &= before - 1) {
		uint32_t m = set_lowest(before);

		if (!clashes_at(&e->clashes, contents_of(e, w->number),
				plan[m]->effect, s->plan->effect) &&
		    !(at_rest && rests_behind(e, w, plan[m])))
			asleep |= UINT64_C(1) << m;
	}
	return asleep;
}

/* A state that nobody has seen is written down. */
static void arrival_fill(struct expand *e, const struct step *s,
			 struct arrival *to)
{
	const struct answers *a = &e->answers;
	const struct plan *plan = s->plan;
	const uint32_t *here = e->here[s->state]->number;
	const uint8_t *number = plan_numbers(plan);
	const uint64_t *change = plan->change;
	uint32_t *out = to->number;

	memcpy(out, here, expand_numbers(e) * sizeof *out);
	for (uint32_t k = 0; k < plan->parts; k++)
		out[number[k]] = (uint32_t)e->found[s->keys + k];
	follow_contents(&e->follow, contents_of(e, here), plan,
			out + a->questions);
	number += plan->parts;
	change += plan->parts;
	for (uint32_t k = 0; k < plan->moves; k++) {
		uint32_t q = a->parts + number[k];

		out[q] = (uint32_t)follow_answer(&e->follow, q, here[q], plan,
						 follow_key(here[q], change[k]),
						 out + a->questions);
	}
	to->rests = out[a->parts - 1] & MEMO_MARK;
}

bool expand_claim(struct expand *e, struct arrival *a, uint64_t asleep)
{
	uint32_t mine = claims_next(e->claims), number;

	number = visited_add(e->visited, a->digest, mine);
	if (number == mine)
		claims_made(e->claims);
	a->claim = claims_at(e->claims, number);
	if (!a->claim)
		return false;
	claim_wake(a->claim, ~asleep);
	return !claim_placed(a->claim) &&
	       claim_take(a->claim, e->round, a->order);
}

/*
 * What sleeps on one way to a state is awake on another: only what sleeps on
 * all of the shortest need not be tried. False: it leads to nothing new.
 */
static bool arrive(struct expand *e, const struct step *s, struct arrival *a,
		   uint64_t asleep)
{
	a->clause = s->plan->clause;
	a->rests = a->owes = false;
	if (a->clause != CLAUSE_NONE) {
		a->digest = 0;
		return true;
	}
	a->digest = s->digest;
	if (!expand_claim(e, a, asleep))
		return false;
	follow_fetch(&e->follow, e->here[s->state]->number, s->plan);
	e->fresh[e->fresh_count++] = (struct fresh){s, a};
	return true;
}

/* All that state @i of the batch leads to; the words that it takes. */
static uint64_t state_expand(struct expand *e, uint32_t i, uint32_t n,
			     uint64_t *out)
{
	struct looked *l = (struct looked *)out;
	uint64_t before = e->asleep[i], asleep = 0;
	uint32_t steps = e->first[i + 1] - e->first[i];

	l->transitions = steps;
	l->arrivals = 0;
	out += sizeof *l / 8;
	for (uint32_t k = 0; k < steps; k++) {
		const struct step *s = &e->step[e->first[i] + k];
		struct arrival *a = (struct arrival *)out;

		a->move = s->move;
		a->tried = (uint8_t)(k + 1);
		a->order = n << 8 | k;
		if (e->opt.reduce) {
			asleep = asleep_behind(e, s, before);
			before |= UINT64_C(1) << s->move;
		}
		if (!arrive(e, s, a, asleep))
			continue;
		l->arrivals++;
		out += arrival_words(e);
	}
	return (uint64_t)(out - (uint64_t *)l);
}

/*
 * In steps, each for all states before the next: so what one of them waits for
 * in memory is on its way while others are looked at.
 */
static uint64_t states_expand(struct expand *e, uint64_t first, uint32_t count,
			      uint32_t n, uint64_t *out)
{
	uint64_t words = 0;

	e->fresh_count = 0;
	for (uint32_t i = 0; i < count && i < AHEAD; i++)
		layer_prefetch(e->layer, first + i);
	for (uint32_t i = 0; i < count && !stops(e); i++) {
		if (i + AHEAD < count)
			layer_prefetch(e->layer, first + i + AHEAD);
		e->asleep[i] = claims_asleep(e->claims, e->here[i]->claim);
		moves_ask(e, e->here[i]);
	}
	if (stops(e))
		return 0;
	plans_renew(&e->follow.plans);
	for (uint32_t i = 0; i < count; i++)
		steps_begin(e, i);
	if (stops(e))
		return 0;
	for (uint32_t i = 0; i < count && e->opt.reduce; i++)
		clashes_fetch(e, i);
	keys_find(e, e->first[count]);
	digests_find(e, e->first[count]);
	for (uint32_t i = 0; i < count && !stops(e); i++)
		words += state_expand(e, i, n + i, out + words);
	for (uint32_t i = 0; i < e->fresh_count && !stops(e); i++)
		arrival_fill(e, e->fresh[i].step, e->fresh[i].to);
	return words;
}

uint64_t expand_states(struct expand *e, uint64_t first, uint32_t count,
		       uint32_t n, uint64_t *out)
{
	uint64_t words = 0;

	assert(count <= BATCH_STATES);
	for (uint32_t i = 0; i < count; i++)
		e->here[i] = layer_at(e->layer, first + i);
	if (footprint_sees())
		words = states_expand(e, first, count, n, out);
	for (uint32_t i = 0; i < count && !footprint_sees() && !stops(e); i++)
		words += blind_expand(e, e->here[i], n + i, out + words);
	return stops(e) ? 0 : words;
}

uint64_t expand_words_max(const struct expand *e)
{
	return sizeof(struct looked) / 8 +
	       (uint64_t)e->answers.s->moves * arrival_words(e);
}
