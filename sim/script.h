/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Scripts: a scenario's steps, one a line, for what no ordinary traffic shows.
 * Parsing and doing are apart; docs/SCENARIO.md has the grammar.
 */
#ifndef TWINRING_SIM_SCRIPT_H
#define TWINRING_SIM_SCRIPT_H

#include "sim/app.h"
#include "sim/schedule.h"

enum script_verb {
	SCRIPT_SEND,   /* VM send BYTES [to VM] [xN] */
	SCRIPT_RUN,    /* run: until all rest; ACTOR run: until it rests */
	SCRIPT_STEP,   /* ACTOR step [N] */
	SCRIPT_EXPIRE, /* ACTOR expire: its timer runs out */
	SCRIPT_RESET,  /* VM reset */
	SCRIPT_CRASH,  /* VM crash */
	SCRIPT_UNPAIR, /* unpair [LINK] */
	SCRIPT_PAIR,   /* pair [LINK] */
	SCRIPT_POST,   /* VM post SLOT: a driver that lies */
	SCRIPT_TX,     /* VM tx SLOT BYTES: likewise */
	SCRIPT_TOUCH,  /* VM touch SLOT: likewise */
	SCRIPT_HAND,   /* VM hand SLOT BYTES: sends a frame in that slot */
	SCRIPT_GIVE,   /* VM give SLOT: gives it to the peer, if it would */
	SCRIPT_TAKE,   /* VM take: takes what waits, burst at most */
	SCRIPT_VERBS
};

struct script_op {
	enum script_verb verb;
	uint32_t actor; /* NO_ACTOR: all */
	uint32_t link;
	uint32_t to;
	uint32_t value; /* bytes, steps or slot */
	uint32_t more;  /* second number */
};

/* Understands one line; false with words in @error. */
bool script_parse(struct script_op *op, const struct world_config *c,
		  const char *text, char *error, size_t size);

/* Does it. False with words in @error when it cannot be done now. */
bool script_do(const struct script_op *op, struct scheduler *s, struct app *a,
	       char *error, size_t size);

#endif
