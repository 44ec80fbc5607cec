/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of designs that move packets between two VMs. Adding a design adds
 * a file and a row; a path never names another.
 */
#ifndef TWINRING_MODEL_PATH_PATH_H
#define TWINRING_MODEL_PATH_PATH_H

#include "model/actor/actor.h"
#include "model/guest/guest_driver.h"
#include "model/host/path_ops.h"

/* The path called @name, or NULL. */
const struct path_ops *path_find(const char *name);

/* The @i-th path, or NULL behind the last. */
const struct path_ops *path_at(uint32_t i);

/* Whether its packets lie in slots of a region that both ends share. */
bool path_has_slots(const struct path_ops *p);

/* Who serves queue @queue: a worker of the host, or the peer's guest. */
actor_id path_server(const struct world_config *c, uint32_t queue);

extern const struct path_ops path_shared_buffers;
extern const struct path_ops path_copy;
extern const struct path_ops path_vhost_pci;

#endif
