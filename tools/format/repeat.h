/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command that does something again, for a shell to read in any folder.
 * Knows quoting, and what paths start from; not what options mean.
 */
#ifndef TWINRING_TOOLS_FORMAT_REPEAT_H
#define TWINRING_TOOLS_FORMAT_REPEAT_H

#include "sim/scenario/scenario.h"

struct repeat {
	const char *verb;
	const char *file;    /* the scenario; "-": standard input; NULL: none */
	const char *options; /* that need no quotes, "--seed 7"; or NULL */
	bool seeded; /* these have the seed: what was --set is left out */
	const struct scenario_override *set;
	uint32_t sets;
	bool captured; /* a capture comes from standard input */
};

void repeat_put(FILE *out, const struct repeat *r);

/* The same as a text. The caller frees it; NULL: out of memory. */
char *repeat_command(const struct repeat *r);

/* Whether a capture of @sc comes from standard input. */
bool repeat_captured(const struct scenario *sc);

#endif
