/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/cached.h"

#include <stdlib.h>
#include <string.h>

#include "sim/explore/cache/dependence.h"
#include "sim/explore/cache/successor_cache.h"

enum { AUDIT_EVERY = 4096, AHEAD = 16 };

/* A move from a state of the batch that is tried. */
struct step {
	const struct effect_row *effect_row;
	uint64_t digest;
	uint32_t keys; /* where those of parts behind it begin */
	uint8_t state, move;
};

/* One that led to a state which nobody had seen. */
struct fresh {
	const struct step *step;
	struct arrival *to;
};

struct cached {
	struct expand base; /* at first */
	struct successors successors;
	struct dependence dependence;
	bool at_rest[MOVES_MAX];          /* by move: it can happen there */
	uint64_t sleep_set[BATCH_STATES]; /* moves that lead nowhere new */
	const struct effect_row *
		*effect_row; /* by state and move; NULL: cannot be */
	struct step *step;
	uint32_t first[BATCH_STATES + 1]; /* by state: its first step */
	struct fresh *fresh;
	uint32_t fresh_count;
	uint64_t *key;                  /* of parts behind each step */
	uint64_t *found;                /* what they are */
	uint64_t said[CANON_WORDS_MAX]; /* of slots, in one of the states */
	const struct waiting *said_of;
	uint32_t audited; /* states since the last one was */
};

static_assert(offsetof(struct cached, base) == 0, "one is the other");

static struct cached *cached_of(struct expand *e)
{
	return (struct cached *)e;
}

static bool memory_take(struct cached *c)
{
	size_t steps = (size_t)BATCH_STATES * c->base.cache.s->moves;

	c->effect_row = calloc(steps, sizeof *c->effect_row);
	c->step = calloc(steps, sizeof *c->step);
	c->fresh = calloc(steps, sizeof *c->fresh);
	c->key = calloc(steps * c->base.cache.parts, sizeof *c->key);
	c->found = calloc(steps * c->base.cache.parts, sizeof *c->found);
	return c->effect_row && c->step && c->fresh && c->key && c->found;
}

static bool cached_open(struct expand *e)
{
	struct cached *c = cached_of(e);
	struct transition_cache *a = &e->cache;

	if (!e->opt.audit)
		e->opt.audit = AUDIT_EVERY;
	if (a->s->moves > SLEEP_SET_MAX)
		e->opt.reduce = false;
	for (uint32_t m = 0; m < a->s->moves; m++)
		c->at_rest[m] = sut_can_at_rest(a->s, m);
	return successors_open(&c->successors, a, e->opt.shared) &&
	       dependence_open(&c->dependence, a, e->opt.shared) &&
	       memory_take(c);
}

static void cached_close(struct expand *e)
{
	struct cached *c = cached_of(e);

	dependence_close(&c->dependence);
	successors_close(&c->successors);
	free(c->effect_row);
	free(c->step);
	free(c->fresh);
	free(c->key);
	free(c->found);
}

static bool cached_grow(struct expand *e)
{
	struct cached *c = cached_of(e);

	successors_grow(&c->successors);
	return dependence_grow(&c->dependence);
}

static struct expand_kept cached_kept(const struct expand *e)
{
	const struct cached *c = (const struct cached *)e;
	const struct successors *f = &c->successors;

	return (struct expand_kept){
		.digests = table_ever(&f->next),
		.bytes = table_bytes(&f->next) +
			 table_bytes(&c->dependence.table) +
			 share_pool_bytes(&f->nodes) +
			 share_pool_bytes(&c->dependence.pool) +
			 share_pool_bytes(&f->effect_index.pool),
	};
}

/* What all parts together say of slots. */
static void said_find(const struct cached *c, const uint32_t *number,
		      uint64_t *said)
{
	const struct transition_cache *a = &c->base.cache;

	memset(said, 0, a->slots * sizeof *said);
	for (uint32_t part = 0; part < a->parts; part++) {
		const uint64_t *told = cache_told(a, number[part]);

		for (uint32_t i = 0; i < a->slots; i++)
			said[i] += told[i];
	}
}

static uint64_t digest_first(const struct cached *c, const uint32_t *number)
{
	const struct transition_cache *a = &c->base.cache;
	uint64_t said[CANON_WORDS_MAX], digest = 0;

	if (c->base.opt.raw)
		return cache_raw(a, expand_interned(&c->base, number));
	for (uint32_t part = 0; part < a->parts; part++)
		digest += trie_answer(&a->trie, number[part])->word;
	said_find(c, number, said);
	for (uint32_t i = 0; i < a->slots; i++)
		digest += canon_slot_digest(said[i]);
	return digest;
}

static void cached_first(struct expand *e, struct waiting *out)
{
	struct transition_cache *a = &e->cache;

	for (uint32_t q = 0; q < a->parts; q++)
		out->number[q] =
			cache_ask(a, q, expand_interned(e, out->number));
	out->digest = digest_first(cached_of(e), out->number);
}

/* Answers that a state lacks are found. */
static void moves_ask(struct cached *c, struct waiting *w)
{
	struct transition_cache *a = &c->base.cache;

	for (uint32_t q = a->parts; q < a->queries && !expand_stops(&c->base);
	     q++)
		if (cache_lack(a, q, w->number[q]))
			w->number[q] = cache_ask(
				a, q, expand_interned(&c->base, w->number));
	if (!expand_stops(&c->base) && ++c->audited >= c->base.opt.audit) {
		cache_audit(a, w->number, w->digest, c->base.opt.raw);
		c->audited = 0;
	}
}

/* Moves of state @i of the batch, and those of them that are tried. */
static void steps_begin(struct cached *c, uint32_t i)
{
	struct transition_cache *a = &c->base.cache;
	const struct waiting *w = c->base.here[i];
	const struct effect_row **effect_row =
		&c->effect_row[(size_t)i * a->s->moves];
	uint32_t n = c->first[i];

	for (uint32_t m = 0; m < a->s->moves; m++) {
		uint32_t answer = w->number[a->parts + m];

		effect_row[m] = NULL;
		if (answer & TRIE_MARK)
			continue;
		effect_row[m] = effect_index_get(&c->successors.effect_index,
						 cache_effect(a, answer));
		a->failed |= !effect_row[m];
		if (m >= SLEEP_SET_MAX || !(c->sleep_set[i] >> m & 1))
			c->step[n++] =
				(struct step){.effect_row = effect_row[m],
					      .state = (uint8_t)i,
					      .move = (uint8_t)m};
	}
	c->first[i + 1] = n;
}

/* What tells which moves are in the way of those that are tried. */
static void dependence_fetch(const struct cached *c, uint32_t i)
{
	const struct effect_row *const *effect_row =
		&c->effect_row[(size_t)i * c->base.cache.s->moves];
	uint64_t before = c->sleep_set[i];

	for (uint32_t n = c->first[i]; n < c->first[i + 1]; n++) {
		const struct step *s = &c->step[n];

		for (uint64_t w = before; w; w &= w - 1)
			dependence_prefetch(&c->dependence,
					    effect_row[set_lowest(w)]->effect,
					    s->effect_row->effect);
		before |= UINT64_C(1) << s->move;
	}
}

/* Keys of what tells digests; they are on their way. */
static void keys_find(struct cached *c, uint32_t steps)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < steps; i++) {
		struct step *s = &c->step[i];
		const uint32_t *here = c->base.here[s->state]->number;
		const uint8_t *part = effect_row_numbers(s->effect_row);

		s->keys = n;
		for (uint32_t k = 0; k < s->effect_row->parts; k++, n++) {
			c->key[n] = successor_key(here[part[k]],
						  s->effect_row->change[k]);
			successor_prefetch(&c->successors, c->key[n]);
		}
	}
}

/* By all that is in memory. */
static uint64_t raw_behind(const struct cached *c, const struct step *s)
{
	const struct transition_cache *a = &c->base.cache;
	const struct waiting *w = c->base.here[s->state];
	const struct trie_state here =
		cache_state(a, expand_interned(&c->base, w->number));
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
static uint64_t slots_differ(struct cached *c, const struct step *s)
{
	const struct transition_cache *a = &c->base.cache;
	const struct waiting *w = c->base.here[s->state];
	const uint8_t *part = effect_row_numbers(s->effect_row);
	uint64_t differ[CANON_WORDS_MAX] = {0}, digest = 0;

	if (c->said_of != w)
		said_find(c, w->number, c->said);
	c->said_of = w;
	for (uint32_t k = 0; k < s->effect_row->parts; k++) {
		uint64_t found = c->found[s->keys + k];
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
			digest += canon_slot_digest(c->said[i] + differ[i]) -
				  canon_slot_digest(c->said[i]);
	return digest;
}

/* From that of the state that is looked at: by parts that become others. */
static uint64_t digest_behind(struct cached *c, const struct step *s)
{
	const struct transition_cache *a = &c->base.cache;
	const struct waiting *w = c->base.here[s->state];
	const uint8_t *part = effect_row_numbers(s->effect_row);
	uint64_t digest = w->digest, any = 0;

	for (uint32_t k = 0; k < s->effect_row->parts; k++) {
		uint32_t n = s->keys + k;
		uint64_t found =
			successor_part(&c->successors, part[k], w->number,
				       s->effect_row, c->key[n]);

		if (!found)
			return 0;
		c->found[n] = found;
		any |= found;
		digest += trie_answer(&a->trie, (uint32_t)found)->word -
			  trie_answer(&a->trie, w->number[part[k]])->word;
	}
	if (c->base.opt.raw)
		return raw_behind(c, s);
	return any & SUCCESSOR_SLOTS ? digest + slots_differ(c, s) : digest;
}

/* Digests of all states behind, so that the tables' lines are on their way. */
static void digests_find(struct cached *c, uint32_t steps)
{
	c->said_of = NULL;
	for (uint32_t i = 0; i < steps && !expand_stops(&c->base); i++) {
		struct step *s = &c->step[i];

		if (s->effect_row->clause != CLAUSE_NONE)
			continue;
		s->digest = digest_behind(c, s);
		visited_prefetch(c->base.visited, s->digest);
	}
}

/* Nobody has anything to do behind the move of @effect_row. */
static bool rests_behind(struct cached *c, const struct waiting *w,
			 const struct effect_row *effect_row)
{
	uint32_t last = c->base.cache.parts - 1;
	uint64_t answer = w->number[last];

	if (effect_row->clause != CLAUSE_NONE)
		return false;
	if (effect_row->last)
		answer = successor_part(
			&c->successors, last, w->number, effect_row,
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
static uint64_t sleep_set_behind(struct cached *c, const struct step *s,
				 uint64_t before)
{
	const struct transition_cache *a = &c->base.cache;
	const struct effect_row **effect_row =
		&c->effect_row[(size_t)s->state * a->s->moves];
	const struct waiting *w = c->base.here[s->state];
	bool at_rest = c->at_rest[s->move];
	uint64_t sleep_set = 0;

	for (; before; before &= before - 1) {
		uint32_t m = set_lowest(before);

		if (!dependence_at(&c->dependence,
				   expand_interned(&c->base, w->number),
				   effect_row[m]->effect,
				   s->effect_row->effect) &&
		    !(at_rest && rests_behind(c, w, effect_row[m])))
			sleep_set |= UINT64_C(1) << m;
	}
	return sleep_set;
}

/* A state that nobody has seen is written down. */
static void arrival_fill(struct cached *c, const struct step *s,
			 struct arrival *to)
{
	const struct transition_cache *a = &c->base.cache;
	const struct effect_row *effect_row = s->effect_row;
	const uint32_t *here = c->base.here[s->state]->number;
	const uint8_t *number = effect_row_numbers(effect_row);
	const uint64_t *change = effect_row->change;
	uint32_t *out = to->number;

	memcpy(out, here, expand_numbers(&c->base) * sizeof *out);
	for (uint32_t k = 0; k < effect_row->parts; k++)
		out[number[k]] = (uint32_t)c->found[s->keys + k];
	successor_interned(&c->successors, expand_interned(&c->base, here),
			   effect_row, out + a->queries);
	number += effect_row->parts;
	change += effect_row->parts;
	for (uint32_t k = 0; k < effect_row->moves; k++) {
		uint32_t q = a->parts + number[k];

		out[q] = (uint32_t)successor_answer(
			&c->successors, q, here[q], effect_row,
			successor_key(here[q], change[k]), out + a->queries);
	}
	to->rests = out[a->parts - 1] & TRIE_MARK;
}

/*
 * Arrives in a state by one of its shortest paths: its sleep set becomes the
 * intersection over them. False: the state is not new.
 */
static bool arrive(struct cached *c, const struct step *s, struct arrival *a,
		   uint64_t sleep_set)
{
	a->clause = s->effect_row->clause;
	a->rests = a->owes = false;
	if (a->clause != CLAUSE_NONE) {
		a->digest = 0;
		return true;
	}
	a->digest = s->digest;
	if (!expand_claim(&c->base, a, sleep_set))
		return false;
	successor_fetch(&c->successors, c->base.here[s->state]->number,
			s->effect_row);
	c->fresh[c->fresh_count++] = (struct fresh){s, a};
	return true;
}

/* All that state @i of the batch leads to; the words that it takes. */
static uint64_t state_expand(struct cached *c, uint32_t i, uint32_t n,
			     uint64_t *out)
{
	struct looked *l = (struct looked *)out;
	uint64_t before = c->sleep_set[i], sleep_set = 0;
	uint32_t steps = c->first[i + 1] - c->first[i];

	l->transitions = steps;
	l->arrivals = 0;
	out += sizeof *l / 8;
	for (uint32_t k = 0; k < steps; k++) {
		const struct step *s = &c->step[c->first[i] + k];
		struct arrival *a = (struct arrival *)out;

		a->move = s->move;
		a->tried = (uint8_t)(k + 1);
		a->order = n << 8 | k;
		if (c->base.opt.reduce) {
			sleep_set = sleep_set_behind(c, s, before);
			before |= UINT64_C(1) << s->move;
		}
		if (!arrive(c, s, a, sleep_set))
			continue;
		l->arrivals++;
		out += arrival_words(&c->base);
	}
	return (uint64_t)(out - (uint64_t *)l);
}

/*
 * In steps, each for all states before the next: so what one of them waits for
 * in memory is on its way while others are looked at.
 */
static uint64_t cached_states(struct expand *e, uint64_t first, uint32_t count,
			      uint32_t n, uint64_t *out)
{
	struct cached *c = cached_of(e);
	uint64_t words = 0;

	c->fresh_count = 0;
	for (uint32_t i = 0; i < count && i < AHEAD; i++)
		frontier_prefetch(c->base.frontier, first + i);
	for (uint32_t i = 0; i < count && !expand_stops(&c->base); i++) {
		if (i + AHEAD < count)
			frontier_prefetch(c->base.frontier, first + i + AHEAD);
		c->sleep_set[i] = ownership_sleep_set(c->base.ownership,
						      c->base.here[i]->owner);
		moves_ask(c, c->base.here[i]);
	}
	if (expand_stops(&c->base))
		return 0;
	effect_index_renew(&c->successors.effect_index);
	for (uint32_t i = 0; i < count; i++)
		steps_begin(c, i);
	if (expand_stops(&c->base))
		return 0;
	for (uint32_t i = 0; i < count && c->base.opt.reduce; i++)
		dependence_fetch(c, i);
	keys_find(c, c->first[count]);
	digests_find(c, c->first[count]);
	for (uint32_t i = 0; i < count && !expand_stops(&c->base); i++)
		words += state_expand(c, i, n + i, out + words);
	for (uint32_t i = 0; i < c->fresh_count && !expand_stops(&c->base); i++)
		arrival_fill(c, c->fresh[i].step, c->fresh[i].to);
	return words;
}

const struct expand_ops cached_ops = {
	.size = sizeof(struct cached),
	.open = cached_open,
	.close = cached_close,
	.grow = cached_grow,
	.first = cached_first,
	.states = cached_states,
	.kept = cached_kept,
};
