/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/search/frontier.h"
#include "sim/search/liveness.h"
#include "sim/search/store_fold.h"
#include "sim/search/subject.h"
#include "sim/search/tale.h"
#include "sim/search/trail.h"
#include "sim/search/visited.h"

enum {
	PROGRESS_STATES = 1024,
	/* Changed lines of memory are looked for after each of the first
	   states, and then after every so many. */
	LEARN_FIRST = 8192,
	LEARN_EVERY = 32
};

struct search {
	const struct search_options *opt;
	struct search_result *r;
	struct subject subject;
	struct visited visited;
	struct trail trail;
	struct frontier frontier;
	uint64_t *first; /* snapshots: the first state, the one looked at, */
	uint64_t *here;
	uint64_t *next; /* and what a move made of it */
	uint32_t state; /* that is looked at */
	uint64_t layer; /* states of this depth that are still to be seen */
	bool raw;       /* states are compared by memory as it is */
	bool failed;    /* out of memory */
	bool ended;     /* early, as asked */
	bool learnt;    /* that snapshots lack something: begin again */
};

static uint64_t digest(struct search *s)
{
	return s->raw ? subject_digest_raw(&s->subject)
		      : subject_digest(&s->subject);
}

static bool told_before(const struct search_result *r, enum clause clause)
{
	for (uint32_t i = 0; i < r->violations; i++)
		if (r->violation[i].finding.clause == clause)
			return true;
	return false;
}

/* The state that is looked at, and one more move. */
static bool way_tell(struct search *s, uint32_t move,
		     struct search_violation *v)
{
	uint32_t n = trail_length(&s->trail, s->state);
	uint8_t *way = malloc(n + 1);
	bool told;

	if (!way)
		return false;
	trail_moves(&s->trail, s->state, way);
	way[n] = (uint8_t)move;
	told = tale_tell(&s->subject, s->first, way, n + 1, v);
	free(way);
	return told;
}

/* Keeps the first, and so the shortest, way to each clause. */
static void violation_keep(struct search *s, uint32_t move, bool at_rest)
{
	const struct subject *sub = &s->subject;
	uint32_t kept = sub->findings < FINDINGS_MAX ? sub->findings
						     : (uint32_t)FINDINGS_MAX;
	struct search_result *r = s->r;
	struct search_violation *v;
	uint8_t actor = sub->finding[0].event.actor;

	r->found++;
	s->ended |= s->opt->first;
	if (r->violations == SEARCH_VIOLATIONS_MAX ||
	    told_before(r, sub->finding[0].clause))
		return;
	v = &r->violation[r->violations++];
	v->finding = sub->finding[0];
	v->at_rest = at_rest;
	for (uint32_t i = 0; i < kept; i++)
		clause_list_add(&v->clauses, sub->finding[i].clause);
	snprintf(v->actor, sizeof v->actor, "%s",
		 actor < sub->w.actors ? sub->w.actor[actor].name : "-");
	s->failed |= !way_tell(s, move, v);
}

/* A state that was not seen before; it waits to be looked at. */
static void state_keep(struct search *s, uint32_t move)
{
	uint32_t index = (uint32_t)s->trail.count;

	s->r->states++;
	s->failed |= !trail_add(&s->trail, s->state, (uint8_t)move) ||
		     !frontier_put(&s->frontier, index, s->next);
}

/* Where nobody moves, nothing may be owed. */
static void state_judge(struct search *s, uint32_t move)
{
	bool rests = subject_rests(&s->subject);

	subject_save(&s->subject, s->next);
	if (rests) {
		s->r->rests++;
		subject_finish(&s->subject);
	}
	if (rests && s->subject.findings) {
		s->r->states++;
		s->failed |= !trail_add(&s->trail, s->state, (uint8_t)move);
		violation_keep(s, move, true);
	} else {
		state_keep(s, move);
	}
}

/* One move from the state that is looked at, which lies in memory. */
static void move_try(struct search *s, uint32_t move)
{
	subject_do(&s->subject, move);
	s->r->transitions++;
	if (s->subject.findings) {
		violation_keep(s, move, false);
		return;
	}
	switch (visited_add(&s->visited, digest(s))) {
	case VISIT_NEW:
		state_judge(s, move);
		break;
	case VISIT_OLD:
		break;
	case VISIT_NO_MEMORY:
		s->failed = true;
		break;
	}
}

static void state_look(struct search *s)
{
	bool can[MOVES_MAX], moved = false;

	subject_restore(&s->subject, s->here);
	for (uint32_t m = 0; m < s->subject.moves; m++)
		can[m] = subject_can(&s->subject, m);
	for (uint32_t m = 0; m < s->subject.moves; m++) {
		if (!can[m] || s->failed || s->ended)
			continue;
		if (moved)
			subject_restore(&s->subject, s->here);
		move_try(s, m);
		moved = true;
	}
}

static bool goes_on(struct search *s)
{
	struct search_result *r = s->r;
	const struct search_options *opt = s->opt;

	if (s->failed || s->ended || s->frontier.count == 0)
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

/* States of one depth come before those of the next. */
static void depth_count(struct search *s)
{
	if (s->layer-- > 1)
		return;
	s->layer = s->frontier.count;
	s->r->depth++;
}

/* Whether snapshots have all that changes; told before it is too late. */
static void learn(struct search *s, uint64_t looked)
{
	if (looked < LEARN_FIRST || looked % LEARN_EVERY == 0)
		s->learnt |= subject_learn(&s->subject);
}

static void search_all(struct search *s)
{
	uint64_t looked = 0;

	s->layer = 1;
	while (!s->learnt && goes_on(s)) {
		s->state = frontier_take(&s->frontier, s->here);
		state_look(s);
		learn(s, looked);
		depth_count(s);
		if (s->opt->progress && looked % PROGRESS_STATES == 0)
			s->opt->progress(s->opt->progress_to, s->r->states,
					 s->frontier.count, s->r->depth);
		looked++;
	}
	s->learnt |= subject_learn(&s->subject);
	s->r->complete = !s->failed && !s->ended && !s->r->why;
	if (s->ended)
		s->r->why = "the first violation was enough";
}

/* The first state, with which all others are compared. */
static bool search_begin(struct search *s)
{
	uint32_t words = subject_words(&s->subject);

	s->first = calloc(words + 1, sizeof *s->first);
	s->here = calloc(words + 1, sizeof *s->here);
	s->next = calloc(words + 1, sizeof *s->next);
	if (!s->first || !s->here || !s->next || !visited_open(&s->visited) ||
	    !trail_open(&s->trail))
		return false;
	subject_rewind(&s->subject);
	subject_save(&s->subject, s->first);
	frontier_open(&s->frontier, s->first, words);
	s->r->states = 1;
	s->r->snapshot_bytes = words * (uint32_t)sizeof *s->first;
	return visited_add(&s->visited, digest(s)) == VISIT_NEW &&
	       frontier_put(&s->frontier, TRAIL_ROOT, s->first);
}

static void search_end(struct search *s)
{
	s->r->visited_bytes = visited_bytes(&s->visited);
	s->r->trail_bytes = trail_bytes(&s->trail);
	s->r->frontier_bytes = s->frontier.most;
	visited_close(&s->visited);
	trail_close(&s->trail);
	frontier_close(&s->frontier);
	free(s->first);
	free(s->here);
	free(s->next);
	s->first = s->here = s->next = NULL;
}

/* From the first state on, with an empty result. */
static void search_once(struct search *s)
{
	for (uint32_t i = 0; i < s->r->violations; i++)
		free(s->r->violation[i].step);
	*s->r = (struct search_result){0};
	s->learnt = s->ended = false;
	s->failed = !search_begin(s);
	if (!s->failed)
		search_all(s);
	search_end(s);
}

/* What the scenario's own script breaks is for run to tell. */
static bool begins_clean(const struct search *s, char *error, size_t size)
{
	if (!s->subject.findings)
		return true;
	snprintf(error, size,
		 "%s: its script breaks %s before anything is "
		 "explored: %s",
		 s->subject.sc->file,
		 clause_info(s->subject.finding[0].clause)->id,
		 s->subject.finding[0].detail);
	return false;
}

static enum search_end search_run(struct search *s, const struct scenario *sc,
				  char *error, size_t size)
{
	const struct search_options *o = s->opt;

	if (sc->explore.liveness && !liveness_can(sc, error, size))
		return SEARCH_BAD;
	if (!subject_open(&s->subject, sc, o->referee, o->referees, o->price,
			  error, size) ||
	    !begins_clean(s, error, size))
		return SEARCH_BAD;
	do
		search_once(s);
	while (s->learnt && !s->failed);
	if (sc->explore.liveness && s->r->complete && !s->raw)
		s->failed |= !liveness_judge(&s->subject, s->r, o->stop);
	if (!s->failed)
		return SEARCH_DONE;
	snprintf(error, size, "out of memory after %llu states",
		 (unsigned long long)s->r->states);
	return SEARCH_FAILED;
}

enum search_end search_scenario(const struct scenario *sc,
				const struct search_options *options,
				struct search_result **out, char *error,
				size_t size)
{
	struct search s = {
		.opt = options,
		.raw = options->raw || store_fold_cannot(&sc->world),
	};
	enum search_end end = SEARCH_FAILED;

	s.r = calloc(1, sizeof *s.r);
	if (s.r) {
		end = search_run(&s, sc, error, size);
		subject_close(&s.subject);
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
