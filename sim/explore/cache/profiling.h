/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random walks through a world before it is searched: how memory falls into
 * variables, which of them each query always reads, and which are written
 * together. What comes of it makes a search fast, and nothing that is found
 * depends on it. Knows queries by their numbers.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_PROFILING_H
#define TWINRING_SIM_EXPLORE_CACHE_PROFILING_H

#include "sim/explore/sut/variables.h"

enum {
	PROFILING_STEPS = 2048,
	PROFILING_WORDS = PROFILING_STEPS / 64,
	PROFILING_STATES = 1024
};

/* Queries: each part of the canonical form, then what each move does. */
static inline uint32_t query_move(const struct sut *s, uint32_t m)
{
	return sut_canons(s) + m;
}

static inline uint32_t queries(const struct sut *s)
{
	return sut_canons(s) + s->moves;
}

struct profiling {
	struct sut *s;
	struct variables *variables;
	uint32_t set_words; /* of a set of variables */
	uint64_t *first;    /* by query: variables that it always read */
	uint64_t *always;   /* the same, whenever the move could happen */
	uint64_t *written;  /* by variable: steps in which it was, a bit each */
	uint64_t *held; /* by variable and state: a number for what it held */
	struct trie_reads read;
	uint64_t *set;
};

/* Puts memory into @variables. False: no memory. The system under test is
 * rewound. */
bool profiling_make(struct profiling *v, struct sut *s,
		    struct variables *variables);
void profiling_free(struct profiling *v);

#endif
