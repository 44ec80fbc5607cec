/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who looks at states: this process, or several that were forked from it and
 * see the same memory. They take batches of a round as they come. Knows
 * processes; not what is found.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_WORKER_POOL_H
#define TWINRING_SIM_EXPLORE_BFS_WORKER_POOL_H

#include <signal.h>

#include "sim/explore/bfs/round.h"

enum {
	JOBS_MAX = ROUND_WORKERS_MAX, /* each has findings */
	POOL_TROUBLE = 192            /* bytes of words */
};

struct worker_pool_head;

struct worker_pool {
	struct expand *e;
	struct round *round;
	uint32_t jobs;
	struct worker_pool_head *head;     /* shared */
	uint32_t words_taken;              /* of those that were learnt */
	const volatile sig_atomic_t *stop; /* or NULL */
	char *trouble; /* CREW_TROUBLE bytes; "": there was none, but memory */
	int pid[JOBS_MAX], line[JOBS_MAX]; /* 0: it was not begun */
	uint32_t seen[JOBS_MAX];           /* turns that each gave back */
};

/*
 * Forks as many as @r has workers, but for one. Looking at states ends where
 * @stop says so. False: that cannot be done; @trouble, CREW_TROUBLE bytes and
 * "" at first, says then and later what happened to a process.
 */
bool worker_pool_open(struct worker_pool *c, struct round *r,
		      const volatile sig_atomic_t *stop, char *trouble);

/* Tells them that they are done, and waits until they are gone. */
void worker_pool_dismiss(struct worker_pool *c);
void worker_pool_close(struct worker_pool *c);

/*
 * Does @task with all batches of the round. False: it failed, somebody learnt
 * something (e->failed, e->learnt), or it was to end: what was found then
 * counts for nothing.
 */
bool worker_pool_do(struct worker_pool *c, enum round_task task);
bool worker_pool_stopped(const struct worker_pool *c);

/*
 * Takes up what was learnt, so that the round can be done again. False: there
 * is no room, and all has to begin again.
 */
bool worker_pool_learn(struct worker_pool *c);

#endif
