/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* mremap */
#include "sim/search/trail.h"

#include <assert.h>
#include <stddef.h>
#include <sys/mman.h>

enum { ROOM_FIRST = 1 << 16 };

static void *block_grow(void *block, size_t from, size_t to)
{
	void *p = block ? mremap(block, from, to, MREMAP_MAYMOVE)
			: mmap(NULL, to, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static bool grow(struct trail *t, uint64_t room)
{
	uint32_t *parent = block_grow(t->parent, t->room * sizeof *t->parent,
				      room * sizeof *t->parent);
	uint8_t *move;

	if (!parent)
		return false;
	t->parent = parent;
	move = block_grow(t->move, t->room, room);
	if (!move)
		return false;
	t->move = move;
	t->room = room;
	return true;
}

bool trail_open(struct trail *t)
{
	*t = (struct trail){0};
	return grow(t, ROOM_FIRST) && trail_add(t, TRAIL_ROOT, 0);
}

bool trail_add(struct trail *t, uint32_t parent, uint8_t move)
{
	if (t->count == t->room &&
	    (t->count > UINT32_MAX / 2 || !grow(t, t->room + t->room / 2)))
		return false;
	t->parent[t->count] = parent;
	t->move[t->count++] = move;
	return true;
}

void trail_close(struct trail *t)
{
	if (t->parent)
		munmap(t->parent, t->room * sizeof *t->parent);
	if (t->move)
		munmap(t->move, t->room);
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
