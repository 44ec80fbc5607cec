/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A line of a script, done to a world: what no ordinary traffic shows, and
 * drivers that lie. Which line is next it must not know.
 */
#ifndef TWINRING_SIM_PLAY_SCRIPT_DO_H
#define TWINRING_SIM_PLAY_SCRIPT_DO_H

#include "sim/scenario/schema/config.h"
#include "sim/script/script.h"
#include "sim/world/app.h"
#include "sim/world/schedule.h"

/*
 * Whether a driver can tell this lie now and it is one: a slot that it does not
 * hold is sent or written to, one that it has posted is posted again. What is
 * in its used ring is its own already. Its ring keeps room for all that it
 * posts in earnest.
 */
bool script_can_misbehave(const struct script_op *op, const struct world *w);

/*
 * Does it. False with words in @error when it cannot be done now; what was done
 * before, SCRIPT_REPEAT, is for the caller to know.
 */
bool script_do(const struct script_op *op, struct scheduler *s, struct app *a,
	       char *error, size_t size);

/* Says in @error where line @l of @sc went wrong, and @why; false. */
bool script_failed(const struct scenario *sc, const struct script_line *l,
		   const char *why, char *error, size_t size);

/* Does the whole script of @sc; false with the place of the line that fails. */
bool script_do_all(const struct scenario *sc, struct scheduler *s,
		   struct app *a, char *error, size_t size);

#endif
