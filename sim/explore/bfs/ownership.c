/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/ownership.h"

#include <assert.h>

enum { AT_ONCE = 64 /* numbers that a worker takes */ };

#define OWNERSHIP_MAX (UINT64_C(1) << 29)

struct ownership_head {
	uint32_t base, here_base;
	uint32_t side; /* of the room, for claims that are made */
	_Alignas(SHARED_LINE) uint32_t next; /* that no worker has taken */
};

bool ownership_open(struct ownership *c, bool shared)
{
	*c = (struct ownership){0};
	c->head = shared_arena_map(sizeof *c->head, shared);
	c->room[0] = shared_arena_map(OWNERSHIP_MAX * sizeof **c->room, shared);
	c->room[1] = shared_arena_map(OWNERSHIP_MAX * sizeof **c->room, shared);
	if (!c->head || !c->room[0] || !c->room[1])
		return false;
	c->head->base = c->head->next = 1;
	return true;
}

void ownership_close(struct ownership *c)
{
	shared_arena_unmap(c->head, sizeof *c->head);
	shared_arena_unmap(c->room[0], OWNERSHIP_MAX * sizeof **c->room);
	shared_arena_unmap(c->room[1], OWNERSHIP_MAX * sizeof **c->room);
	*c = (struct ownership){0};
}

bool ownership_room(struct ownership *c, uint64_t more)
{
	uint64_t next = (uint64_t)c->head->next + more;

	return next < UINT32_MAX && next - c->head->base < OWNERSHIP_MAX;
}

void ownership_turn(struct ownership *c)
{
	c->head->here_base = c->head->base;
	c->head->base = c->head->next;
	c->head->side = !c->head->side;
}

void ownership_begin(struct ownership *c)
{
	if (c->base == c->head->base)
		return;
	c->base = c->head->base;
	c->here_base = c->head->here_base;
	c->owner = c->room[c->head->side];
	c->here = c->room[!c->head->side];
	c->mine = c->mine_end = 0;
}

uint32_t ownership_next(struct ownership *c)
{
	if (c->mine == c->mine_end) {
		c->mine = __atomic_fetch_add(&c->head->next, AT_ONCE,
					     __ATOMIC_RELAXED);
		c->mine_end = c->mine + AT_ONCE;
	}
	c->owner[c->mine - c->base] = (struct owner){0};
	return c->mine;
}

bool owner_take(struct owner *c, uint32_t round, uint32_t order)
{
	uint64_t mine = (uint64_t)round << 32 | order;
	uint64_t now = __atomic_load_n(&c->order, __ATOMIC_RELAXED);

	assert(!(now & OWNER_PLACED));
	while (now >> 32 != round || now > mine)
		if (__atomic_compare_exchange_n(&c->order, &now, mine, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return now == mine;
}
