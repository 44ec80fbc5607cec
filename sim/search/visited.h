/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The set of states that were seen, as 64-bit digests in one block that all
 * workers see. Two states with one digest count as one: with n of them that
 * happens with probability n^2 / 2^65 at most. Knows nothing of states.
 */
#ifndef TWINRING_SIM_SEARCH_VISITED_H
#define TWINRING_SIM_SEARCH_VISITED_H

#include "sim/search/share.h"

/* Shared by all workers. */
struct visited_head {
	uint32_t bits; /* log2 of slots */
	uint32_t side; /* of two blocks, the one in use */
};

struct visited {
	struct visited_head *head;
	uint64_t *block[2]; /* slots; 0: empty */
	bool shared;
};

/* False: no memory. */
bool visited_open(struct visited *v, bool shared);
void visited_close(struct visited *v);

/* Begins to fetch what visited_has() will look at. */
static inline void visited_prefetch(const struct visited *v, uint64_t digest)
{
	__builtin_prefetch(
		&v->block[v->head->side][digest >> (64 - v->head->bits)]);
}

bool visited_has(const struct visited *v, uint64_t digest);

/* Makes room for @count in all; false: there is none. Nobody else may look. */
bool visited_room(struct visited *v, uint64_t count);

/* Several may add at once. */
void visited_add(struct visited *v, uint64_t digest);

static inline uint64_t visited_bytes(const struct visited *v)
{
	return sizeof(uint64_t) << v->head->bits;
}

#endif
