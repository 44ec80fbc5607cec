/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random walks through a world before it is searched: how memory falls into
 * cells, which of them each question always reads, and which are written
 * together. What comes of it makes a search fast, and nothing that is found
 * depends on it. Knows questions by their numbers.
 */
#ifndef TWINRING_SIM_SEARCH_SURVEY_H
#define TWINRING_SIM_SEARCH_SURVEY_H

#include "sim/search/cells.h"

enum {
	SURVEY_STEPS = 2048,
	SURVEY_WORDS = SURVEY_STEPS / 64,
	SURVEY_STATES = 1024
};

/* Questions: each part of the canonical bytes, then what each move does. */
static inline uint32_t question_move(const struct subject *s, uint32_t m)
{
	return subject_folds(s) + m;
}

static inline uint32_t questions(const struct subject *s)
{
	return subject_folds(s) + s->moves;
}

struct survey {
	struct subject *s;
	struct cells *cells;
	uint32_t set_words; /* of a set of cells */
	uint64_t *first;    /* by question: cells that it always read */
	uint64_t *always;   /* the same, whenever the move could happen */
	uint64_t *written;  /* by cell: steps in which it was, a bit each */
	uint64_t *held;     /* by cell and state: a number for what it held */
	struct memo_reads read;
	uint64_t *set;
};

/* Puts memory into @cells. False: no memory. The subject is rewound. */
bool survey_make(struct survey *v, struct subject *s, struct cells *cells);
void survey_free(struct survey *v);

#endif
