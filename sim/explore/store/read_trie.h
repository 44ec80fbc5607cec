/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers to queries about a state, such as what a move makes of it. An
 * answer holds in every state that has the same words wherever the query
 * was seen to read: so it is asked of the code once, and then remembered. Knows
 * numbers of queries and of variables; not what they mean.
 */
#ifndef TWINRING_SIM_EXPLORE_STORE_READ_TRIE_H
#define TWINRING_SIM_EXPLORE_STORE_READ_TRIE_H

#include "sim/explore/store/shared_arena.h"
#include "sim/explore/store/table.h"

/*
 * One variable and what it holds, as a number; a sum of those tells which
 * variables hold what. With another seed it is another number: set once, before
 * anything is remembered.
 */
extern uint64_t trie_seed;

static inline uint64_t trie_mix(uint32_t variable, uint64_t value)
{
	uint64_t odd =
		UINT64_C(0x9e3779b97f4a7c15) * (2 * (uint64_t)variable + 1);
	unsigned __int128 x = (unsigned __int128)(value ^ trie_seed ^
						  (odd << 32 | odd >> 32)) *
			      (odd ^ UINT64_C(0xd1b54a32d192ed02));

	return (uint64_t)x ^ (uint64_t)(x >> 64);
}

/*
 * A state: which contents its components have, by number, and where in these
 * each variable's trie_mix() is.
 */
struct trie_state {
	const uint64_t *word;   /* contents */
	const uint32_t *number; /* by component: where its content begins */
	const uint32_t *
		place; /* by variable: its component << 16 | words from there */
};

static inline uint64_t trie_variable(const struct trie_state *s,
				     uint32_t variable)
{
	uint32_t place = s->place[variable];

	return s->word[s->number[place >> 16] + (place & UINT16_MAX)];
}

/* An answer is a number; this bit of it is for whoever asked. */
#define TRIE_MARK (UINT32_C(1) << 31)

/* What is kept under it. */
struct trie_answer {
	uint64_t word;
	uint32_t says;
	uint32_t node; /* that led to it */
};

/* What was read to answer, in the order in which it was first touched. */
struct trie_reads {
	uint16_t *variable;
	uint32_t count;
	uint64_t *set; /* the same, a bit each */
};

struct read_trie {
	struct table table;       /* from what was read to an answer, or on */
	struct shared_pool nodes; /* which variables to look at */
	struct shared_pool cache; /* struct trie_answer */
	uint64_t *root;           /* by query: its first node; shared */
	uint64_t *begun;          /* the one that it began with */
	uint64_t *always;         /* by query: variables that are looked at */
	uint32_t queries;
	uint32_t words; /* of a set of variables */
};

/* False: no memory. */
bool trie_open(struct read_trie *m, uint32_t queries, uint32_t variables,
	       bool shared);
void trie_close(struct read_trie *m);

/*
 * Query @q reads variables @first whatever happens: what to look at first.
 * Then it nearly always reads @always.
 */
bool trie_begin(struct read_trie *m, uint32_t q, const uint64_t *first,
		const uint64_t *always);

/* What it was answered is forgotten. Nobody else may ask meanwhile. */
bool trie_forget(struct read_trie *m, uint32_t q);

/*
 * There are variables more, @variables: whatever @q was told so far holds where
 * these are zero. Nobody else may ask meanwhile. False: no memory.
 */
bool trie_widen(struct read_trie *m, uint32_t q, const uint64_t *variables);

/*
 * The same for all that ever came, @variables: a shorter way to what was told
 * before the first of them, but what was told since is forgotten where one is
 * not zero.
 */
bool trie_shorten(struct read_trie *m, uint32_t q, const uint64_t *variables);

/* Makes room for more; false: there is none. Nobody else may ask meanwhile. */
bool trie_grow(struct read_trie *m);

/* The answer to @q in state @s; 0: nobody has asked. */
uint32_t trie_ask(const struct read_trie *m, uint32_t q,
		  const struct trie_state *s);

/*
 * Keeps an answer, for which @read was looked at. Returns its number, or that
 * of one that came first; 0: no memory.
 */
uint32_t trie_tell(struct read_trie *m, uint32_t q, const struct trie_state *s,
		   const struct trie_reads *read, uint64_t word, uint32_t says,
		   bool mark);

/* The number of the next answer; none of those before is as high. */
static inline uint32_t trie_next(const struct read_trie *m)
{
	return (uint32_t)(*m->cache.used /
			  (sizeof(struct trie_answer) / sizeof(uint64_t)));
}

static inline const struct trie_answer *trie_answer(const struct read_trie *m,
						    uint32_t number)
{
	return (const struct trie_answer *)m->cache.word +
	       (number & ~TRIE_MARK);
}

/* Variables that tell this answer: it holds wherever they hold the same. */
static inline const uint64_t *trie_known(const struct read_trie *m,
					 uint32_t number)
{
	return &m->nodes.word[trie_answer(m, number)->node];
}

#endif
