/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every event of a run as a line of text, and behind those of a step what it
 * counted: see docs/JSON.md. A reader can make all figures again from it.
 */
#ifndef TWINRING_SIM_RUN_EVENT_TRACE_H
#define TWINRING_SIM_RUN_EVENT_TRACE_H

#include <stdio.h>

#include "sim/run/metrics.h"
#include "sim/world/world.h"

struct event_trace {
	FILE *out; /* NULL: nobody reads it */
	const struct world *w;
	const struct metrics *metrics; /* which have not heard of them yet */
};

/* Writes who acts, on which core, whose time that is, and who polls. */
void event_trace_actors(const struct event_trace *t);

/* Writes the events that stand in @places; @to is a struct event_trace. */
void event_trace_hear(void *to, const struct event *ev, uint32_t places);

/*
 * Writes what the last step counted, which was actor @a's, and how many slots
 * its driver holds; NULL: it knows none.
 */
void event_trace_step(const struct event_trace *t, uint32_t a,
		      const uint32_t *held);

#endif
