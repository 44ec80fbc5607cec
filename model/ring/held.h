/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a device half has popped and not yet dealt with, in order: buffers of
 * one segment, as many as there were in a row, or one chain of any other kind.
 */
#ifndef TWINRING_MODEL_RING_HELD_H
#define TWINRING_MODEL_RING_HELD_H

#include "model/memory/arena.h"
#include "model/ring/virtqueue.h"

struct canon;

struct ring_held {
	struct ring_buffer *buffer; /* room for a burst */
	uint32_t first;             /* of those that are held */
	uint32_t count;
	bool whole; /* none of them, but @chain is held */
	struct ring_chain chain;
};

/* For bursts of @burst out of a ring of @size; its memory is from @arena. */
void held_init(struct ring_held *h, uint16_t size, uint32_t burst,
	       struct arena *arena);
size_t held_arena(uint16_t size, uint32_t burst);

static inline bool held_any(const struct ring_held *h)
{
	return h->whole || h->count;
}

/*
 * Pops up to @most buffers of @q, or one chain of any other kind, where none
 * are held; RING_BROKEN, with the rule in @why, stops the queue.
 */
enum ring_end held_pull(struct ring_held *h, struct vq_device *q, uint32_t most,
			struct verdict *why);

/* The first of those that are held, as a chain; h->chain is it from now on. */
const struct ring_chain *held_chain(struct ring_held *h);

/* The first @count buffers are dealt with. */
static inline void held_buffers_done(struct ring_held *h, uint32_t count)
{
	assert(!h->whole && count <= h->count);
	h->first += count;
	h->count -= count;
}

/* So is the first, whatever it is. */
void held_chain_done(struct ring_held *h);

/* Nothing is held any more: the queue that it came from is gone. */
static inline void held_forget(struct ring_held *h)
{
	h->count = 0;
	h->whole = false;
}

/* Its canonical form; @queue is the one that it came from. */
void held_canon(const struct ring_held *h, struct canon *f, uint32_t queue);

#endif
