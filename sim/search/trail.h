/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How each state was reached first: by which move from which other. Five bytes
 * a state. Knows numbers only.
 */
#ifndef TWINRING_SIM_SEARCH_TRAIL_H
#define TWINRING_SIM_SEARCH_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

struct trail {
	uint32_t *parent;
	uint8_t *move;
	uint64_t count;
};

enum { TRAIL_ROOT = 0 };

/*
 * Begins with the first state, which has no parent; with @shared, those who are
 * forked later see the same. False: no memory.
 */
bool trail_open(struct trail *t, bool shared);
void trail_close(struct trail *t);

/* Room for @more states, which trail_set() fills in; false: there is none. */
bool trail_extend(struct trail *t, uint64_t more);

static inline void trail_set(struct trail *t, uint64_t state, uint32_t parent,
			     uint8_t move)
{
	t->parent[state] = parent;
	t->move[state] = move;
}

/* Moves from the first state to @state. */
uint32_t trail_length(const struct trail *t, uint32_t state);

/* Writes them, as many as that. */
void trail_moves(const struct trail *t, uint32_t state, uint8_t *out);

static inline uint64_t trail_bytes(const struct trail *t)
{
	return t->count * (sizeof *t->parent + sizeof *t->move);
}

#endif
