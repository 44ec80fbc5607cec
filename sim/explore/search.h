/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every order of events: visits each state of a small world once, nearest
 * first, so that the first way to a violation is a shortest one. Knows states
 * and moves; what is right it is told by referees.
 */
#ifndef TWINRING_SIM_EXPLORE_SEARCH_H
#define TWINRING_SIM_EXPLORE_SEARCH_H

#include <signal.h>

#include "sim/explore/trace/result.h"
#include "sim/scenario/schema/config.h"
#include "sim/watch/referee.h"
#include "sim/world/cost_model.h"

enum { SEARCH_JOBS_MAX = 64 };

struct search_options {
	const struct referee_ops *const *referee;
	uint32_t referees;
	const struct cost_model *price; /* for the scenario's script */
	uint64_t max_states;            /* 0: as many as there are */
	uint32_t max_depth;             /* moves; 0: as many as it takes */
	bool first;                     /* end at the first violation */
	bool raw;          /* compare memory as it is, not its canonical form */
	bool no_reduction; /* try every order, also equal ones */
	bool no_symmetry;  /* slots keep their numbers */
	bool uncached;     /* ask the code about every state: as a reference */
	uint64_t seed;     /* of digests; 0: none */
	uint32_t jobs;     /* processes that look at states; 0: one */
	uint64_t round_states; /* for tests: between two meetings; 0: many */
	uint32_t audit; /* check every so many answers; 0: now and then */
	void (*progress)(void *to, uint64_t states, uint64_t waiting,
			 uint32_t depth);
	void *progress_to;
	const volatile sig_atomic_t *stop; /* set: end early; may be NULL */
};

enum search_end {
	SEARCH_DONE,
	SEARCH_BAD,   /* the scenario cannot be explored */
	SEARCH_FAILED /* out of memory */
};

/* Explores @sc. Where it returns anything but SEARCH_DONE, @error says why. */
enum search_end search_scenario(const struct scenario *sc,
				const struct search_options *options,
				struct search_result **out, char *error,
				size_t size);

void search_result_free(struct search_result *r);

/*
 * Tells the script of @sc as the counterexample of @f, which a run of it found:
 * a line is a move, and each step of a line with several. False with words in
 * @error when it cannot be told; the caller frees @v->step.
 */
bool search_retell(const struct scenario *sc,
		   const struct search_options *options,
		   const struct finding *f, struct search_violation *v,
		   char *error, size_t size);

#endif
