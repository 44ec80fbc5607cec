/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/classic.h"

#include "model/ring/virtqueue.h"

void classic_refuse(struct worker *w, enum clause broken)
{
	probe_emit(w->link->probe, EV_DROP,
		   queue_of_nic(w->link->nic[w->end].number, NET_TX), broken, 0,
		   (uint32_t)w->held.chain.read_len, w->held.chain.head);
	vq_device_used(&w->link->nic[w->end].tx, w->held.chain.head, 0);
}

void classic_drop(struct worker *w)
{
	classic_refuse(w, CLAUSE_NONE);
}

bool classic_posted(struct nic *n, const struct ring_chain *c,
		    struct verdict *why)
{
	return posted_rx_post(&n->line, c, why);
}

struct cursor classic_frame(const struct worker *w)
{
	const struct nic *from = &w->link->nic[w->end];

	return (struct cursor){.mem = &from->vm->mem,
			       .seg = w->held.chain.seg,
			       .count = w->held.chain.readable,
			       .vm = (uint16_t)from->vm->id,
			       .queue = vq_device_queue(&from->tx)};
}

struct rx_form classic_form(const struct worker *w)
{
	const struct nic *to = &w->link->nic[!w->end];

	return (struct rx_form){to->dev.accepted, to->hdr_len};
}

/* Copies the held chain's frame into the receiver's line of buffers. */
static enum line_end copy(struct worker *w, uint32_t frame)
{
	struct nic *from = &w->link->nic[w->end];
	struct nic *to = &w->link->nic[!w->end];
	struct iov_copy m = {w->link->probe, w->link->cost,  EV_HOST_READ,
			     EV_HOST_WRITE,  COST_HOST_COPY, COST_HOST_BYTE};
	struct cursor src = classic_frame(w);
	struct rx_form form = classic_form(w);
	struct virtio_net_hdr h = {0};

	if (!iov_copy_get(&m, &src, &h, from->hdr_len))
		assert(!"what was sent was found within reach");
	return posted_rx_deliver(&to->line, &m, &src, &h, frame, &form);
}

bool classic_is_frame(struct worker *w)
{
	struct nic *from = &w->link->nic[w->end];
	struct cursor src = classic_frame(w);
	struct verdict why;

	if (w->held.chain.read_len < from->hdr_len) {
		classic_refuse(w, CLAUSE_NET_TX_HDR);
		return false;
	}
	if (iov_copy_reaches(&src))
		return true;
	verdict_set(&why, CLAUSE_SPLIT_REACH,
		    "head %u: a segment lies outside of memory",
		    w->held.chain.head);
	vq_device_break(&from->tx, &why);
	nic_fail(from);
	return false;
}

/* How the delivery of the held frame ends; LINE_BROKEN: never. */
static enum line_end held_deliver(struct worker *w,
				  enum line_end (*carry)(struct worker *w,
							 uint32_t frame))
{
	struct nic *to = &w->link->nic[!w->end];
	uint64_t frame = w->held.chain.read_len - w->link->nic[w->end].hdr_len;
	enum line_end end;

	if (!vq_device_works(&to->rx) || frame > w->link->cfg->max_frame)
		return LINE_BROKEN;
	end = carry(w, (uint32_t)frame);
	if (end == LINE_BROKEN)
		nic_rx_fail(to);
	return end;
}

enum forward classic_forward_by(struct worker *w,
				enum line_end (*carry)(struct worker *w,
						       uint32_t frame))
{
	struct nic *from = &w->link->nic[w->end];

	if (nic_rx_in_reset(&w->link->nic[!w->end]))
		return FORWARD_WAIT;
	if (!classic_is_frame(w))
		return FORWARDED;
	switch (held_deliver(w, carry)) {
	case LINE_WAIT:
		return FORWARD_WAIT;
	case LINE_DONE:
		vq_device_used(&from->tx, w->held.chain.head, 0);
		break;
	case LINE_BROKEN:
		classic_drop(w);
	}
	return FORWARDED;
}

enum forward classic_forward(struct worker *w)
{
	return classic_forward_by(w, copy);
}

uint32_t classic_posted_batch(struct nic *n, uint32_t most)
{
	return posted_rx_post_batch(&n->line, most);
}

/* A frame that goes from one buffer into one other. */
struct move {
	struct virtio_net_hdr h;
	const uint8_t *src; /* with its header */
	uint8_t *dst;
	uint32_t frame; /* bytes */
};

/* Where the frame of @c goes, which is @p; false: it is no such frame. */
static inline bool move_of(const struct nic *from, const struct nic *to,
			   const struct ring_buffer *c, const struct posted *p,
			   struct move *out)
{
	uint32_t frame = c->len - from->hdr_len; /* may wrap */

	if (frame > from->link->cfg->max_frame || p->count != 1 ||
	    p->room < to->hdr_len || p->room - to->hdr_len < frame)
		return false;
	out->frame = frame;
	out->src = gmem_at(&from->vm->mem, c->gpa, c->len);
	out->dst = gmem_at(&to->vm->mem, p->gpa, to->hdr_len + frame);
	if (!out->src || !out->dst)
		return false;
	out->h = (struct virtio_net_hdr){0};
	memcpy(&out->h, out->src, from->hdr_len);
	return !(out->h.flags | out->h.gso_type);
}

static inline void move_do(const struct nic *from, const struct nic *to,
			   struct move *m)
{
	rx_header_fit(&m->h, to->dev.accepted, 1);
	memcpy(m->dst, &m->h, to->hdr_len);
	memmove(m->dst + to->hdr_len, m->src + from->hdr_len, m->frame);
}

/* Copies the next @most frames, up to the first that is not as most are. */
static uint32_t copy_batch(struct worker *w, uint32_t most)
{
	struct nic *from = &w->link->nic[w->end], *to = &w->link->nic[!w->end];
	struct probe *probe = w->link->probe;
	struct probe_batches runs = probe_batches_begin(probe, most);
	struct event_item *read = probe_batch_begin(probe, EV_HOST_READ,
						    vq_device_queue(&from->tx),
						    most, from->vm->id);
	struct event_item *wrote =
		probe_batch_begin(probe, EV_HOST_WRITE,
				  vq_device_queue(&to->rx), most, to->vm->id);
	struct event_item *rx_used = vq_push_used_tell(&to->rx, most);
	struct event_item *tx_used = vq_push_used_tell(&from->tx, most);
	struct vq_push_used_cursor rx =
		vq_push_used_begin(&to->rx, vq_device_layout(&to->rx));
	struct vq_push_used_cursor tx =
		vq_push_used_begin(&from->tx, vq_device_layout(&from->tx));
	const struct ring_buffer *held = &w->held.buffer[w->held.first];
	struct move m;
	uint64_t bytes = 0;
	uint32_t k, copies = 0;

	for (k = 0; k < most; k++) {
		const struct ring_buffer b = held[k];
		const struct posted *p = posted_rx_at(&to->line, k);
		uint32_t len;

		if (!move_of(from, to, &b, p, &m))
			break;
		move_do(from, to, &m);
		len = to->hdr_len + m.frame;
		event_item_set(&read[k], b.gpa, b.len, 0);
		event_item_set(&wrote[k], p->gpa, len, 0);
		vq_push_used_put(&rx, p->head, len);
		vq_push_used_told(&rx_used[k], p->head, len);
		vq_push_used_put(&tx, b.head, 0);
		vq_push_used_told(&tx_used[k], b.head, 0);
		bytes += m.frame;
		copies += m.frame != 0;
	}
	probe_batches_end(probe, &runs, k);
	vq_push_used_end(&to->rx, &rx, k);
	vq_push_used_end(&from->tx, &tx, k);
	posted_rx_used(&to->line, k);
	cost_count(w->link->cost, COST_HOST_COPY, copies);
	cost_count(w->link->cost, COST_HOST_BYTE, bytes);
	return k;
}

uint32_t classic_forward_batch(struct worker *w)
{
	struct nic *from = &w->link->nic[w->end], *to = &w->link->nic[!w->end];
	uint32_t most = batch_most(w->held.count);

	if (!vq_device_works(&to->rx))
		return 0;
	most = vq_push_used_most(&from->tx, most);
	most = vq_push_used_most(&to->rx, most);
	if (most > to->line.count)
		most = to->line.count;
	return most ? copy_batch(w, most) : 0;
}
