/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of designs that move packets between two VMs. Adding a design adds
 * a file and a row; a path never names another.
 */
#ifndef TWINRING_MODEL_PATH_PATH_H
#define TWINRING_MODEL_PATH_PATH_H

#include "model/host/path_ops.h"

/* The path called @name, or NULL. */
const struct path_ops *path_find(const char *name);

/* The @i-th path, or NULL behind the last. */
const struct path_ops *path_at(uint32_t i);

extern const struct path_ops path_shared_buffers;
extern const struct path_ops path_copy;
extern const struct path_ops path_vhost_pci;

#endif
