/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a seed makes of a world: machines, links, sizes, policies, and what is
 * to go wrong. Knows what a scenario may say; not how one is run.
 */
#ifndef TWINRING_SIM_SWARM_WORLD_GENERATOR_H
#define TWINRING_SIM_SWARM_WORLD_GENERATOR_H

#include <stdio.h>

#include "sim/scenario/schema/config.h"
#include "sim/world/rng.h"

enum { PLAN_FRAME_MOST = 1200 };

/* Writes the scenario that @seed stands for, as YAML, without faults. */
void world_write(uint64_t seed, FILE *out);

/* Gives @sc, which has none, the faults that its seed chooses. */
void draw_faults(struct scenario *sc);

#endif
