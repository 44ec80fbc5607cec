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
 * hold what. With another seed it is another number: set once, before anything
 * is remembered.
 */
extern uint64_t memo_seed;

static inline uint64_t memo_mix(uint32_t cell, uint64_t value)
{
	uint64_t odd = UINT64_C(0x9e3779b97f4a7c15) * (2 * (uint64_t)cell + 1);
	unsigned __int128 x = (unsigned __int128)(value ^ memo_seed ^
						  (odd << 32 | odd >> 32)) *
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

/* An answer is a number; this bit of it is for whoever asked. */
#define MEMO_MARK (UINT32_C(1) << 31)

/* What is kept under it. */
struct memo_answer {
	uint64_t word;
	uint32_t says;
	uint32_t node; /* that led to it */
};

/* What was read to answer, in the order in which it was first touched. */
struct memo_reads {
	uint16_t *cell;
	uint32_t count;
	uint64_t *set; /* the same, a bit each */
};

struct memo {
	struct table table;        /* from what was read to an answer, or on */
	struct share_pool nodes;   /* which cells to look at */
	struct share_pool answers; /* struct memo_answer */
	uint64_t *root;            /* by question: its first node; shared */
	uint64_t *begun;           /* the one that it began with */
	uint64_t *always;          /* by question: cells that are looked at */
	uint32_t questions;
	uint32_t words; /* of a set of cells */
};

/* False: no memory. */
bool memo_open(struct memo *m, uint32_t questions, uint32_t cells, bool shared);
void memo_close(struct memo *m);

/*
 * Question @q reads cells @first whatever happens: what to look at first.
 * Then it nearly always reads @always.
 */
bool memo_begin(struct memo *m, uint32_t q, const uint64_t *first,
		const uint64_t *always);

/* What it was answered is forgotten. Nobody else may ask meanwhile. */
bool memo_forget(struct memo *m, uint32_t q);

/*
 * There are cells more, @cells: whatever @q was told so far holds where these
 * are zero. Nobody else may ask meanwhile. False: no memory.
 */
bool memo_widen(struct memo *m, uint32_t q, const uint64_t *cells);

/*
 * The same for all that ever came, @cells: a shorter way to what was told
 * before the first of them, but what was told since is forgotten where one is
 * not zero.
 */
bool memo_shorten(struct memo *m, uint32_t q, const uint64_t *cells);

/* Makes room for more; false: there is none. Nobody else may ask meanwhile. */
bool memo_grow(struct memo *m);

/* The answer to @q in state @s; 0: nobody has asked. */
uint32_t memo_ask(const struct memo *m, uint32_t q, const struct memo_state *s);

/*
 * Keeps an answer, for which @read was looked at. Returns its number, or that
 * of one that came first; 0: no memory.
 */
uint32_t memo_tell(struct memo *m, uint32_t q, const struct memo_state *s,
		   const struct memo_reads *read, uint64_t word, uint32_t says,
		   bool mark);

/* The number of the next answer; none of those before is as high. */
static inline uint32_t memo_next(const struct memo *m)
{
	return (uint32_t)(*m->answers.used /
			  (sizeof(struct memo_answer) / sizeof(uint64_t)));
}

static inline const struct memo_answer *memo_answer(const struct memo *m,
						    uint32_t number)
{
	return (const struct memo_answer *)m->answers.word +
	       (number & ~MEMO_MARK);
}

/* Cells that tell this answer: it holds wherever they hold the same. */
static inline const uint64_t *memo_known(const struct memo *m, uint32_t number)
{
	return &m->nodes.word[memo_answer(m, number)->node];
}

#endif
