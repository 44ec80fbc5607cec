/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an effect is to each question and each block, worked out once: which of
 * them it may change, and a number for what it changes there. Each worker has
 * its own plans, since they say what was read as far as he has seen. Knows
 * cells; not what is asked.
 */
#ifndef TWINRING_SIM_SEARCH_PLAN_H
#define TWINRING_SIM_SEARCH_PLAN_H

#include "sim/search/answers.h"

struct plan {
	uint32_t grown;  /* as of when */
	uint32_t effect; /* its number */
	uint16_t clause; /* as in the effect */
	uint16_t room;   /* for so many changes */
	/* Parts, moves and blocks that may be others behind it. */
	uint8_t parts, moves, blocks;
	uint8_t last; /* is the last part one of them */
	const struct effect *f;
	uint64_t change[]; /* one each; then the number of each, in 8 bits */
};

struct plans {
	const struct answers *a;
	uint64_t *reads; /* by question: cells that it looks at */
	uint32_t grown;  /* as of when */
	struct share_pool pool;
	uint64_t *at; /* by effect: where its plan is */
	uint64_t *scratch;
};

/* False: no memory. */
bool plans_open(struct plans *p, const struct answers *a);
void plans_close(struct plans *p);

/*
 * Looks what questions read as of now. Whoever then carries on an answer knows
 * of all reads that led to it.
 */
void plans_renew(struct plans *p);

static inline const uint8_t *plan_numbers(const struct plan *p)
{
	return (const uint8_t *)(p->change + p->parts + p->moves + p->blocks);
}

/* Of effect @number; NULL: no memory. */
const struct plan *plans_make(struct plans *p, uint32_t number);

static inline const struct plan *plans_get(struct plans *p, uint32_t number)
{
	const struct plan *plan =
		(const struct plan *)&p->pool.word[p->at[number]];

	return p->at[number] && plan->grown == p->grown ? plan
							: plans_make(p, number);
}

#endif
