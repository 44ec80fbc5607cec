/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a search finds broken, by a move or where nobody moves, and the shortest
 * way to each clause. Knows the state that is looked at and what led there; not
 * which state is next.
 */
#ifndef TWINRING_SIM_EXPLORE_VIOLATIONS_H
#define TWINRING_SIM_EXPLORE_VIOLATIONS_H

#include "sim/explore/bfs/expand.h"
#include "sim/explore/trace/parent_log.h"
#include "sim/explore/trace/result.h"

struct violations {
	struct sut *sut;
	struct expand *expand;
	const struct parent_log *parent_log;
	struct search_result *r; /* which holds them */
};

/*
 * Move @move from state @here broke @broke, as sut_broke() says it; or, with
 * @at_rest, something is owed behind it, and s->sut is there. False: no memory.
 */
bool violations_take(struct violations *s, const struct waiting *here,
		     uint32_t move, uint16_t broke, bool at_rest);

/* Where nobody moves, nothing may be owed. */
bool violations_none_at_rest(struct violations *s, const struct arrival *a);

#endif
