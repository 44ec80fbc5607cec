/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/trace/parent_log.h"

#include <stddef.h>

#include "sim/explore/store/shared_arena.h"

#define ROOM (UINT64_C(1) << 31)

bool parent_log_open(struct parent_log *t, bool shared)
{
	*t = (struct parent_log){.count = 1};
	t->parent = shared_arena_map_row(ROOM * sizeof *t->parent, shared);
	t->move = shared_arena_map_row(ROOM * sizeof *t->move, shared);
	return t->parent && t->move;
}

bool parent_log_extend(struct parent_log *t, uint64_t more)
{
	if (more > ROOM - t->count)
		return false;
	t->count += more;
	return true;
}

void parent_log_close(struct parent_log *t)
{
	shared_arena_unmap(t->parent, ROOM * sizeof *t->parent);
	shared_arena_unmap(t->move, ROOM * sizeof *t->move);
	*t = (struct parent_log){0};
}

uint32_t parent_log_length(const struct parent_log *t, uint32_t state)
{
	uint32_t n = 0;

	for (; state != PARENT_LOG_ROOT; state = t->parent[state])
		n++;
	return n;
}

void parent_log_moves(const struct parent_log *t, uint32_t state, uint8_t *out)
{
	for (uint32_t n = parent_log_length(t, state); n;
	     state = t->parent[state])
		out[--n] = t->move[state];
}
