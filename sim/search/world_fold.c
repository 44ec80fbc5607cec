/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/world_fold.h"

#include <stdio.h>

#include "sim/search/ring_fold.h"
#include "sim/search/store_fold.h"

enum { HDR = 12, ADDRESSES = 12 };

bool world_fold_can(const struct world_config *c, char *error, size_t size)
{
	if (4 * c->links > FOLD_QUEUES_MAX) {
		snprintf(error, size, "at most %u links can be explored",
			 FOLD_QUEUES_MAX / 4);
		return false;
	}
	for (uint32_t i = 0; i < c->links; i++) {
		if (c->link[i].ring.size > FOLD_RING_MAX) {
			snprintf(error, size,
				 "rings of at most %u can be explored",
				 FOLD_RING_MAX);
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
static bool counted_fold(struct fold *f, const uint8_t *at, uint32_t len,
			 uint32_t nic)
{
	if (!counts_up(at, len))
		return false;
	fold_u8(f, 1);
	fold_u8(f, (uint8_t)(f->next_seq(f->to, nic) - at[0]));
	return true;
}

/* Addresses, which tell who sent it, and bytes that count up. */
static bool frame_fold(struct fold *f, const struct world_config *c,
		       uint32_t link, const uint8_t *at, uint32_t len)
{
	uint32_t end;

	if (len <= ADDRESSES)
		return false;
	end = c->link[link].end[1] + 1u == at[11];
	if (c->link[link].end[end] + 1u != at[11] ||
	    !counts_up(at + ADDRESSES, len - ADDRESSES))
		return false;
	fold_u8(f, 2);
	fold_bytes(f, at, ADDRESSES);
	return counted_fold(f, at + ADDRESSES, len - ADDRESSES, 2 * link + end);
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
void world_fold_counts(uint32_t link, struct fold *f)
{
	fold_u8(f, (uint8_t)f->next_seq(f->to, 2 * link));
	fold_u8(f, (uint8_t)f->next_seq(f->to, 2 * link + 1));
}

/*
 * One piece of a packet: all of it, its beginning with a header, or more of
 * it. False: its flags have a bit of @waste, and nothing more is read.
 */
static bool piece_fold(struct fold *f, const struct packets *p,
		       const uint8_t *at, uint32_t len, uint8_t waste)
{
	uint32_t skip = len < HDR ? 0 : HDR;

	if (counted_fold(f, at, len, p->sender))
		return true;
	fold_u8(f, 0);
	fold_bytes(f, at, skip);
	if (skip && at[0] & waste)
		return false;
	if (frame_fold(f, p->w->cfg, p->sender / 2, at + skip, len - skip))
		return true;
	fold_u8(f, 0);
	fold_bytes(f, at + skip, len - skip);
	if (len > skip)
		world_fold_counts(p->sender / 2, f);
	return true;
}

/* Where a segment begins: in a slot, or at an address. */
static void place_fold(struct fold *f, const struct packets *p, uint64_t gpa)
{
	uint32_t nic = p->own->nic;
	const struct link *l = &p->w->link[nic / 2];
	uint64_t at = gpa - l->nic[nic % 2].bar_gpa; /* wraps below the BAR */

	if (l->path->shared_bar && at < bar_bytes(&l->slots)) {
		fold_slot(f, nic / 2, (uint32_t)(at / l->slots.stride));
		fold_u64(f, at % l->slots.stride);
	} else {
		fold_u8(f, FOLD_NONSENSE);
		fold_u64(f, gpa);
	}
}

static void bytes_fold(struct fold *f, const struct packets *p,
		       const struct ring_chain *c, uint32_t len, uint8_t waste)
{
	bool read = true;

	for (uint32_t k = 0; k < c->count && len; k++) {
		uint32_t n = c->seg[k].len < len ? c->seg[k].len : len;
		const uint8_t *at = gmem_at(&p->own->vm->mem, c->seg[k].gpa, n);

		place_fold(f, p, c->seg[k].gpa);
		fold_u32(f, c->seg[k].len);
		if (at && read)
			read = piece_fold(f, p, at, n, k ? 0 : waste);
		len -= n;
	}
}

/* A packet that may come back is remembered by number, and by its slots. */
static void notes_fold(struct fold *f, const struct net_driver *d,
		       uint32_t slot, uint32_t count)
{
	for (uint32_t k = 0; k < count; k++) {
		const struct slot_note *n = &d->note[slot];

		fold_u8(f, n->seq == NO_SEQ);
		if (n->seq != NO_SEQ)
			fold_seq(f, d->nic, n->seq);
		fold_slot(f, d->nic / 2, n->next);
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
static void arrived_fold(struct fold *f, const struct packets *p,
			 const struct ring_chain *c, uint32_t len,
			 uint32_t cookie)
{
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;
	const uint8_t *at = gmem_at(&p->own->vm->mem, c->seg[0].gpa, HDR);

	if (p->rest->chains) {
		p->rest->chains--;
		if (!p->rest->gift)
			bytes_fold(f, p, c, len, 0);
		return;
	}
	bytes_fold(f, p, c, len, p->gifts ? NET_HDR_GIFT : 0);
	if (at)
		arrived_begin(p, at, len);
	if (at && at[0] & NET_HDR_RETURNED && cookie & NET_COOKIE_SLOT &&
	    slot < p->own->slots.slots)
		notes_fold(f, p->own, slot, 1);
}

static void content(const struct ring_view *v, struct fold *f,
		    const struct ring_chain *c, uint32_t len, uint32_t cookie)
{
	const struct packets *p = v->to;
	uint32_t slot = cookie & ~NET_COOKIE_SLOT;

	if (!queue_is_tx((uint16_t)v->id)) {
		arrived_fold(f, p, c, len, cookie);
		return;
	}
	bytes_fold(f, p, c, len, p->gifts ? NET_HDR_GIFT : 0);
	if (cookie & NET_COOKIE_SLOT && slot < p->own->slots.slots)
		notes_fold(f, p->own, slot, c->count);
}

/* What is free of @total, in the order in which it will be taken. */
static void pool_fold(struct fold *f, const struct slot_pool *p, uint32_t total,
		      void (*fold)(struct fold *f, uint32_t link, uint32_t n),
		      uint32_t link)
{
	fold_u32(f, p->count);
	if (p->policy == ALLOC_ADDRESS) {
		for (uint32_t s = 0; s <= total / 64; s++)
			fold_u64(f, p->bits[0][s]);
		return;
	}
	for (uint32_t k = 0; k < p->count; k++)
		fold(f, link,
		     p->policy == ALLOC_FIFO
			     ? p->queue[(p->first + k) & p->mask]
			     : p->queue[k]);
}

static void buffer_fold(struct fold *f, uint32_t link, uint32_t buffer)
{
	(void)link;
	fold_u32(f, buffer);
}

static void beliefs_fold(struct fold *f, const struct net_driver *d,
			 uint32_t epoch)
{
	uint32_t link = d->nic / 2;

	fold_u64(f, d->wanted);
	fold_u8(f, (uint8_t)(d->paired | d->gifts << 1 | d->link_up << 2 |
			     d->asked << 3 | d->sent_some << 4 | d->acted << 5 |
			     d->tx_blocked << 6 | d->dead << 7));
	fold_u8(f, (uint8_t)(d->heard | d->found << 1 |
			     (d->wait_ps != UINT64_MAX) << 2));
	fold_u8(f, d->irq & 1); /* others are looked at by nobody */
	fold_u8(f, (uint8_t)(d->away | (d->away ? d->away_phase : 0) << 2));
	fold_u8(f, d->phase);
	fold_u32(f, d->hdr_len);
	fold_u64(f, d->pci.features);
	fold_u32(f, d->starved);
	fold_u32(f, d->told);
	fold_u32(f, d->rx_buffers.count);
	for (uint32_t i = 0; i < d->rx_buffers.count; i++)
		fold_u16(f, d->rx_buffers.free[i]);
	pool_fold(f, &d->tx_free, d->tx_buffers.total, buffer_fold, link);
	if (!d->paired)
		return;
	fold_u32(f, d->slots.slots);
	fold_u32(f, epoch - d->epoch);
	fold_u32(f, d->lent);
	fold_u32(f, d->unposted);
	fold_u32(f, d->lender);
	for (uint32_t s = 0; s < d->slots.slots; s++) {
		fold_of_slot(f, link, s);
		fold_u8(f, d->belief[s]);
		fold_of_end(f);
	}
	pool_fold(f, &d->pool, d->slots.slots, fold_slot, link);
}

/* The private buffers behind the one that a send's cookie names. */
static void buffers_fold(struct fold *f, const struct net_driver *d,
			 uint32_t cookie)
{
	for (uint32_t k = cookie >> 16, b = cookie & 0xffff; k > 1; k--) {
		b = d->tx_next[b];
		fold_u32(f, b);
	}
}

/* The slots behind it, where they are looked for once the send is done. */
static void slots_fold(struct fold *f, const struct net_driver *d,
		       uint32_t first)
{
	uint32_t slot = first, k = 0;

	do {
		slot = d->note[slot].next;
		fold_slot(f, d->nic / 2, slot);
	} while (slot != first && ++k < d->slots.slots);
}

static void tx_links_fold(struct fold *f, const struct net_driver *d)
{
	uint32_t q = net_queue(d, 1);

	for (uint32_t k = 0; k < d->tx.size; k++) {
		uint32_t head = fold_queue(f, q)->raw[k];
		const struct split_note *n = &d->tx.note[head];

		if (n->count == 0)
			continue;
		fold_of_head(f, q, head);
		if (!(n->cookie & NET_COOKIE_SLOT))
			buffers_fold(f, d, n->cookie);
		else if (!net_rule(d, RULE_POST_FIRST))
			slots_fold(f, d, n->cookie & ~NET_COOKIE_SLOT);
		fold_of_end(f);
	}
}

/* The driver of an end, unless its VM is dead. */
static const struct net_driver *driver_of(const struct world *w, uint32_t link,
					  uint32_t end)
{
	uint32_t vm = w->cfg->link[link].end[end];
	const struct guest *g = &w->guest[vm];

	for (uint32_t i = 0; i < g->ports && !w->vm[vm].crashed; i++)
		if (g->port[i].net && g->port[i].net->nic == 2 * link + end)
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
static void remains_fold(struct fold *f, const struct net_driver *d)
{
	fold_u64(f, d->wanted);
	fold_u8(f, (uint8_t)(d->dead | d->acted << 1 | d->sent_some << 2 |
			     (d->wait_ps != UINT64_MAX) << 3));
	fold_u8(f, d->irq);
	fold_u8(f, d->phase);
}

static void registers_fold(struct fold *f, const struct nic *n, uint32_t epoch)
{
	const struct virtio_device *d = &n->dev;
	const struct virtio_net_config *c = &d->config;

	fold_u8(f, d->status);
	fold_u64(f, d->accepted);
	fold_u16(f, d->config_vector);
	fold_u16(f, c->status);
	fold_u8(f, c->shared_buffers_paired);
	fold_u32(f, c->slot_count);
	fold_u32(f, epoch - le32toh(c->epoch));
	for (uint32_t q = 0; q < NET_QUEUES; q++) {
		fold_u16(f, d->queue[q].vector);
		fold_u8(f, (uint8_t)(d->queue[q].enabled | d->queue[q].resetting
								   << 1));
	}
	for (uint32_t i = 0; i < MSIX_VECTORS; i++)
		fold_u8(f, (uint8_t)(n->pci.msix[i].masked |
				     n->pci.msix[i].pending << 1));
	fold_u8(f, n->pci.isr);
	fold_u32(f, n->hdr_len);
}

/* Receive chains of queue @rx that were taken in and not used yet. */
static void line_fold(struct fold *f, const struct rx_line *l, uint32_t rx)
{
	fold_u32(f, l->count);
	for (uint32_t k = 0; k < l->count; k++) {
		const struct posted *p = &l->fifo[(l->first + k) & l->mask];

		fold_u32(f, p->room);
		fold_slot(f, rx / 4, p->slot);
		fold_head(f, rx, p->head);
	}
}

/* What the device took in of its receive queue. */
static void posted_fold(struct fold *f, const struct nic *n, uint32_t rx)
{
	if (!n->rx.live)
		return;
	line_fold(f, &n->line, rx);
	for (uint32_t s = 0; s < n->link->slots.slots; s++) {
		fold_of_slot(f, rx / 4, s);
		fold_u8(f, n->slot_head[s] != 0);
		if (n->slot_head[s])
			fold_head(f, rx, n->slot_head[s] - 1);
		fold_of_end(f);
	}
}

static void worker_fold(struct fold *f, const struct worker *w, uint32_t tx)
{
	fold_u8(f, (uint8_t)(w->holding | w->parked << 1 | w->acted << 2 |
			     w->awake << 3 | w->found << 4 | w->late << 5));
	fold_u8(f, w->phase);
	if (!w->holding)
		return;
	fold_u8(f, w->timed);
	fold_head(f, tx, w->chain.head);
	fold_u32(f, w->chain.count);
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

static void link_fold(struct fold *f, const struct world *w, uint32_t i)
{
	const struct link *l = &w->link[i];

	fold_u8(f, (uint8_t)(l->paired | l->parted << 1));
	fold_u8(f, l->refusal);
	if (!slots_alike(w, i))
		world_fold_number(i, f);
	for (uint32_t s = 0; s < l->slots.slots && l->paired; s++) {
		fold_of_slot(f, i, s);
		fold_u8(f, l->holder[s]);
		fold_of_end(f);
	}
}

static void astray_fold(struct fold *f, const struct world *w)
{
	for (uint32_t nic = 0; nic < 2 * w->cfg->links; nic++) {
		const struct astray *a = &w->astray[nic];

		fold_u8(f, (uint8_t)(a->lose[0] | a->lose[1] << 4));
	}
}

/* A signal that its actor will take before it does anything else. */
static bool signal_taken(const struct actor *a)
{
	return a->signal->raised && !actor_midway(a);
}

static void guest_fold(struct fold *f, const struct world *w, uint32_t i)
{
	const struct guest *g = &w->guest[i];

	fold_u8(f, w->vm[i].crashed);
	fold_u8(f, (uint8_t)g->turn);
	fold_u8(f, (uint8_t)(signal_taken(&w->actor[i]) ? 0 : g->quiet));
	for (uint32_t p = 0; p < g->ports; p++)
		fold_u8(f, g->wait_ps[p] != UINT64_MAX);
}

static void actors_fold(struct fold *f, const struct world *w)
{
	for (uint32_t a = 0; a < w->actors; a++) {
		const struct actor *actor = &w->actor[a];

		fold_u8(f, (uint8_t)(actor->state | actor->expired << 2 |
				     (actor->signal->raised &&
				      !signal_taken(actor))
					     << 3 |
				     actor->signal->asleep << 4 |
				     (actor->timer_ps != 0) << 5));
	}
}

static void script_fold(struct fold *f, const struct app_script *s)
{
	fold_u32(f, s->count);
	for (uint32_t k = 0; k < s->count; k++)
		fold_u32(f, s->len[(s->first + k) % APP_SCRIPT_MAX]);
}

/* What waits for any of several NICs is said with the last of them. */
static void app_fold(struct fold *f, const struct app_nic *n, uint32_t nic)
{
	script_fold(f, &n->script);
	if (!n->common)
		return;
	fold_u8(f, n->shown);
	if (n->beside < nic)
		script_fold(f, n->common);
}

/* The driver that works the rings of a mirrored link. */
static const struct mirror_driver *mirror_of(const struct world *w,
					     uint32_t link)
{
	return world_port(w, w->cfg->link[link].end[1], link)->mirror;
}

static bool mirror_moved(const struct world *w, uint32_t link)
{
	return mirror_of(w, link)->turn != w->link[link].mirror.turn;
}

/* The device half that a mirroring driver will have when it looks. */
static void device_begin(const struct world *w, uint32_t link, uint32_t tx,
			 struct split_device *d)
{
	const struct mirror_port *port = &w->link[link].mirror;
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
	const struct mirror_driver *m = mirror_of(w, link);

	if (mirror_moved(w, link) && w->link[link].mirror.connected) {
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
		       : (uint32_t)FOLD_NO_SLOT;
}

/* @room is for a device half that is in no device. */
static struct ring_view view_of(const struct world_view *v, uint32_t q,
				struct split_device *room)
{
	const struct world *w = v->w;
	uint32_t link = q / 4, end = q / 2 % 2, tx = q % 2;
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

static void queue_fold(struct fold *f, const struct world_view *view,
		       uint32_t q)
{
	const struct world *w = view->w;
	struct ring_seg seg[FOLD_RING_MAX + 1];
	struct split_device room;
	struct ring_view v = view_of(view, q, &room);
	uint32_t link = q / 4, end = q / 2 % 2, tx = q % 2;
	struct arrived rest = {0};
	struct packets packets = {w, running(w, link, end),
				  knows_gifts(w, link, 0) &&
					  knows_gifts(w, link, 1),
				  2 * link + (tx ? end : !end), &rest};

	v.seg = seg;
	v.content = content;
	v.to = &packets;
	ring_fold(&v, f);
}

/* What a mirroring driver knows, and what its port will tell it. */
static void mirror_fold(struct fold *f, const struct world *w, uint32_t link)
{
	const struct mirror_driver *m = mirror_of(w, link);
	const struct mirror_port *port = &w->link[link].mirror;
	bool moved = mirror_moved(w, link);

	fold_u8(f, (uint8_t)(m->started | m->working << 1 | m->acted << 2 |
			     m->awake << 3 | m->rx_blocked << 4 |
			     (m->wait_ps != UINT64_MAX) << 5 | moved << 6 |
			     m->found << 7));
	fold_u8(f, m->phase);
	fold_u8(f, (uint8_t)(port->connected | port->driver_ok << 1));
	fold_u64(f, port->features);
	if (!m->working || moved)
		return;
	fold_u64(f, m->features);
	fold_u32(f, m->hdr_len);
	line_fold(f, &m->line, 4 * link);
}

/* What one end's driver, device, worker and application know. */
static void end_fold(struct fold *f, const struct world_view *v, uint32_t nic)
{
	uint32_t link = nic / 2, end = nic % 2;
	const struct link *l = &v->w->link[link];
	const struct net_driver *d = running(v->w, link, end);

	if (!d && driver_of(v->w, link, end))
		remains_fold(f, driver_of(v->w, link, end));
	if (d) {
		beliefs_fold(f, d, l->epoch);
		tx_links_fold(f, d);
	}
	app_fold(f, &v->app->nic[nic], nic);
	registers_fold(f, &l->nic[end], l->epoch);
	posted_fold(f, &l->nic[end], 2 * nic);
	if (l->path->mirrored && end == 1)
		mirror_fold(f, v->w, link);
	worker_fold(f, &l->worker[end], 2 * nic + 1);
	if (end == 0)
		link_fold(f, v->w, link);
}

/* Stores that wait; every driver is looked for, so only where there are any. */
static void stores_fold(const struct world_view *view, struct fold *f)
{
	const struct world *w = view->w;
	struct store_queue queue[FOLD_QUEUES_MAX];
	struct split_device room[FOLD_QUEUES_MAX];

	for (uint32_t q = 0; q < 4 * w->cfg->links; q++) {
		struct ring_view v = view_of(view, q, &room[q]);

		queue[q] = (struct store_queue){v.drv, v.dev};
	}
	store_fold(w, queue, f);
}

static void rest_fold(struct fold *f, const struct world_view *v)
{
	const struct world *w = v->w;

	actors_fold(f, w);
	astray_fold(f, w);
	for (uint32_t i = 0; i < w->cfg->vms; i++)
		guest_fold(f, w, i);
	if (w->stores)
		stores_fold(v, f);
}

static void name(const void *to, uint32_t q, struct fold_queue *out)
{
	const struct world_view *v = to;
	struct split_device room;
	struct ring_view view = view_of(v, q, &room);

	store_fold_show(v->w);
	ring_fold_name(&view, out);
	store_fold_hide(v->w);
}

static uint64_t next_seq(const void *to, uint32_t nic)
{
	const struct world_view *v = to;

	return v->app->nic[nic].seq;
}

void world_fold_names(const struct world_view *v, struct fold *f)
{
	f->name = name;
	f->next_seq = next_seq;
	f->to = v;
	f->slot_first[0] = 0;
	for (uint32_t i = 0; i < v->w->cfg->links; i++)
		f->slot_first[i + 1] = f->slot_first[i] + slots_of(v, i);
	f->slots = f->slot_first[v->w->cfg->links];
	assert(f->slots <= FOLD_SLOTS_MAX);
}

bool world_fold_numbers(const struct world *w)
{
	const struct world_view v = {.w = w};

	return slot_first(&v, w->cfg->links) > FOLD_SLOTS_MAX;
}

void world_fold_number(uint32_t link, struct fold *f)
{
	for (uint32_t at = f->slot_first[link]; at < f->slot_first[link + 1];
	     at++)
		fold_number(f, at);
}

void world_fold(const struct world_view *v, uint32_t part, struct fold *f)
{
	if (part == world_queues(v->w->cfg)) {
		rest_fold(f, v);
		return;
	}
	fold_queue(f, part); /* that is said with stores hidden */
	store_fold_show(v->w);
	queue_fold(f, v, part);
	store_fold_hide(v->w);
	if (queue_is_tx((uint16_t)part))
		end_fold(f, v, part / 2);
}
