/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers, and sending in runs: frames that fit into one buffer each. */
#include "model/guest/net_driver.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

/* What the header at @at says of a packet that is to be cut. */
static void header_gso(const struct net_driver *d, uint8_t *at,
		       const struct app_packet *p)
{
	struct virtio_net_hdr h = {
		.flags = at[0] | NET_HDR_NEEDS_CSUM,
		.gso_type = p->gso_type,
		.hdr_len = htole16(p->hdr_len),
		.gso_size = htole16(p->gso_size),
		.csum_start = htole16(p->csum_start),
		.csum_offset = htole16(p->csum_offset),
	};

	if (feature_on(d->pci.features, p->gso_type == NET_GSO_TCPV4
						? F_NET_HOST_TSO4
						: F_NET_HOST_TSO6))
		memcpy(at, &h, offsetof(struct virtio_net_hdr, num_buffers));
}

/*
 * Nearly all headers say nothing: zeros are written in place, since a copy of
 * what was just written elsewhere has to wait for it.
 */
static inline void header_clear(uint8_t *at, uint32_t hdr_len, uint8_t flags)
{
	gmem_store64(at, flags);
	if (hdr_len < NET_HDR_COMMON) {
		gmem_store16(at + 8, 0);
		return;
	}
	gmem_store32(at + 8, 0);
	for (uint32_t i = NET_HDR_COMMON; i < hdr_len; i += 4)
		gmem_store32(at + i, 0);
}

/* WANT is a hint, which most headers have of those that have any flag. */
static void header_tell(const struct net_driver *d, const uint8_t *at,
			uint64_t gpa, uint32_t frame)
{
	uint32_t says = net_hdr_says(at, d->hdr_len);

	if (says & ~(d->gifts ? NET_HDR_WANT : 0u))
		probe_emit(d->probe, EV_HEADER, net_queue(d, 1), says, gpa,
			   d->hdr_len + frame, d->hdr_len);
}

void net_header_write(const struct net_driver *d, uint8_t *at, uint64_t gpa,
		      const struct app_packet *p, uint8_t flags)
{
	header_clear(at, d->hdr_len, flags);
	if (p && p->gso_type)
		header_gso(d, at, p);
	if (MUTANT(GUEST_FLAGS))
		at[0] |= NET_HDR_NEEDS_CSUM;
	if (MUTANT(GUEST_NUM))
		gmem_store16(at + offsetof(struct virtio_net_hdr, num_buffers),
			     1);
	header_tell(d, at, gpa, p ? p->len : 0);
	cost_count(d->cost, COST_HEADER, 1);
}

/* A driver that is short of slots says so with each packet. */
uint8_t net_want_flag(const struct net_driver *d)
{
	bool want = d->gifts && d->cfg->gifts.policy == GIFT_CREDIT &&
		    d->pool.count < d->cfg->gifts.low;

	return want ? NET_HDR_WANT : 0;
}

/* Buffers of one size that a run of sends is taken from. */
struct stock {
	struct slot_pool *pool;
	uint8_t *base; /* of the first */
	uint64_t gpa;
	uint32_t stride;
	uint32_t size;
	uint32_t cookie; /* to be or'ed with a buffer's number */
	bool slots;
};

_Static_assert((int)APP_BATCH_MAX == (int)EVENT_BATCH_MAX,
	       "a run is told whole");

/* A run of sends while it is prepared. */
struct sends {
	uint32_t count;
	uint64_t bytes;                   /* of frames */
	uint32_t number[EVENT_BATCH_MAX]; /* of the buffer */
	struct app_batch run;
};

/* Slots when the ends are paired, else private buffers. */
static struct stock stock_of(struct net_driver *d)
{
	const struct buffer_stack *b = &d->tx_buffers;

	if (d->paired)
		return (struct stock){&d->pool,
				      d->bar,
				      d->pci.shared_gpa,
				      d->slots.stride,
				      d->slots.slot_size,
				      NET_COOKIE_SLOT,
				      true};
	return (struct stock){&d->tx_free, b->base, b->gpa, b->size,
			      b->size,     1 << 16, false};
}

/* Of @most sends of one buffer each, those that there is room for. */
static uint32_t sends_possible(const struct net_driver *d,
			       const struct stock *from, uint32_t most)
{
	if (most > from->pool->count)
		most = from->pool->count;
	most = vq_add_most(&d->tx, most);
	if (from->slots && net_rule(d, RULE_POST_FIRST))
		most = vq_add_most(&d->rx, most);
	if (from->slots ? d->unposted < d->slots.slots : !d->cfg->private_rx)
		return 0;
	return vq_driver_broken(&d->rx) ? 0 : most;
}

/* Takes buffers for frames that are next and fit into one each. */
static void sends_fill(struct net_driver *d, struct sends *s,
		       const struct stock *from, uint32_t most)
{
	struct app_buffers to = {.base = from->base + d->hdr_len,
				 .stride = from->stride,
				 .number = s->number,
				 .count = sends_possible(d, from, most),
				 .room = from->size - d->hdr_len};

	s->count = 0;
	s->bytes = 0;
	if (!to.count)
		return;
	if (to.room > d->cfg->max_frame)
		to.room = d->cfg->max_frame;
	slot_pool_take_batch(from->pool, s->number, to.count);
	s->count = d->app->fill(d->app_ctx, d->driver.nic, &to, &s->run);
	slot_pool_untake(from->pool, s->number + s->count, to.count - s->count);
}

/* What the application gave. */
static void sends_say(const struct net_driver *d, const struct sends *s)
{
	struct event_item *said;

	if (!probe_wants(d->probe, EV_SEND))
		return;
	said = probe_batch_begin(d->probe, EV_SEND, net_queue(d, 1), s->count,
				 s->run.to);
	for (uint32_t k = 0; k < s->count; k++)
		event_item_set(&said[k], s->run.frame[k].hash,
			       s->run.frame[k].len, (uint32_t)(s->run.seq + k));
}

/* Notes what is sent in a slot of its own. */
static inline void slot_note(struct slot_note *n, uint32_t slot, uint64_t seq)
{
	n->seq = seq;
	n->next = slot;
}

/* Writes headers, and notes what the driver believes of each slot. */
static inline __attribute__((always_inline)) void slots_fill_by(
	struct net_driver *d, struct sends *s, const struct stock *from,
	struct event_item *item, const uint32_t hdr_len)
{
	const uint32_t stride = from->stride, count = s->count;
	const uint8_t want = net_want_flag(d);
	const uint64_t gpa = from->gpa, seq = s->run.seq;
	uint8_t *base = from->base;
	struct slot_note *note = d->note;
	uint8_t *belief = d->belief;
	uint64_t bytes = 0;

	for (uint32_t k = 0; k < count; k++) {
		const uint32_t len = s->run.frame[k].len, slot = s->number[k];
		const uint64_t off = (uint64_t)slot * stride;

		header_clear(base + off, hdr_len, want);
		slot_note(&note[slot], slot, seq + k);
		belief[slot] = SLOT_LENT;
		item[k].addr = gpa + off;
		item[k].len = hdr_len + len;
		bytes += len;
	}
	s->bytes = bytes;
}

static void slots_fill(struct net_driver *d, struct sends *s,
		       const struct stock *from, struct event_item *item)
{
	if (d->hdr_len == NET_HDR_COMMON)
		slots_fill_by(d, s, from, item, NET_HDR_COMMON);
	else
		slots_fill_by(d, s, from, item, d->hdr_len);
}

/* Offers slots, each of which is posted for receive before it is sent. */
static void slots_offer(struct net_driver *d, struct sends *s,
			const struct stock *from)
{
	const uint32_t count = s->count;
	struct event_item *item = probe_fused_begin(
		d->probe,
		fused_send(net_queue(d, 1), vq_driver_added(&d->rx),
			   vq_driver_added(&d->tx), from->size, d->vm->id),
		count);
	struct vq_add_cursor rx = vq_add_begin(&d->rx, vq_driver_layout(&d->rx),
					       count, from->size);
	struct vq_add_cursor tx =
		vq_add_begin(&d->tx, vq_driver_layout(&d->tx), count, 0);

	slots_fill(d, s, from, item);
	for (uint32_t k = 0; k < count; k++) {
		const uint32_t cookie = NET_COOKIE_SLOT | s->number[k];
		const uint64_t addr = item[k].addr;
		const uint32_t len = item[k].len;
		uint32_t posted = vq_add_put(&rx, addr, 0, cookie);
		uint32_t sent = vq_add_put(&tx, addr, len, cookie);

		item[k].a = fused_heads(posted, sent);
	}
	vq_add_end(&d->rx, &rx, count);
	vq_add_end(&d->tx, &tx, count);
	probe_batch_end(d->probe);
	d->lent += count;
}

/* Writes headers and offers buffers that are only sent. */
static void buffers_offer(struct net_driver *d, struct sends *s,
			  const struct stock *from)
{
	const uint8_t want = from->slots ? net_want_flag(d) : 0;
	const uint32_t count = s->count;
	struct event_item *wrote = probe_batch_begin(
		d->probe, EV_GUEST_WRITE, net_queue(d, 1), count, d->vm->id);
	struct event_item *said = vq_add_tell(&d->tx, count, 0);
	struct vq_add_cursor tx =
		vq_add_begin(&d->tx, vq_driver_layout(&d->tx), count, 0);

	for (uint32_t k = 0; k < count; k++) {
		const uint32_t number = s->number[k];
		const uint32_t len = d->hdr_len + s->run.frame[k].len;
		const uint64_t off = (uint64_t)number * from->stride;

		header_clear(from->base + off, d->hdr_len, want);
		if (from->slots) {
			slot_note(&d->note[number], number, s->run.seq + k);
			d->belief[number] = SLOT_SENT;
		}
		event_item_set(&wrote[k], from->gpa + off, len, 0);
		vq_add_told(&said[k], from->gpa + off, len,
			    vq_add_put(&tx, from->gpa + off, len,
				       from->cookie | number));
		s->bytes += s->run.frame[k].len;
	}
	vq_add_end(&d->tx, &tx, count);
	probe_batch_end(d->probe);
}

/* What was sent costs something. */
static void sends_count(struct net_driver *d, const struct sends *s)
{
	cost_count(d->cost, COST_HEADER, s->count);
	cost_count(d->cost, COST_PACKET, s->count);
	cost_count(d->cost, COST_APP_BYTE, s->bytes);
}

uint32_t net_driver_send_batch(struct net_driver *d, uint32_t most)
{
	struct stock from = stock_of(d);
	struct sends s;

	sends_fill(d, &s, &from, most);
	if (!s.count)
		return 0;
	sends_say(d, &s);
	if (from.slots && net_rule(d, RULE_POST_FIRST))
		slots_offer(d, &s, &from);
	else
		buffers_offer(d, &s, &from);
	sends_count(d, &s);
	return s.count;
}
