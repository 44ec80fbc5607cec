/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory that moves change, in variables: a variable is those bytes of a
 * word that are always read and written together, as far as was seen. So an
 * answer hangs on a field of a struct, and not on what happens to lie beside
 * it. Knows which bytes were touched; not what they mean.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_VARIABLES_H
#define TWINRING_SIM_EXPLORE_SUT_VARIABLES_H

#include "sim/explore/store/read_trie.h"
#include "sim/explore/sut/sut.h"

enum { VARIABLES_MAX = UINT16_MAX - 1 };

struct variable {
	uint64_t *at;
	uint64_t first; /* what the word held at first */
	uint64_t mask;  /* its bytes of the word */
	uint8_t bytes;  /* the same, a bit each */
};

struct variables {
	const struct sut *s;
	struct variable *variable;
	uint32_t count;
	uint16_t *
		first_of; /* by word that changes: the first of its variables */
	uint32_t words;   /* of the system under test that are in variables */
	uint8_t *cut; /* by word of the state: bytes that a variable begins with
		       */
};

/* False: no memory. No word is in variables yet. */
bool variables_open(struct variables *c, const struct sut *s);
void variables_close(struct variables *c);

/* Accesses that the footprint saw are to be accesses to whole variables. */
void variables_cut(struct variables *c);

/* Words that the system under test has learnt since are put into variables. */
void variables_take(struct variables *c);

/* What it holds, as it differs from the first state: so it is zero there. */
static inline uint64_t variables_now(const struct variables *c, uint32_t i)
{
	const struct variable *variable = &c->variable[i];

	return (*variable->at ^ variable->first) & variable->mask;
}

static inline void variables_put(const struct variables *c, uint32_t i,
				 uint64_t value)
{
	const struct variable *variable = &c->variable[i];

	*variable->at = (*variable->at & ~variable->mask) |
			((value ^ variable->first) & variable->mask);
}

/*
 * Adds what the footprint saw read, or written in part: what is left of a
 * variable goes on to the state behind.
 */
void variables_read(const struct variables *c, struct trie_reads *out);

/* Adds to @set what it saw written. */
void variables_written(const struct variables *c, uint64_t *set);

/* Puts back whatever it saw written, to what @image says by variable. */
void variables_undo(const struct variables *c, const uint64_t *image);

#endif
