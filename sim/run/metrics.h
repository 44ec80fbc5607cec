/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happened, counted from events and step costs. Memory does not grow with
 * the length of a run.
 */
#ifndef TWINRING_SIM_RUN_METRICS_H
#define TWINRING_SIM_RUN_METRICS_H

#include "sim/run/run_result.h"
#include "sim/world/app.h"

/* A series that halves its resolution whenever it is full. */
struct held_meter {
	uint64_t begin_ps, last_ps;
	uint64_t next_ps;       /* of the next point */
	unsigned __int128 area; /* slots times picoseconds */
	uint32_t now;
	bool begun;
};

/*
 * Packets of one sender on one link that have not arrived. Each has a place,
 * which is how many were sent before it. Frames of equal bytes count as one
 * another: the first one under way has arrived.
 */
struct flight {
	uint64_t *hash; /* by place, a ring; 0: gone */
	/* Packets that were sent one behind the other and due at one time. */
	struct flight_run {
		uint64_t due_ps;
		uint32_t end; /* place behind the last */
		uint32_t seq; /* number behind that of the last */
	} * run;              /* a ring, too */
	struct app_due *due;
	uint32_t mask, run_mask;
	uint32_t head;     /* packets sent, free-running */
	uint32_t next;     /* the place behind the last that has arrived */
	uint32_t first;    /* before it, the first that has not */
	uint32_t run_head; /* runs begun, free-running */
	uint32_t run_next; /* the run that next is in; run_head: none yet */
};

struct metrics {
	struct run_result *r;
	const struct numbering *numbers;
	struct flight *flight;        /* by NIC of the sender */
	struct app_due *due;          /* by NIC, for the applications */
	struct held_meter (*held)[2]; /* one pair for each link */
	/* by NIC: frames of its application that its driver sent or refused */
	uint64_t answered[NIC_MAX];
};

/* Bytes that metrics_init() takes. */
size_t metrics_size(const struct world_config *c);

/* Begins to count into @r, where nothing is counted yet. */
void metrics_init(struct metrics *m, struct run_result *r,
		  const struct world_config *c, struct arena *arena);

/* When the packet was due that @nic sent @ahead behind those heard of. */
uint64_t metrics_due(const struct metrics *m, uint32_t nic, uint32_t ahead);

/* What it counts of an event, by kind; self is a struct metrics. */
extern const struct event_subscriptions metrics_subscriptions;

/* Books the counts of a step of @actor, on a link and on the actor. */
void metrics_step(struct metrics *m, uint32_t actor, uint32_t link,
		  const struct cost_meter *cost);

/* The end at @end of @link believes to hold @slots from @now on. */
void metrics_held(struct metrics *m, uint32_t link, uint32_t end,
		  uint32_t slots, uint64_t now);

/* Sums up; the result is complete then. */
void metrics_finish(struct metrics *m, uint64_t now);

#endif
