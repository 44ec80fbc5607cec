/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a world is made of: memory of machines and what each maps of others,
 * links, drivers, actors, and what each party was granted. Knows drivers and
 * paths by their operations alone.
 */
#ifndef TWINRING_SIM_WORLD_WORLD_BUILD_H
#define TWINRING_SIM_WORLD_WORLD_BUILD_H

#include "sim/world/world.h"

/*
 * Bytes of state that world_build() takes at most: generous, as what is left
 * over costs nothing until it is touched.
 */
size_t world_build_size(const struct world_config *c);

/* Builds @w out of its arenas, with probe and costs there; nobody has moved. */
void world_build(struct world *w, const struct poisoner_ops *guard);

#endif
