/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The set of states that were seen, as 64-bit digests in one block. Two states
 * with one digest count as one: with n of them that happens with probability
 * n^2 / 2^65 at most. Knows nothing of states.
 */
#ifndef TWINRING_SIM_SEARCH_VISITED_H
#define TWINRING_SIM_SEARCH_VISITED_H

#include <stdbool.h>
#include <stdint.h>

struct visited {
	uint64_t *slot; /* 0: empty */
	uint64_t count;
	uint32_t bits; /* log2 of slots */
};

enum visit { VISIT_NEW, VISIT_OLD, VISIT_NO_MEMORY };

/* False: no memory. */
bool visited_open(struct visited *v);
void visited_close(struct visited *v);

/* Begins to fetch what visited_add() will look at. */
static inline void visited_prefetch(const struct visited *v, uint64_t digest)
{
	__builtin_prefetch(&v->slot[digest >> (64 - v->bits)]);
}

enum visit visited_add(struct visited *v, uint64_t digest);

static inline uint64_t visited_bytes(const struct visited *v)
{
	return sizeof *v->slot << v->bits;
}

#endif
