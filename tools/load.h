/* SPDX-License-Identifier: BSD-3-Clause */
/* A scenario from a file, with an exit code that says why there is none. */
#ifndef TWINRING_TOOLS_LOAD_H
#define TWINRING_TOOLS_LOAD_H

#include "sim/input/scenario.h"

/*
 * Loads @file with @count overrides into *out, NULL after an error, which went
 * to standard error. Returns an exit code.
 */
int load_scenario(const char *file, const struct scenario_override *set,
		  uint32_t count, struct scenario **out);

/* What messages call @file. */
const char *load_name(const char *file);

#endif
