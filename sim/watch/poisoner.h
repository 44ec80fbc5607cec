/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How one fences slots off from the drivers that do not hold them, in builds
 * with a memory checker: each driver sees the slots of a link through a view
 * of its own. Who holds what is the guard's own affair.
 */
#ifndef TWINRING_SIM_WATCH_POISONER_H
#define TWINRING_SIM_WATCH_POISONER_H

#include "sim/watch/referee.h"

struct poisoner_ops {
	/* Hears of every event, and opens and closes slots; finds nothing. */
	const struct referee_ops *referee;
	void (*watch)(void *self, const struct event *ev, uint32_t places);
	/* Where the driver at @end of @link sees the @size bytes at @bar. */
	uint8_t *(*view)(const struct world_config *c, uint32_t link,
			 uint32_t end, uint8_t *bar, uint64_t size);
};

#endif
