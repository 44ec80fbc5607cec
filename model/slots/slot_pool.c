/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/slots/slot_pool.h"

#include <string.h>

#include "model/canon/canon.h"

enum { LEVELS = 3 };

static uint32_t words(uint32_t bits)
{
	return bits / 64 + 1;
}

static uint32_t capacity(uint32_t slots)
{
	uint32_t c = 1;

	while (c < slots)
		c *= 2;
	return c;
}

size_t slot_pool_size(uint32_t slots)
{
	size_t bits = 0;

	for (uint32_t level = 0, n = slots; level < LEVELS; level++) {
		n = words(n);
		bits += n * sizeof(uint64_t);
	}
	return capacity(slots) * sizeof(uint32_t) + bits + 64;
}

void slot_pool_init(struct slot_pool *p, enum alloc_policy policy,
		    uint32_t slots, struct arena *arena)
{
	*p = (struct slot_pool){.policy = policy, .mask = capacity(slots) - 1};
	if (policy != ALLOC_ADDRESS) {
		p->queue = arena_new(arena, uint32_t, capacity(slots));
		return;
	}
	for (uint32_t level = 0, n = slots; level < LEVELS; level++) {
		n = words(n);
		p->bits[level] = arena_new(arena, uint64_t, n);
	}
}

void slot_pool_clear(struct slot_pool *p)
{
	while (p->count)
		slot_pool_take(p);
	p->first = 0;
}

void slot_pool_put_address(struct slot_pool *p, uint32_t slot)
{
	for (uint32_t level = 0, i = slot; level < LEVELS; level++, i /= 64)
		p->bits[level][i / 64] |= UINT64_C(1) << i % 64;
	p->count++;
}

/* The lowest slot: the lowest bit of the lowest word, top summary first. */
uint32_t slot_pool_take_address(struct slot_pool *p)
{
	uint32_t i = 0, slot;

	while (!p->bits[LEVELS - 1][i])
		i++;
	for (uint32_t level = LEVELS; level-- > 0;)
		i = i * 64 + (uint32_t)__builtin_ctzll(p->bits[level][i]);
	slot = i;
	for (uint32_t level = 0; level < LEVELS; level++, i /= 64) {
		p->bits[level][i / 64] &= ~(UINT64_C(1) << i % 64);
		if (p->bits[level][i / 64])
			break;
	}
	p->count--;
	return slot;
}

/* Of @count places from @at on, those before the end of the queue. */
static uint32_t straight(const struct slot_pool *p, uint32_t at, uint32_t count)
{
	uint32_t rest = p->mask + 1 - (at & p->mask);

	return count < rest ? count : rest;
}

void slot_pool_take_batch(struct slot_pool *p, uint32_t *slot, uint32_t count)
{
	uint32_t part;

	assert(count <= p->count);
	if (p->policy != ALLOC_FIFO) {
		for (uint32_t k = 0; k < count; k++)
			slot[k] = slot_pool_take(p);
		return;
	}
	p->count -= count;
	for (; count; count -= part, slot += part) {
		part = straight(p, p->first, count);
		memcpy(slot, p->queue + (p->first & p->mask),
		       part * sizeof *slot);
		p->first += part;
	}
}

void slot_pool_untake(struct slot_pool *p, const uint32_t *slot, uint32_t count)
{
	if (p->policy == ALLOC_ADDRESS) {
		slot_pool_put_batch(p, slot, count);
		return;
	}
	/* They still stand where they stood. */
	if (p->policy == ALLOC_FIFO)
		p->first -= count;
	p->count += count;
}

void slot_pool_put_batch(struct slot_pool *p, const uint32_t *slot,
			 uint32_t count)
{
	uint32_t part;

	if (p->policy != ALLOC_FIFO) {
		for (uint32_t k = 0; k < count; k++)
			slot_pool_put(p, slot[k]);
		return;
	}
	assert(count <= p->mask + 1 - p->count);
	for (; count; count -= part, slot += part) {
		uint32_t at = p->first + p->count;

		part = straight(p, at, count);
		memcpy(p->queue + (at & p->mask), slot, part * sizeof *slot);
		p->count += part;
	}
}

void slot_pool_canon(const struct slot_pool *p, struct canon *f, uint32_t total,
		     void (*tell)(struct canon *f, uint32_t link, uint32_t n),
		     uint32_t link)
{
	canon_u32(f, p->count);
	if (p->policy == ALLOC_ADDRESS) {
		for (uint32_t s = 0; s <= total / 64; s++)
			canon_u64(f, p->bits[0][s]);
		return;
	}
	for (uint32_t k = 0; k < p->count; k++)
		tell(f, link,
		     p->policy == ALLOC_FIFO
			     ? p->queue[(p->first + k) & p->mask]
			     : p->queue[k]);
}
