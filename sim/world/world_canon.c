/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/world_canon.h"

#include <stdio.h>

#include "model/guest/net_driver_canon.h"
#include "model/guest/vhost_pci_driver_canon.h"
#include "model/host/link_canon.h"

bool world_canon_can(const struct world_config *c, char *error, size_t size)
{
	if (c->links > CANON_LINKS_MAX) {
		snprintf(error, size, "at most %u links can be explored",
			 CANON_LINKS_MAX);
		return false;
	}
	if (nic_count(&c->numbers) > CANON_NICS_MAX) {
		snprintf(error, size, "at most %u NICs can be explored",
			 CANON_NICS_MAX);
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

bool world_canon_cannot(const struct world_config *c)
{
	uint32_t both = BARRIER_BIT(BARRIER_DRIVER_PUBLISH) |
			BARRIER_BIT(BARRIER_DEVICE_PUBLISH);

	return c->memory == MEMORY_PSO && (c->barriers & both) != both;
}

/* The driver of an end, unless its VM is dead. */
static struct guest_driver *driver_alive(const struct world *w, uint32_t link,
					 uint32_t end)
{
	uint32_t vm = w->cfg->link[link].end[end];

	return w->vm[vm].crashed ? NULL : guest_driver_on(&w->guest[vm], link);
}

/* The same where it is that of a NIC. */
static const struct net_driver *driver_of(const struct world *w, uint32_t link,
					  uint32_t end)
{
	return net_driver_of(driver_alive(w, link, end));
}

/* The same, if it has begun. */
static const struct net_driver *running(const struct world *w, uint32_t link,
					uint32_t end)
{
	const struct net_driver *d = driver_of(w, link, end);

	return d && d->started ? d : NULL;
}

/* The driver that works the rings of a mirrored link. */
static const struct vhost_pci_driver *mirror_of(const struct world *w,
						uint32_t link)
{
	return (const struct vhost_pci_driver *)world_driver(
		w, w->cfg->link[link].end[1], link);
}

/* No end of @link reads what lies in a gift. */
static bool gifts_known(const struct world *w, uint32_t link)
{
	for (uint32_t end = 0; end < LINK_ENDS; end++) {
		const struct net_driver *d = driver_of(w, link, end);

		if (d && !net_driver_knows_gifts(
				 d, w->link[link].nic[end].dev.offered))
			return false;
	}
	return true;
}

/* Slots of @link are nothing but names, from here on to the next epoch. */
static bool slots_alike(const struct world *w, uint32_t link)
{
	const struct link *l = &w->link[link];

	if (!link_slots_alike(l))
		return false;
	for (uint32_t end = 0; end < LINK_ENDS; end++) {
		const struct net_driver *d = driver_of(w, link, end);

		if (d && !net_driver_slots_alike(d, l->paired))
			return false;
	}
	return true;
}

/* Slots of link @i that have no numbers. */
static uint32_t slots_of(const struct world_view *v, uint32_t i)
{
	const struct link *l = &v->w->link[i];

	return path_has_slots(l->path) && !v->numbers ? l->slots.slots : 0;
}

static uint32_t slot_first(const struct world_view *v, uint32_t link)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < link; i++)
		first += slots_of(v, i);
	return first;
}

/* @room is for a device half that is in no device. */
static struct ring_view view_of(const struct world_view *v, uint32_t q,
				struct vq_device *room)
{
	const struct world *w = v->w;
	uint32_t link = queue_link(&w->cfg->numbers, q),
		 end = queue_end(&w->cfg->numbers, q);
	uint32_t tx = queue_is_tx(q);
	const struct net_driver *d = running(w, link, end);
	const struct nic *n = &w->link[link].nic[end];
	const struct vq_device *dev = tx ? &n->tx : &n->rx;

	if (path_maps_peer(w->link[link].path, !end)) {
		vhost_pci_driver_half(mirror_of(w, link), tx ? NET_TX : NET_RX,
				      &n->vm->mem, room);
		dev = room;
	}
	return (struct ring_view){
		.drv = d ? tx ? &d->tx : &d->rx : NULL,
		.dev = dev,
		.again = d && d->away == tx + 1,
		.id = q,
		.size = w->cfg->link[link].ring.size,
		.start = w->cfg->link[link].ring.start,
		.slot = net_cookie_slot,
		.slot_first = slot_first(v, link),
		.slots = slots_of(v, link),
	};
}

/* Who can have sent a frame that, by where it lies, is NIC @sender's. */
static struct packet_senders senders(const struct link *l, uint32_t sender)
{
	return (struct packet_senders){.link = l->index,
				       .nic = sender,
				       .first = l->nic[0].number,
				       .members = l->cfg->members,
				       .vm = l->cfg->end};
}

/* What is under way in queue @q, seen from its driver. */
static struct net_packets packets_of(const struct world *w, uint32_t q)
{
	const struct numbering *n = &w->cfg->numbers;
	uint32_t link = queue_link(n, q), nic = queue_nic(q);
	uint32_t end = nic_end(n, nic);
	const struct link *l = &w->link[link];

	return (struct net_packets){
		.driver = running(w, link, end),
		.slots = path_has_slots(l->path) ? &l->slots : NULL,
		.region_gpa = l->nic[end].region_gpa,
		.gifts = gifts_known(w, link),
		.from = senders(l, queue_is_tx(q) ? nic : nic_beyond(n, nic)),
	};
}

static void queue_canon(struct canon *f, const struct world_view *view,
			uint32_t q)
{
	struct ring_seg seg[CANON_RING_MAX + 1];
	struct vq_device room;
	struct ring_view v = view_of(view, q, &room);
	struct net_packets packets = packets_of(view->w, q);

	v.seg = seg;
	v.content = net_packet_canon;
	v.to = &packets;
	split_canon(&v, f);
}

/* What one end's driver, device, worker and application know. */
static void end_canon(struct canon *f, const struct world_view *v, uint32_t nic)
{
	const struct world *w = v->w;
	const struct numbering *n = &w->cfg->numbers;
	uint32_t link = nic_link(n, nic), end = nic_end(n, nic);
	const struct link *l = &w->link[link];
	uint32_t vm = l->cfg->end[end];
	const struct guest_driver *d = world_driver(w, vm, link);
	const struct guest_canon about = {
		.dead = w->vm[vm].crashed,
		.epoch = l->epoch,
		.from = senders(l, nic_beyond(n, nic)),
	};

	d->ops->canon(d, f, &about);
	app_nic_canon(v->app, f, nic);
	nic_canon(&l->nic[end], f);
	worker_canon(&l->worker[end], f);
	if (end == 0)
		link_canon(l, f, slots_alike(w, link));
}

/* A store to the words of a queue. */
static void tell_store(const void *to, struct canon *f, const struct store *s)
{
	struct vq_device room;
	struct ring_view v = view_of(to, s->queue, &room);
	const struct world_view *view = to;
	const struct numbering *n = &view->w->cfg->numbers;
	const struct guest_driver *d = driver_alive(
		view->w, queue_link(n, s->queue), queue_end(n, s->queue));

	if (d && d->ops->canon_store) {
		d->ops->canon_store(d, f, s);
		return;
	}
	split_store_canon(s, f, v.drv, v.dev);
}

static void drops_canon(struct canon *f, const struct world *w)
{
	for (uint32_t nic = 0; nic < nic_count(&w->cfg->numbers); nic++) {
		canon_u8(f, w->dropped[nic].lose[0]);
		canon_u8(f, w->dropped[nic].lose[1]);
	}
}

/* A signal that its actor will take before it does anything else. */
static bool signal_taken(const struct actor *a)
{
	return a->part->signal->raised && !actor_midway(a);
}

static void guest_canon(struct canon *f, const struct world *w, uint32_t i)
{
	const struct guest *g = &w->guest[i];

	canon_flags(f, w->vm[i].crashed);
	canon_u8(f, (uint8_t)g->turn);
	canon_u8(f, (uint8_t)(signal_taken(&w->actor[i]) ? 0 : g->quiet));
	for (uint32_t p = 0; p < g->drivers; p++)
		canon_flags(f, g->wait_ps[p] != UINT64_MAX);
}

static void actor_canon(struct canon *f, const struct actor *a)
{
	canon_u8(f, a->state);
	canon_flags(f, a->expired, a->part->signal->raised && !signal_taken(a),
		    a->part->signal->asleep, a->timer_ps != 0);
}

static void rest_canon(struct canon *f, const struct world_view *v)
{
	const struct world *w = v->w;

	for (uint32_t a = 0; a < w->actors; a++)
		actor_canon(f, &w->actor[a]);
	drops_canon(f, w);
	for (uint32_t i = 0; i < w->cfg->vms; i++)
		guest_canon(f, w, i);
	if (w->stores)
		store_canon(w->stores, f, tell_store, v);
}

static void name(const void *to, uint32_t q, struct canon_queue *out)
{
	const struct world_view *v = to;
	struct vq_device room;
	struct ring_view view = view_of(v, q, &room);

	store_show(v->w->stores);
	split_canon_name(&view, out);
	store_hide(v->w->stores);
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

void world_canon(const struct world_view *v, uint32_t part, struct canon *f)
{
	if (part == world_queues(v->w->cfg)) {
		rest_canon(f, v);
		return;
	}
	canon_queue(f, part); /* that is said with stores hidden */
	store_show(v->w->stores);
	queue_canon(f, v, part);
	store_hide(v->w->stores);
	if (queue_is_tx(part))
		end_canon(f, v, queue_nic(part));
}
