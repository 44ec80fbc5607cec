/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of a world that has no clock: in which order its parts tell
 * theirs, and what they need to know of one another for that. Knows who they
 * are; what one of them writes is its own affair.
 */
#ifndef TWINRING_SIM_WORLD_WORLD_CANON_H
#define TWINRING_SIM_WORLD_WORLD_CANON_H

#include "model/canon/canon.h"
#include "sim/world/app.h"
#include "sim/world/world.h"

/* False with words in @error when worlds like @c have no canonical form. */
bool world_canon_can(const struct world_config *c, char *error, size_t size);

/* Whether only memory as it is tells states of such worlds apart. */
bool world_canon_cannot(const struct world_config *c);

/* A world and its applications, as they are told. */
struct world_view {
	const struct world *w;
	const struct app *app;
	bool numbers; /* slots keep their numbers */
};

static inline uint32_t world_queues(const struct world_config *c)
{
	return queue_count(&c->numbers);
}

/*
 * Parts of a state that are told by themselves, so that what changes together
 * is told together: each queue by queue_id(), with all else of an end where it
 * is that end's transmit queue; and last what is no link's. @f was begun with
 * each.
 */
static inline uint32_t world_canons(const struct world_config *c)
{
	return world_queues(c) + 1;
}

/* Whether slots must keep their numbers, as there are too many. */
bool world_canon_numbers(const struct world *w);

/* Queues and slots of @v are to be named in @f, whoever asks. */
void world_canon_names(const struct world_view *v, struct canon *f);

void world_canon(const struct world_view *v, uint32_t part, struct canon *f);

#endif
