/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How each state was reached first: by which move from which other. Five bytes
 * a state in two blocks that grow. Knows numbers only.
 */
#ifndef TWINRING_SIM_SEARCH_TRAIL_H
#define TWINRING_SIM_SEARCH_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

struct trail {
	uint32_t *parent;
	uint8_t *move;
	uint64_t count;
	uint64_t room;
};

enum { TRAIL_ROOT = 0 };

/* Both begin with the first state, which has no parent. False: no memory. */
bool trail_open(struct trail *t);
bool trail_add(struct trail *t, uint32_t parent, uint8_t move);
void trail_close(struct trail *t);

/* Moves from the first state to @state. */
uint32_t trail_length(const struct trail *t, uint32_t state);

/* Writes them, as many as that. */
void trail_moves(const struct trail *t, uint32_t state, uint8_t *out);

static inline uint64_t trail_bytes(const struct trail *t)
{
	return t->room * (sizeof *t->parent + sizeof *t->move);
}

#endif
