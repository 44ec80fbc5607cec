/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who looks at states: this process, or several that were forked from it and
 * see the same memory. They take batches of a round as they come. Knows
 * processes; not what is found.
 */
#ifndef TWINRING_SIM_SEARCH_CREW_H
#define TWINRING_SIM_SEARCH_CREW_H

#include "sim/search/round.h"
#include "sim/search/search.h"

enum { JOBS_MAX = SEARCH_JOBS_MAX };

static_assert((int)JOBS_MAX <= (int)ROUND_WORKERS_MAX, "each has findings");

struct crew_head;

struct crew {
	struct expand *e;
	struct round *round;
	uint32_t jobs;
	struct crew_head *head;            /* shared */
	uint32_t words_taken;              /* of those that were learnt */
	int pid[JOBS_MAX], line[JOBS_MAX]; /* 0: it was not begun */
	uint32_t seen[JOBS_MAX];           /* turns that each gave back */
};

/* Forks as many as @r has workers, but for one. False: that cannot be done. */
bool crew_open(struct crew *c, struct round *r);

/* Tells them that they are done, and waits until they are gone. */
void crew_dismiss(struct crew *c);
void crew_close(struct crew *c);

/*
 * Does @task with all batches of the round. False: it failed, or somebody
 * learnt something (e->failed, e->learnt).
 */
bool crew_do(struct crew *c, enum round_task task);

/*
 * Takes up what was learnt, so that the round can be done again. False: there
 * is no room, and all has to begin again.
 */
bool crew_learn(struct crew *c);

#endif
