/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/guest/net_driver_canon.h"

uint32_t net_cookie_slot(const struct ring_view *v, uint32_t cookie)
{
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;

	return cookie & NET_COOKIE_SLOT && slot < v->slots
		       ? v->slot_first + slot
		       : (uint32_t)CANON_NO_SLOT;
}

/* Where a segment begins: in a slot, or at an address. */
static void place_canon(const struct net_packets *p, struct canon *f,
			uint64_t gpa)
{
	uint64_t at = gpa - p->region_gpa; /* wraps below the BAR */

	if (p->slots && at < bar_bytes(p->slots)) {
		canon_slot(f, p->from.link, (uint32_t)(at / p->slots->stride));
		canon_u64(f, at % p->slots->stride);
	} else {
		canon_u8(f, CANON_NONSENSE);
		canon_u64(f, gpa);
	}
}

static void bytes_canon(const struct net_packets *p, struct canon *f,
			const struct ring_chain *c, uint32_t len, uint8_t waste)
{
	const struct gmem *mem = &p->driver->vm->mem;
	bool read = true;

	for (uint32_t k = 0; k < c->count && len; k++) {
		uint32_t n = c->seg[k].len < len ? c->seg[k].len : len;
		const uint8_t *at = gmem_at(mem, c->seg[k].gpa, n);

		place_canon(p, f, c->seg[k].gpa);
		canon_u32(f, c->seg[k].len);
		if (at && read)
			read = packet_canon(&p->from, f, at, n, k ? 0 : waste);
		len -= n;
	}
}

/* A packet that may come back is remembered by number, and by its slots. */
static void notes_canon(const struct net_driver *d, struct canon *f,
			uint32_t slot, uint32_t count)
{
	for (uint32_t k = 0; k < count; k++) {
		const struct slot_note *n = &d->note[slot];

		canon_flags(f, n->seq == NO_SEQ);
		if (n->seq != NO_SEQ)
			canon_seq(f, d->driver.nic, n->seq);
		canon_slot(f, d->driver.link, n->next);
		slot = n->next;
	}
}

/* The first chain of a packet, which lies at @at, says what follows. */
static void arrived_begin(struct net_packets *p, const uint8_t *at,
			  uint32_t len)
{
	if (p->driver->hdr_len < NET_HDR_COMMON || len < NET_HDR_COMMON)
		return;
	p->rest.gift = p->gifts && at[0] & NET_HDR_GIFT;
	p->rest.chains =
		gmem_load16(at + offsetof(struct virtio_net_hdr, num_buffers)) -
		1u;
}

/* A received chain: the first of a packet, or more of it. */
static void arrived_canon(struct net_packets *p, struct canon *f,
			  const struct ring_chain *c, uint32_t len,
			  uint32_t cookie)
{
	const struct net_driver *d = p->driver;
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;
	const uint8_t *at = gmem_at(&d->vm->mem, c->seg[0].gpa, NET_HDR_COMMON);

	if (p->rest.chains) {
		p->rest.chains--;
		if (!p->rest.gift)
			bytes_canon(p, f, c, len, 0);
		return;
	}
	bytes_canon(p, f, c, len, p->gifts ? NET_HDR_GIFT : 0);
	if (at)
		arrived_begin(p, at, len);
	if (at && at[0] & NET_HDR_RETURNED && cookie & NET_COOKIE_SLOT &&
	    slot < d->slots.slots)
		notes_canon(d, f, slot, 1);
}

void net_packet_canon(const struct ring_view *v, struct canon *f,
		      const struct ring_chain *c, uint32_t len, uint32_t cookie)
{
	struct net_packets *p = v->to;
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;

	if (!queue_is_tx((uint16_t)v->id)) {
		arrived_canon(p, f, c, len, cookie);
		return;
	}
	bytes_canon(p, f, c, len, p->gifts ? NET_HDR_GIFT : 0);
	if (cookie & NET_COOKIE_SLOT && slot < p->driver->slots.slots)
		notes_canon(p->driver, f, slot, c->count);
}

static void buffer_canon(struct canon *f, uint32_t link, uint32_t buffer)
{
	(void)link;
	canon_u32(f, buffer);
}

static void tell_slot(struct canon *f, uint32_t link, uint32_t slot)
{
	canon_slot(f, link, slot);
}

/* What it believes of slots. */
static void slots_canon(const struct net_driver *d, struct canon *f,
			uint32_t epoch)
{
	uint32_t link = d->driver.link;

	canon_u32(f, d->slots.slots);
	canon_u32(f, epoch - d->epoch);
	canon_u32(f, d->lent);
	canon_u32(f, d->unposted);
	canon_u32(f, d->lender);
	for (uint32_t s = 0; s < d->slots.slots; s++) {
		canon_of_slot(f, link, s);
		canon_u8(f, d->belief[s]);
		canon_of_end(f);
	}
	slot_pool_canon(&d->pool, f, d->slots.slots, tell_slot, link);
}

/* Where it is in its work. */
static void work_canon(const struct net_driver *d, struct canon *f)
{
	canon_flags(f, d->paired, d->gifts, d->link_up, d->asked, d->sent_some,
		    d->acted, d->tx_blocked, d->dead, d->heard, d->found,
		    d->wait_ps != UINT64_MAX);
	canon_u8(f, d->irq & 1); /* others are looked at by nobody */
	canon_u8(f, d->away);
	if (d->away)
		canon_u8(f, d->in_reset_phase);
	canon_u8(f, d->phase);
	canon_u32(f, d->starved);
	canon_u32(f, d->told);
}

/* The private buffers behind the one that a send's cookie names. */
static void buffers_behind_canon(const struct net_driver *d, struct canon *f,
				 uint32_t cookie)
{
	for (uint32_t k = cookie >> 16, b = cookie & 0xffff; k > 1; k--) {
		b = d->tx_next[b];
		canon_u32(f, b);
	}
}

/* The slots behind it, where they are looked for once the send is done. */
static void slots_behind_canon(const struct net_driver *d, struct canon *f,
			       uint32_t first)
{
	uint32_t slot = first, k = 0;

	do {
		slot = d->note[slot].next;
		canon_slot(f, d->driver.link, slot);
	} while (slot != first && ++k < d->slots.slots);
}

static void sends_canon(const struct net_driver *d, struct canon *f)
{
	uint32_t q = net_queue(d, NET_TX);

	for (uint32_t k = 0; k < vq_driver_size(&d->tx); k++) {
		uint32_t head = canon_queue(f, q)->raw[k];
		const struct vq_note n = vq_driver_note(&d->tx, head);

		if (n.count == 0)
			continue;
		canon_of_head(f, q, head);
		if (!(n.cookie & NET_COOKIE_SLOT))
			buffers_behind_canon(d, f, n.cookie);
		else if (!net_rule(d, RULE_POST_FIRST))
			slots_behind_canon(d, f, n.cookie & ~NET_COOKIE_SLOT);
		canon_of_end(f);
	}
}

/* What it still knows when it begins again. */
static void remains_canon(const struct net_driver *d, struct canon *f)
{
	canon_u64(f, d->wanted);
	canon_flags(f, d->dead, d->acted, d->sent_some,
		    d->wait_ps != UINT64_MAX);
	canon_u8(f, d->irq);
	canon_u8(f, d->phase);
}

void net_driver_canon(const struct guest_driver *driver, struct canon *f,
		      const struct guest_canon *about)
{
	const struct net_driver *d = (const struct net_driver *)driver;

	if (about->dead)
		return;
	if (!d->started) {
		remains_canon(d, f);
		return;
	}
	canon_u64(f, d->wanted);
	work_canon(d, f);
	canon_u32(f, d->hdr_len);
	canon_u64(f, d->pci.features);
	canon_u32(f, d->rx_buffers.count);
	for (uint32_t i = 0; i < d->rx_buffers.count; i++)
		canon_u16(f, d->rx_buffers.free[i]);
	slot_pool_canon(&d->tx_free, f, d->tx_buffers.total, buffer_canon,
			d->driver.link);
	if (d->paired)
		slots_canon(d, f, about->epoch);
	sends_canon(d, f);
}

bool net_driver_slots_alike(const struct net_driver *d, bool paired)
{
	return d->paired ? d->unposted == d->slots.slots : !paired;
}

bool net_driver_knows_gifts(const struct net_driver *d, uint64_t offered)
{
	return d->started ? d->gifts
			  : feature_on(features_closed(d->wanted & offered),
				       F_NET_GIFT);
}
