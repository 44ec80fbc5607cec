/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/trail.h"

#include <stddef.h>

#include "sim/search/share.h"

#define ROOM (UINT64_C(1) << 31)

bool trail_open(struct trail *t, bool shared)
{
	*t = (struct trail){.count = 1};
	t->parent = share_map_row(ROOM * sizeof *t->parent, shared);
	t->move = share_map_row(ROOM * sizeof *t->move, shared);
	return t->parent && t->move;
}

bool trail_extend(struct trail *t, uint64_t more)
{
	if (more > ROOM - t->count)
		return false;
	t->count += more;
	return true;
}

void trail_close(struct trail *t)
{
	share_unmap(t->parent, ROOM * sizeof *t->parent);
	share_unmap(t->move, ROOM * sizeof *t->move);
	*t = (struct trail){0};
}

uint32_t trail_length(const struct trail *t, uint32_t state)
{
	uint32_t n = 0;

	for (; state != TRAIL_ROOT; state = t->parent[state])
		n++;
	return n;
}

void trail_moves(const struct trail *t, uint32_t state, uint8_t *out)
{
	for (uint32_t n = trail_length(t, state); n; state = t->parent[state])
		out[--n] = t->move[state];
}
