/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ways through a graph that go round for ever while something lasts, though
 * everybody who can always move does so in the end. Knows graphs and marks on
 * their edges; neither rules nor actors.
 */
#ifndef TWINRING_SIM_EXPLORE_LIVENESS_CYCLE_H
#define TWINRING_SIM_EXPLORE_LIVENESS_CYCLE_H

#include "sim/explore/liveness/graph.h"

/* What is looked for. */
struct cycle_wanted {
	const bool *fair; /* by move: not put off for ever while possible */
	uint16_t lasts;   /* marks of states; one that never ends on the way */
	uint16_t shows;   /* marks of edges; on the way if that can be */
};

/* A way round: from its first state through its moves back to it. */
struct cycle {
	uint32_t state;
	uint8_t *move; /* the caller frees it */
	uint32_t moves;
	bool shows; /* an edge on it has such a mark */
};

enum cycle_end { CYCLE_FOUND, CYCLE_NONE, CYCLE_NO_MEMORY };

/* The cycle whose first state is nearest to the first of all. */
enum cycle_end cycle_find(const struct graph *g, const struct cycle_wanted *w,
			  struct cycle *out);

#endif
