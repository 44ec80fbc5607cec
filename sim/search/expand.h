/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from a state: its moves, where they lead, and which of them
 * need not be tried because another order of the same moves leads there, too.
 * Asks the code itself wherever nothing like it was asked before, and remembers
 * the answer. Knows states and moves; not in which order they are looked at.
 */
#ifndef TWINRING_SIM_SEARCH_EXPAND_H
#define TWINRING_SIM_SEARCH_EXPAND_H

#include "sim/search/contents.h"
#include "sim/search/layer.h"
#include "sim/search/memo.h"
#include "sim/search/subject.h"
#include "sim/search/visited.h"

enum {
	BLOCKS_MAX = 64,
	ASLEEP_MAX = 64,
	CELLS_LATER = 128 /* that have room when a search has begun */
};

/* One move from a state that was looked at, unless it led to nothing new. */
struct arrival {
	uint64_t digest;
	uint64_t asleep; /* there: moves that lead nowhere new, a bit each */
	uint16_t clause; /* that the move broke; CLAUSE_NONE: none */
	uint8_t move;
	uint8_t tried; /* moves from that state, this one among them */
	bool rests;    /* there, nobody has anything to do */
	uint32_t block[];
};

/* Before all arrivals from one state. */
struct looked {
	uint32_t transitions;
	uint32_t arrivals;
};

struct expand_options {
	bool raw;       /* compare memory as it is, not folded */
	bool reduce;    /* leave out orders that make no difference */
	bool shared;    /* with workers that are forked later */
	uint32_t audit; /* ask the code again every so many answers */
};

/* What is remembered of moves and folds, as words of a memo. */
struct effect {
	uint16_t changes; /* cells */
	uint16_t clause;  /* that it broke */
	uint32_t known;   /* cells that there were, as far as was known */
	uint64_t blocks;  /* that have one of those cells, a bit each */
	/*
	 * Sets of cells that it reads or writes and that it changes; what to;
	 * and the cells' numbers in 16 bits.
	 */
	uint64_t words[];
};

struct digest_pair;

struct expand {
	struct subject *s;
	const struct visited *visited;
	const struct table *next; /* states found for the next layer */
	struct expand_options opt;
	struct memo memo;
	struct contents contents;
	uint64_t *fold_reads; /* by part: cells it ever read; shared */
	uint32_t cells, cells_max, set_words, blocks, folds;
	uint32_t widened; /* how often there were more */
	uint64_t *later;  /* cells that came when the search had begun */
	uint16_t block_first[BLOCKS_MAX + 1]; /* in block_cell */
	uint16_t *block_cell;
	uint8_t *block_of; /* by cell */
	/* the state that is looked at */
	uint64_t *image, *mix; /* by cell */
	uint64_t sum;          /* of mix */
	uint32_t block[BLOCKS_MAX];
	bool in_memory; /* where the code works, too */
	uint64_t *fold_digest;
	uint64_t folds_known; /* of that state */
	const struct effect *effect[MOVES_MAX];
	uint64_t *scratch; /* an effect that cannot be remembered, by move */
	uint32_t scratch_words;
	uint64_t *told; /* by move: digest of where it leads, as memory is */
	uint64_t *set, *old;      /* scratch */
	struct digest_pair *near; /* of states that were just told */
	uint64_t asked;
	bool learnt; /* a word has changed that is no cell yet */
	bool failed; /* no memory */
};

/* Learns from random walks how @s is read. False: no memory. */
bool expand_open(struct expand *e, struct subject *s,
		 const struct expand_options *opt);
void expand_close(struct expand *e);

/* Makes room for what one more round can bring; false: there is none. */
bool expand_grow(struct expand *e);

/*
 * The subject has cells that came since; with @memo, tells what is remembered,
 * which is once enough if that is shared. False: there is no room.
 */
bool expand_widen(struct expand *e, bool memo);

/* The state in which the subject is, written down. */
bool expand_first(struct expand *e, struct waiting *out);

/*
 * Writes a struct looked and all arrivals from @w to @out. Returns the words
 * that it took, or 0 where it failed or learnt something: nothing holds then.
 */
uint64_t expand_state(struct expand *e, const struct waiting *w, uint64_t *out);

/* The longest that it can be. */
uint64_t expand_words_max(const struct expand *e);

static inline uint32_t arrival_words(const struct expand *e)
{
	return (uint32_t)((sizeof(struct arrival) +
			   e->blocks * sizeof(uint32_t) + 7) /
			  8);
}

/* Puts a state into the world, for whatever the caller does there. */
void expand_restore(struct expand *e, const uint32_t *block);

#endif
