/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/virtio/posted_rx.h"

#include "model/canon/canon.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

size_t posted_rx_arena(uint16_t size)
{
	return size * sizeof(struct posted) +
	       (size + 1u) * sizeof(struct ring_seg) + 64;
}

void posted_rx_init(struct posted_rx *l, struct vq_device *rx,
		    const struct gmem *mem, uint16_t vm, uint16_t size,
		    struct arena *arena)
{
	*l = (struct posted_rx){
		.rx = rx,
		.mem = mem,
		.vm = vm,
		.mask = size - 1u,
		.fifo = arena_new(arena, struct posted, size),
		.seg = arena_new(arena, struct ring_seg, size + 1u),
	};
}

bool posted_rx_post(struct posted_rx *l, const struct ring_chain *c,
		    struct verdict *why)
{
	if (l->count > l->mask) {
		verdict_set(why, CLAUSE_SPLIT_AVAIL_OVERRUN,
			    "head %u: the line of %u is full", c->head,
			    l->count);
		return false;
	}
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

uint32_t posted_rx_post_batch(struct posted_rx *l, uint32_t most)
{
	struct vq_pop_cursor in =
		vq_pop_begin(l->rx, vq_device_layout(l->rx), true);
	uint32_t room = l->mask + 1 - l->count, k;
	struct ring_buffer c;

	for (k = 0; k < most && k < room && vq_pop_look(&in, &c); k++) {
		vq_pop_take(&in);
		l->fifo[(l->first + l->count++) & l->mask] =
			(struct posted){.gpa = c.gpa,
					.room = c.len,
					.slot = NOT_A_SLOT,
					.head = (uint16_t)c.head,
					.count = 1};
	}
	vq_pop_end(l->rx, &in, k);
	return k;
}

/* Chains that together hold @bytes; 0 when those in line do not. */
static uint32_t chains_for(const struct posted_rx *l, uint64_t bytes, bool many)
{
	uint64_t room = 0;

	for (uint32_t k = 0; k < l->count; k++) {
		room += posted_rx_at(l, k)->room;
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
	h->num_buffers = htole16((uint16_t)(chains + MUTANT(DELIVER_NUM)));
}

/*
 * Where @p can be written, as it was when it was taken in. A chain of several
 * segments is not kept: it is looked at anew, and checked anew.
 */
static bool cursor_at(struct posted_rx *l, const struct posted *p,
		      struct ring_seg *one, struct cursor *out,
		      struct verdict *why)
{
	struct ring_chain c = {.seg = l->seg};

	*out = (struct cursor){.mem = l->mem,
			       .seg = one,
			       .count = 1,
			       .vm = l->vm,
			       .queue = vq_device_queue(l->rx)};
	ring_seg_set(one, p->gpa, p->room, true);
	if (p->count == 1)
		return true;
	if (!vq_device_walk(l->rx, p->head, &c, why))
		return false;
	if (c.write_len < p->room) {
		verdict_set(why, CLAUSE_SPLIT_LIVE_DESC,
			    "head %u: %llu writable bytes, there were %u",
			    p->head, (unsigned long long)c.write_len, p->room);
		return false;
	}
	out->seg = c.seg + c.readable;
	out->count = (uint32_t)(c.count - c.readable);
	return true;
}

/* Of @left bytes, header included, those that @p gets. */
static uint32_t share(const struct posted *p, uint32_t left)
{
	return p->room < left ? p->room - MUTANT(DELIVER_SHORT) : left;
}

/* Fills one chain with @hdr_len bytes of @h and @frame bytes of @src. */
static bool fill(struct posted_rx *l, const struct iov_copy *m,
		 const struct posted *p, struct cursor *src,
		 const struct virtio_net_hdr *h, uint32_t hdr_len,
		 uint32_t frame, struct verdict *why)
{
	struct ring_seg one;
	struct cursor at;

	if (!cursor_at(l, p, &one, &at, why))
		return false;
	if (iov_copy_put(m, &at, h, hdr_len) &&
	    iov_copy_move(m, &at, src, frame))
		return true;
	verdict_set(why, CLAUSE_SPLIT_REACH,
		    "head %u: a segment lies outside of memory", p->head);
	return false;
}

/* Fills the first @chains chains; false when one of them cannot be. */
static bool fill_all(struct posted_rx *l, const struct iov_copy *m,
		     struct cursor *src, const struct virtio_net_hdr *h,
		     uint32_t hdr_len, uint32_t frame, uint32_t chains,
		     struct verdict *why)
{
	for (uint32_t k = 0; k < chains; k++) {
		const struct posted *p = posted_rx_at(l, k);
		uint32_t part = share(p, hdr_len + frame) - hdr_len;

		if (!fill(l, m, p, src, h, hdr_len, part, why))
			return false;
		frame -= part;
		hdr_len = 0;
	}
	return true;
}

/* The first @chains chains, which have been filled with @left bytes. */
static void use_all(struct posted_rx *l, uint32_t chains, uint32_t left)
{
	for (uint32_t k = 0; k < chains; k++) {
		const struct posted *p = posted_rx_at(l, k);
		uint32_t part = share(p, left);

		vq_device_used(l->rx, p->head, part);
		left -= part;
		if (MUTANT(DELIVER_APART))
			vq_device_publish(l->rx);
	}
	posted_rx_used(l, chains);
}

/* Whether the first chain in line can hold a header at all. */
static bool header_has_room(const struct posted_rx *l, uint32_t hdr_len,
			    struct verdict *why)
{
	const struct posted *p = posted_rx_at(l, 0);

	if (!l->count || p->room >= hdr_len)
		return true;
	verdict_set(why, CLAUSE_NET_RX_ROOM,
		    "head %u: room for %u bytes, a header has %u", p->head,
		    p->room, hdr_len);
	return false;
}

static enum line_end line_stop(struct posted_rx *l, const struct verdict *why)
{
	vq_device_break(l->rx, why);
	posted_rx_used(l, l->count);
	return LINE_BROKEN;
}

enum line_end posted_rx_deliver(struct posted_rx *l, const struct iov_copy *m,
				struct cursor *src, struct virtio_net_hdr *h,
				uint32_t frame, const struct rx_form *form)
{
	bool many = feature_on(form->features, F_NET_MRG_RXBUF);
	struct cursor begin = *src;
	uint32_t hdr_len = form->hdr_len, chains;
	struct verdict why;

	assert(vq_device_works(l->rx));
	if (!header_has_room(l, hdr_len, &why))
		return line_stop(l, &why);
	chains = chains_for(l, (uint64_t)hdr_len + frame, many);
	if (!chains)
		return LINE_WAIT;
	rx_header_fit(h, form->features, chains);
	if (!fill_all(l, m, src, h, hdr_len, frame, chains, &why))
		return line_stop(l, &why);
	rx_header_tell(m->probe, vq_device_queue(l->rx),
		       net_hdr_says((const uint8_t *)h, hdr_len),
		       posted_rx_at(l, 0)->gpa, hdr_len + frame, hdr_len);
	if (MUTANT(DELIVER_SCRUB))
		iov_copy_put(m, &begin, "", 1);
	use_all(l, chains, hdr_len + frame);
	return LINE_DONE;
}

void posted_rx_canon(const struct posted_rx *l, struct canon *f, uint32_t link,
		     uint32_t queue)
{
	canon_u32(f, l->count);
	for (uint32_t k = 0; k < l->count; k++) {
		const struct posted *p = posted_rx_at(l, k);

		canon_u32(f, p->room);
		canon_slot(f, link, p->slot);
		canon_head(f, queue, p->head);
	}
}
