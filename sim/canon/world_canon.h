/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of a world that has no clock: machines, drivers, devices,
 * workers, applications. Knows every part of the model that can change; who
 * judges it must not know.
 */
#ifndef TWINRING_SIM_CANON_WORLD_CANON_H
#define TWINRING_SIM_CANON_WORLD_CANON_H

#include "model/canon/canon.h"
#include "sim/world/app.h"
#include "sim/world/world.h"

/* False with words in @error when worlds like @c have no canonical form. */
bool world_canon_can(const struct world_config *c, char *error, size_t size);

/* A world and its applications, as they are told. */
struct world_view {
	const struct world *w;
	const struct app *app;
	bool numbers; /* slots keep their numbers */
};

static inline uint32_t world_queues(const struct world_config *c)
{
	return queue_count(c->links);
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

/*
 * Numbers of packets of link @i, as they are: for whatever is told by bytes
 * that nobody can say of which packet they are.
 */
void world_canon_counts(uint32_t i, struct canon *f);

/* Each slot of @link is told by its number. */
void world_canon_number(uint32_t link, struct canon *f);

void world_canon(const struct world_view *v, uint32_t part, struct canon *f);

#endif
