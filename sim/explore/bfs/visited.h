/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The states that were seen, as 64-bit digests, each with a number, in one
 * component that all workers see. Two states with one digest count as one: with
 * n of them that happens with probability n^2 / 2^65 at most. Knows nothing of
 * states, nor of what the numbers say.
 */
#ifndef TWINRING_SIM_EXPLORE_BFS_VISITED_H
#define TWINRING_SIM_EXPLORE_BFS_VISITED_H

#include "sim/explore/store/shared_arena.h"

enum { VISITED_A_LINE = 5 };

/* What comes from memory at once; filled from the front. */
struct visited_line {
	_Alignas(SHARED_LINE) uint64_t digest[VISITED_A_LINE]; /* 0: empty */
	uint32_t number[VISITED_A_LINE]; /* 0: it is on its way */
};

static_assert(sizeof(struct visited_line) == SHARED_LINE, "one is fetched");

/* Shared by all workers. */
struct visited_head {
	uint64_t lines;
	uint64_t from, to; /* lines to move now; from 0 on: those that last */
};

struct visited {
	struct visited_head *head;
	struct visited_line *line;
	/* whether nobody may be left who says a number; or NULL */
	bool (*lost)(void *to);
	void *lost_to;
};

/* False: no memory. */
bool visited_open(struct visited *v, bool shared);
void visited_close(struct visited *v);

/* Where a digest is, or in one of the lines behind. */
static inline struct visited_line *visited_line(const struct visited *v,
						uint64_t digest)
{
	unsigned __int128 at = (unsigned __int128)digest * v->head->lines;

	return &v->line[(uint64_t)(at >> 64)];
}

/* Begins to fetch what visited_add() will look at. */
static inline void visited_prefetch(const struct visited *v, uint64_t digest)
{
	__builtin_prefetch(visited_line(v, digest));
}

/*
 * Begins to make room for @count in all; false: there is none. Nobody else may
 * look before visited_pieces() are 0.
 */
bool visited_room(struct visited *v, uint64_t count);

/*
 * What there is to move: so many pieces, one of which visited_move() moves, by
 * whoever it is done. When all are, visited_moved() says so, and there may be
 * more.
 */
uint32_t visited_pieces(const struct visited *v);
bool visited_move(struct visited *v, uint32_t piece);
void visited_moved(struct visited *v);

/*
 * Adds @digest as @number, which is not 0, unless it is there: the number that
 * it has then. Several may add at once; 0: the one that did is lost.
 */
uint32_t visited_add(struct visited *v, uint64_t digest, uint32_t number);

/* What it takes for so many. */
uint64_t visited_bytes(uint64_t count);

#endif
