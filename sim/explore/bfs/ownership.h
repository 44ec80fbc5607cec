/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which worker owns a new state of the next frontier, and the sleep set of that
 * state: the intersection over all of its shortest paths. Workers claim states
 * concurrently, and the lowest order of state and move owns, whoever was
 * faster. Owners are kept for two frontiers, the one that is expanded and the
 * next.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_OWNERSHIP_H
#define TWINRING_SIM_EXPLORE_BFS_OWNERSHIP_H

#include "sim/explore/store/shared_arena.h"

struct owner {
	uint64_t order; /* a round and the lowest in it; or OWNER_PLACED */
	uint64_t awake; /* moves outside of the sleep set */
};

/* Its state is in the frontier, and nobody has to claim it any more. */
#define OWNER_PLACED (UINT64_C(1) << 63)

struct ownership_head;

struct ownership {
	struct ownership_head *head; /* shared */
	struct owner *room[2];       /* for a frontier each, in turn */
	struct owner *owner;         /* of the next frontier */
	struct owner *here;          /* of the frontier that is looked at */
	uint32_t base, here_base;    /* numbers that they begin with */
	uint32_t mine, mine_end;     /* numbers that this worker gives out */
};

/* False: no memory. */
bool ownership_open(struct ownership *c, bool shared);
void ownership_close(struct ownership *c);

/* Makes room for @more; false: there is none. Nobody else may look. */
bool ownership_room(struct ownership *c, uint64_t more);

/*
 * Those that were made are on the frontier that is looked at now, and those
 * that follow on the next. Nobody else may look.
 */
void ownership_turn(struct ownership *c);

/* Sees that it has turned. */
void ownership_begin(struct ownership *c);

/* The number that the next claim can have, which nobody made yet. */
uint32_t ownership_next(struct ownership *c);

/* It was made. */
static inline void ownership_made(struct ownership *c)
{
	c->mine++;
}

/* The number of a claim that ownership_at() gave. */
static inline uint32_t ownership_number(const struct ownership *c,
					const struct owner *owner)
{
	return c->base + (uint32_t)(owner - c->owner);
}

/* Moves asleep in a state of the frontier that is looked at, by its claim. */
static inline uint64_t ownership_sleep_set(const struct ownership *c,
					   uint32_t number)
{
	return ~c->here[number - c->here_base].awake;
}

/* The claim with that number; NULL: it is on an earlier frontier. */
static inline struct owner *ownership_at(const struct ownership *c,
					 uint32_t number)
{
	return number < c->base ? NULL : &c->owner[number - c->base];
}

/*
 * Claims it in @round, which is above 0, by @order. True: nobody who was lower
 * has done so yet.
 */
bool owner_take(struct owner *c, uint32_t round, uint32_t order);

/* Whether that was the lowest of all. */
static inline bool owner_won(const struct owner *c, uint32_t round,
			     uint32_t order)
{
	return c->order == ((uint64_t)round << 32 | order);
}

static inline bool owner_placed(const struct owner *c)
{
	return __atomic_load_n(&c->order, __ATOMIC_RELAXED) & OWNER_PLACED;
}

/* Takes moves @awake out of the sleep set; no atomic access if none is in it.
 */
static inline void owner_wake(struct owner *c, uint64_t awake)
{
	if (awake & ~__atomic_load_n(&c->awake, __ATOMIC_RELAXED))
		__atomic_fetch_or(&c->awake, awake, __ATOMIC_RELAXED);
}

#endif
