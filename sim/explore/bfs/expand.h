/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What follows from states: their moves, where they lead, and which of them
 * need not be tried because another order of the same moves leads there, too.
 * There are two ways to find out, behind one interface: cached (cached.h) and
 * uncached (uncached.h). Knows states and moves; not in which order states are
 * looked at.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_EXPAND_H
#define TWINRING_SIM_EXPLORE_BFS_EXPAND_H

#include "sim/explore/bfs/ownership.h"
#include "sim/explore/bfs/frontier.h"
#include "sim/explore/bfs/visited.h"
#include "sim/explore/cache/transition_cache.h"

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
	bool uncached;  /* ask the code each time, remembering nothing */
	bool raw;       /* compare memory as it is, not its canonical form */
	bool reduce;    /* leave out orders that make no difference */
	bool shared;    /* with workers that are forked later */
	uint32_t audit; /* ask the code again every so many states */
};

struct expand;

/* What only one way of expansion keeps. */
struct expand_kept {
	uint64_t digests; /* under which something is remembered */
	uint64_t bytes;
};

/*
 * A way of expansion: what it does as the function expand_... of the same name
 * asks it to. It sets e->cache.failed where there is no memory, and
 * e->cache.learnt where a word of the world has changed for the first time.
 */
struct expand_ops {
	size_t size; /* of its struct, which begins with a struct expand */
	bool (*open)(struct expand *e); /* also may change e->opt */
	void (*close)(struct expand *e);
	bool (*grow)(struct expand *e);
	void (*first)(struct expand *e, struct waiting *out);
	uint64_t (*states)(struct expand *e, uint64_t first, uint32_t count,
			   uint32_t n, uint64_t *out);
	struct expand_kept (*kept)(const struct expand *e);
};

struct expand {
	const struct expand_ops *ops;
	struct expand_options opt;
	struct transition_cache cache;
	struct visited *visited;
	struct ownership *ownership;
	const struct frontier *frontier;
	uint32_t round;                     /* of claims */
	struct waiting *here[BATCH_STATES]; /* states that are looked at */
};

/* Learns from random walks how @s is read. NULL: no memory. */
struct expand *expand_open(struct sut *s, const struct expand_options *opt);
void expand_close(struct expand *e); /* or NULL */

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

/* It failed, or learnt something, and nothing that was found holds. */
static inline bool expand_stops(const struct expand *e)
{
	return e->cache.learnt || e->cache.failed;
}

/* Of a state: by query the answer, and by component what it holds. */
static inline uint32_t expand_numbers(const struct expand *e)
{
	return e->cache.queries + e->cache.components.count;
}

/* Contents of a state's components. */
static inline const uint32_t *expand_interned(const struct expand *e,
					      const uint32_t *number)
{
	return number + e->cache.queries;
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
static inline bool expand_claim(struct expand *e, struct arrival *a,
				uint64_t sleep_set)
{
	uint32_t mine = ownership_next(e->ownership), number;

	number = visited_add(e->visited, a->digest, mine);
	if (number == mine)
		ownership_made(e->ownership);
	a->owner = ownership_at(e->ownership, number);
	if (!a->owner)
		return false;
	owner_wake(a->owner, ~sleep_set);
	return !owner_placed(a->owner) &&
	       owner_take(a->owner, e->round, a->order);
}

/* What is remembered under digests, none of which is looked at twice. */
uint64_t expand_remembered(const struct expand *e);

/* What all of that takes; index rows are those of this process. */
uint64_t expand_remembered_bytes(const struct expand *e);

/* Puts a state into the world, for whatever the caller does there. */
void expand_restore(struct expand *e, const uint32_t *number);

#endif
