/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who was the first to find a state of the next layer. Several workers claim at
 * once, and the lowest order wins, whoever was faster; then the state gets its
 * place in the layer, as a number. Knows digests; not what they stand for.
 */
#ifndef TWINRING_SIM_SEARCH_CLAIMS_H
#define TWINRING_SIM_SEARCH_CLAIMS_H

#include "sim/search/share.h"

struct claim {
	uint64_t digest; /* 0: empty */
	/* CLAIM_PLACED and a number; or a round and the lowest order in it */
	uint64_t order;
	uint64_t awake; /* moves that are not asleep, whoever found it */
};

#define CLAIM_PLACED  (UINT64_C(1) << 63)
#define CLAIM_NOWHERE (UINT64_MAX >> 1) /* a place that is none */

struct claims_head;

struct claims {
	struct claims_head *head; /* shared */
	struct claim *block[2];
};

/* False: no memory. */
bool claims_open(struct claims *c, bool shared);
void claims_close(struct claims *c);

/* Forgets all, and makes room for @count. Nobody else may look. */
void claims_clear(struct claims *c, uint64_t count);

/* Makes room for @more; false: there is none. Nobody else may look. */
bool claims_grow(struct claims *c, uint64_t more);

/* Begins to fetch what is looked at for @digest. */
void claims_prefetch(const struct claims *c, uint64_t digest);

/* The claim on @digest; NULL: nobody has it. */
struct claim *claims_find(const struct claims *c, uint64_t digest);

/* The same; where nobody has it, there is an empty one. */
struct claim *claims_add(struct claims *c, uint64_t digest);

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
