/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What led to a finding: the last events that touched the same slot or queue,
 * as lines that a person can read.
 */
#ifndef TWINRING_SIM_RUN_EVENT_HISTORY_H
#define TWINRING_SIM_RUN_EVENT_HISTORY_H

#include "sim/run/run.h"

/* One event as a line of text without a newline. */
void history_line(const struct world *w, const struct event *e, char *out,
		  size_t size);

/*
 * Fills in actor and story of @v from the history in @w's probe. False: there
 * is no story, for want of memory.
 */
bool history_tell(const struct world *w, struct violation *v);

#endif
