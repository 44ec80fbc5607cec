/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cached expansion: the code is asked once of all states that are alike for
 * what is asked, and what it said is looked up from then on, many states at a
 * time; it is known which moves commute, so that not every order of them is
 * tried. Knows what is remembered; not how it was learnt.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_CACHED_H
#define TWINRING_SIM_EXPLORE_BFS_CACHED_H

#include "sim/explore/bfs/expand.h"

/* For builds that see what the code reads (footprint_sees()). */
extern const struct expand_ops cached_ops;

#endif
