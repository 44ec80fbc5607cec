/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every order of events: visits each state of a small world once, nearest
 * first, so that the first way to a violation is a shortest one. Knows states
 * and moves; what is right it is told by referees.
 */
#ifndef TWINRING_SIM_EXPLORE_SEARCH_H
#define TWINRING_SIM_EXPLORE_SEARCH_H

#include <signal.h>

#include "sim/scenario/scenario.h"
#include "sim/cost_model.h"
#include "sim/referee.h"

enum {
	SEARCH_VIOLATIONS_MAX = 32, /* that are kept, one a clause */
	TRACE_LINE = 128,
	TRACE_SLOTS = 8,     /* of the first link that are told of */
	TRACE_MESSAGES = 12, /* of one move that are kept */
	TRACE_MESSAGE = 48
};

enum { SEARCH_JOBS_MAX = 64 };

/* States and moves that a search can number. */
#define SEARCH_STATES_MAX UINT32_C(0x7fffffff)

/* Something that went from one actor to another, or was one's own affair. */
struct trace_message {
	uint32_t from, to;
	char text[TRACE_MESSAGE];
};

/* Who believes to hold a slot: a VM's number, or one of these. */
enum { HELD_BY_NOBODY = 0xfe, HELD_BY_BOTH = 0xff };

/* One move of a counterexample. */
struct trace_step {
	char move[SCRIPT_LINE]; /* as a line of a script */
	char what[TRACE_LINE];  /* what others could see of it */
	char slots[64];         /* who believes to hold each, of one link */
	uint32_t actor;         /* lane; NO_ACTOR: whoever runs the host */
	struct trace_message mark[TRACE_MESSAGES];
	uint32_t marks;
	uint8_t holder[TRACE_SLOTS];
	uint32_t holders;
	enum clause broken; /* by this move, for the first time; or none */
};

/* A broken rule and the shortest way there. */
struct search_violation {
	struct finding finding;
	/*
	 * All that the last move broke, the first of them in finding, and what
	 * was overlooked on the way.
	 */
	struct clause_list clauses;
	bool at_rest; /* something is still owed when nothing moves */
	char actor[2 * NAME_SIZE];
	struct trace_step *step;
	uint32_t steps;
	uint32_t cycle; /* the last so many go on for ever */
};

struct search_result {
	bool complete;    /* every state was seen, within the rules */
	bool interrupted; /* somebody asked to stop */
	bool enough;      /* it ended with the first violation, as asked */
	bool reduced;     /* orders were left out that make no difference */
	bool symmetric;   /* states that differ by slots' numbers are one */
	const char *why;  /* it is not complete: words */
	uint64_t states;
	uint64_t remembered; /* what follows from what, by digests as well */
	uint64_t transitions;
	uint64_t rests; /* states in which nobody has anything to do */
	uint32_t depth; /* of the last state that was looked at */
	uint64_t visited_bytes;
	uint64_t parent_log_bytes;
	uint64_t remembered_bytes;
	uint64_t frontier_bytes; /* at most, at any time */
	uint32_t snapshot_bytes; /* of one state, as it lies in memory */
	uint64_t found;          /* violating moves in all */
	uint64_t judged; /* states between which cycles were looked for */
	uint64_t cycles; /* that were found: one each for all that can last */
	struct search_violation violation[SEARCH_VIOLATIONS_MAX];
	uint32_t violations;
};

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
 * Writes @v as a scenario that run replays to the same clauses. False: out of
 * memory.
 */
bool search_write(const struct scenario *sc, const struct search_violation *v,
		  FILE *out);

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
