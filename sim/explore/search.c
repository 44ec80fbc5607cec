/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/world/world_canon.h"
#include "sim/explore/bfs/worker_pool.h"
#include "sim/explore/liveness/liveness.h"
#include "sim/explore/sut/footprint.h"
#include "sim/explore/trace/counterexample.h"
#include "sim/explore/trace/parent_log.h"
#include "sim/explore/violations.h"

enum {
	/* With fewer, a search that lacks a variable had better begin again. */
	YOUNG_STATES = 2048,
	PROGRESS_STATES = 1024,
	FRESH = 2 /* states that one leads to, or fewer, if there are many */
};

struct search {
	const struct search_options *opt;
	struct search_result *r;
	struct sut sut;
	struct expand *expand;
	struct round round;
	struct worker_pool pool;
	struct visited visited;
	struct parent_log parent_log;
	struct violations violations;
	struct frontier_room room;
	struct frontier
		frontier[2]; /* that is looked at, and the next, in turn */
	struct ownership ownership; /* of both */
	uint32_t side;              /* that is looked at */
	uint64_t before;            /* states when the frontier was begun */
	uint64_t taken;             /* states of it that were */
	const struct waiting *here; /* the state that is looked at */
	bool failed;                /* out of memory, or a worker is gone */
	char trouble[POOL_TROUBLE]; /* with workers; "": there was none */
	bool ended;                 /* early, as asked */
	bool learnt; /* that states lack something: begin again */
};

/* @broke is what sut_broke() said. */
static void violation_take(struct search *s, uint32_t move, uint16_t broke,
			   bool at_rest)
{
	s->ended |= s->opt->first;
	s->failed |=
		!violations_take(&s->violations, s->here, move, broke, at_rest);
}

/* False: something breaks there. */
static bool arrival_take(struct search *s, struct arrival *a)
{
	if (a->clause != CLAUSE_NONE) {
		violation_take(s, a->move, a->clause, false);
		return true;
	}
	if (!a->wins)
		return true;
	s->r->states++;
	if (!a->rests || violations_none_at_rest(&s->violations, a))
		return true;
	a->owes = true;
	violation_take(s, a->move, sut_broke(&s->sut), true);
	return false;
}

static bool goes_on(struct search *s)
{
	struct search_result *r = s->r;
	const struct search_options *opt = s->opt;

	if (s->failed || s->ended || s->learnt)
		return false;
	if (opt->stop && *opt->stop) {
		r->interrupted = true;
		r->why = "it was interrupted";
	} else if (opt->max_states && r->states >= opt->max_states) {
		r->why = "there are more states";
	} else if (opt->max_depth && r->depth >= opt->max_depth) {
		r->why = "there are longer ways";
	}
	return !r->why;
}

/* States that are to be looked at. */
static uint64_t waiting(const struct search *s)
{
	return s->frontier[s->side].count - s->taken +
	       s->frontier[!s->side].count;
}

static void progress(const struct search *s, uint64_t before)
{
	if (s->opt->progress &&
	    s->taken / PROGRESS_STATES != before / PROGRESS_STATES)
		s->opt->progress(s->opt->progress_to, s->r->states, waiting(s),
				 s->r->depth);
}

/* All that was found from one state; where the next one's begins. */
static uint64_t *state_take(struct search *s, struct batch *b, uint64_t *at)
{
	const struct looked *l = (const struct looked *)at;

	s->here = frontier_at(&s->frontier[s->side], s->taken);
	at += sizeof *l / 8;
	for (uint32_t i = 0; i < l->arrivals; i++) {
		struct arrival *a = (struct arrival *)at;

		b->waits -= !arrival_take(s, a);
		if (s->ended) {
			s->r->transitions += a->tried;
			return at;
		}
		at += arrival_words(s->expand);
	}
	s->r->transitions += l->transitions;
	s->taken++;
	return at;
}

/* Each of its states by itself. */
static void states_take(struct search *s, uint32_t n)
{
	struct batch *b = &s->round.head->batch[n];
	uint64_t *at = round_found(&s->round, n), before = s->r->states;

	for (uint32_t i = round_batch_states(&s->round, n); i && goes_on(s);
	     i--)
		at = state_take(s, b, at);
	/* What was not taken does not wait. */
	b->waits -= b->fresh - (uint32_t)(s->r->states - before);
}

/* After each batch: so it is the same however many work at once. */
static void frontier_count(struct search *s)
{
	uint64_t bytes = waiting(s) * frontier_state_bytes(&s->room);

	if (bytes > s->r->frontier_bytes)
		s->r->frontier_bytes = bytes;
}

static void batch_take(struct search *s, uint32_t n)
{
	struct batch *b = &s->round.head->batch[n];
	uint64_t before = s->r->states;
	struct search_result *r = s->r;

	b->index = s->parent_log.count;
	b->number = s->frontier[!s->side].count;
	if (b->special || (s->opt->max_states &&
			   r->states + b->fresh >= s->opt->max_states)) {
		states_take(s, n);
	} else {
		r->states += b->fresh;
		r->transitions += b->transitions;
		s->taken += round_batch_states(&s->round, n);
	}
	s->failed |= !parent_log_extend(&s->parent_log, r->states - before) ||
		     !frontier_extend(&s->frontier[!s->side], b->waits);
	frontier_count(s);
}

/* As if all states had been looked at in their order. */
static void round_take(struct search *s)
{
	uint64_t before = s->taken;
	uint32_t n = 0;

	while (n < round_batches(&s->round) && goes_on(s))
		batch_take(s, n++);
	if (s->taken - before == s->round.head->count && !s->failed)
		s->failed |= !worker_pool_do(&s->pool, ROUND_PLACE);
	frontier_drop(&s->frontier[s->side], s->taken);
	progress(s, before);
}

/* For what @count states can lead to; false: there is none. */
static bool room_make(struct search *s, uint64_t count)
{
	bool done = visited_room(&s->visited, s->r->states + FRESH * count) &&
		    ownership_room(&s->ownership, count * s->sut.moves) &&
		    expand_grow(s->expand);

	while (done && visited_pieces(&s->visited)) {
		done = worker_pool_do(&s->pool, ROUND_ROOM);
		visited_moved(&s->visited);
	}
	return done;
}

/* Some states of the frontier, all at once. */
static void round_look(struct search *s)
{
	uint64_t count = s->frontier[s->side].count - s->taken;
	uint64_t most = round_states(&s->round);

	if (s->opt->round_states && most > s->opt->round_states)
		most = s->opt->round_states;
	if (count > most)
		count = most;
	if (!room_make(s, count)) {
		s->failed = true;
		return;
	}
	round_begin(&s->round, s->side, s->taken, count);
	if (worker_pool_do(&s->pool, ROUND_LOOK) &&
	    worker_pool_do(&s->pool, ROUND_COUNT)) {
		round_take(s);
		return;
	}
	if (worker_pool_stopped(&s->pool) && !s->expand->cache.failed)
		return;
	s->failed |= !s->expand->cache.learnt;
	s->learnt |= !s->failed &&
		     (!worker_pool_learn(&s->pool) || s->before < YOUNG_STATES);
}

static void search_all(struct search *s)
{
	while (s->frontier[s->side].count && goes_on(s)) {
		while (s->taken < s->frontier[s->side].count && goes_on(s))
			round_look(s);
		if (s->taken < s->frontier[s->side].count)
			break;
		s->r->depth++;
		s->before = s->r->states;
		frontier_clear(&s->frontier[s->side]);
		s->side = !s->side;
		s->taken = 0;
		ownership_turn(&s->ownership);
	}
	s->r->complete = !s->failed && !s->ended && !s->r->why;
	s->r->enough = s->ended;
	if (s->ended)
		s->r->why = "the first violation was enough";
}

/* The first state, with which all others are compared. */
static bool first_wait(struct search *s)
{
	struct waiting *w;

	if (!frontier_extend(&s->frontier[s->side], 1))
		return false;
	w = frontier_at(&s->frontier[s->side], 0);
	if (!expand_first(s->expand, w))
		return false;
	ownership_begin(&s->ownership);
	w->owner = ownership_next(&s->ownership);
	owner_wake(ownership_at(&s->ownership, w->owner), UINT64_MAX);
	visited_add(&s->visited, w->digest, w->owner);
	ownership_turn(&s->ownership);
	w->index = PARENT_LOG_ROOT;
	s->r->states = 1;
	s->r->rests = sut_quiescent(&s->sut);
	s->r->snapshot_bytes = s->sut.words * (uint32_t)sizeof(uint64_t);
	return true;
}

/* Whether states are compared by memory as it is. */
static bool raw_wanted(const struct search *s)
{
	return s->opt->raw || world_canon_cannot(&s->sut.sc->world);
}

static bool search_begin(struct search *s)
{
	const struct search_options *o = s->opt;
	bool shared = o->jobs > 1;
	const struct expand_options how = {
		.uncached = o->uncached || !footprint_sees(),
		.raw = raw_wanted(s),
		/* Slots' moves are told too coarsely to say what commutes. */
		.reduce = !o->no_reduction &&
			  s->sut.sc->explore.grain != GRAIN_SLOT,
		.shared = shared,
		.audit = o->audit,
	};

	trie_seed = s->sut.canon.seed = canon_seed(o->seed);
	if (o->no_symmetry || raw_wanted(s))
		sut_numbers(&s->sut, true);
	sut_rewind(&s->sut);
	s->expand = expand_open(&s->sut, &how);
	if (!s->expand || !visited_open(&s->visited, shared) ||
	    !parent_log_open(&s->parent_log, shared) ||
	    !ownership_open(&s->ownership, shared))
		return false;
	if (!frontier_room_open(&s->room, expand_numbers(s->expand), shared) ||
	    !frontier_open(&s->frontier[0], &s->room, shared) ||
	    !frontier_open(&s->frontier[1], &s->room, shared))
		return false;
	s->expand->visited = &s->visited;
	s->expand->ownership = &s->ownership;
	s->r->reduced = s->expand->opt.reduce;
	s->r->symmetric = s->sut.canon.slots;
	s->round = (struct round){.e = s->expand,
				  .parent_log = &s->parent_log,
				  .frontier = s->frontier};
	s->violations = (struct violations){.sut = &s->sut,
					    .expand = s->expand,
					    .parent_log = &s->parent_log,
					    .r = s->r};
	return first_wait(s) && round_open(&s->round, o->jobs ? o->jobs : 1) &&
	       worker_pool_open(&s->pool, &s->round, o->stop, s->trouble);
}

static void search_end(struct search *s)
{
	if (s->visited.head)
		s->r->visited_bytes = visited_bytes(s->r->states);
	if (s->round.e) {
		s->r->remembered = expand_remembered(s->expand);
		s->r->remembered_bytes = expand_remembered_bytes(s->expand);
	}
	s->r->parent_log_bytes = parent_log_bytes(&s->parent_log);
	worker_pool_dismiss(&s->pool);
	round_close(&s->round);
	visited_close(&s->visited);
	parent_log_close(&s->parent_log);
	ownership_close(&s->ownership);
	frontier_close(&s->frontier[0]);
	frontier_close(&s->frontier[1]);
	frontier_room_close(&s->room);
	expand_close(s->expand);
	s->expand = NULL;
	worker_pool_close(&s->pool);
}

/* From the first state on, with an empty result. */
static void search_once(struct search *s)
{
	for (uint32_t i = 0; i < s->r->violations; i++)
		free(s->r->violation[i].step);
	*s->r = (struct search_result){0};
	s->learnt = s->ended = false;
	s->side = 0;
	s->taken = s->before = 0;
	s->failed = !search_begin(s);
	if (!s->failed)
		search_all(s);
	search_end(s);
}

/* What the scenario's own script breaks, or owes, is for run to tell. */
static bool begins_clean(struct search *s, char *error, size_t size)
{
	if (!sut_broken(&s->sut) && sut_quiescent(&s->sut))
		sut_finish(&s->sut);
	if (!sut_broken(&s->sut))
		return true;
	snprintf(error, size,
		 "%s: its script breaks %s before anything is "
		 "explored: %s",
		 s->sut.sc->file,
		 clause_info(sut_finding(&s->sut, 0)->clause)->id,
		 sut_finding(&s->sut, 0)->detail);
	return false;
}

static enum search_end search_run(struct search *s, const struct scenario *sc,
				  char *error, size_t size)
{
	const struct search_options *o = s->opt;

	if (sc->explore.liveness && !liveness_can(sc, error, size))
		return SEARCH_BAD;
	if (!sut_open(&s->sut, sc, o->referee, o->referees, o->price, error,
		      size) ||
	    !begins_clean(s, error, size))
		return SEARCH_BAD;
	do
		search_once(s);
	while (s->learnt && !s->failed);
	if (sc->explore.liveness && s->r->complete && !raw_wanted(s))
		s->failed |= !liveness_judge(&s->sut, s->r, o->stop);
	if (!s->failed)
		return SEARCH_DONE;
	snprintf(error, size, "%s, after %llu states",
		 *s->trouble ? s->trouble : "out of memory",
		 (unsigned long long)s->r->states);
	return SEARCH_FAILED;
}

enum search_end search_scenario(const struct scenario *sc,
				const struct search_options *options,
				struct search_result **out, char *error,
				size_t size)
{
	struct search s = {.opt = options};
	enum search_end end = SEARCH_FAILED;

	s.r = calloc(1, sizeof *s.r);
	if (s.r) {
		end = search_run(&s, sc, error, size);
		sut_close(&s.sut);
	} else {
		snprintf(error, size, "out of memory");
	}
	if (end != SEARCH_DONE) {
		search_result_free(s.r);
		s.r = NULL;
	}
	*out = s.r;
	return end;
}

void search_result_free(struct search_result *r)
{
	for (uint32_t i = 0; r && i < r->violations; i++)
		free(r->violation[i].step);
	free(r);
}

bool search_retell(const struct scenario *sc,
		   const struct search_options *options,
		   const struct finding *f, struct search_violation *v,
		   char *error, size_t size)
{
	const struct search_options *o = options;
	struct sut s = {.sc = sc};
	bool told;

	*v = (struct search_violation){.finding = *f};
	told = sut_build(&s, sc, o->referee, o->referees, o->price, error,
			 size) &&
	       counterexample_retell(&s, v, error, size);
	sut_close(&s);
	return told;
}
