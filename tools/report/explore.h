/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The result of an exploration for people, for programs, and as a scenario
 * that repeats what went wrong. Knows how it looks; not how it was found.
 */
#ifndef TWINRING_TOOLS_REPORT_EXPLORE_H
#define TWINRING_TOOLS_REPORT_EXPLORE_H

#include <stdio.h>

#include "sim/search/search.h"

enum { EXPLORED_ROUNDS = 5 };

struct explored {
	const struct scenario *sc;
	struct search_result *result;
	const char *config; /* the scenario as it was explored, as YAML */
	const char *saved;  /* where the first story went, or NULL */
	uint64_t wall_ns;
	uint64_t round_ns[EXPLORED_ROUNDS]; /* of a benchmark */
	uint32_t rounds;                    /* 0: it was none */
};

uint64_t explored_median(const struct explored *o);

/* Whether only what the scenario expects was violated, and if so, anything. */
bool explored_held(const struct scenario *sc, const struct search_result *r);

void explored_print(FILE *out, const struct explored *o);
void explored_print_violations(FILE *out, const struct explored *o);

/* For output_write(); @what is a struct explored. */
void explored_json(FILE *out, const void *what);
void explored_chart(FILE *out, const void *what);

#endif
