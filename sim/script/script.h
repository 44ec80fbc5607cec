/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Scripts: a scenario's steps, one a line, for what no ordinary traffic shows;
 * docs/SCENARIO.md has the grammar. Knows words and who is named by them; what
 * a step does it must not know.
 */
#ifndef TWINRING_SIM_SCRIPT_SCRIPT_H
#define TWINRING_SIM_SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/actor/actor.h"

enum { SCRIPT_MISTAKES_MAX = 4, SCRIPT_MISTAKE = 256 };

/* No link is named: what is sent goes by any that joins the two. */
#define ANY_LINK UINT32_MAX

enum script_verb {
	SCRIPT_SEND,      /* VM send BYTES [to VM] [on LINK|any] [xN] */
	SCRIPT_RUN,       /* run: until all rest; ACTOR run: until it rests */
	SCRIPT_STEP,      /* ACTOR step [N] */
	SCRIPT_EXPIRE,    /* ACTOR expire: its timer runs out */
	SCRIPT_FLUSH,     /* ACTOR flush [N]: its Nth waiting store is seen */
	SCRIPT_RESET,     /* VM reset */
	SCRIPT_RESET_RX,  /* VM reset rx [LINK]: that queue by itself */
	SCRIPT_RESET_TX,  /* VM reset tx [LINK] */
	SCRIPT_CRASH,     /* VM crash */
	SCRIPT_UNPAIR,    /* unpair [LINK] */
	SCRIPT_PAIR,      /* pair [LINK] */
	SCRIPT_POST,      /* VM post SLOT [on LINK]: a driver that lies */
	SCRIPT_TX,        /* VM tx SLOT BYTES [on LINK]: likewise */
	SCRIPT_TOUCH,     /* VM touch SLOT [on LINK]: likewise */
	SCRIPT_DROP_KICK, /* VM drop kick [LINK]: its next one */
	SCRIPT_DROP_CALL, /* VM drop call [LINK] */
	SCRIPT_KICK,      /* VM kick [LINK]: without a cause */
	SCRIPT_CALL,      /* VM call [LINK]: likewise */
	SCRIPT_ACCEPT,    /* VM accept FEATURE=on|off...: and resets */
	SCRIPT_POKE,      /* VM poke WINDOW OFFSET WORD */
	SCRIPT_REGISTER,  /* VM register LINK OFFSET VALUE */
	SCRIPT_HEAL,      /* heal: unpaired links paired, lost sent again */
	SCRIPT_REPEAT,    /* repeat N: the last N lines, for ever */
	SCRIPT_HAND, /* VM hand SLOT BYTES [on LINK]: a frame in that slot */
	SCRIPT_GIVE, /* VM give SLOT [on LINK]: to the peer, if it would */
	SCRIPT_TAKE, /* VM take [on LINK]: what waits, burst at most */
	SCRIPT_VERBS
};

struct script_op {
	enum script_verb verb;
	uint32_t actor; /* NO_ACTOR: all */
	uint32_t link;  /* or window; ANY_LINK: of sends, whichever is first */
	uint32_t to;
	uint32_t value; /* bytes, steps, slot or offset */
	uint32_t more;  /* second number */
	uint64_t features;
};

/* The first link between @from and @to (NO_ACTOR: anyone); NO_ACTOR: none. */
uint32_t script_link(const struct world_config *c, uint32_t from, uint32_t to);

/* What is wrong with a word or some of a line. */
struct script_mistake {
	uint32_t at; /* bytes from the line's beginning */
	uint32_t length;
	char text[SCRIPT_MISTAKE];
};

struct script_mistakes {
	struct script_mistake list[SCRIPT_MISTAKES_MAX];
	uint32_t count;
};

/*
 * Understands one line: what it names is there, and numbers are in their
 * ranges. False with all mistakes in *@m, or the first SCRIPT_MISTAKES_MAX.
 */
bool script_read(struct script_op *op, const struct world_config *c,
		 const char *text, struct script_mistakes *m);

/* Why a world of @c can never do @op, which was understood; NULL: it may. */
const char *script_never(const struct script_op *op,
			 const struct world_config *c);

/* Understands one line; false with the first mistake in @error. */
bool script_parse(struct script_op *op, const struct world_config *c,
		  const char *text, char *error, size_t size);

/* The line that script_parse() understands as @op. */
void script_text(const struct script_op *op, const struct world_config *c,
		 char *out, size_t size);

#endif
