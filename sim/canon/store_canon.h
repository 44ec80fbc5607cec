/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of stores that wait to be seen. Knows what they are to a
 * ring; what lies in the ring is told by split_canon.
 */
#ifndef TWINRING_SIM_CANON_STORE_CANON_H
#define TWINRING_SIM_CANON_STORE_CANON_H

#include "model/canon/canon.h"
#include "sim/world/world.h"

/* Both halves of queue @id; drv may be NULL. */
struct store_queue {
	const struct split_driver *drv;
	const struct split_device *dev;
};

/*
 * Puts descriptors, entries and elements that wait into memory, and takes them
 * out again: rings are told as they will be, and apart from that what waits.
 */
void store_canon_show(const struct world *w);
void store_canon_hide(const struct world *w);

/* Writes what waits; @queue by queue_id(), whose names and bases are in @f. */
void store_canon(const struct world *w, const struct store_queue *queue,
		 struct canon *f);

/* Whether only memory as it is tells states apart. */
bool store_canon_cannot(const struct world_config *c);

#endif
