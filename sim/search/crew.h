/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who looks at states: this process, or several that were forked from it and
 * see the same memory. They take batches as they come; what they found is read
 * in the order of the states, so that it does not matter who was first. Knows
 * processes; not what is found.
 */
#ifndef TWINRING_SIM_SEARCH_CREW_H
#define TWINRING_SIM_SEARCH_CREW_H

#include "sim/search/expand.h"
#include "sim/search/search.h"

enum { JOBS_MAX = SEARCH_JOBS_MAX, BATCH_STATES = 64, ROUND_BATCHES_MAX = 256 };

struct crew_head;

struct crew {
	struct expand *e;
	uint32_t jobs;
	struct crew_head *head;            /* shared */
	struct share_pool out[JOBS_MAX];   /* what each of them found */
	const struct layer *layer;         /* two of them, shared */
	uint32_t words_taken;              /* of those that were learnt */
	int pid[JOBS_MAX], line[JOBS_MAX]; /* 0: it was not begun */
};

/* Forks @jobs - 1 workers. False: that cannot be done. */
bool crew_open(struct crew *c, struct expand *e, const struct layer *layer,
	       uint32_t jobs);
void crew_close(struct crew *c);

/* States that one round can take. */
static inline uint64_t crew_round_states(const struct crew *c)
{
	return c->jobs == 1 ? BATCH_STATES
			    : (uint64_t)BATCH_STATES * ROUND_BATCHES_MAX;
}

/*
 * Looks at @count states of layer @side, from number @first on. False: it
 * failed, or somebody learnt something (e->failed, e->learnt).
 */
bool crew_round(struct crew *c, uint32_t side, uint64_t first, uint64_t count);

/*
 * Takes up what was learnt, so that the round can be done again. False: there
 * is no room, and all has to begin again.
 */
bool crew_learn(struct crew *c);

/* What was found from the @n-th batch of the round on, state by state. */
const uint64_t *crew_found(const struct crew *c, uint32_t n);

#endif
