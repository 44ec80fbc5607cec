/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers to questions about a state, such as what a move makes of it. An
 * answer holds in every state that has the same words wherever the question
 * was seen to read: so it is asked of the code once, and then remembered. Knows
 * numbers of questions and of cells; not what they mean.
 */
#ifndef TWINRING_SIM_SEARCH_MEMO_H
#define TWINRING_SIM_SEARCH_MEMO_H

#include "sim/search/share.h"
#include "sim/search/table.h"

/*
 * One cell and what it holds, as a number; a sum of those tells which cells
 * hold what.
 */
static inline uint64_t memo_mix(uint32_t cell, uint64_t value)
{
	uint64_t odd = UINT64_C(0x9e3779b97f4a7c15) * (2 * (uint64_t)cell + 1);
	unsigned __int128 x =
		(unsigned __int128)(value ^ (odd << 32 | odd >> 32)) *
		(odd ^ UINT64_C(0xd1b54a32d192ed02));

	return (uint64_t)x ^ (uint64_t)(x >> 64);
}

/*
 * A state: which contents its blocks have, by number, and where in these each
 * cell's memo_mix() is.
 */
struct memo_state {
	const uint64_t *word;   /* contents */
	const uint32_t *number; /* by block: where its content begins */
	const uint32_t *place; /* by cell: its block << 16 | words from there */
};

static inline uint64_t memo_cell(const struct memo_state *s, uint32_t cell)
{
	uint32_t place = s->place[cell];

	return s->word[s->number[place >> 16] + (place & UINT16_MAX)];
}

struct memo {
	struct table table;     /* from what was read to an answer, or on */
	struct share_pool pool; /* nodes and answers */
	uint64_t *root;         /* by question: its first node; shared */
	uint64_t *begun;        /* the one that it began with */
	uint32_t questions;
	uint32_t words; /* of a set of cells, a bit each */
};

/* False: no memory. */
bool memo_open(struct memo *m, uint32_t questions, uint32_t cells, bool shared);
void memo_close(struct memo *m);

/* Question @q reads cells @first whatever happens: what to look at first. */
bool memo_begin(struct memo *m, uint32_t q, const uint64_t *first);

/*
 * There are cells more, @cells: whatever was told so far holds where these are
 * zero. Nobody else may ask meanwhile. False: no memory.
 */
bool memo_widen(struct memo *m, const uint64_t *cells);

/*
 * The same for all that ever came, @cells: a shorter way to what was told
 * before the first of them, but what was told since is forgotten where one is
 * not zero.
 */
bool memo_shorten(struct memo *m, const uint64_t *cells);

/* The answer to @q in state @s, as a number; 0: nobody has asked. */
uint32_t memo_ask(const struct memo *m, uint32_t q, const struct memo_state *s);

/* The same, and adds to @cells those that say so. */
uint32_t memo_trace(const struct memo *m, uint32_t q,
		    const struct memo_state *s, uint64_t *cells);

/*
 * Keeps @answer, for which cells @read were looked at. Returns its number, or
 * that of one that came first; 0: no memory.
 */
uint32_t memo_tell(struct memo *m, uint32_t q, const struct memo_state *s,
		   const uint64_t *read, const uint64_t *answer,
		   uint32_t words);

static inline const uint64_t *memo_answer(const struct memo *m, uint32_t number)
{
	return &m->pool.word[number];
}

#endif
