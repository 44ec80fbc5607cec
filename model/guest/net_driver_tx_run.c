/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers, and sending in runs: frames that fit into one buffer each. */
#include "model/guest/net_driver.h"

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
static inline void header_put(const struct net_driver *d, uint8_t *at,
			      const struct app_packet *p, uint8_t flags)
{
	if (d->hdr_len == NET_HDR_COMMON)
		memset(at, 0, NET_HDR_COMMON);
	else
		memset(at, 0, d->hdr_len);
	at[0] = flags;
	if (p && p->gso_type)
		header_gso(d, at, p);
}

void net_header_write(const struct net_driver *d, uint8_t *at,
		      const struct app_packet *p, uint8_t flags)
{
	header_put(d, at, p, flags);
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

/* A run of sends while it is prepared. */
struct sends {
	uint32_t count;
	uint32_t number[EVENT_RUN_MAX]; /* of the buffer */
	struct app_packet packet[EVENT_RUN_MAX];
};

/* Slots when the ends are joined, else private buffers. */
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
	most = run_most(most);
	if (most > from->pool->count)
		most = from->pool->count;
	if (most > d->tx.free)
		most = d->tx.free;
	if (from->slots && net_rule(d, RULE_POST_FIRST) && most > d->rx.free)
		most = d->rx.free;
	if (from->slots ? d->unposted < d->slots.slots : !d->cfg->private_rx)
		return 0;
	return d->tx.broken || d->rx.broken ? 0 : most;
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
	if (!to.count)
		return;
	if (to.room > d->cfg->max_frame)
		to.room = d->cfg->max_frame;
	slot_pool_take_run(from->pool, s->number, to.count);
	s->count = d->app->fill(d->app_ctx, d->nic, &to, s->packet);
	slot_pool_untake(from->pool, s->number + s->count, to.count - s->count);
}

/* What the application gave. */
static void sends_say(const struct net_driver *d, const struct sends *s)
{
	struct event_item *said;

	if (!probe_wants(d->probe, EV_SEND))
		return;
	said = probe_run_begin(d->probe, EV_SEND, net_queue(d, 1), s->count,
			       s->packet[0].to);
	for (uint32_t k = 0; k < s->count; k++)
		said[k] =
			(struct event_item){s->packet[k].hash, s->packet[k].len,
					    (uint32_t)s->packet[k].seq};
}

/*
 * Writes headers and offers the buffers; with @post, a slot is posted for
 * receive as well, and before it is sent.
 */
static inline __attribute__((always_inline)) void sends_offer(
	struct net_driver *d, const struct sends *s, const struct stock *from,
	bool post)
{
	const uint32_t hdr_len = d->hdr_len, stride = from->stride;
	uint8_t want = from->slots ? net_want_flag(d) : 0;
	struct split_adding rx, tx;
	struct event_item *wrote;
	uint64_t bytes = 0;

	wrote = probe_run_begin(d->probe, EV_GUEST_WRITE, net_queue(d, 1),
				s->count, d->vm->id);
	if (post)
		rx = split_adding_begin(&d->rx, s->count, from->size);
	tx = split_adding_begin(&d->tx, s->count, 0);
	for (uint32_t k = 0; k < s->count; k++) {
		const struct app_packet *p = &s->packet[k];
		const uint32_t number = s->number[k], len = hdr_len + p->len;
		const uint32_t cookie = from->cookie | number;
		const uint64_t off = (uint64_t)number * stride;

		header_put(d, from->base + off, p, want);
		wrote[k] = (struct event_item){from->gpa + off, len, 0};
		if (post)
			split_adding_put(&rx, from->gpa + off, 0, cookie);
		split_adding_put(&tx, from->gpa + off, len, cookie);
		bytes += p->len;
	}
	if (post)
		split_adding_end(&d->rx, &rx, s->count);
	split_adding_end(&d->tx, &tx, s->count);
	probe_run_end(d->probe);
	cost_count(d->cost, COST_HEADER, s->count);
	cost_count(d->cost, COST_PACKET, s->count);
	cost_count(d->cost, COST_APP_BYTE, bytes);
}

/* What the driver believes of slots that it sends. */
static void slots_note(struct net_driver *d, const struct sends *s, bool post)
{
	struct slot_note *note = d->note;

	for (uint32_t k = 0; k < s->count; k++) {
		uint32_t slot = s->number[k];

		note[slot].seq = s->packet[k].seq;
		note[slot].next = slot;
		note[slot].belief = post ? SLOT_LENT : SLOT_SENT;
	}
	if (post)
		d->lent += s->count;
}

uint32_t net_driver_send_run(struct net_driver *d, uint32_t most)
{
	struct stock from = stock_of(d);
	bool post = from.slots && net_rule(d, RULE_POST_FIRST);
	struct sends s;

	if (d->tx.stores)
		return 0; /* one by one: each store may wait */
	sends_fill(d, &s, &from, most);
	if (!s.count)
		return 0;
	sends_say(d, &s);
	if (from.slots)
		slots_note(d, &s, post);
	if (post)
		sends_offer(d, &s, &from, true);
	else
		sends_offer(d, &s, &from, false);
	return s.count;
}
