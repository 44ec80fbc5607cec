/* SPDX-License-Identifier: BSD-3-Clause */
/* A scenario from a file, with an exit code that says why there is none. */
#ifndef TWINRING_TOOLS_LINE_LOAD_H
#define TWINRING_TOOLS_LINE_LOAD_H

#include "sim/scenario/scenario.h"
#include "tools/line/args.h"

enum { SETS_MAX = 256 }; /* overrides on one command line */

/* What was --set, in that order. */
struct load_sets {
	struct scenario_override set[SETS_MAX];
	uint32_t count;
};

/*
 * Adds the --set that says @text. An exit code, after words where there are too
 * many.
 */
int load_set(const struct args_verb *verb, struct load_sets *sets,
	     const char *text);

/*
 * Loads @file with @sets (NULL: none) into *out, NULL after an error, which
 * went to standard error. Returns an exit code.
 */
int load_scenario(const char *file, const struct load_sets *sets,
		  struct scenario **out);

/* What messages call @file. */
const char *load_name(const char *file);

#endif
