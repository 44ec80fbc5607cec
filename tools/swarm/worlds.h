/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The worlds of a swarm, by number: one for each seed, or one for each seed and
 * each scenario that was named. Knows scenarios; not what comes of them.
 */
#ifndef TWINRING_TOOLS_SWARM_WORLDS_H
#define TWINRING_TOOLS_SWARM_WORLDS_H

#include "sim/scenario/scenario.h"
#include "tools/line/load.h"

enum { WORLDS_FILES_MAX = 256 };

struct worlds {
	uint64_t first; /* seed */
	const struct load_sets *sets;
	char **file;
	uint32_t files;                        /* 0: seeds make worlds */
	struct scenario *sc[WORLDS_FILES_MAX]; /* those that were named */
};

uint64_t worlds_seed(const struct worlds *w, uint64_t world);

/* The scenario that was named for it, or NULL. */
const char *worlds_file(const struct worlds *w, uint64_t world);

/* The world of @seed and of @file, which worlds_file() gave. */
uint64_t worlds_number(const struct worlds *w, uint64_t seed, const char *file);

/*
 * The scenario of @world, for which there is room in @copy. NULL after words on
 * standard error. worlds_drop() ends its use.
 */
struct scenario *worlds_scenario(const struct worlds *w, uint64_t world,
				 struct scenario *copy);
void worlds_drop(const struct worlds *w, struct scenario *sc);

#endif
