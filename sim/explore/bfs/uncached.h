/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Uncached expansion, the reference: the code does every move of every state,
 * nothing of what it said is remembered, and every order of moves is tried. It
 * does without seeing what the code reads.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_UNCACHED_H
#define TWINRING_SIM_EXPLORE_BFS_UNCACHED_H

#include "sim/explore/bfs/expand.h"

extern const struct expand_ops uncached_ops;

#endif
