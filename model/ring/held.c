/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/held.h"

#include "model/canon/canon.h"
#include "model/ring/virtqueue.h"

size_t held_arena(uint16_t size, uint32_t burst)
{
	return burst * sizeof(struct ring_buffer) +
	       (size + 1u) * sizeof(struct ring_seg) + 64;
}

void held_init(struct ring_held *h, uint16_t size, uint32_t burst,
	       struct arena *arena)
{
	*h = (struct ring_held){
		.buffer = arena_new(arena, struct ring_buffer, burst),
		.chain.seg = arena_new(arena, struct ring_seg, size + 1u),
	};
}

/*
 * Pops device-readable buffers into @out, up to the first that is anything
 * else, @most at most; how many.
 */
VQ_INLINE uint32_t buffers_pop_by(struct vq_device *q, uint32_t most,
				  struct ring_buffer *out,
				  const enum vq_layout l)
{
	struct vq_pop_cursor in = vq_pop_begin(q, l, false);
	uint32_t k;

	most = vq_pop_most(q, most);
	for (k = 0; k < most && vq_pop_look(&in, &out[k]); k++)
		vq_pop_take(&in);
	vq_pop_end(q, &in, k);
	return k;
}

enum ring_end held_pull(struct ring_held *h, struct vq_device *q, uint32_t most,
			struct verdict *why)
{
	enum ring_end end = vq_device_ready(q, why);

	assert(!held_any(h));
	if (end != RING_CHAIN)
		return end;
	h->first = 0;
	h->count = VQ_BY_LAYOUT(vq_device_layout(q), buffers_pop_by, q, most,
				h->buffer);
	if (h->count)
		return RING_CHAIN;
	end = vq_device_pop(q, &h->chain, why);
	h->whole = end == RING_CHAIN;
	return end;
}

const struct ring_chain *held_chain(struct ring_held *h)
{
	struct ring_chain *c = &h->chain;
	const struct ring_buffer *b = &h->buffer[h->first];

	assert(held_any(h));
	if (h->whole)
		return c;
	c->head = (uint16_t)b->head;
	c->count = c->readable = 1;
	c->read_len = b->len;
	c->write_len = 0;
	ring_seg_set(&c->seg[0], b->gpa, b->len, false);
	return c;
}

void held_chain_done(struct ring_held *h)
{
	assert(held_any(h));
	if (!h->whole)
		held_buffers_done(h, 1);
	h->whole = false;
}

void held_canon(const struct ring_held *h, struct canon *f, uint32_t queue)
{
	canon_flags(f, h->whole);
	canon_u32(f, h->count);
	for (uint32_t k = 0; k < h->count; k++)
		canon_head(f, queue, (uint16_t)h->buffer[h->first + k].head);
	if (h->whole) {
		canon_head(f, queue, h->chain.head);
		canon_u32(f, h->chain.count);
	}
}
