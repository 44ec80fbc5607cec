/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a search found: violations, the shortest way to each, and how much was
 * looked at. Plain data.
 */
#ifndef TWINRING_SIM_EXPLORE_TRACE_RESULT_H
#define TWINRING_SIM_EXPLORE_TRACE_RESULT_H

#include "sim/scenario/schema/config.h"
#include "sim/watch/referee.h"

enum {
	SEARCH_VIOLATIONS_MAX = 32, /* that are kept, one a clause */
	TRACE_LINE = 128,
	TRACE_SLOTS = 8,     /* of the first link that are told of */
	TRACE_MESSAGES = 12, /* of one move that are kept */
	TRACE_MESSAGE = 48
};

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

/* Whether a violation of @clause was found. */
static inline bool search_found(const struct search_result *r,
				enum clause clause)
{
	for (uint32_t i = 0; i < r->violations; i++)
		if (r->violation[i].finding.clause == clause)
			return true;
	return false;
}

#endif
