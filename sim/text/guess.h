/* SPDX-License-Identifier: BSD-3-Clause */
/* "Did you mean": the nearest of many words; knows no file and no schema. */
#ifndef TWINRING_SIM_TEXT_GUESS_H
#define TWINRING_SIM_TEXT_GUESS_H

#include <stddef.h>

struct guess {
	const char *word; /* as it was typed */
	const char *best; /* nearest candidate so far, or NULL */
	unsigned far;     /* edits from word to best */
};

struct guess guess_of(const char *word);

/* Offers @candidate, which must outlive @g; of equals the first one stays. */
void guess_try(struct guess *g, const char *candidate);

/* "; did you mean 'best'?", or "" when nothing came near. */
const char *guess_words(const struct guess *g, char *out, size_t size);

/* Edits between two words: insert, delete, replace, swap neighbours. */
unsigned guess_distance(const char *a, const char *b);

#endif
