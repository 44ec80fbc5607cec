/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A scenario from YAML, read against one schema table, and back. Knows nothing
 * of running it.
 */
#ifndef TWINRING_SIM_SCENARIO_SCENARIO_H
#define TWINRING_SIM_SCENARIO_SCENARIO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/scenario/document/diag.h"
#include "sim/scenario/schema/config.h"

/*
 * Reads @file ("-": standard input), applies @count overrides, checks all of
 * it. Returns NULL after writing every error found to @talk, as
 * file:line:column with the line and a caret. The caller frees the result.
 */
struct scenario *scenario_load(const char *file,
			       const struct scenario_override *set,
			       uint32_t count, FILE *talk);

/* The same from @size bytes of memory; @file is for messages and paths. */
struct scenario *scenario_parse(const char *file, const char *text, size_t size,
				const struct scenario_override *set,
				uint32_t count, FILE *talk);

void scenario_free(struct scenario *sc);

/* Writes @sc with every default filled in, as YAML that loads to the same. */
void scenario_print(const struct scenario *sc, FILE *out);

#endif
