/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a search moves: a world without a clock, its applications and referees,
 * and how often something may still be done to it. Knows how to do a move,
 * to put a state back and to tell it by its canonical form; not which move is
 * next.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_SUT_H
#define TWINRING_SIM_EXPLORE_SUT_SUT_H

#include "model/canon/canon.h"
#include "sim/world/world_canon.h"
#include "sim/court/court.h"
#include "sim/explore/sut/sut_moves.h"
#include "sim/explore/sut/sut_words.h"
#include "sim/scenario/schema/config.h"

/* With the first clause that a move broke: it broke others as well. */
enum { BROKE_SEVERAL = 0x8000 };

enum { FINDINGS_MAX = 16 }; /* of one move that are kept */

struct sut {
	const struct scenario *sc;
	struct world w;
	struct app app;
	struct scheduler sched;
	struct cost_model no_price;
	struct court court; /* what the last move broke; what is overlooked */
	struct violation room[FINDINGS_MAX];
	struct env_budget *env_budget;
	struct move move[MOVES_MAX];
	uint32_t moves;
	struct place place[PLACES_MAX];
	uint32_t places;
	uint64_t **word;      /* that any move has changed so far */
	uint64_t *word_first; /* what each held at first */
	uint32_t words;
	uint64_t *state_first; /* by word of the world's state: at first */
	uint32_t *number_of;   /* the same: which word of those it is */
	uint64_t time;         /* at which everything happens */
	struct world_view view;
	struct canon canon;
	uint8_t *form;
	struct clause_list begun_with; /* overlooked in the script before */
};

/*
 * The first half of sut_open(): the world of @sc with its applications and
 * referees, before the script, with a clock that goes at the prices of @price.
 */
bool sut_build(struct sut *s, const struct scenario *sc,
	       const struct referee_ops *const *ops, uint32_t referees,
	       const struct cost_model *price, char *error, size_t size);

/*
 * Builds the world of @sc, does its script at the prices of @price, and stops
 * the clock. False with words in @error.
 */
bool sut_open(struct sut *s, const struct scenario *sc,
	      const struct referee_ops *const *ops, uint32_t referees,
	      const struct cost_model *price, char *error, size_t size);
void sut_close(struct sut *s);

/* Something was found in the last move, or was owed at rest. */
static inline bool sut_broken(const struct sut *s)
{
	return s->court.found > 0;
}

/* The @i-th of what was found, of s->court.kept. */
static inline const struct finding *sut_finding(const struct sut *s, uint32_t i)
{
	assert(i < s->court.kept);
	return &s->room[i].finding;
}

/*
 * The first clause that it broke, or CLAUSE_NONE; with BROKE_SEVERAL, if that
 * is not all.
 */
uint16_t sut_broke(const struct sut *s);

/* No actor has anything to do, and none waits for a timer. */
bool sut_quiescent(const struct sut *s);

/* Asks what is still owed; the state is of no use afterwards. */
void sut_finish(struct sut *s);

/* Where in the state the @i-th of them is. */
static inline uint32_t sut_word_at(const struct sut *s, uint32_t i)
{
	return (uint32_t)(s->word[i] - (const uint64_t *)s->w.state.base);
}

/* Words of a snapshot, in groups of eight; those beyond them are zero. */
static inline uint32_t sut_words(const struct sut *s)
{
	return (s->words + 7) / 8 * 8;
}

/* Slots keep their numbers, or states tell them by what they are only. */
void sut_numbers(struct sut *s, bool on);

/*
 * The canonical form of a state is told in parts, each as canon_end() does
 * it: canon_words() of s->canon.
 */
uint32_t sut_canons(const struct sut *s);
void sut_canon(struct sut *s, uint32_t part, uint64_t *out);

/* By canonical form. */
uint64_t sut_digest(struct sut *s);

#endif
