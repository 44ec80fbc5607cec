/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from a state: its moves, where they lead, and which of them
 * need not be tried because another order of the same moves leads there, too.
 * Asks the code itself wherever nothing like it was asked before, and remembers
 * the answer. Knows states and moves; not in which order they are looked at.
 */
#ifndef TWINRING_SIM_SEARCH_EXPAND_H
#define TWINRING_SIM_SEARCH_EXPAND_H

#include "sim/search/blocks.h"
#include "sim/search/claims.h"
#include "sim/search/contents.h"
#include "sim/search/effect.h"
#include "sim/search/hops.h"
#include "sim/search/layer.h"
#include "sim/search/memo.h"
#include "sim/search/subject.h"
#include "sim/search/visited.h"

enum { ASLEEP_MAX = 64 };

/* One move from a state that was looked at, unless it led to nothing new. */
struct arrival {
	uint64_t digest;
	struct claim *claim;
	uint32_t order;  /* of the claim */
	uint16_t clause; /* that the move broke; CLAUSE_NONE: none */
	uint8_t move;
	uint8_t tried;     /* moves from that state, this one among them */
	bool rests;        /* there, nobody has anything to do */
	bool wins;         /* the claim; for whoever counts */
	bool owes;         /* something, at rest; for whoever judges */
	uint32_t number[]; /* as it waits */
};

/* Before all arrivals from one state. */
struct looked {
	uint32_t transitions;
	uint32_t arrivals;
	uint64_t fresh; /* that win; for whoever counts */
};

struct expand_options {
	bool raw;       /* compare memory as it is, not folded */
	bool reduce;    /* leave out orders that make no difference */
	bool shared;    /* with workers that are forked later */
	uint32_t audit; /* ask the code again every so many answers */
};

struct expand {
	struct subject *s;
	const struct visited *visited;
	struct claims *claims;
	const struct layer *behind_layer; /* the next */
	uint32_t round;                   /* of claims */
	struct expand_options opt;
	struct blocks blocks;
	struct memo memo;
	struct contents contents;
	uint64_t *reads; /* by question: cells it ever looked at; shared */
	uint32_t *grown; /* how often these became more; shared */
	uint64_t *read_blocks; /* by question: those that have such a cell */
	uint32_t read_grown;   /* as of when */
	uint32_t cells, cells_max, set_words, folds, questions;
	uint32_t words;   /* that tell a part: its own, and one a slot */
	uint32_t widened; /* how often there were more */
	uint64_t *later;  /* cells that came when the search had begun */
	/*
	 * From a content, or an answer, and what changes to the next one; and
	 * whether two moves clash.
	 */
	struct hops block_hops, answer_hops, clashes;
	/* the state that is looked at */
	const struct waiting *here;
	uint32_t *answer; /* by question: its number, or 0 */
	const struct effect *effect[MOVES_MAX];
	uint32_t effect_number[MOVES_MAX];  /* 0: it is not remembered */
	uint64_t told_here[FOLD_WORDS_MAX]; /* sums of all parts' words */
	bool slots_known;                   /* told_here holds */
	/* what the blocks hold behind one move */
	uint32_t behind[BLOCKS_MAX], behind_move;
	uint64_t delta[BLOCKS_MAX]; /* what it changes there */
	uint32_t delta_move;
	uint64_t *fold_key; /* by move: of what tells its digest */
	/* the state that was last asked of the code */
	uint64_t *image; /* by cell */
	uint32_t loaded[BLOCKS_MAX];
	bool in_memory;    /* where the code works, too */
	uint64_t *scratch; /* an effect that cannot be remembered, by move */
	uint32_t scratch_words;
	uint64_t *told; /* by move: digest of where it leads, as memory is */
	uint64_t can[MOVES_MAX / 64 + 2]; /* that cannot be remembered */
	uint64_t *set, *content;          /* scratch */
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
 * Writes a struct looked and all arrivals from @w, the round'"'"'s state @n, to
 * @out. Returns the words that it took, or 0 where it failed or learnt
 * something: nothing holds then.
 */
uint64_t expand_state(struct expand *e, const struct waiting *w, uint32_t n,
		      uint64_t *out);

/* The longest that it can be. */
uint64_t expand_words_max(const struct expand *e);

/* Of a state: by block what it holds, and by question the answer, or 0. */
static inline uint32_t expand_numbers(const struct expand *e)
{
	return e->blocks.count + e->questions;
}

static inline uint32_t arrival_words(const struct expand *e)
{
	return (uint32_t)((sizeof(struct arrival) +
			   expand_numbers(e) * sizeof(uint32_t) + 7) /
			  8);
}

/* Puts a state into the world, for whatever the caller does there. */
void expand_restore(struct expand *e, const uint32_t *number);

#endif
