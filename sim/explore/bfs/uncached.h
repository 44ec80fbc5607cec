/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from a state, in a build that does not see what the code reads:
 * then the code does every move, and nothing is remembered. Knows no more than
 * expand, of which it takes the place.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_UNCACHED_H
#define TWINRING_SIM_EXPLORE_BFS_UNCACHED_H

#include "sim/explore/bfs/expand.h"

/* As expand_states() does it, for one state. */
uint64_t uncached_expand(struct expand *e, const struct waiting *w, uint32_t n,
			 uint64_t *out);

#endif
