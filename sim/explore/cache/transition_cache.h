/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of a world: each query about a state is asked of the code
 * where nobody has asked it of a state like this, and remembered otherwise.
 * Queries are what each part of the canonical form is told as, and what each
 * move does. Knows one state at a time; not what follows from what.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_TRANSITION_CACHE_H
#define TWINRING_SIM_EXPLORE_CACHE_TRANSITION_CACHE_H

#include "sim/explore/cache/effect.h"
#include "sim/explore/cache/profiling.h"
#include "sim/explore/store/read_trie.h"
#include "sim/explore/sut/working_state.h"

/*
 * A part's answer is marked where nobody has anything to do, that of a move
 * where it cannot happen.
 */
struct transition_cache {
	struct sut *s;
	struct variables variables;
	struct components components;
	struct interned interned;
	struct read_trie trie;
	struct effects effects;
	struct shared_pool told; /* what parts say of slots */
	struct working_state working_state;
	uint64_t *reads; /* by query: variables it ever looked at; shared */
	struct cache_head *head; /* shared */
	uint32_t variables_max, set_words, queries, parts;
	uint32_t slots;   /* that parts say something of */
	uint64_t *later;  /* variables that came when the search had begun */
	uint32_t widened; /* how often there were more */
	struct trie_reads read; /* scratch */
	uint64_t *content, *scratch;
	bool learnt; /* a word has changed that is in no variable yet */
	bool failed; /* no memory */
};

struct cache_head {
	uint32_t grown;       /* how often reads became more */
	uint32_t moves_since; /* older answers to moves do not hold any more */
};

/* Learns from random walks how @s is read. False: no memory. */
bool cache_open(struct transition_cache *a, struct sut *s, bool shared);
void cache_close(struct transition_cache *a);

/* Makes room for what one more round can bring; false: there is none. */
bool cache_grow(struct transition_cache *a);

/* What it takes for what it remembers. */
uint64_t cache_bytes(const struct transition_cache *a);

/*
 * The system under test has variables that came since; with @trie, tells what
 * is remembered, which is once enough if that is shared. False: there is no
 * room.
 */
bool cache_widen(struct transition_cache *a, bool trie);

/*
 * The answer to @q where components hold @number; 0: a->learnt or a->failed,
 * and nothing holds.
 */
uint32_t cache_ask(struct transition_cache *a, uint32_t q,
		   const uint32_t *number);

/* Whether an answer is none, or holds no more. */
static inline bool cache_lack(const struct transition_cache *a, uint32_t q,
			      uint32_t number)
{
	return q >= a->parts && (number & ~TRIE_MARK) < a->head->moves_since;
}

/* The number of the effect that an answer to a move is. */
static inline uint32_t cache_effect(const struct transition_cache *a,
				    uint32_t number)
{
	return trie_answer(&a->trie, number)->says;
}

/* What an answer to a part says of each slot. */
static inline const uint64_t *cache_told(const struct transition_cache *a,
					 uint32_t number)
{
	return &a->told.word[(uint64_t)trie_answer(&a->trie, number)->says *
			     a->slots];
}

/* What component @component holds once @f was done where it holds @from. */
uint32_t cache_interned(struct transition_cache *a, uint32_t component,
			uint32_t from, const struct effect *f);

/*
 * Now and then, the code itself says the same of a state, all of whose answers
 * are @number, or something was remembered wrongly.
 */
void cache_audit(struct transition_cache *a, const uint32_t *number,
		 uint64_t digest, bool raw);

/* Puts a state into the world, for whatever the caller does there. */
void cache_restore(struct transition_cache *a, const uint32_t *interned);

static inline struct trie_state cache_state(const struct transition_cache *a,
					    const uint32_t *interned)
{
	return (struct trie_state){a->interned.pool.word, interned,
				   a->components.place};
}

/* What a variable holds where components hold @contents. */
static inline uint64_t cache_variable(const struct transition_cache *a,
				      const uint32_t *interned,
				      uint32_t variable)
{
	uint32_t place = a->components.place[variable], component = place >> 16;

	return interned_get(&a->interned,
			    interned[component])[(place & UINT16_MAX) -
						 components_size(&a->components,
								 component)];
}

/* By all that is in memory. */
uint64_t cache_raw(const struct transition_cache *a, const uint32_t *interned);
uint64_t cache_raw_now(const struct transition_cache *a);

/* The contents of the components as they are in memory. */
void cache_interned_now(struct transition_cache *a, uint32_t *number);

#endif
