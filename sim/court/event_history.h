/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What led to a finding: the last events that touched the same slot or queue,
 * as lines that a person can read.
 */
#ifndef TWINRING_SIM_COURT_EVENT_HISTORY_H
#define TWINRING_SIM_COURT_EVENT_HISTORY_H

#include "sim/watch/referee.h"
#include "sim/world/world.h"

enum { HISTORY_LINES = 12, HISTORY_LINE = 120 };

/* A broken rule, with what led to it. */
struct violation {
	struct finding finding;
	char actor[2 * NAME_SIZE];
	char story[HISTORY_LINES][HISTORY_LINE]; /* oldest first */
	uint32_t history_lines;
};

/* The name of @actor; "-": it is none of @w. */
const char *history_actor(const struct world *w, actor_id actor);

/* One event as a line of text without a newline. */
void history_line(const struct world *w, const struct event *e, char *out,
		  size_t size);

/*
 * Fills in the story of @v, which has none yet, from the history in @w's probe.
 * False: there is no story, for want of memory.
 */
bool history_tell(const struct world *w, struct violation *v);

#endif
