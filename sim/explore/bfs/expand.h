/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from states: their moves, where they lead, and which of them
 * need not be tried because another order of the same moves leads there, too.
 * Knows states and moves; not in which order states are looked at.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_EXPAND_H
#define TWINRING_SIM_EXPLORE_BFS_EXPAND_H

#include "sim/explore/bfs/ownership.h"
#include "sim/explore/cache/dependence.h"
#include "sim/explore/cache/successor_cache.h"
#include "sim/explore/bfs/frontier.h"
#include "sim/explore/bfs/visited.h"

enum {
	SLEEP_SET_MAX = 64, /* moves, so that a set of them is a word */
	BATCH_STATES = 64
};

/* One move from a state that was looked at, unless it led to nothing new. */
struct arrival {
	uint64_t digest;
	struct owner *owner;
	uint32_t order;  /* of the claim */
	uint16_t clause; /* that the move broke: sut_broke() */
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
	bool raw;       /* compare memory as it is, not its canonical form */
	bool reduce;    /* leave out orders that make no difference */
	bool shared;    /* with workers that are forked later */
	uint32_t audit; /* ask the code again every so many states */
};

/* A move from a state of the batch that is tried. */
struct step {
	const struct effect_row *effect_row;
	uint64_t digest;
	uint32_t keys; /* where those of parts behind it begin */
	uint8_t state, move;
};

/* One that led to a state which nobody had seen. */
struct fresh {
	const struct step *step;
	struct arrival *to;
};

struct expand {
	struct expand_options opt;
	struct transition_cache cache;
	struct successors successors;
	struct dependence dependence;
	bool at_rest[MOVES_MAX]; /* by move: it can happen there */
	struct visited *visited;
	struct ownership *ownership;
	const struct frontier *frontier;
	uint32_t round; /* of claims */
	/* the states that are looked at */
	struct waiting *here[BATCH_STATES];
	uint64_t sleep_set[BATCH_STATES]; /* moves that lead nowhere new */
	const struct effect_row *
		*effect_row; /* by state and move; NULL: cannot be */
	struct step *step;
	uint32_t first[BATCH_STATES + 1]; /* by state: its first step */
	struct fresh *fresh;
	uint32_t fresh_count;
	uint64_t *key;                  /* of parts behind each step */
	uint64_t *found;                /* what they are */
	uint64_t said[CANON_WORDS_MAX]; /* of slots, in one of the states */
	const struct waiting *said_of;
	uint32_t audited; /* states since the last one was */
};

/* Learns from random walks how @s is read. False: no memory. */
bool expand_open(struct expand *e, struct sut *s,
		 const struct expand_options *opt);
void expand_close(struct expand *e);

/* Makes room for what one more round can bring; false: there is none. */
bool expand_grow(struct expand *e);

/* The state in which the system under test is, written down; false: no memory.
 */
bool expand_first(struct expand *e, struct waiting *out);

/*
 * Looks at @count states of the frontier from the @first-th on, which the round
 * has from number @n on.
 * Writes for each a struct looked and its arrivals to @out. Returns the words
 * that it took, or 0 where it failed or learnt something: nothing holds then.
 */
uint64_t expand_states(struct expand *e, uint64_t first, uint32_t count,
		       uint32_t n, uint64_t *out);

/* The longest that one state can be. */
uint64_t expand_words_max(const struct expand *e);

/* Of a state: by query the answer, and by component what it holds. */
static inline uint32_t expand_numbers(const struct expand *e)
{
	return e->cache.queries + e->cache.components.count;
}

static inline uint32_t arrival_words(const struct expand *e)
{
	return (uint32_t)((sizeof(struct arrival) +
			   expand_numbers(e) * sizeof(uint32_t) + 7) /
			  8);
}

/*
 * Claims the state of @a, whose moves @asleep need not be tried on this way.
 * False: it was seen before, or somebody was faster.
 */
bool expand_claim(struct expand *e, struct arrival *a, uint64_t sleep_set);

/* What is remembered under digests, none of which is looked at twice. */
static inline uint64_t expand_remembered(const struct expand *e)
{
	return table_ever(&e->cache.trie.table) +
	       table_ever(&e->successors.next);
}

/* What all of that takes; index rows are those of this process. */
uint64_t expand_remembered_bytes(const struct expand *e);

/* Puts a state into the world, for whatever the caller does there. */
void expand_restore(struct expand *e, const uint32_t *number);

#endif
