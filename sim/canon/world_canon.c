/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/canon/world_canon.h"

#include <stdio.h>

#include "model/ring/split_canon.h"
#include "sim/canon/store_canon.h"

enum { HDR = 12, ADDRESSES = 12 };

bool world_canon_can(const struct world_config *c, char *error, size_t size)
{
	if (c->links > CANON_LINKS_MAX) {
		snprintf(error, size, "at most %u links can be explored",
			 CANON_LINKS_MAX);
		return false;
	}
	for (uint32_t i = 0; i < c->links; i++) {
		if (c->link[i].ring.size > CANON_RING_MAX) {
			snprintf(error, size,
				 "rings of at most %u can be explored",
				 CANON_RING_MAX);
			return false;
		}
	}
	return true;
}

/* Bytes of a frame that a script made count up, beginning at its number. */
static bool counts_up(const uint8_t *at, uint32_t len)
{
	for (uint32_t i = 1; i < len; i++)
		if (at[i] != (uint8_t)(at[i - 1] + 1))
			return false;
	return len > 0;
}

/* So the first of them, seen from the sender's next number, says it all. */
static bool counted_canon(struct canon *f, const uint8_t *at, uint32_t len,
			  uint32_t nic)
{
	if (!counts_up(at, len))
		return false;
	canon_u8(f, 1);
	canon_u8(f, (uint8_t)(f->next_seq(f->to, nic) - at[0]));
	return true;
}

/* Addresses, which tell who sent it, and bytes that count up. */
static bool frame_canon(struct canon *f, const struct world_config *c,
			uint32_t link, const uint8_t *at, uint32_t len)
{
	uint32_t end;

	if (len <= ADDRESSES)
		return false;
	end = c->link[link].end[1] + 1u == at[11];
	if (c->link[link].end[end] + 1u != at[11] ||
	    !counts_up(at + ADDRESSES, len - ADDRESSES))
		return false;
	canon_u8(f, 2);
	canon_bytes(f, at, ADDRESSES);
	return counted_canon(f, at + ADDRESSES, len - ADDRESSES,
			     nic_id(link, end));
}

/* A queue of a link, with both its ends' drivers. */
struct packets {
	const struct world *w;
	const struct net_driver *own;
	bool gifts;           /* nobody reads what lies in one */
	uint32_t sender;      /* NIC */
	struct arrived *rest; /* of the packet whose chains come one by one */
};

/* Received chains that come next, with what is in the one before. */
struct arrived {
	uint32_t chains;
	bool gift; /* nobody reads them */
};

/* Bytes as they are tell more than they would from where numbers stand. */
void world_canon_counts(uint32_t link, struct canon *f)
{
	canon_u8(f, (uint8_t)f->next_seq(f->to, nic_id(link, 0)));
	canon_u8(f, (uint8_t)f->next_seq(f->to, nic_id(link, 1)));
}

/*
 * One piece of a packet: all of it, its beginning with a header, or more of
 * it. False: its flags have a bit of @waste, and nothing more is read.
 */
static bool piece_canon(struct canon *f, const struct packets *p,
			const uint8_t *at, uint32_t len, uint8_t waste)
{
	uint32_t skip = len < HDR ? 0 : HDR;

	if (counted_canon(f, at, len, p->sender))
		return true;
	canon_u8(f, 0);
	canon_bytes(f, at, skip);
	if (skip && at[0] & waste)
		return false;
	if (frame_canon(f, p->w->cfg, nic_link(p->sender), at + skip,
			len - skip))
		return true;
	canon_u8(f, 0);
	canon_bytes(f, at + skip, len - skip);
	if (len > skip)
		world_canon_counts(nic_link(p->sender), f);
	return true;
}

/* Where a segment begins: in a slot, or at an address. */
static void place_canon(struct canon *f, const struct packets *p, uint64_t gpa)
{
	uint32_t nic = p->own->nic;
	const struct link *l = &p->w->link[nic_link(nic)];
	uint64_t at =
		gpa - l->nic[nic_end(nic)].bar_gpa; /* wraps below the BAR */

	if (l->path->shared_bar && at < bar_bytes(&l->slots)) {
		canon_slot(f, nic_link(nic), (uint32_t)(at / l->slots.stride));
		canon_u64(f, at % l->slots.stride);
	} else {
		canon_u8(f, CANON_NONSENSE);
		canon_u64(f, gpa);
	}
}

static void bytes_canon(struct canon *f, const struct packets *p,
			const struct ring_chain *c, uint32_t len, uint8_t waste)
{
	bool read = true;

	for (uint32_t k = 0; k < c->count && len; k++) {
		uint32_t n = c->seg[k].len < len ? c->seg[k].len : len;
		const uint8_t *at = gmem_at(&p->own->vm->mem, c->seg[k].gpa, n);

		place_canon(f, p, c->seg[k].gpa);
		canon_u32(f, c->seg[k].len);
		if (at && read)
			read = piece_canon(f, p, at, n, k ? 0 : waste);
		len -= n;
	}
}

/* A packet that may come back is remembered by number, and by its slots. */
static void notes_canon(struct canon *f, const struct net_driver *d,
			uint32_t slot, uint32_t count)
{
	for (uint32_t k = 0; k < count; k++) {
		const struct slot_note *n = &d->note[slot];

		canon_u8(f, n->seq == NO_SEQ);
		if (n->seq != NO_SEQ)
			canon_seq(f, d->nic, n->seq);
		canon_slot(f, nic_link(d->nic), n->next);
		slot = n->next;
	}
}

/* The first chain of a packet, which lies at @at, says what follows. */
static void arrived_begin(const struct packets *p, const uint8_t *at,
			  uint32_t len)
{
	if (p->own->hdr_len < NET_HDR_COMMON || len < NET_HDR_COMMON)
		return;
	p->rest->gift = p->gifts && at[0] & NET_HDR_GIFT;
	p->rest->chains =
		gmem_load16(at + offsetof(struct virtio_net_hdr, num_buffers)) -
		1u;
}

/* A received chain: the first of a packet, or more of it. */
static void arrived_canon(struct canon *f, const struct packets *p,
			  const struct ring_chain *c, uint32_t len,
			  uint32_t cookie)
{
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;
	const uint8_t *at = gmem_at(&p->own->vm->mem, c->seg[0].gpa, HDR);

	if (p->rest->chains) {
		p->rest->chains--;
		if (!p->rest->gift)
			bytes_canon(f, p, c, len, 0);
		return;
	}
	bytes_canon(f, p, c, len, p->gifts ? NET_HDR_GIFT : 0);
	if (at)
		arrived_begin(p, at, len);
	if (at && at[0] & NET_HDR_RETURNED && cookie & NET_COOKIE_SLOT &&
	    slot < p->own->slots.slots)
		notes_canon(f, p->own, slot, 1);
}

static void content(const struct ring_view *v, struct canon *f,
		    const struct ring_chain *c, uint32_t len, uint32_t cookie)
{
	const struct packets *p = v->to;
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;

	if (!queue_is_tx((uint16_t)v->id)) {
		arrived_canon(f, p, c, len, cookie);
		return;
	}
	bytes_canon(f, p, c, len, p->gifts ? NET_HDR_GIFT : 0);
	if (cookie & NET_COOKIE_SLOT && slot < p->own->slots.slots)
		notes_canon(f, p->own, slot, c->count);
}

/* What is free of @total, in the order in which it will be taken. */
static void pool_canon(struct canon *f, const struct slot_pool *p,
		       uint32_t total,
		       void (*canon)(struct canon *f, uint32_t link,
				     uint32_t n),
		       uint32_t link)
{
	canon_u32(f, p->count);
	if (p->policy == ALLOC_ADDRESS) {
		for (uint32_t s = 0; s <= total / 64; s++)
			canon_u64(f, p->bits[0][s]);
		return;
	}
	for (uint32_t k = 0; k < p->count; k++)
		canon(f, link,
		      p->policy == ALLOC_FIFO
			      ? p->queue[(p->first + k) & p->mask]
			      : p->queue[k]);
}

static void buffer_canon(struct canon *f, uint32_t link, uint32_t buffer)
{
	(void)link;
	canon_u32(f, buffer);
}

static void beliefs_canon(struct canon *f, const struct net_driver *d,
			  uint32_t epoch)
{
	uint32_t link = nic_link(d->nic);

	canon_u64(f, d->wanted);
	canon_u8(f,
		 (uint8_t)(d->paired | d->gifts << 1 | d->link_up << 2 |
			   d->asked << 3 | d->sent_some << 4 | d->acted << 5 |
			   d->tx_blocked << 6 | d->dead << 7));
	canon_u8(f, (uint8_t)(d->heard | d->found << 1 |
			      (d->wait_ps != UINT64_MAX) << 2));
	canon_u8(f, d->irq & 1); /* others are looked at by nobody */
	canon_u8(f,
		 (uint8_t)(d->away | (d->away ? d->in_reset_phase : 0) << 2));
	canon_u8(f, d->phase);
	canon_u32(f, d->hdr_len);
	canon_u64(f, d->pci.features);
	canon_u32(f, d->starved);
	canon_u32(f, d->told);
	canon_u32(f, d->rx_buffers.count);
	for (uint32_t i = 0; i < d->rx_buffers.count; i++)
		canon_u16(f, d->rx_buffers.free[i]);
	pool_canon(f, &d->tx_free, d->tx_buffers.total, buffer_canon, link);
	if (!d->paired)
		return;
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
	pool_canon(f, &d->pool, d->slots.slots, canon_slot, link);
}

/* The private buffers behind the one that a send's cookie names. */
static void buffers_canon(struct canon *f, const struct net_driver *d,
			  uint32_t cookie)
{
	for (uint32_t k = cookie >> 16, b = cookie & 0xffff; k > 1; k--) {
		b = d->tx_next[b];
		canon_u32(f, b);
	}
}

/* The slots behind it, where they are looked for once the send is done. */
static void slots_canon(struct canon *f, const struct net_driver *d,
			uint32_t first)
{
	uint32_t slot = first, k = 0;

	do {
		slot = d->note[slot].next;
		canon_slot(f, nic_link(d->nic), slot);
	} while (slot != first && ++k < d->slots.slots);
}

static void tx_links_canon(struct canon *f, const struct net_driver *d)
{
	uint32_t q = net_queue(d, 1);

	for (uint32_t k = 0; k < d->tx.size; k++) {
		uint32_t head = canon_queue(f, q)->raw[k];
		const struct split_note *n = &d->tx.note[head];

		if (n->count == 0)
			continue;
		canon_of_head(f, q, head);
		if (!(n->cookie & NET_COOKIE_SLOT))
			buffers_canon(f, d, n->cookie);
		else if (!net_rule(d, RULE_POST_FIRST))
			slots_canon(f, d, n->cookie & ~NET_COOKIE_SLOT);
		canon_of_end(f);
	}
}

/* The driver of an end, unless its VM is dead. */
static const struct net_driver *driver_of(const struct world *w, uint32_t link,
					  uint32_t end)
{
	uint32_t vm = w->cfg->link[link].end[end];
	const struct guest *g = &w->guest[vm];

	for (uint32_t i = 0; i < g->ports && !w->vm[vm].crashed; i++)
		if (g->port[i].net && g->port[i].net->nic == nic_id(link, end))
			return g->port[i].net;
	return NULL;
}

/* The same, if it has begun. */
static const struct net_driver *running(const struct world *w, uint32_t link,
					uint32_t end)
{
	const struct net_driver *d = driver_of(w, link, end);

	return d && d->started ? d : NULL;
}

/*
 * Whether end @end looks at no byte of a gift: neither one whose driver knows
 * gifts, or will once it has begun again, nor one whose VM is dead.
 */
static bool knows_gifts(const struct world *w, uint32_t link, uint32_t end)
{
	const struct net_driver *d = driver_of(w, link, end);

	if (!d)
		return true;
	return d->started
		       ? d->gifts
		       : feature_on(features_closed(
					    d->wanted &
					    w->link[link].nic[end].dev.offered),
				    F_NET_GIFT);
}

/* What a driver still knows when it begins again. */
static void remains_canon(struct canon *f, const struct net_driver *d)
{
	canon_u64(f, d->wanted);
	canon_u8(f, (uint8_t)(d->dead | d->acted << 1 | d->sent_some << 2 |
			      (d->wait_ps != UINT64_MAX) << 3));
	canon_u8(f, d->irq);
	canon_u8(f, d->phase);
}

static void registers_canon(struct canon *f, const struct nic *n,
			    uint32_t epoch)
{
	const struct virtio_device *d = &n->dev;
	const struct virtio_net_config *c = &d->config;

	canon_u8(f, d->status);
	canon_u64(f, d->accepted);
	canon_u16(f, d->config_vector);
	canon_u16(f, c->status);
	canon_u8(f, c->shared_buffers_paired);
	canon_u32(f, c->slot_count);
	canon_u32(f, epoch - le32toh(c->epoch));
	for (uint32_t q = 0; q < NET_QUEUES; q++) {
		canon_u16(f, d->queue[q].vector);
		canon_u8(f, (uint8_t)(d->queue[q].enabled |
				      d->queue[q].resetting << 1));
	}
	for (uint32_t i = 0; i < MSIX_VECTORS; i++)
		canon_u8(f, (uint8_t)(n->pci.msix[i].masked |
				      n->pci.msix[i].pending << 1));
	canon_u8(f, n->pci.isr);
	canon_u32(f, n->hdr_len);
}

/* Receive chains of queue @rx that were taken in and not used yet. */
static void line_canon(struct canon *f, const struct posted_rx *l, uint32_t rx)
{
	canon_u32(f, l->count);
	for (uint32_t k = 0; k < l->count; k++) {
		const struct posted *p = &l->fifo[(l->first + k) & l->mask];

		canon_u32(f, p->room);
		canon_slot(f, queue_link(rx), p->slot);
		canon_head(f, rx, p->head);
	}
}

/* What the device took in of its receive queue. */
static void posted_canon(struct canon *f, const struct nic *n, uint32_t rx)
{
	if (!n->rx.live)
		return;
	line_canon(f, &n->line, rx);
	for (uint32_t s = 0; s < n->link->slots.slots; s++) {
		canon_of_slot(f, queue_link(rx), s);
		canon_u8(f, n->slot_head[s] != 0);
		if (n->slot_head[s])
			canon_head(f, rx, n->slot_head[s] - 1);
		canon_of_end(f);
	}
}

/* What was popped of queue @queue and not dealt with yet. */
static void held_canon(struct canon *f, const struct ring_held *h,
		       uint32_t queue)
{
	canon_u8(f, h->whole);
	canon_u32(f, h->count);
	for (uint32_t k = 0; k < h->count; k++)
		canon_head(f, queue, (uint16_t)h->buffer[h->first + k].head);
	if (h->whole) {
		canon_head(f, queue, h->chain.head);
		canon_u32(f, h->chain.count);
	}
}

static void worker_canon(struct canon *f, const struct worker *w, uint32_t tx)
{
	canon_u8(f, (uint8_t)(w->parked | w->acted << 1 | w->awake << 2 |
			      w->found << 3 | w->late << 4));
	canon_u8(f, w->phase);
	held_canon(f, &w->held, tx);
	if (w->parked)
		canon_u8(f, w->timed);
}

/*
 * A driver that has lent what its peer begins with looks at no slot's number
 * any more; nor does one that will begin anew with slots of another epoch.
 */
static bool end_names(const struct link *l, const struct net_driver *d)
{
	if (!d)
		return true;
	return d->paired ? d->unposted == d->slots.slots : !l->paired;
}

/* Slots of link @i are nothing but names, from here on to the next epoch. */
static bool slots_alike(const struct world *w, uint32_t i)
{
	const struct link *l = &w->link[i];
	uint32_t needed = RULE_BIT(RULE_EPOCH) | RULE_BIT(RULE_WHOLE_SLOTS) |
			  RULE_BIT(RULE_PARTITION);

	return (l->cfg->rules & needed) == needed && !l->cfg->ring.reset &&
	       l->cfg->alloc != ALLOC_ADDRESS &&
	       end_names(l, driver_of(w, i, 0)) &&
	       end_names(l, driver_of(w, i, 1));
}

static void link_canon(struct canon *f, const struct world *w, uint32_t i)
{
	const struct link *l = &w->link[i];

	canon_u8(f, (uint8_t)(l->paired | l->parted << 1));
	canon_u8(f, l->reject_reason);
	if (!slots_alike(w, i))
		world_canon_number(i, f);
	for (uint32_t s = 0; s < l->slots.slots && l->paired; s++) {
		canon_of_slot(f, i, s);
		canon_u8(f, l->holder[s]);
		canon_of_end(f);
	}
}

static void drops_canon(struct canon *f, const struct world *w)
{
	for (uint32_t nic = 0; nic < nic_count(w->cfg->links); nic++) {
		const struct dropped_notifications *a = &w->dropped[nic];

		canon_u8(f, (uint8_t)(a->lose[0] | a->lose[1] << 4));
	}
}

/* A signal that its actor will take before it does anything else. */
static bool signal_taken(const struct actor *a)
{
	return a->signal->raised && !actor_midway(a);
}

static void guest_canon(struct canon *f, const struct world *w, uint32_t i)
{
	const struct guest *g = &w->guest[i];

	canon_u8(f, w->vm[i].crashed);
	canon_u8(f, (uint8_t)g->turn);
	canon_u8(f, (uint8_t)(signal_taken(&w->actor[i]) ? 0 : g->quiet));
	for (uint32_t p = 0; p < g->ports; p++)
		canon_u8(f, g->wait_ps[p] != UINT64_MAX);
}

static void actors_canon(struct canon *f, const struct world *w)
{
	for (uint32_t a = 0; a < w->actors; a++) {
		const struct actor *actor = &w->actor[a];

		canon_u8(f, (uint8_t)(actor->state | actor->expired << 2 |
				      (actor->signal->raised &&
				       !signal_taken(actor))
					      << 3 |
				      actor->signal->asleep << 4 |
				      (actor->timer_ps != 0) << 5));
	}
}

static void script_canon(struct canon *f, const struct app_script *s)
{
	canon_u32(f, s->count);
	for (uint32_t k = 0; k < s->count; k++)
		canon_u32(f, s->len[(s->first + k) % APP_SCRIPT_MAX]);
}

/* What waits for any of several NICs is said with the last of them. */
static void app_canon(struct canon *f, const struct app_nic *n, uint32_t nic)
{
	script_canon(f, &n->script);
	if (!n->common)
		return;
	canon_u8(f, n->shown);
	if (n->beside < nic)
		script_canon(f, n->common);
}

/* The driver that works the rings of a mirrored link. */
static const struct vhost_pci_driver *mirror_of(const struct world *w,
						uint32_t link)
{
	return world_port(w, w->cfg->link[link].end[1], link)->vhost_pci;
}

static bool mirror_moved(const struct world *w, uint32_t link)
{
	return mirror_of(w, link)->turn != w->link[link].vhost_pci.turn;
}

/* The device half that a mirroring driver will have when it looks. */
static void device_begin(const struct world *w, uint32_t link, uint32_t tx,
			 struct split_device *d)
{
	const struct vhost_pci_port *port = &w->link[link].vhost_pci;
	struct split_device_setup s = {
		.area = port->area[tx ? NET_TX : NET_RX],
		.mem = &w->vm[w->cfg->link[link].end[0]].mem,
		.start = w->cfg->link[link].ring.start,
		.event_idx = feature_on(port->features, F_RING_EVENT_IDX),
		.indirect = feature_on(port->features, F_RING_INDIRECT),
	};

	if (!split_device_init(d, &s, NULL))
		*d = (struct split_device){.live = false};
}

/*
 * The device half of a mirrored queue, in @d: what the other guest's driver
 * has of it as long as the port is as it was when that one looked, and seen
 * from the VM that the ring is in.
 */
static void device_mirrored(const struct world *w, uint32_t link, uint32_t tx,
			    struct split_device *d)
{
	const struct vhost_pci_driver *m = mirror_of(w, link);

	if (mirror_moved(w, link) && w->link[link].vhost_pci.connected) {
		device_begin(w, link, tx, d);
		return;
	}
	*d = tx ? m->tx : m->rx;
	d->live &= m->working && !mirror_moved(w, link);
	d->mem = &w->vm[w->cfg->link[link].end[0]].mem;
}

/* Slots of link @i that have no numbers. */
static uint32_t slots_of(const struct world_view *v, uint32_t i)
{
	const struct link *l = &v->w->link[i];

	return l->path->shared_bar && !v->numbers ? l->slots.slots : 0;
}

static uint32_t slot_first(const struct world_view *v, uint32_t link)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < link; i++)
		first += slots_of(v, i);
	return first;
}

static uint32_t slot_at(const struct ring_view *v, uint32_t cookie)
{
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;

	return cookie & NET_COOKIE_SLOT && slot < v->slots
		       ? v->slot_first + slot
		       : (uint32_t)CANON_NO_SLOT;
}

/* @room is for a device half that is in no device. */
static struct ring_view view_of(const struct world_view *v, uint32_t q,
				struct split_device *room)
{
	const struct world *w = v->w;
	uint32_t link = queue_link(q), end = queue_end(q);
	uint32_t tx = queue_is_tx(q);
	const struct net_driver *d = running(w, link, end);
	const struct nic *n = &w->link[link].nic[end];
	const struct split_device *dev = tx ? &n->tx : &n->rx;

	if (w->link[link].path->mirrored && end == 0) {
		device_mirrored(w, link, tx, room);
		dev = room;
	}
	return (struct ring_view){
		.drv = d ? tx ? &d->tx : &d->rx : NULL,
		.dev = dev,
		.again = d && d->away == tx + 1,
		.id = q,
		.size = w->cfg->link[link].ring.size,
		.start = w->cfg->link[link].ring.start,
		.slot = slot_at,
		.slot_first = slot_first(v, link),
		.slots = slots_of(v, link),
	};
}

static void queue_canon(struct canon *f, const struct world_view *view,
			uint32_t q)
{
	const struct world *w = view->w;
	struct ring_seg seg[CANON_RING_MAX + 1];
	struct split_device room;
	struct ring_view v = view_of(view, q, &room);
	uint32_t link = queue_link(q), end = queue_end(q);
	uint32_t tx = queue_is_tx(q);
	struct arrived rest = {0};
	struct packets packets = {w, running(w, link, end),
				  knows_gifts(w, link, 0) &&
					  knows_gifts(w, link, 1),
				  nic_id(link, tx ? end : !end), &rest};

	v.seg = seg;
	v.content = content;
	v.to = &packets;
	split_canon(&v, f);
}

/* What a mirroring driver knows, and what its port will tell it. */
static void mirror_canon(struct canon *f, const struct world *w, uint32_t link)
{
	const struct vhost_pci_driver *m = mirror_of(w, link);
	const struct vhost_pci_port *port = &w->link[link].vhost_pci;
	bool moved = mirror_moved(w, link);

	canon_u8(f, (uint8_t)(m->started | m->working << 1 | m->acted << 2 |
			      m->awake << 3 | m->rx_blocked << 4 |
			      (m->wait_ps != UINT64_MAX) << 5 | moved << 6 |
			      m->found << 7));
	canon_u8(f, m->phase);
	canon_u8(f, (uint8_t)(port->connected | port->driver_ok << 1));
	canon_u64(f, port->features);
	if (!m->working || moved)
		return;
	canon_u64(f, m->features);
	canon_u32(f, m->hdr_len);
	line_canon(f, &m->line, queue_id(link, 0, NET_RX));
}

/* What one end's driver, device, worker and application know. */
static void end_canon(struct canon *f, const struct world_view *v, uint32_t nic)
{
	uint32_t link = nic_link(nic), end = nic_end(nic);
	const struct link *l = &v->w->link[link];
	const struct net_driver *d = running(v->w, link, end);

	if (!d && driver_of(v->w, link, end))
		remains_canon(f, driver_of(v->w, link, end));
	if (d) {
		beliefs_canon(f, d, l->epoch);
		tx_links_canon(f, d);
	}
	app_canon(f, &v->app->nic[nic], nic);
	registers_canon(f, &l->nic[end], l->epoch);
	posted_canon(f, &l->nic[end], queue_of_nic(nic, NET_RX));
	if (l->path->mirrored && end == 1)
		mirror_canon(f, v->w, link);
	worker_canon(f, &l->worker[end], queue_of_nic(nic, NET_TX));
	if (end == 0)
		link_canon(f, v->w, link);
}

/* Stores that wait; every driver is looked for, so only where there are any. */
static void stores_canon(const struct world_view *view, struct canon *f)
{
	const struct world *w = view->w;
	struct store_queue queue[CANON_QUEUES_MAX];
	struct split_device room[CANON_QUEUES_MAX];

	for (uint32_t q = 0; q < queue_count(w->cfg->links); q++) {
		struct ring_view v;

		if (!queue_is_used(q))
			continue;
		v = view_of(view, q, &room[q]);
		queue[q] = (struct store_queue){v.drv, v.dev};
	}
	store_canon(w, queue, f);
}

static void rest_canon(struct canon *f, const struct world_view *v)
{
	const struct world *w = v->w;

	actors_canon(f, w);
	drops_canon(f, w);
	for (uint32_t i = 0; i < w->cfg->vms; i++)
		guest_canon(f, w, i);
	if (w->stores)
		stores_canon(v, f);
}

static void name(const void *to, uint32_t q, struct canon_queue *out)
{
	const struct world_view *v = to;
	struct split_device room;
	struct ring_view view = view_of(v, q, &room);

	store_canon_show(v->w);
	split_canon_name(&view, out);
	store_canon_hide(v->w);
}

static uint64_t next_seq(const void *to, uint32_t nic)
{
	const struct world_view *v = to;

	return v->app->nic[nic].seq;
}

void world_canon_names(const struct world_view *v, struct canon *f)
{
	f->name = name;
	f->next_seq = next_seq;
	f->to = v;
	f->slot_first[0] = 0;
	for (uint32_t i = 0; i < v->w->cfg->links; i++)
		f->slot_first[i + 1] = f->slot_first[i] + slots_of(v, i);
	f->slots = f->slot_first[v->w->cfg->links];
	assert(f->slots <= CANON_SLOTS_MAX);
}

bool world_canon_numbers(const struct world *w)
{
	const struct world_view v = {.w = w};

	return slot_first(&v, w->cfg->links) > CANON_SLOTS_MAX;
}

void world_canon_number(uint32_t link, struct canon *f)
{
	for (uint32_t at = f->slot_first[link]; at < f->slot_first[link + 1];
	     at++)
		canon_number(f, at);
}

void world_canon(const struct world_view *v, uint32_t part, struct canon *f)
{
	if (part == world_queues(v->w->cfg)) {
		rest_canon(f, v);
		return;
	}
	canon_queue(f, part); /* that is said with stores hidden */
	store_canon_show(v->w);
	queue_canon(f, v, part);
	store_canon_hide(v->w);
	if (queue_is_tx(part))
		end_canon(f, v, queue_nic(part));
}
