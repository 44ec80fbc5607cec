/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical bytes of stores that wait to be seen. Knows what they are to a
 * ring; what lies in the ring is told by ring_fold.
 */
#ifndef TWINRING_SIM_SEARCH_STORE_FOLD_H
#define TWINRING_SIM_SEARCH_STORE_FOLD_H

#include "sim/fold.h"
#include "sim/world.h"

/* Both halves of queue @id; drv may be NULL. */
struct store_queue {
	const struct split_driver *drv;
	const struct split_device *dev;
};

/*
 * Puts descriptors, entries and elements that wait into memory, and takes them
 * out again: rings are told as they will be, and apart from that what waits.
 */
void store_fold_show(const struct world *w);
void store_fold_hide(const struct world *w);

/* Writes what waits; @queue by queue_id(), whose names and bases are in @f. */
void store_fold(const struct world *w, const struct store_queue *queue,
		struct fold *f);

/* Whether only memory as it is tells states apart. */
bool store_fold_cannot(const struct world_config *c);

#endif
