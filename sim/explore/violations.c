/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/violations.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/trace/counterexample.h"

/* The state @here, and one more move. False: no memory. */
static bool way_tell(struct violations *s, const struct waiting *here,
		     uint32_t move, struct search_violation *v)
{
	uint32_t n = parent_log_length(s->parent_log, here->index);
	uint8_t *way = malloc(n + 1);
	bool told;

	if (!way)
		return false;
	parent_log_moves(s->parent_log, here->index, way);
	way[n] = (uint8_t)move;
	told = counterexample_tell(s->sut, way, n + 1, v);
	free(way);
	return told;
}

/* One clause of all that the last move broke. */
static void violation_add(struct violations *s, const struct finding *f)
{
	struct search_violation *v = &s->r->violation[s->r->violations++];

	v->finding = *f;
	snprintf(v->actor, sizeof v->actor, "%s",
		 history_actor(&s->sut->w, f->event.actor));
}

/*
 * Keeps the first, and so the shortest, way to each clause; a move can be that
 * to several. False: no memory.
 */
static bool violation_keep(struct violations *s, const struct waiting *here,
			   uint32_t move, bool at_rest)
{
	const struct sut *sub = s->sut;
	uint32_t kept = sub->court.kept;
	uint32_t first = s->r->violations, last;
	struct clause_list clauses = {0};
	bool told = true;

	for (uint32_t i = 0; i < kept; i++)
		clause_list_add(&clauses, sut_finding(sub, i)->clause);
	for (uint32_t i = 0; i < kept; i++)
		if (s->r->violations < SEARCH_VIOLATIONS_MAX &&
		    !search_found(s->r, sut_finding(sub, i)->clause))
			violation_add(s, sut_finding(sub, i));
	last = s->r->violations; /* telling does the moves again */
	for (uint32_t i = first; i < last; i++) {
		struct search_violation *v = &s->r->violation[i];

		v->at_rest = at_rest;
		v->clauses = clauses;
		told &= way_tell(s, here, move, v);
	}
	return told;
}

bool violations_take(struct violations *s, const struct waiting *here,
		     uint32_t move, uint16_t broke, bool at_rest)
{
	enum clause clause = (enum clause)(broke & ~BROKE_SEVERAL);
	struct search_result *r = s->r;

	r->found++;
	if (r->violations == SEARCH_VIOLATIONS_MAX ||
	    (!(broke & BROKE_SEVERAL) && search_found(r, clause)))
		return true;
	if (!at_rest) {
		expand_restore(s->expand, here->number);
		sut_do(s->sut, move);
	}
	return violation_keep(s, here, move, at_rest);
}

bool violations_none_at_rest(struct violations *s, const struct arrival *a)
{
	s->r->rests++;
	expand_restore(s->expand, a->number);
	sut_finish(s->sut);
	return !sut_broken(s->sut);
}
