/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory in which the code works, as a search uses it: holds one state, and
 * goes on to another one by as few words as differ. Knows states as contents of
 * components; not what is asked of the code there.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_WORKING_STATE_H
#define TWINRING_SIM_EXPLORE_SUT_WORKING_STATE_H

#include "sim/explore/sut/components.h"
#include "sim/explore/sut/variables.h"
#include "sim/explore/store/interned.h"

struct working_state {
	struct sut *s;
	const struct variables *variables;
	const struct components *components;
	const struct interned *interned;
	uint64_t *image; /* by variable: the state that is there */
	uint32_t loaded[COMPONENTS_MAX]; /* its contents */
	bool lost;                       /* anything may be there */
};

/* @variables is how many there can be. False: no memory. */
bool working_state_open(struct working_state *c, uint32_t variables);
void working_state_close(struct working_state *c);

/* The state is now that of contents @number, by component. */
void working_state_show(struct working_state *c, const uint32_t *number);

/* A move that the footprint saw is as if it had not been done. */
void working_state_undo(struct working_state *c);

/* Whoever asked for the state may do with it as he likes. */
static inline void working_state_lose(struct working_state *c)
{
	c->lost = true;
}

#endif
