/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The result of an exploration for people, for programs, and as a scenario
 * that repeats what went wrong. Knows how it looks; not how it was found.
 */
#ifndef TWINRING_TOOLS_REPORT_EXPLORE_H
#define TWINRING_TOOLS_REPORT_EXPLORE_H

#include <stdio.h>

#include "sim/explore/search.h"
#include "tools/format/repeat.h"

enum { EXPLORED_ROUNDS = 5 };

/* One case of a benchmark: so many processes, and what each round took. */
struct explored_case {
	uint32_t jobs;
	uint64_t ns[EXPLORED_ROUNDS];
};

struct explored {
	const struct scenario *sc;
	struct search_result *result;
	const char *config; /* the scenario as it was explored, as YAML */
	const char *saved;  /* where the first story went, or NULL */
	const struct repeat *again; /* the command that explores it again */
	uint64_t seed;              /* of digests; 0: none */
	uint64_t resident_bytes;    /* of all processes, each at most */
	uint64_t wall_ns;
	struct explored_case bench[2]; /* one process, and several */
	uint32_t cases, rounds;        /* 0: it was no benchmark */
	bool large; /* what several processes share is in large pages */
};

/* The times of each case are put into order; wall_ns is one's median. */
void explored_sort(struct explored *o);

/*
 * Whether what the scenario expects was violated, all of it and nothing else;
 * where the first violation was enough, any of it.
 */
bool explored_passed(const struct scenario *sc, const struct search_result *r);

/* Whether states were left out that nobody asked to leave out. */
bool explored_cut_off(const struct search_result *r);

void explored_print(FILE *out, const struct explored *o);
void explored_print_violations(FILE *out, const struct explored *o);

/* For output_write(); @what is a struct explored. */
void explored_json(FILE *out, const void *what);
void explored_chart(FILE *out, const void *what);

#endif
