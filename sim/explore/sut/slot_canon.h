/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A world in the words of a model that knows slots and queues only: who holds
 * each slot, where it is posted, and which wait in each queue. Knows where to
 * read that; which moves there are it must not know.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_SLOT_CANON_H
#define TWINRING_SIM_EXPLORE_SUT_SLOT_CANON_H

#include "model/canon/canon.h"
#include "sim/scenario/schema/config.h"
#include "sim/world/world.h"

/* False with words in @error where moves of whole slots make no sense. */
bool slot_canon_can(const struct scenario *sc, char *error, size_t size);

/* Writes it, from what lies in memory, as far as drivers have begun. */
void slot_canon(const struct world *w, struct canon *f);

/* Whether something was sent that the worker at @end has not looked at. */
bool slot_waits(const struct world *w, uint32_t end);

#endif
