/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from what: behind a move, the answer to a question is told by
 * the answer before it and by what the move changes, and so is what a block
 * holds. Asks only where nothing like it has followed before. Knows answers and
 * effects; not which moves are tried.
 */
#ifndef TWINRING_SIM_SEARCH_FOLLOW_H
#define TWINRING_SIM_SEARCH_FOLLOW_H

#include "sim/search/plan.h"

struct follow {
	struct answers *a;
	struct plans plans;
	struct table next;         /* by answer, or content, and change */
	struct share_pool nodes;   /* what else to look at */
	uint64_t *known, *lacking; /* scratch */
};

/* An answer; with this, other things are said of slots than before. */
#define FOLLOW_SLOTS (UINT64_C(1) << 32)

/* False: no memory. */
bool follow_open(struct follow *f, struct answers *a, bool shared);
void follow_close(struct follow *f);

/* Makes room for more. Nobody else may look. */
void follow_grow(struct follow *f);

enum { FOLLOW_ANSWER = 1 << 16 }; /* beyond all cells */

static inline uint64_t follow_key(uint32_t answer, uint64_t change)
{
	return memo_mix(FOLLOW_ANSWER, answer) + change;
}

static inline void follow_prefetch(const struct follow *f, uint64_t key)
{
	table_prefetch(&f->next, key);
}

/*
 * The answer to @q behind the effect of @plan, where it was answered @from,
 * @key tells that and the change, and blocks hold @behind then. 0: as
 * answers_ask().
 */
uint64_t follow_answer(struct follow *f, uint32_t q, uint32_t from,
		       const struct plan *plan, uint64_t key,
		       const uint32_t *behind);

/* The same for a part, from the numbers of a state. */
uint64_t follow_part(struct follow *f, uint32_t part, const uint32_t *here,
		     const struct plan *plan, uint64_t key);

/* What blocks that it changes hold behind it, where all hold @from. */
void follow_contents(struct follow *f, const uint32_t *from,
		     const struct plan *plan, uint32_t *out);

/* Begins to fetch what tells moves, and contents, behind it. */
void follow_fetch(const struct follow *f, const uint32_t *here,
		  const struct plan *plan);

#endif
