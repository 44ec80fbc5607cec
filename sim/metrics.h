/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happened, counted from events and step costs. Memory does not grow with
 * the length of a run.
 */
#ifndef TWINRING_SIM_METRICS_H
#define TWINRING_SIM_METRICS_H

#include "sim/app.h"
#include "sim/run.h"

/* A series that halves its resolution whenever it is full. */
struct held_meter {
	uint64_t begin_ps, last_ps;
	uint64_t area;    /* slots times 2^20 picoseconds */
	uint64_t next_ps; /* of the next point */
	uint32_t now;
	bool begun;
};

struct metrics {
	struct run_result *r;
	struct app *app;
	struct held_meter (*held)[2]; /* one pair for each link */
	/* by NIC: frames of its application that its driver sent or refused */
	uint64_t answered[2 * LINK_MAX];
};

/* What it counts of an event, by kind; self is a struct metrics. */
extern const struct event_ears metrics_ears;

/* Books a step's counts on a link. */
void metrics_step(struct metrics *m, uint32_t link,
		  const struct cost_meter *cost);

/* The end at @end of @link believes to hold @slots from @now on. */
void metrics_held(struct metrics *m, uint32_t link, uint32_t end,
		  uint32_t slots, uint64_t now);

/* Sums up; the result is complete then. */
void metrics_finish(struct metrics *m, uint64_t now);

#endif
