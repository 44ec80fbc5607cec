/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whole moves of one slot: what a driver does with it in several phases, done
 * at once, with any slot that it holds. Models that count states take such
 * moves for one. Knows no driver's phases; no referee and no search.
 */
#ifndef TWINRING_SIM_PLAY_MACRO_STEP_H
#define TWINRING_SIM_PLAY_MACRO_STEP_H

#include "sim/script/script.h"
#include "sim/world/app.h"
#include "sim/world/world.h"

/* What is done with a slot by @op, one of these or a misbehaviour. */
enum slot_act slot_act_of(const struct script_op *op);

/*
 * Whether SCRIPT_HAND, SCRIPT_GIVE or SCRIPT_TAKE can be done now: of a slot,
 * only where the driver can prefer one to others (alloc fifo).
 */
bool macro_step_can(const struct script_op *op, const struct world *w);

/* Does it; false when the driver did not. */
bool macro_step_do(const struct script_op *op, struct world *w, struct app *a);

#endif
