/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/expand.h"

#include <stdlib.h>
#include <string.h>

#include "sim/explore/bfs/uncached.h"
#include "sim/explore/sut/footprint.h"

enum { AUDIT_EVERY = 4096, AHEAD = 16 };

static bool memory_take(struct expand *e)
{
	size_t steps = (size_t)BATCH_STATES * e->cache.s->moves;

	e->effect_row = calloc(steps, sizeof *e->effect_row);
	e->step = calloc(steps, sizeof *e->step);
	e->fresh = calloc(steps, sizeof *e->fresh);
	e->key = calloc(steps * e->cache.parts, sizeof *e->key);
	e->found = calloc(steps * e->cache.parts, sizeof *e->found);
	return e->effect_row && e->step && e->fresh && e->key && e->found;
}

bool expand_open(struct expand *e, struct sut *s,
		 const struct expand_options *opt)
{
	*e = (struct expand){.opt = *opt};
	if (!e->opt.audit)
		e->opt.audit = AUDIT_EVERY;
	if (s->moves > SLEEP_SET_MAX || !footprint_sees())
		e->opt.reduce = false;
	for (uint32_t m = 0; m < s->moves; m++)
		e->at_rest[m] = sut_can_at_rest(s, m);
	return cache_open(&e->cache, s, opt->shared) &&
	       successors_open(&e->successors, &e->cache, opt->shared) &&
	       dependence_open(&e->dependence, &e->cache, opt->shared) &&
	       memory_take(e);
}

void expand_close(struct expand *e)
{
	dependence_close(&e->dependence);
	successors_close(&e->successors);
	cache_close(&e->cache);
	free(e->effect_row);
	free(e->step);
	free(e->fresh);
	free(e->key);
	free(e->found);
	*e = (struct expand){0};
}

bool expand_grow(struct expand *e)
{
	successors_grow(&e->successors);
	return dependence_grow(&e->dependence) && cache_grow(&e->cache);
}

uint64_t expand_remembered_bytes(const struct expand *e)
{
	const struct transition_cache *a = &e->cache;
	const struct table *const table[] = {
		&a->interned.table, &a->trie.table, &a->effects.table,
		&e->successors.next, &e->dependence.table};
	const struct shared_pool *const pool[] = {
		&a->interned.pool,
		&a->trie.nodes,
		&a->trie.cache,
		&a->effects.pool,
		&a->effects.at,
		&a->told,
		&e->successors.nodes,
		&e->dependence.pool,
		&e->successors.effect_index.pool};
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < sizeof table / sizeof table[0]; i++)
		bytes += table_bytes(table[i]);
	for (uint32_t i = 0; i < sizeof pool / sizeof pool[0]; i++)
		bytes += share_pool_bytes(pool[i]);
	return bytes;
}

/* Contents of a state's components. */
static const uint32_t *interned_of(const struct expand *e,
				   const uint32_t *number)
{
	return number + e->cache.queries;
}

void expand_restore(struct expand *e, const uint32_t *number)
{
	cache_restore(&e->cache, interned_of(e, number));
}

/* What all parts together say of slots. */
static void said_find(const struct expand *e, const uint32_t *number,
		      uint64_t *said)
{
	const struct transition_cache *a = &e->cache;

	memset(said, 0, a->slots * sizeof *said);
	for (uint32_t part = 0; part < a->parts; part++) {
		const uint64_t *told = cache_told(a, number[part]);

		for (uint32_t i = 0; i < a->slots; i++)
			said[i] += told[i];
	}
}

static uint64_t digest_first(struct expand *e, const uint32_t *number)
{
	const struct transition_cache *a = &e->cache;
	uint64_t said[CANON_WORDS_MAX], digest = 0;

	if (e->opt.raw)
		return cache_raw(a, interned_of(e, number));
	if (!footprint_sees())
		return sut_digest(a->s);
	for (uint32_t part = 0; part < a->parts; part++)
		digest += trie_answer(&a->trie, number[part])->word;
	said_find(e, number, said);
	for (uint32_t i = 0; i < a->slots; i++)
		digest += canon_slot_digest(said[i]);
	return digest;
}

bool expand_first(struct expand *e, struct waiting *out)
{
	struct transition_cache *a = &e->cache;

	cache_interned_now(a, out->number + a->queries);
	for (uint32_t q = 0; q < a->parts && footprint_sees(); q++)
		out->number[q] = cache_ask(a, q, interned_of(e, out->number));
	out->digest = digest_first(e, out->number);
	return !a->failed;
}

static bool stops(const struct expand *e)
{
	return e->cache.learnt || e->cache.failed;
}

/* Answers that a state lacks are found. */
static void moves_ask(struct expand *e, struct waiting *w)
{
	struct transition_cache *a = &e->cache;

	for (uint32_t q = a->parts; q < a->queries && !stops(e); q++)
		if (cache_lack(a, q, w->number[q]))
			w->number[q] =
				cache_ask(a, q, interned_of(e, w->number));
	if (!stops(e) && ++e->audited >= e->opt.audit) {
		cache_audit(a, w->number, w->digest, e->opt.raw);
		e->audited = 0;
	}
}

/* Moves of state @i of the batch, and those of them that are tried. */
static void steps_begin(struct expand *e, uint32_t i)
{
	struct transition_cache *a = &e->cache;
	const struct waiting *w = e->here[i];
	const struct effect_row **effect_row =
		&e->effect_row[(size_t)i * a->s->moves];
	uint32_t n = e->first[i];

	for (uint32_t m = 0; m < a->s->moves; m++) {
		uint32_t answer = w->number[a->parts + m];

		effect_row[m] = NULL;
		if (answer & TRIE_MARK)
			continue;
		effect_row[m] = effect_index_get(&e->successors.effect_index,
						 cache_effect(a, answer));
		a->failed |= !effect_row[m];
		if (m >= SLEEP_SET_MAX || !(e->sleep_set[i] >> m & 1))
			e->step[n++] =
				(struct step){.effect_row = effect_row[m],
					      .state = (uint8_t)i,
					      .move = (uint8_t)m};
	}
	e->first[i + 1] = n;
}

/* What tells which moves are in the way of those that are tried. */
static void dependence_fetch(const struct expand *e, uint32_t i)
{
	const struct effect_row *const *effect_row =
		&e->effect_row[(size_t)i * e->cache.s->moves];
	uint64_t before = e->sleep_set[i];

	for (uint32_t n = e->first[i]; n < e->first[i + 1]; n++) {
		const struct step *s = &e->step[n];

		for (uint64_t w = before; w; w &= w - 1)
			dependence_prefetch(&e->dependence,
					    effect_row[set_lowest(w)]->effect,
					    s->effect_row->effect);
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
		const uint8_t *part = effect_row_numbers(s->effect_row);

		s->keys = n;
		for (uint32_t k = 0; k < s->effect_row->parts; k++, n++) {
			e->key[n] = successor_key(here[part[k]],
						  s->effect_row->change[k]);
			successor_prefetch(&e->successors, e->key[n]);
		}
	}
}

/* By all that is in memory. */
static uint64_t raw_behind(const struct expand *e, const struct step *s)
{
	const struct transition_cache *a = &e->cache;
	const struct waiting *w = e->here[s->state];
	const struct trie_state here =
		cache_state(a, interned_of(e, w->number));
	const uint64_t *value = effect_values(s->effect_row->f, a->set_words);
	const uint16_t *variable =
		effect_variables(s->effect_row->f, a->set_words);
	uint64_t sum = w->digest;

	for (uint32_t i = 0; i < s->effect_row->f->writes; i++)
		sum += trie_mix(variable[i], value[i]) -
		       trie_variable(&here, variable[i]);
	return sum;
}

/* What it makes for the digest that other things are said of slots. */
static uint64_t slots_differ(struct expand *e, const struct step *s)
{
	const struct transition_cache *a = &e->cache;
	const struct waiting *w = e->here[s->state];
	const uint8_t *part = effect_row_numbers(s->effect_row);
	uint64_t differ[CANON_WORDS_MAX] = {0}, digest = 0;

	if (e->said_of != w)
		said_find(e, w->number, e->said);
	e->said_of = w;
	for (uint32_t k = 0; k < s->effect_row->parts; k++) {
		uint64_t found = e->found[s->keys + k];
		const uint64_t *was, *now;

		if (!(found & SUCCESSOR_SLOTS))
			continue;
		was = cache_told(a, w->number[part[k]]);
		now = cache_told(a, (uint32_t)found);
		for (uint32_t i = 0; i < a->slots; i++)
			differ[i] += now[i] - was[i];
	}
	for (uint32_t i = 0; i < a->slots; i++)
		if (differ[i])
			digest += canon_slot_digest(e->said[i] + differ[i]) -
				  canon_slot_digest(e->said[i]);
	return digest;
}

/* From that of the state that is looked at: by parts that become others. */
static uint64_t digest_behind(struct expand *e, const struct step *s)
{
	const struct transition_cache *a = &e->cache;
	const struct waiting *w = e->here[s->state];
	const uint8_t *part = effect_row_numbers(s->effect_row);
	uint64_t digest = w->digest, any = 0;

	for (uint32_t k = 0; k < s->effect_row->parts; k++) {
		uint32_t n = s->keys + k;
		uint64_t found =
			successor_part(&e->successors, part[k], w->number,
				       s->effect_row, e->key[n]);

		if (!found)
			return 0;
		e->found[n] = found;
		any |= found;
		digest += trie_answer(&a->trie, (uint32_t)found)->word -
			  trie_answer(&a->trie, w->number[part[k]])->word;
	}
	if (e->opt.raw)
		return raw_behind(e, s);
	return any & SUCCESSOR_SLOTS ? digest + slots_differ(e, s) : digest;
}

/* Digests of all states behind, so that the tables' lines are on their way. */
static void digests_find(struct expand *e, uint32_t steps)
{
	e->said_of = NULL;
	for (uint32_t i = 0; i < steps && !stops(e); i++) {
		struct step *s = &e->step[i];

		if (s->effect_row->clause != CLAUSE_NONE)
			continue;
		s->digest = digest_behind(e, s);
		visited_prefetch(e->visited, s->digest);
	}
}

/* Nobody has anything to do behind the move of @effect_row. */
static bool rests_behind(struct expand *e, const struct waiting *w,
			 const struct effect_row *effect_row)
{
	uint32_t last = e->cache.parts - 1;
	uint64_t answer = w->number[last];

	if (effect_row->clause != CLAUSE_NONE)
		return false;
	if (effect_row->last)
		answer = successor_part(
			&e->successors, last, w->number, effect_row,
			successor_key(
				w->number[last],
				effect_row->change[effect_row->parts - 1]));
	return answer & TRIE_MARK;
}

/*
 * Moves that need not be tried behind @s: whatever they lead to from there is
 * also led to by doing them first, and that was, or is, looked at. Not so where
 * nobody has anything to do behind them: something may be owed, and then no
 * way goes on.
 */
static uint64_t sleep_set_behind(struct expand *e, const struct step *s,
				 uint64_t before)
{
	const struct transition_cache *a = &e->cache;
	const struct effect_row **effect_row =
		&e->effect_row[(size_t)s->state * a->s->moves];
	const struct waiting *w = e->here[s->state];
	bool at_rest = e->at_rest[s->move];
	uint64_t sleep_set = 0;

	for (; before; before &= before - 1) {
		uint32_t m = set_lowest(before);

		if (!dependence_at(&e->dependence, interned_of(e, w->number),
				   effect_row[m]->effect,
				   s->effect_row->effect) &&
		    !(at_rest && rests_behind(e, w, effect_row[m])))
			sleep_set |= UINT64_C(1) << m;
	}
	return sleep_set;
}

/* A state that nobody has seen is written down. */
static void arrival_fill(struct expand *e, const struct step *s,
			 struct arrival *to)
{
	const struct transition_cache *a = &e->cache;
	const struct effect_row *effect_row = s->effect_row;
	const uint32_t *here = e->here[s->state]->number;
	const uint8_t *number = effect_row_numbers(effect_row);
	const uint64_t *change = effect_row->change;
	uint32_t *out = to->number;

	memcpy(out, here, expand_numbers(e) * sizeof *out);
	for (uint32_t k = 0; k < effect_row->parts; k++)
		out[number[k]] = (uint32_t)e->found[s->keys + k];
	successor_interned(&e->successors, interned_of(e, here), effect_row,
			   out + a->queries);
	number += effect_row->parts;
	change += effect_row->parts;
	for (uint32_t k = 0; k < effect_row->moves; k++) {
		uint32_t q = a->parts + number[k];

		out[q] = (uint32_t)successor_answer(
			&e->successors, q, here[q], effect_row,
			successor_key(here[q], change[k]), out + a->queries);
	}
	to->rests = out[a->parts - 1] & TRIE_MARK;
}

bool expand_claim(struct expand *e, struct arrival *a, uint64_t sleep_set)
{
	uint32_t mine = ownership_next(e->ownership), number;

	number = visited_add(e->visited, a->digest, mine);
	if (number == mine)
		ownership_made(e->ownership);
	a->owner = ownership_at(e->ownership, number);
	if (!a->owner)
		return false;
	owner_wake(a->owner, ~sleep_set);
	return !owner_placed(a->owner) &&
	       owner_take(a->owner, e->round, a->order);
}

/*
 * Arrives in a state by one of its shortest paths: its sleep set becomes the
 * intersection over them. False: the state is not new.
 */
static bool arrive(struct expand *e, const struct step *s, struct arrival *a,
		   uint64_t sleep_set)
{
	a->clause = s->effect_row->clause;
	a->rests = a->owes = false;
	if (a->clause != CLAUSE_NONE) {
		a->digest = 0;
		return true;
	}
	a->digest = s->digest;
	if (!expand_claim(e, a, sleep_set))
		return false;
	successor_fetch(&e->successors, e->here[s->state]->number,
			s->effect_row);
	e->fresh[e->fresh_count++] = (struct fresh){s, a};
	return true;
}

/* All that state @i of the batch leads to; the words that it takes. */
static uint64_t state_expand(struct expand *e, uint32_t i, uint32_t n,
			     uint64_t *out)
{
	struct looked *l = (struct looked *)out;
	uint64_t before = e->sleep_set[i], sleep_set = 0;
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
			sleep_set = sleep_set_behind(e, s, before);
			before |= UINT64_C(1) << s->move;
		}
		if (!arrive(e, s, a, sleep_set))
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
		frontier_prefetch(e->frontier, first + i);
	for (uint32_t i = 0; i < count && !stops(e); i++) {
		if (i + AHEAD < count)
			frontier_prefetch(e->frontier, first + i + AHEAD);
		e->sleep_set[i] =
			ownership_sleep_set(e->ownership, e->here[i]->owner);
		moves_ask(e, e->here[i]);
	}
	if (stops(e))
		return 0;
	effect_index_renew(&e->successors.effect_index);
	for (uint32_t i = 0; i < count; i++)
		steps_begin(e, i);
	if (stops(e))
		return 0;
	for (uint32_t i = 0; i < count && e->opt.reduce; i++)
		dependence_fetch(e, i);
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
		e->here[i] = frontier_at(e->frontier, first + i);
	if (footprint_sees())
		words = states_expand(e, first, count, n, out);
	for (uint32_t i = 0; i < count && !footprint_sees() && !stops(e); i++)
		words += uncached_expand(e, e->here[i], n + i, out + words);
	return stops(e) ? 0 : words;
}

uint64_t expand_words_max(const struct expand *e)
{
	return sizeof(struct looked) / 8 +
	       (uint64_t)e->cache.s->moves * arrival_words(e);
}
