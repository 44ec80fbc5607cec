/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command that repeats a run, for a shell to read. Knows quoting and the
 * options of run that change what happens.
 */
#ifndef TWINRING_TOOLS_REPORT_REPEAT_H
#define TWINRING_TOOLS_REPORT_REPEAT_H

#include "sim/scenario/scenario.h"

/*
 * "twinring run FILE --seed N --set KEY=VALUE...", with the @count overrides
 * that @sc was loaded with. The caller frees it; NULL: out of memory.
 */
char *repeat_command(const struct scenario *sc,
		     const struct scenario_override *set, uint32_t count);

/* The same for "twinring swarm [FILE] --seeds N..N"; @file may be NULL. */
char *repeat_swarm(const char *file, uint64_t seed,
		   const struct scenario_override *set, uint32_t count);

#endif
