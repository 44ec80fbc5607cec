/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who was the first to find a state of the next layer, and which moves sleep
 * there. Several workers claim at once, and the lowest order wins, whoever was
 * faster. Claims of two layers are kept: those that are made, and those of the
 * layer that is looked at. Knows claims by their numbers; not what they are on.
 */
#ifndef TWINRING_SIM_SEARCH_CLAIMS_H
#define TWINRING_SIM_SEARCH_CLAIMS_H

#include "sim/search/share.h"

struct claim {
	uint64_t order; /* a round and the lowest in it; or CLAIM_PLACED */
	uint64_t awake; /* moves that are not asleep, whoever found it */
};

/* Its state is in the layer, and nobody has to claim it any more. */
#define CLAIM_PLACED (UINT64_C(1) << 63)

struct claims_head;

struct claims {
	struct claims_head *head; /* shared */
	struct claim *room[2];    /* for a layer each, in turn */
	struct claim *claim;      /* of the next layer */
	struct claim *here;       /* of the layer that is looked at */
	uint32_t base, here_base; /* numbers that they begin with */
	uint32_t mine, mine_end;  /* numbers that this worker gives out */
};

/* False: no memory. */
bool claims_open(struct claims *c, bool shared);
void claims_close(struct claims *c);

/* Makes room for @more; false: there is none. Nobody else may look. */
bool claims_room(struct claims *c, uint64_t more);

/*
 * Those that were made are on the layer that is looked at now, and those that
 * follow on the next. Nobody else may look.
 */
void claims_turn(struct claims *c);

/* Sees that it has turned. */
void claims_begin(struct claims *c);

/* The number that the next claim can have, which nobody made yet. */
uint32_t claims_next(struct claims *c);

/* It was made. */
static inline void claims_made(struct claims *c)
{
	c->mine++;
}

/* The number of a claim that claims_at() gave. */
static inline uint32_t claims_number(const struct claims *c,
				     const struct claim *claim)
{
	return c->base + (uint32_t)(claim - c->claim);
}

/* Moves asleep in a state of the layer that is looked at, by its claim. */
static inline uint64_t claims_asleep(const struct claims *c, uint32_t number)
{
	return ~c->here[number - c->here_base].awake;
}

/* The claim with that number; NULL: it is on an earlier layer. */
static inline struct claim *claims_at(const struct claims *c, uint32_t number)
{
	return number < c->base ? NULL : &c->claim[number - c->base];
}

/*
 * Claims it in @round, which is above 0, by @order. True: nobody who was lower
 * has done so yet.
 */
bool claim_take(struct claim *c, uint32_t round, uint32_t order);

/* Whether that was the lowest of all. */
static inline bool claim_won(const struct claim *c, uint32_t round,
			     uint32_t order)
{
	return c->order == ((uint64_t)round << 32 | order);
}

static inline bool claim_placed(const struct claim *c)
{
	return __atomic_load_n(&c->order, __ATOMIC_RELAXED) & CLAIM_PLACED;
}

/* Moves @awake do not sleep: mostly that is known, and nothing written. */
static inline void claim_wake(struct claim *c, uint64_t awake)
{
	if (awake & ~__atomic_load_n(&c->awake, __ATOMIC_RELAXED))
		__atomic_fetch_or(&c->awake, awake, __ATOMIC_RELAXED);
}

#endif
