/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of designs that move packets between two VMs. Adding a design adds
 * a file and a row of paths.def; a path never names another.
 */
#ifndef TWINRING_MODEL_PATH_PATH_H
#define TWINRING_MODEL_PATH_PATH_H

#include "model/actor/actor.h"
#include "model/guest/guest_driver.h"
#include "model/host/path_ops.h"

/* How many there may be. */
enum { PATHS_MAX = 32 };

/* The path called @name, or NULL. */
const struct path_ops *path_find(const char *name);

/* The @i-th path, or NULL behind the last. */
const struct path_ops *path_at(uint32_t i);

/* The kind of driver in the VM at @end. */
const struct guest_driver_ops *path_driver(const struct path_ops *p,
					   uint32_t end);

/* Whether @end maps all RAM of its peer. */
bool path_maps_peer(const struct path_ops *p, uint32_t end);

/* Whether the worker at @worker reaches all RAM of the VM at @end. */
bool path_worker_reaches(const struct path_ops *p, uint32_t worker,
			 uint32_t end);

/* Whether the host works for it, and not guests alone. */
bool path_has_workers(const struct path_ops *p);

/* Whether its packets lie in slots of a region that both ends share. */
bool path_has_slots(const struct path_ops *p);

/* Who serves queue @queue: a worker of the host, or the peer's guest. */
actor_id path_server(const struct world_config *c, uint32_t queue);

/* Which there are; a program with others of its own says so when compiled. */
#ifndef TWINRING_PATHS
#define TWINRING_PATHS "model/path/paths.def"
#endif

#define PATH(name) extern const struct path_ops path_##name;
#include TWINRING_PATHS
#undef PATH

#endif
