/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The result of a swarm for people and for programs. Knows how it looks; not
 * how it was found.
 */
#ifndef TWINRING_TOOLS_REPORT_SWARM_H
#define TWINRING_TOOLS_REPORT_SWARM_H

#include <stdio.h>

#include "sim/swarm/swarm.h"

enum { SWARMED_FAILURES = 16 }; /* that are told of one by one */

/* A seed that broke a rule. */
struct swarmed_failure {
	uint64_t seed;
	const char *file; /* of its scenario; NULL: the seed made it */
	struct swarm_result result;
	char actor[2 * NAME_SIZE];
	char *command; /* that repeats it */
};

struct swarmed {
	uint64_t first, last; /* seeds asked for, or time enough for */
	uint32_t scenarios;   /* that were named */
	uint64_t worlds;      /* that were run */
	uint64_t failed;      /* of them */
	uint64_t steps, strikes, writes;
	uint32_t work; /* at most, in one step */
	uint64_t digest;
	bool interrupted;
	uint32_t jobs;
	uint64_t wall_ns;
	struct swarmed_failure failure[SWARMED_FAILURES];
	uint32_t failures;
	const char *saved; /* where the first went, or NULL */
};

void swarmed_print(FILE *out, const struct swarmed *s);
void swarmed_print_failures(FILE *out, const struct swarmed *s);

/* For output_write(); @what is a struct swarmed. */
void swarmed_json(FILE *out, const void *what);

#endif
