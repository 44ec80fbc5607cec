/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/liveness/liveness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/world/world_canon.h"
#include "sim/explore/liveness/cycle.h"
#include "sim/explore/trace/counterexample.h"
#include "sim/play/lasso.h"
#include "sim/world/progress.h"

enum { TEXT_SIZE = 128 };

struct judge {
	struct sut *s;
	struct search_result *r;
	struct graph g;
	bool fair[MOVES_MAX];
	/* what is being told: the moves to a way round, and round once */
	uint8_t *way;
	uint32_t stem, round;
	bool failed; /* out of memory */
};

bool liveness_can(const struct scenario *sc, char *error, size_t size)
{
	const char *needs = NULL;

	if (nic_count(&sc->world.numbers) > PROGRESS_NICS)
		needs = "at most six members of all links";
	else if (sc->explore.grain != GRAIN_STEP)
		needs = "grain: step";
	else if (world_canon_cannot(&sc->world))
		needs = "states that have a canonical form";
	if (needs)
		snprintf(error, size, "%s: explore.liveness needs %s", sc->file,
			 needs);
	return !needs;
}

/* What comes by itself, sooner or later, if only it stays possible. */
static bool comes_by_itself(const struct move *m)
{
	return m->op.verb == SCRIPT_STEP || m->op.verb == SCRIPT_EXPIRE ||
	       (m->op.verb == SCRIPT_FLUSH && m->op.value == 1);
}

static bool moves_can(struct sut *s, const uint8_t *move, uint32_t count,
		      struct lasso *lasso)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!sut_can(s, move[i]))
			return false;
		sut_do(s, move[i]);
		if (sut_broken(s))
			return false;
		if (lasso)
			lasso_done(lasso, &s->move[move[i]].op);
	}
	return true;
}

/*
 * What lasts on the way round if move @skip of it is left out (j->round: none
 * is), judged as when a script does it; 0: it is no way round.
 */
static uint16_t round_lasts(struct judge *j, uint32_t skip)
{
	struct sut *s = j->s;
	const uint8_t *round = j->way + j->stem;
	uint32_t rest = j->round - skip - (skip < j->round);
	char error[TEXT_SIZE];
	struct lasso lasso;
	uint16_t lasts = 0;

	sut_rewind(s);
	moves_can(s, j->way, j->stem, NULL);
	if (!lasso_begin(&lasso, &s->w, &s->app, error, sizeof error)) {
		j->failed = true;
		return 0;
	}
	if (!moves_can(s, round, skip, &lasso) ||
	    !moves_can(s, round + j->round - rest, rest, &lasso) ||
	    !lasso_judge(&lasso, &lasts, error, sizeof error))
		lasts = 0;
	lasso_close(&lasso);
	return lasts;
}

/* Leaves out what is not needed for @what to last. */
static void round_shrink(struct judge *j, uint16_t what)
{
	uint8_t *round = j->way + j->stem;

	for (uint32_t i = 0; i < j->round;) {
		if (j->round == 1 || what & ~round_lasts(j, i)) {
			i++;
			continue;
		}
		memmove(round + i, round + i + 1, j->round - i - 1);
		j->round--;
		i = 0;
	}
}

/* To the cycle, and round once. */
static bool way_take(struct judge *j, const struct cycle *c)
{
	j->stem = parent_log_length(&j->g.parent_log, c->state);
	j->round = c->moves;
	j->way = malloc(j->stem + j->round);
	if (!j->way)
		return false;
	parent_log_moves(&j->g.parent_log, c->state, j->way);
	memcpy(j->way + j->stem, c->move, j->round);
	return true;
}

/* Has @mask judged, as what lasts for ever. */
static void judge(struct judge *j, uint16_t mask,
		  void (*report)(void *to, const struct finding *f), void *to)
{
	progress_report(&j->s->w, mask,
			&(struct progress_judges){j->s->court.setup.referee,
						  j->s->court.setup.referees,
						  report, to});
}

static void on_clause(void *to, const struct finding *f)
{
	struct search_violation *v = to;

	clause_list_add(&v->clauses, f->clause);
}

static void on_finding(void *to, const struct finding *f)
{
	struct judge *j = to;
	struct search_result *r = j->r;
	struct search_violation *v = &r->violation[r->violations];

	if (r->violations == SEARCH_VIOLATIONS_MAX ||
	    search_found(r, f->clause))
		return;
	r->violations++;
	v->finding = *f;
	v->cycle = j->round;
	snprintf(v->actor, sizeof v->actor, "%s",
		 history_actor(&j->s->w, f->event.actor));
	judge(j, round_lasts(j, j->round), on_clause, v);
	j->failed |= !counterexample_tell(j->s, j->way, j->stem + j->round, v);
}

static void cycle_tell(struct judge *j, const struct cycle *c, uint16_t what)
{
	if (c->shows)
		what |= PROGRESS_GIFT;
	j->r->cycles++;
	j->failed |= !way_take(j, c);
	if (!j->failed) {
		uint16_t lasts = round_lasts(j, j->round);

		assert(j->failed || !(what & ~lasts));
		round_shrink(j, what);
		judge(j, what, on_finding, j);
	}
	free(j->way);
	j->way = NULL;
}

/* Whether @what can last for ever. */
static void what_judge(struct judge *j, uint16_t what)
{
	struct cycle c;
	struct cycle_wanted wanted = {
		.fair = j->fair,
		.lasts = what,
		.shows = what == PROGRESS_STEPS ? PROGRESS_GIFT : 0};

	switch (cycle_find(&j->g, &wanted, &c)) {
	case CYCLE_FOUND:
		cycle_tell(j, &c, what);
		free(c.move);
		break;
	case CYCLE_NONE:
		break;
	case CYCLE_NO_MEMORY:
		j->failed = true;
		break;
	}
}

static void all_judge(struct judge *j)
{
	const struct sut *s = j->s;

	for (uint32_t m = 0; m < s->moves; m++)
		j->fair[m] = comes_by_itself(&s->move[m]);
	for (uint32_t nic = 0; nic < nic_count(&s->sc->world.numbers); nic++) {
		what_judge(j, (uint16_t)(PROGRESS_SEND << nic));
		what_judge(j, (uint16_t)(PROGRESS_PARK << nic));
	}
	what_judge(j, PROGRESS_STEPS);
	j->r->judged = j->g.states;
}

bool liveness_judge(struct sut *s, struct search_result *r,
		    const volatile sig_atomic_t *stop)
{
	struct judge j = {.s = s, .r = r};

	switch (graph_open(&j.g, s, stop)) {
	case GRAPH_WHOLE:
		all_judge(&j);
		break;
	case GRAPH_STOPPED:
		r->interrupted = true;
		break;
	case GRAPH_NO_MEMORY:
		j.failed = true;
		break;
	}
	graph_close(&j.g);
	return !j.failed;
}
