/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a line of a script is read and printed, word by word. For the files of
 * this folder only.
 */
#ifndef TWINRING_SIM_SCRIPT_SCRIPT_VERBS_H
#define TWINRING_SIM_SCRIPT_SCRIPT_VERBS_H

#include "sim/script/script.h"

enum { WORDS_MAX = 16, NEAR = 80 };

struct words {
	char text[128];
	char *word[WORDS_MAX];
	uint32_t count;
};

/* A line as it is printed: what does not fit is cut off. */
struct line {
	char *at;
	size_t room; /* with the final NUL */
};

/* A line as it is read. */
struct reading {
	struct script_op *op;
	const struct world_config *c;
	const struct verb *verb;
	struct words w;
	uint32_t at; /* next word */
	bool lacks;  /* that something has to follow was said */
	struct script_mistakes *m;
};

/* One verb: what follows it, and who may do it. */
struct verb {
	const char *name;  /* one word or two */
	const char *takes; /* what follows, as docs/SCENARIO.md spells it */
	enum script_verb verb;
	void (*read)(struct reading *r);
	void (*print)(const struct script_op *op, const struct world_config *c,
		      struct line *out);
	bool workers; /* not only VMs */
};

/* What an actor does, and what befalls everybody; up to one without a name. */
extern const struct verb script_verbs[], script_fates[];

__attribute__((format(printf, 2, 3))) void line_put(struct line *to,
						    const char *format, ...);

/* False: there is nothing, or too much. */
bool words_split(struct words *w, const char *text);

/* Something is wrong with words @first to @last. */
__attribute__((format(printf, 4, 5))) void reading_mistake(struct reading *r,
							   uint32_t first,
							   uint32_t last,
							   const char *format,
							   ...);

/* Whether there is another word. */
bool reading_more(const struct reading *r);

/* Something has to follow and does not. */
void reading_lack(struct reading *r);

/* @what of the verb, a number in @word, which is the @at-th or part of it. */
bool reading_part(struct reading *r, uint32_t at, const char *word,
		  const char *what, uint32_t least, uint32_t most,
		  uint32_t *out);

/* The next word, a number. */
bool reading_number(struct reading *r, const char *what, uint32_t least,
		    uint32_t most, uint32_t *out);

#endif
