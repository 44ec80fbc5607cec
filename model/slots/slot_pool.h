/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The slots that a driver believes to be its own, and which it uses next. A
 * belief, not the truth: nobody else is asked.
 */
#ifndef TWINRING_MODEL_SLOTS_SLOT_POOL_H
#define TWINRING_MODEL_SLOTS_SLOT_POOL_H

#include "model/config.h"
#include "model/memory/arena.h"

struct canon;

struct slot_pool {
	uint32_t *queue;   /* fifo: a ring; lifo: a stack */
	uint64_t *bits[3]; /* address: free slots, and summaries of 64 words */
	uint32_t mask;     /* fifo: capacity - 1 */
	uint32_t first;    /* fifo: oldest entry */
	uint32_t count;
	enum alloc_policy policy;
};

/* Room for @slots slots; empty. */
void slot_pool_init(struct slot_pool *p, enum alloc_policy policy,
		    uint32_t slots, struct arena *arena);

void slot_pool_clear(struct slot_pool *p);

/* Bytes of arena that slot_pool_init() takes at most. */
size_t slot_pool_size(uint32_t slots);

void slot_pool_put_address(struct slot_pool *p, uint32_t slot);
uint32_t slot_pool_take_address(struct slot_pool *p);

static inline void slot_pool_put(struct slot_pool *p, uint32_t slot)
{
	if (p->policy == ALLOC_ADDRESS) {
		slot_pool_put_address(p, slot);
		return;
	}
	assert(p->count <= p->mask);
	if (p->policy == ALLOC_FIFO)
		p->queue[(p->first + p->count) & p->mask] = slot;
	else
		p->queue[p->count] = slot;
	p->count++;
}

/* The next slot by policy; there must be one. */
static inline uint32_t slot_pool_take(struct slot_pool *p)
{
	assert(p->count);
	if (p->policy == ALLOC_ADDRESS)
		return slot_pool_take_address(p);
	p->count--;
	return p->policy == ALLOC_FIFO ? p->queue[p->first++ & p->mask]
				       : p->queue[p->count];
}

/* Takes the next @count slots by policy; there must be as many. */
void slot_pool_take_batch(struct slot_pool *p, uint32_t *slot, uint32_t count);

/* Puts back the last @count that were taken, as if they had not been. */
void slot_pool_untake(struct slot_pool *p, const uint32_t *slot,
		      uint32_t count);

/* Puts @count slots, one behind the other. */
void slot_pool_put_batch(struct slot_pool *p, const uint32_t *slot,
			 uint32_t count);

/*
 * The canonical form of what is free of @total, in the order in which it will
 * be taken; @tell writes number @n of @link.
 */
void slot_pool_canon(const struct slot_pool *p, struct canon *f, uint32_t total,
		     void (*tell)(struct canon *f, uint32_t link, uint32_t n),
		     uint32_t link);

#endif
