/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/rx_line.h"

#include "model/ring/split_device_run.h"

size_t rx_line_arena(uint16_t size)
{
	return size * sizeof(struct posted) +
	       (size + 1u) * sizeof(struct ring_seg) + 64;
}

void rx_line_init(struct rx_line *l, struct split_device *rx,
		  const struct gmem *mem, uint16_t vm, uint16_t size,
		  struct arena *arena)
{
	*l = (struct rx_line){
		.rx = rx,
		.mem = mem,
		.vm = vm,
		.mask = size - 1u,
		.fifo = arena_new(arena, struct posted, size),
		.seg = arena_new(arena, struct ring_seg, size + 1u),
	};
}

bool rx_line_post(struct rx_line *l, const struct ring_chain *c)
{
	if (l->count > l->mask)
		return false;
	l->fifo[(l->first + l->count++) & l->mask] = (struct posted){
		.gpa = c->seg[0].gpa,
		.head = c->head,
		.count = c->count,
		.slot = NOT_A_SLOT,
		.room = c->write_len < UINT32_MAX ? (uint32_t)c->write_len
						  : UINT32_MAX,
	};
	return true;
}

uint32_t rx_line_post_run(struct rx_line *l, uint32_t most)
{
	struct split_popping in = split_popping_begin(l->rx, true);
	uint32_t room = l->mask + 1 - l->count, k;
	struct split_one c;

	for (k = 0; k < most && k < room && split_popping_look(&in, &c); k++) {
		split_popping_pop(&in);
		l->fifo[(l->first + l->count++) & l->mask] =
			(struct posted){.gpa = c.addr,
					.room = c.len,
					.slot = NOT_A_SLOT,
					.head = (uint16_t)c.head,
					.count = 1};
	}
	split_popping_end(l->rx, k);
	return k;
}

/* Chains that together hold @bytes; 0 when those in line do not. */
static uint32_t chains_for(const struct rx_line *l, uint64_t bytes, bool many)
{
	uint64_t room = 0;

	for (uint32_t k = 0; k < l->count; k++) {
		room += rx_line_at(l, k)->room;
		if (room >= bytes)
			return k + 1;
		if (!many)
			return 0;
	}
	return 0;
}

void rx_header_fit(struct virtio_net_hdr *h, uint64_t features, uint32_t chains)
{
	bool tso4 = feature_on(features, F_NET_GUEST_TSO4);
	bool tso6 = feature_on(features, F_NET_GUEST_TSO6);

	h->flags &= NET_HDR_NEEDS_CSUM | NET_HDR_DATA_VALID;
	if (!feature_on(features, F_NET_GUEST_CSUM))
		h->flags = 0;
	if ((h->gso_type == NET_GSO_TCPV4 && !tso4) ||
	    (h->gso_type == NET_GSO_TCPV6 && !tso6))
		h->gso_type = NET_GSO_NONE;
	h->num_buffers = htole16((uint16_t)chains);
}

/*
 * Where @p can be written, as it was when it was taken in. A chain of several
 * segments is not kept: it is looked at anew, and checked anew.
 */
static bool cursor_at(struct rx_line *l, const struct posted *p,
		      struct ring_seg *one, struct cursor *out)
{
	struct ring_chain c = {.seg = l->seg};
	struct verdict why;

	*out = (struct cursor){.mem = l->mem,
			       .seg = one,
			       .count = 1,
			       .vm = l->vm,
			       .queue = l->rx->queue};
	ring_seg_set(one, p->gpa, p->room, true);
	if (p->count == 1)
		return true;
	if (!split_device_walk(l->rx, p->head, &c, &why) ||
	    c.write_len < p->room)
		return false;
	out->seg = c.seg + c.readable;
	out->count = (uint32_t)(c.count - c.readable);
	return true;
}

/* Fills one chain; the bytes that it got, header included, or -1. */
static int64_t fill(struct rx_line *l, const struct mover *m,
		    const struct posted *p, struct cursor *src,
		    const struct virtio_net_hdr *h, uint32_t hdr_len,
		    uint32_t left)
{
	uint32_t room = p->room;
	struct ring_seg one;
	struct cursor at;

	if (room < hdr_len || !cursor_at(l, p, &one, &at))
		return -1;
	if (hdr_len && !mover_put(m, &at, h, hdr_len))
		return -1;
	room -= hdr_len;
	if (room > left)
		room = left;
	if (!mover_copy(m, &at, src, room))
		return -1;
	return (int64_t)hdr_len + room;
}

enum line_end rx_line_deliver(struct rx_line *l, const struct mover *m,
			      struct cursor *src, struct virtio_net_hdr *h,
			      uint32_t frame, const struct rx_form *form)
{
	bool many = feature_on(form->features, F_NET_MRG_RXBUF);
	uint32_t hdr_len = form->hdr_len;
	uint32_t chains = chains_for(l, (uint64_t)hdr_len + frame, many);

	if (!chains)
		return LINE_WAIT;
	rx_header_fit(h, form->features, chains);
	for (uint32_t k = 0; k < chains; k++) {
		const struct posted *p = rx_line_at(l, k);
		int64_t got = fill(l, m, p, src, h, hdr_len, frame);

		if (got < 0)
			return LINE_BROKEN;
		frame -= (uint32_t)got - hdr_len;
		hdr_len = 0;
		split_device_used(l->rx, p->head, (uint32_t)got);
	}
	rx_line_used(l, chains);
	return LINE_DONE;
}
