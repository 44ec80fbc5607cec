/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can happen in the world that a search moves: each step of an actor, and
 * what a scenario lets its surroundings do, so many times. Knows moves; not
 * what they write.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_SUT_MOVES_H
#define TWINRING_SIM_EXPLORE_SUT_SUT_MOVES_H

#include "sim/play/script_do.h"
#include "sim/scenario/schema/config.h"

struct sut;

enum { MOVES_MAX = 255 };

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

/* Whether there are few enough moves, and lies. False with words in @error. */
bool sut_moves_fit(const struct scenario *sc, char *error, size_t size);

/* Lists all that can ever happen; for sut_open(). */
void sut_moves_list(struct sut *s);

/* Whether move @m can happen now. */
bool sut_can(const struct sut *s, uint32_t m);

/* Lets it happen; what referees say is in s->court. */
void sut_do(struct sut *s, uint32_t m);

/* Whether move @m can be one of those that happen where nobody moves. */
bool sut_can_at_rest(const struct sut *s, uint32_t m);

/* The line of a script that does move @m. */
void sut_move_text(const struct sut *s, uint32_t m, char *out, size_t size);

#endif
