/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random walks through a world before it is searched: which cells each question
 * always reads, and which moves write them. What comes of it makes a search
 * fast, and nothing depends on it. Knows questions by their numbers.
 */
#ifndef TWINRING_SIM_SEARCH_SURVEY_H
#define TWINRING_SIM_SEARCH_SURVEY_H

#include "sim/search/subject.h"

/*
 * Questions: what each move does, then each part of the canonical bytes, then
 * what can happen.
 */
static inline uint32_t question_fold(const struct subject *s, uint32_t part)
{
	return s->moves + part;
}

static inline uint32_t question_can(const struct subject *s)
{
	return s->moves + subject_folds(s);
}

static inline uint32_t questions(const struct subject *s)
{
	return question_can(s) + 1;
}

struct survey {
	uint32_t set_words; /* of a set of cells, a bit each */
	uint64_t *always;   /* by question: cells that it always read */
	uint64_t *writers;  /* by cell: moves that wrote it, a bit each */
	uint64_t *set;      /* scratch */
};

/* False: no memory. The subject is rewound. */
bool survey_make(struct survey *v, struct subject *s);
void survey_free(struct survey *v);

/* Cells that the footprint saw read, or written in part, are added to @set. */
void survey_reads(const struct subject *s, uint64_t *set);

#endif
