/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory of the world that a search moves, as words: which of them any move
 * has changed so far, what they held at first, and snapshots of them. Knows
 * addresses; not what lies there.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_SUT_WORDS_H
#define TWINRING_SIM_EXPLORE_SUT_SUT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/numbers/limits.h"

struct sut;

enum { PLACES_MAX = 2 * VM_MAX + 4 };

/* Memory that moves may change, and as it was at first. */
struct place {
	uint64_t *at;
	uint64_t *first;
	size_t words;
};

enum {
	WORD_NONE = 0xffffffff, /* never changed so far */
	WORD_NEVER = 0xfffffffe /* no part of a state */
};

/* Where the state lies; for sut_open(). */
void sut_places_find(struct sut *s);

/* Keeps what lies there now as the first state. False: no memory. */
bool sut_places_keep(struct sut *s);

/*
 * A snapshot holds the words of memory that any move has changed so far, each
 * as it differs from the first state: so a snapshot goes on being right with
 * one word more, which is zero in it. sut_learn() looks for words that have
 * just changed for the first time: true if there are any.
 */
bool sut_learn(struct sut *s);
void sut_rewind(struct sut *s);

/* The same, if only words that the footprint saw written can have changed. */
bool sut_learn_written(struct sut *s);

/* The same, if somebody else saw that word of the state change. */
void sut_word_add(struct sut *s, uint32_t word);

/* Knows no more than the first @words of them. */
void sut_words_cut(struct sut *s, uint32_t words);

void sut_save(const struct sut *s, uint64_t *to);
void sut_restore(struct sut *s, const uint64_t *from);

/* By all bytes of memory as they are. */
uint64_t sut_digest_raw(const struct sut *s);

#endif
