/* SPDX-License-Identifier: BSD-3-Clause */
/* The tape itself, for those who fill it (tape_open.c) and play it (tape.c). */
#ifndef TWINRING_SIM_TRAFFIC_TAPE_PAIRS_H
#define TWINRING_SIM_TRAFFIC_TAPE_PAIRS_H

#include <assert.h>

#include "sim/traffic/source.h"
#include "sim/traffic/tape.h"

/* The sources from one VM to another: a stretch of tape.source. */
struct pair {
	uint32_t first;
	uint16_t count;
	bool loops; /* some of them wait for deliveries */
};

struct tape {
	struct source *source; /* by pair, then as they were added */
	uint32_t sources;
	uint64_t packets;
	uint32_t vms;
	struct pair *pair; /* by sender, then receiver */
	struct recording *recording[TRAFFIC_MAX];
};

/* Those from VM @from to VM @to. */
static inline struct pair *pair_of(const struct tape *t, uint32_t from,
				   uint32_t to)
{
	assert(from < t->vms && to < t->vms);
	return &t->pair[from * t->vms + to];
}

#endif
