/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How each state was reached first: by which move from which other. Five bytes
 * a state. Knows numbers only.
 */
#ifndef TWINRING_SIM_EXPLORE_TRACE_PARENT_LOG_H
#define TWINRING_SIM_EXPLORE_TRACE_PARENT_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct parent_log {
	uint32_t *parent;
	uint8_t *move;
	uint64_t count;
};

enum { PARENT_LOG_ROOT = 0 };

/*
 * Begins with the first state, which has no parent; with @shared, those who are
 * forked later see the same. False: no memory.
 */
bool parent_log_open(struct parent_log *t, bool shared);
void parent_log_close(struct parent_log *t);

/* Room for @more states, which parent_log_set() fills in; false: there is none.
 */
bool parent_log_extend(struct parent_log *t, uint64_t more);

static inline void parent_log_set(struct parent_log *t, uint64_t state,
				  uint32_t parent, uint8_t move)
{
	t->parent[state] = parent;
	t->move[state] = move;
}

/* Moves from the first state to @state. */
uint32_t parent_log_length(const struct parent_log *t, uint32_t state);

/* Writes them, as many as that. */
void parent_log_moves(const struct parent_log *t, uint32_t state, uint8_t *out);

static inline uint64_t parent_log_bytes(const struct parent_log *t)
{
	return t->count * (sizeof *t->parent + sizeof *t->move);
}

#endif
