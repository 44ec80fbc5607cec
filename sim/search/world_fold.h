/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical bytes of a world that has no clock: machines, drivers, devices,
 * workers, applications. Knows every part of the model that can change; who
 * judges it must not know.
 */
#ifndef TWINRING_SIM_SEARCH_WORLD_FOLD_H
#define TWINRING_SIM_SEARCH_WORLD_FOLD_H

#include "sim/app.h"
#include "sim/fold.h"
#include "sim/world.h"

/* False with words in @error when worlds like @c cannot be folded. */
bool world_fold_can(const struct world_config *c, char *error, size_t size);

/* Writes @w and its applications; f->queue and f->seq are set for referees. */
void world_fold(const struct world *w, const struct app *a, struct fold *f);

#endif
