/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices of a link: registers that act, pairing, life cycle. */
#include "model/host/link.h"

#include "model/host/classic.h"
#include "model/host/path_ops.h"
#include "model/host/worker.h"
#include "model/mutant.h"
#include "model/ring/split_device_batch.h"

static const char *const reject_reasons[REJECT_REASONS] = {
	[REJECT_NONE] = "joined",
	[REJECT_DOWN] = "an end is not running",
	[REJECT_FEATURE] = "an end did not accept shared buffers",
	[REJECT_HEADER] = "header sizes or mergeable buffers differ",
	[REJECT_OFFLOADS] = "one end sends offloads that the other refuses",
	[REJECT_GEOMETRY] = "the receive rings are too small for two slots",
	[REJECT_PATH] = "the path has no shared buffers",
	[REJECT_ASKED] = "parted on request",
};

const char *reject_reason_words(enum reject_reason r)
{
	assert(r < REJECT_REASONS);
	return reject_reasons[r];
}

static struct nic *nic_of(struct virtio_device *d)
{
	return (struct nic *)d; /* dev is the first member */
}

uint32_t link_usable_slots(const struct link_config *cfg)
{
	uint32_t room = cfg->ring.size > cfg->private_rx
				? cfg->ring.size - cfg->private_rx
				: 0;

	if (!(cfg->rules & RULE_BIT(RULE_POOL_FITS)))
		return cfg->bar.slots;
	return cfg->bar.slots < room ? cfg->bar.slots : room;
}

static bool ends_live(const struct link *l)
{
	return nic_live(&l->nic[0]) &&
	       (l->path->mirrored ? l->vhost_pci.driver_ok
				  : nic_live(&l->nic[1]));
}

static void config_publish(struct link *l)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct virtio_net_config *c = &l->nic[end].dev.config;
		bool up = ends_live(l) && !l->parted;

		c->status = htole16(up ? NET_S_LINK_UP : 0);
		c->shared_buffers_offset = (uint8_t)end;
		c->shared_buffers_paired = l->paired;
		c->shared_buffers_queues = htole16(1);
		c->slot_size = htole32(l->slots.slot_size);
		c->slot_count = htole32(l->paired ? l->slots.slots : 0);
		c->slot_stride = htole32(l->slots.stride);
		c->epoch = htole32(l->epoch);
		device_config_changed(&l->nic[end].dev);
	}
}

static void index_clear(struct nic *n)
{
	n->line.first = n->line.count = 0;
	n->slots_posted = 0;
	memset(n->slot_head, 0,
	       n->link->cfg->bar.slots * sizeof n->slot_head[0]);
}

/* Both ends run and nobody objects: a new epoch with clean slots. */
static void link_join(struct link *l)
{
	l->epoch++;
	l->paired = true;
	for (uint32_t s = 0; s < l->slots.slots; s++)
		l->holder[s] = !bar_first_lender(s);
	if (link_rule(l, RULE_EPOCH))
		memset(l->bar, 0, bar_bytes(&l->slots));
	probe_emit(l->probe, EV_PAIR, queue_id(l->index, 0, NET_RX), l->epoch,
		   0, 0, l->slots.slots);
}

enum reject_reason link_pair(struct link *l)
{
	enum reject_reason r = REJECT_PATH;

	l->parted = false;
	if (l->paired)
		return REJECT_NONE;
	if (!ends_live(l))
		r = REJECT_DOWN;
	else if (l->path->admit)
		r = l->path->admit(l);
	l->reject_reason = (uint8_t)r;
	if (r == REJECT_NONE)
		link_join(l);
	if (r != REJECT_DOWN)
		config_publish(l);
	return r;
}

/* Chains in the workers' hands do not outlive the pairing. */
static void workers_drop(struct link *l)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct worker *w = &l->worker[end];
		struct nic *from = &l->nic[end];

		if (w->parked && !MUTANT(WORKER_DROP_SILENT))
			signal_raise(&w->signal, l->cost); /* for the next */
		w->parked = w->timed = false;
		if (!from->tx.live)
			held_forget(&w->held);
		if (!held_any(&w->held))
			continue;
		for (; held_any(&w->held); held_chain_done(&w->held)) {
			held_chain(&w->held);
			classic_drop(w);
		}
		nic_publish(from, NET_TX);
	}
}

/*
 * Rings of the old epoch hold its slots: whoever runs must begin anew, and
 * the ends are not joined before both have. An end that could be joined with
 * rings of the old epoch would reset in turn, and so on for ever.
 */
static void ends_restart(struct link *l)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct nic *n = &l->nic[end];

		n->rx.live = n->tx.live = false;
		index_clear(n);
		if (device_live(&n->dev))
			nic_fail(n);
	}
}

void link_unpair(struct link *l, enum reject_reason why)
{
	bool was_paired = l->paired;

	l->parted |= why == REJECT_ASKED;
	l->reject_reason = (uint8_t)(l->parted ? REJECT_ASKED : why);
	if (was_paired) {
		l->paired = false;
		l->epoch++;
		probe_emit(l->probe, EV_UNPAIR, queue_id(l->index, 0, NET_RX),
			   l->epoch, 0, 0, why);
		memset(l->bar, 0, bar_bytes(&l->slots));
	}
	workers_drop(l); /* their slots have ended with the epoch */
	if (was_paired)
		ends_restart(l);
	config_publish(l);
	store_settle(l->nic[0].vm->mem.stores);
}

/* Tells the mirroring driver where end 0 put its rings, or that it is gone. */
static void vhost_pci_connect(struct link *l, bool on)
{
	struct vhost_pci_port *m = &l->vhost_pci;

	m->turn++;
	m->connected = on;
	for (uint32_t q = 0; q < NET_QUEUES; q++)
		m->area[q] = l->nic[0].dev.queue[q].area;
	m->features = l->nic[0].dev.accepted;
	cost_count(l->cost, COST_INTERRUPT, 1);
	signal_raise(m->signal, l->cost);
}

void link_vhost_pci_ready(struct link *l, bool ready)
{
	bool stops = l->vhost_pci.driver_ok && !ready;

	l->vhost_pci.driver_ok = ready;
	store_settle(l->nic[1].vm->mem.stores);
	if (stops && l->vhost_pci.connected) {
		/* How far end 0's rings were worked is gone with the driver. */
		vhost_pci_connect(l, false);
		nic_fail(&l->nic[0]);
	}
	config_publish(l);
}

void link_vhost_pci_fail(struct link *l)
{
	cost_count(l->cost, COST_EXIT, 1);
	nic_fail(&l->nic[0]);
}

void link_vhost_pci_call(struct link *l, uint32_t queue)
{
	struct virtio_device *d = &l->nic[0].dev;

	cost_count(l->cost, COST_EXIT, 1);
	d->ops->interrupt(d, d->queue[queue].vector);
}

static void nic_stop(struct nic *n)
{
	struct link *l = n->link;
	bool was_live = device_live(&n->dev);

	n->rx.live = n->tx.live = false;
	index_clear(n);
	worker_forget(&l->worker[n->end]);
	/* A driver may have taken DRIVER_OK back without a reset. */
	if (!was_live && !l->vhost_pci.connected &&
	    !(link_rule(l, RULE_EPOCH) && l->paired))
		return;
	n->dev.status &= (uint8_t)~STATUS_DRIVER_OK;
	if (l->path->mirrored)
		vhost_pci_connect(l, false);
	if (link_rule(l, RULE_EPOCH) || !l->paired)
		link_unpair(l, REJECT_DOWN);
}

static bool queue_start(struct nic *n, uint32_t queue)
{
	struct verdict why;
	struct split_device *q = nic_queue(n, queue);
	struct split_device_setup s = {
		.area = n->dev.queue[queue].area,
		.mem = &n->vm->mem,
		.probe = n->link->probe,
		.cost = n->link->cost,
		.queue = queue_id(n->link->index, n->end, queue),
		.start = n->link->cfg->ring.start,
		.event_idx = feature_on(n->dev.accepted, F_RING_EVENT_IDX),
		.indirect = feature_on(n->dev.accepted, F_RING_INDIRECT),
	};

	if (!n->dev.queue[queue].enabled)
		return false;
	if (!split_device_init(q, &s, &why)) {
		probe_emit(n->link->probe, EV_BROKEN, s.queue, why.broken, 0, 0,
			   0);
		return false;
	}
	return true;
}

static void on_driver_ok(struct virtio_device *d)
{
	struct nic *n = nic_of(d);
	struct link *l = n->link;

	n->hdr_len = net_hdr_size(d->accepted);
	if (l->path->mirrored) {
		vhost_pci_connect(l, true);
		config_publish(l);
		return;
	}
	if (!queue_start(n, NET_RX) || !queue_start(n, NET_TX)) {
		nic_fail(n);
		return;
	}
	split_device_kicks_off(&n->rx); /* looked at when sending */
	if (!link_rule(l, RULE_EPOCH) && l->paired)
		config_publish(l); /* the other end is not told */
	else if (!l->parted)
		link_pair(l);
}

static void on_reset(struct virtio_device *d)
{
	nic_stop(nic_of(d));
}

static bool notification_dropped(const struct nic *n, bool call)
{
	const struct link *l = n->link;

	return l->drop_notification &&
	       l->drop_notification(l->drop_to, nic_id(l->index, n->end), call);
}

static void kick(struct nic *n, uint32_t queue)
{
	struct link *l = n->link;

	if (l->path->mirrored) {
		/* Crossed event: a kick is an interrupt in the other VM. */
		cost_count(l->cost, COST_INTERRUPT, 1);
		signal_raise(l->vhost_pci.signal, l->cost);
		return;
	}
	signal_raise(&l->worker[queue == NET_TX ? n->end : !n->end].signal,
		     l->cost);
}

static void on_notify(struct virtio_device *d, uint32_t queue)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	cost_count(n->link->cost, COST_EXIT, 1);
	if (!notification_dropped(n, false))
		kick(n, queue);
}

static void interrupt(struct nic *n, uint16_t vector)
{
	uint32_t data;

	if (!pci_msix_raise(&n->pci, vector, &data) || n->vm->crashed)
		return;
	cost_count(n->link->cost, COST_INTERRUPT, 1);
	n->vm->interrupt(n->vm, data);
	signal_raise(&n->vm->signal, n->link->cost);
}

static void on_interrupt(struct virtio_device *d, uint16_t vector)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	if (!notification_dropped(n, true))
		interrupt(n, vector);
}

void link_kick(struct link *l, uint32_t end)
{
	for (uint32_t q = 0; q < NET_QUEUES; q++)
		kick(&l->nic[end], q);
}

void link_call(struct link *l, uint32_t end)
{
	if (end == 1 && l->path->mirrored) {
		signal_raise(l->vhost_pci.signal, l->cost);
		return;
	}
	for (uint16_t v = 0; v < MSIX_VECTORS; v++)
		interrupt(&l->nic[end], v);
}

static void on_status(struct virtio_device *d, uint8_t now, uint8_t before)
{
	struct nic *n = nic_of(d);
	bool agreed = now & STATUS_FEATURES_OK;

	store_settle(n->vm->mem.stores);
	probe_emit(n->link->probe, EV_STATUS,
		   queue_id(n->link->index, n->end, NET_RX), now,
		   agreed ? d->accepted ^ n->usual : 0, 0, before);
}

void nic_queue_reset(struct nic *n, uint32_t queue)
{
	struct link *l = n->link;
	struct split_device *q = nic_queue(n, queue);
	struct worker *w = &l->worker[n->end];

	if (q->live && link_rule(l, RULE_QUEUE_RESET))
		split_device_publish(q);
	q->live = false;
	if (queue == NET_RX)
		index_clear(n);
	else
		worker_forget(w);
	store_settle(n->vm->mem.stores);
	device_queue_was_reset(&n->dev, queue);
	probe_emit(l->probe, EV_QUEUE_RESET, queue_id(l->index, n->end, queue),
		   0, 0, 0, 0);
}

/* A worker does it: it may be working on the queue right now. */
static void on_queue_reset(struct virtio_device *d, uint32_t queue)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	probe_emit(n->link->probe, EV_QUEUE_ASKED,
		   queue_id(n->link->index, n->end, queue), 0, 0, 0, 0);
	kick(n, queue);
}

static void on_queue_enabled(struct virtio_device *d, uint32_t queue)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	probe_emit(n->link->probe, EV_QUEUE_ENABLED,
		   queue_id(n->link->index, n->end, queue), 0, 0, 0, 0);
	if (!nic_live(n))
		return;
	if (!queue_start(n, queue)) {
		nic_fail(n);
		return;
	}
	if (queue == NET_RX)
		split_device_kicks_off(&n->rx);
	kick(n, queue);
}

static const struct device_ops nic_ops = {
	.driver_ok = on_driver_ok,
	.reset = on_reset,
	.notify = on_notify,
	.interrupt = on_interrupt,
	.status = on_status,
	.queue_reset = on_queue_reset,
	.queue_enabled = on_queue_enabled,
};

void nic_fail(struct nic *n)
{
	device_needs_reset(&n->dev);
}

void nic_rx_fail(struct nic *n)
{
	posted_rx_used(&n->line, n->line.count);
	n->slots_posted = 0;
	memset(n->slot_head, 0,
	       n->link->cfg->bar.slots * sizeof n->slot_head[0]);
	nic_fail(n);
}

void link_crash(struct link *l, uint32_t end)
{
	probe_emit(l->probe, EV_CRASH, queue_id(l->index, end, NET_RX), 0, 0, 0,
		   0);
	device_write_status(&l->nic[end].dev, 0);
}

static uint64_t features_offered(const struct link *l)
{
	uint64_t f =
		FEATURE_BIT(F_NET_CSUM) | FEATURE_BIT(F_NET_GUEST_CSUM) |
		FEATURE_BIT(F_NET_MTU) | FEATURE_BIT(F_NET_MAC) |
		FEATURE_BIT(F_NET_GUEST_TSO4) | FEATURE_BIT(F_NET_GUEST_TSO6) |
		FEATURE_BIT(F_NET_HOST_TSO4) | FEATURE_BIT(F_NET_HOST_TSO6) |
		FEATURE_BIT(F_NET_MRG_RXBUF) | FEATURE_BIT(F_NET_STATUS) |
		FEATURE_BIT(F_VERSION_1) | FEATURE_BIT(F_NET_HASH_REPORT);

	if (l->cfg->ring.event_idx)
		f |= FEATURE_BIT(F_RING_EVENT_IDX);
	if (l->cfg->ring.indirect)
		f |= FEATURE_BIT(F_RING_INDIRECT);
	if (l->cfg->ring.reset && !l->path->mirrored)
		f |= FEATURE_BIT(F_RING_RESET);
	if (l->path->shared_bar)
		f |= FEATURE_BIT(F_NET_SHARED_BUFFERS) |
		     FEATURE_BIT(F_NET_GIFT);
	return f;
}

size_t link_arena(const struct link_config *cfg, uint32_t burst)
{
	size_t size = cfg->ring.size;

	return 2 * held_arena(cfg->ring.size, burst) +
	       2 * (size + 1) * sizeof(uint32_t) +
	       2 * posted_rx_arena(cfg->ring.size) +
	       2 * cfg->bar.slots * sizeof(uint32_t) + cfg->bar.slots + 1024;
}

static void nic_init(struct nic *n, struct link *l, const struct link_setup *s,
		     uint32_t end, struct arena *arena)
{
	uint32_t last = s->vm[end]->id + 1;

	device_init(&n->dev, &nic_ops, features_offered(l), s->cfg->ring.size);
	n->usual = features_closed(
		n->dev.offered &
		(s->features[end] | FEATURE_BIT(F_RING_EVENT_IDX) |
		 FEATURE_BIT(F_RING_INDIRECT) | FEATURE_BIT(F_RING_RESET)));
	n->dev.config.mac[0] = 2;
	n->dev.config.mac[5] = (uint8_t)last;
	n->dev.config.mtu =
		htole16(s->cfg->max_frame < 65535 ? (uint16_t)s->cfg->max_frame
						  : 65535);
	pci_init(&n->pci, &n->dev, s->bar_gpa[end], s->bar_size);
	n->link = l;
	n->vm = s->vm[end];
	n->bar_gpa = s->bar_gpa[end];
	n->end = end;
	posted_rx_init(&n->line, &n->rx, &n->vm->mem, (uint16_t)n->vm->id,
		       s->cfg->ring.size, arena);
	n->slot_head = arena_new(arena, uint32_t, s->cfg->bar.slots);
}

void link_init(struct link *l, const struct link_setup *s, struct arena *arena)
{
	uint32_t size = s->cfg->ring.size;

	*l = (struct link){
		.cfg = s->cfg,
		.path = s->path,
		.probe = s->probe,
		.cost = s->cost,
		.index = s->index,
		.burst = s->burst,
		.bar = s->bar,
		.vhost_pci = {.peer_gpa = s->vm[0]->ram_gpa,
			      .peer_size = s->vm[0]->ram_size,
			      .window_gpa = s->window_gpa,
			      .signal = &s->vm[1]->signal},
		.reject_reason = REJECT_DOWN,
		.drop_notification = s->drop_notification,
		.drop_to = s->drop_to,
	};
	bar_geometry_init(&l->slots, link_usable_slots(s->cfg),
			  s->cfg->bar.slot_size, s->cfg->bar.stride);
	l->holder = arena_new(arena, uint8_t, s->cfg->bar.slots);
	for (uint32_t end = 0; end < 2; end++) {
		nic_init(&l->nic[end], l, s, end, arena);
		l->worker[end].link = l;
		l->worker[end].end = end;
		l->worker[end].signal.worker = true;
		held_init(&l->worker[end].held, (uint16_t)size, s->burst,
			  arena);
		l->worker[end].slot = arena_new(arena, uint32_t, size + 1);
	}
}

/* Takes in what is posted as most is; RING_CHAIN: something else is next. */
static enum ring_end intake_batch(struct nic *n)
{
	const struct path_ops *path = n->link->path;
	struct verdict why;
	enum ring_end end;

	if (!path->posted_batch)
		return RING_CHAIN;
	do
		end = split_device_ready(&n->rx, &why);
	while (end == RING_CHAIN &&
	       path->posted_batch(n, split_pop_most(&n->rx, EVENT_BATCH_MAX)));
	return end;
}

/* Takes in whatever is next. */
static enum ring_end intake_one(struct nic *n, struct ring_chain *c)
{
	struct verdict why;
	enum ring_end end = split_device_pop(&n->rx, c, &why);

	if (end != RING_CHAIN || n->link->path->posted(n, c, &why))
		return end;
	split_device_stop(&n->rx, &why);
	return RING_BROKEN;
}

bool nic_intake(struct nic *n)
{
	struct ring_chain c = {.seg = n->line.seg};
	enum ring_end end;

	if (MUTANT(HOST_TOILS))
		cost_count(n->link->cost, COST_MATCH, 1u << 20);
	do
		end = intake_batch(n);
	while (end == RING_CHAIN && (end = intake_one(n, &c)) == RING_CHAIN);
	if (end == RING_BROKEN)
		nic_rx_fail(n);
	return end != RING_BROKEN;
}

/* An error that is planted: the first descriptor is no longer as it was. */
static void table_spoil(struct nic *n, uint32_t queue)
{
	uint64_t gpa = n->dev.queue[queue].area.desc;

	memset(gmem_at(&n->vm->mem, gpa, 1), 0, 1);
	probe_emit(n->link->probe, EV_HOST_WRITE, nic_queue(n, queue)->queue, 0,
		   gpa, 1, n->vm->id);
}

void nic_publish(struct nic *n, uint32_t queue)
{
	if (MUTANT(DEVICE_TABLE))
		table_spoil(n, queue);
	split_device_publish(nic_queue(n, queue));
}

void nic_call(struct nic *n, uint32_t queue)
{
	if (split_device_call_wanted(nic_queue(n, queue)))
		n->dev.ops->interrupt(&n->dev, n->dev.queue[queue].vector);
}
