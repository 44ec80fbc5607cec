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
#include "sim/play/script_do.h"
#include "sim/scenario/schema/config.h"

enum {
	MOVES_MAX = 255,
	FINDINGS_MAX = 16, /* of one move that are kept */
	PLACES_MAX = 2 * VM_MAX + 4
};

/* One thing that can happen; a script's line does the same. */
struct move {
	struct script_op op;
	uint32_t nic; /* that sends */
};

/* How often what does not come from an actor has happened; in the world. */
struct env_budget {
	uint32_t sends[NIC_MAX]; /* by NIC; endless ones do not count */
	uint32_t resets;
	uint32_t queue_resets;
	uint32_t crashes;
	uint32_t unpairs;
	uint32_t lies;
};

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

/* With the first clause that a move broke: it broke others as well. */
enum { BROKE_SEVERAL = 0x8000 };

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

/* Whether move @m can happen now. */
bool sut_can(const struct sut *s, uint32_t m);

/* Lets it happen; what referees say is in s->court. */
void sut_do(struct sut *s, uint32_t m);

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

/* Whether move @m can be one of those that happen where nobody moves. */
bool sut_can_at_rest(const struct sut *s, uint32_t m);

/* No actor has anything to do, and none waits for a timer. */
bool sut_quiescent(const struct sut *s);

/* Asks what is still owed; the state is of no use afterwards. */
void sut_finish(struct sut *s);

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

void sut_save(const struct sut *s, uint64_t *to);
void sut_restore(struct sut *s, const uint64_t *from);

/* Slots keep their numbers, or states tell them by what they are only. */
void sut_numbers(struct sut *s, bool on);

/*
 * The canonical form of a state is told in parts, each as canon_end() does
 * it: canon_words() of s->canon.
 */
uint32_t sut_canons(const struct sut *s);
void sut_canon(struct sut *s, uint32_t part, uint64_t *out);

/* By canonical form, or by all bytes of memory as they are. */
uint64_t sut_digest(struct sut *s);
uint64_t sut_digest_raw(const struct sut *s);

/* The line of a script that does move @m. */
void sut_move_text(const struct sut *s, uint32_t m, char *out, size_t size);

#endif
