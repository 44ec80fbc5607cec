/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/claims.h"

#include <assert.h>

enum { AT_ONCE = 64 /* numbers that a worker takes */ };

#define CLAIMS_MAX (UINT64_C(1) << 29)

struct claims_head {
	uint32_t base, here_base;
	uint32_t side; /* of the room, for claims that are made */
	_Alignas(SHARE_LINE) uint32_t next; /* that no worker has taken */
};

bool claims_open(struct claims *c, bool shared)
{
	*c = (struct claims){0};
	c->head = share_map(sizeof *c->head, shared);
	c->room[0] = share_map(CLAIMS_MAX * sizeof **c->room, shared);
	c->room[1] = share_map(CLAIMS_MAX * sizeof **c->room, shared);
	if (!c->head || !c->room[0] || !c->room[1])
		return false;
	c->head->base = c->head->next = 1;
	return true;
}

void claims_close(struct claims *c)
{
	share_unmap(c->head, sizeof *c->head);
	share_unmap(c->room[0], CLAIMS_MAX * sizeof **c->room);
	share_unmap(c->room[1], CLAIMS_MAX * sizeof **c->room);
	*c = (struct claims){0};
}

bool claims_room(struct claims *c, uint64_t more)
{
	uint64_t next = (uint64_t)c->head->next + more;

	return next < UINT32_MAX && next - c->head->base < CLAIMS_MAX;
}

void claims_turn(struct claims *c)
{
	c->head->here_base = c->head->base;
	c->head->base = c->head->next;
	c->head->side = !c->head->side;
}

void claims_begin(struct claims *c)
{
	if (c->base == c->head->base)
		return;
	c->base = c->head->base;
	c->here_base = c->head->here_base;
	c->claim = c->room[c->head->side];
	c->here = c->room[!c->head->side];
	c->mine = c->mine_end = 0;
}

uint32_t claims_next(struct claims *c)
{
	if (c->mine == c->mine_end) {
		c->mine = __atomic_fetch_add(&c->head->next, AT_ONCE,
					     __ATOMIC_RELAXED);
		c->mine_end = c->mine + AT_ONCE;
	}
	c->claim[c->mine - c->base] = (struct claim){0};
	return c->mine;
}

bool claim_take(struct claim *c, uint32_t round, uint32_t order)
{
	uint64_t mine = (uint64_t)round << 32 | order;
	uint64_t now = __atomic_load_n(&c->order, __ATOMIC_RELAXED);

	assert(!(now & CLAIM_PLACED));
	while (now >> 32 != round || now > mine)
		if (__atomic_compare_exchange_n(&c->order, &now, mine, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return now == mine;
}
