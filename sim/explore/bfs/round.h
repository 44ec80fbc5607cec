/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Some states of a frontier in batches, which workers take as they come: first
 * all are looked at, then it is counted what was new in each batch, and then,
 * when it is known what comes before it, each batch's new states get the places
 * that they would have if all had been looked at in their order. Knows states;
 * not what is wrong with them, nor who works.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_ROUND_H
#define TWINRING_SIM_EXPLORE_BFS_ROUND_H

#include "sim/explore/bfs/expand.h"
#include "sim/explore/trace/parent_log.h"

enum { ROUND_BATCHES_MAX = 64, ROUND_WORKERS_MAX = 64 };

struct batch {
	_Alignas(SHARED_LINE) uint32_t worker; /* who looked at it */
	uint64_t at;                           /* where his findings begin */
	uint64_t transitions;
	uint32_t fresh, waits; /* states, and those that nothing breaks in */
	bool special;          /* something breaks, or nobody moves */
	uint64_t index,
		number; /* of the first: in the parent log, in the frontier */
};

/* Shared by all workers. */
struct round_head {
	uint32_t round; /* that it is, from 1 on */
	uint32_t side;  /* of two frontiers, the one that is looked at */
	uint64_t first, count;
	struct batch batch[ROUND_BATCHES_MAX];
};

struct round {
	struct expand *e;
	struct parent_log *parent_log;
	struct frontier *frontier; /* two of them, shared */
	struct round_head *head;
	struct shared_pool out[ROUND_WORKERS_MAX]; /* what each of them found */
	uint32_t workers;
};

/* The last makes room among states that were seen, before a round begins. */
enum round_task { ROUND_LOOK, ROUND_COUNT, ROUND_PLACE, ROUND_ROOM };

/* Takes @e, @parent_log and @frontier as they are. False: no memory. */
bool round_open(struct round *r, uint32_t workers);
void round_close(struct round *r);

/* States that one round can take. */
static inline uint64_t round_states(const struct round *r)
{
	return r->workers == 1 ? BATCH_STATES
			       : (uint64_t)BATCH_STATES * ROUND_BATCHES_MAX;
}

/* Begins with @count states of frontier @side, from number @first on. */
void round_begin(struct round *r, uint32_t side, uint64_t first,
		 uint64_t count);

static inline uint32_t round_batches(const struct round *r)
{
	return (uint32_t)((r->head->count + BATCH_STATES - 1) / BATCH_STATES);
}

/* Parts of @task, which are done in any order. */
uint32_t round_parts(const struct round *r, enum round_task task);

/* Before @worker takes the first batch to look at. */
void round_forget(struct round *r, uint32_t worker);

/* Does part @n of @task. What goes wrong is said in @e. */
void round_do(struct round *r, enum round_task task, uint32_t worker,
	      uint32_t n);

/* State @i of the round. */
static inline struct waiting *round_state(const struct round *r, uint64_t i)
{
	return frontier_at(&r->frontier[r->head->side], r->head->first + i);
}

/* States in batch @n. */
uint32_t round_batch_states(const struct round *r, uint32_t n);

/* What was found from the first state of batch @n on, state by state. */
static inline uint64_t *round_found(const struct round *r, uint32_t n)
{
	const struct batch *b = &r->head->batch[n];

	return &r->out[b->worker].word[b->at];
}

#endif
