/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who was the first to find a state of the next layer. Several workers claim at
 * once, and the lowest order wins, whoever was faster; then the state gets its
 * place in the layer, as a number. Knows claims by their numbers; not what they
 * are on.
 */
#ifndef TWINRING_SIM_SEARCH_CLAIMS_H
#define TWINRING_SIM_SEARCH_CLAIMS_H

#include "sim/search/share.h"

struct claim {
	/* CLAIM_PLACED and a number; or a round and the lowest order in it */
	uint64_t order;
	uint64_t awake; /* moves that are not asleep, whoever found it */
};

#define CLAIM_PLACED  (UINT64_C(1) << 63)
#define CLAIM_NOWHERE (UINT64_MAX >> 1) /* a place that is none */

struct claims_head;

struct claims {
	struct claims_head *head; /* shared */
	struct claim *claim;      /* of the layer */
	uint32_t base;            /* their numbers begin with it */
	uint32_t mine, mine_end;  /* numbers that this worker gives out */
};

/* False: no memory. */
bool claims_open(struct claims *c, bool shared);
void claims_close(struct claims *c);

/* Makes room for @more; false: there is none. Nobody else may look. */
bool claims_room(struct claims *c, uint64_t more);

/* Those that follow are on another layer. Nobody else may look. */
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

static inline bool claim_placed(const struct claim *c, uint64_t *number)
{
	uint64_t order = __atomic_load_n(&c->order, __ATOMIC_RELAXED);

	*number = order & ~CLAIM_PLACED;
	return order & CLAIM_PLACED;
}

#endif
