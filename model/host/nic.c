/* SPDX-License-Identifier: BSD-3-Clause */
/* A device of a link: registers that act, its queues, its notifications. */
#include "model/host/nic.h"

#include "model/host/kick.h"
#include "model/host/path_ops.h"
#include "model/host/worker.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

static struct nic *nic_of(struct virtio_device *d)
{
	return (struct nic *)d; /* dev is the first member */
}

void nic_posts_forget(struct nic *n)
{
	n->line.first = n->line.count = 0;
	if (n->link->path->forget)
		n->link->path->forget(n);
}

static void nic_stop(struct nic *n)
{
	struct link *l = n->link;
	bool was_live = device_live(&n->dev);
	bool was_served = l->path->stop && l->path->stop(n, was_live);

	vq_device_end(&n->rx);
	vq_device_end(&n->tx);
	nic_posts_forget(n);
	worker_forget(&l->worker[n->end]);
	/* A driver may have taken DRIVER_OK back without a reset. */
	if (!was_live && !was_served &&
	    !(link_rule(l, RULE_EPOCH) && l->paired))
		return;
	n->dev.status &= (uint8_t)~STATUS_DRIVER_OK;
	if (link_rule(l, RULE_EPOCH) || !l->paired)
		link_unpair(l, REJECT_DOWN);
}

bool nic_queue_start(struct nic *n, uint32_t queue, uint16_t start)
{
	struct verdict why;
	struct vq_device *q = nic_queue(n, queue);
	struct vq_device_setup s = {
		.area = n->dev.queue[queue].area,
		.mem = &n->vm->mem,
		.probe = n->link->probe,
		.cost = n->link->cost,
		.queue = queue_of_nic(n->number, queue),
		.layout = n->link->cfg->ring.layout,
		.from = vq_resume_at(n->link->cfg->ring.layout, start),
		.event_idx = feature_on(n->dev.accepted, F_RING_EVENT_IDX),
		.indirect = feature_on(n->dev.accepted, F_RING_INDIRECT),
	};

	if (!n->dev.queue[queue].enabled)
		return false;
	if (!vq_device_begin(q, &s, &why)) {
		probe_emit(n->link->probe, EV_BROKEN, s.queue, why.broken, 0, 0,
			   0);
		return false;
	}
	return true;
}

static bool queue_start(struct nic *n, uint32_t queue)
{
	return nic_queue_start(n, queue, n->link->cfg->ring.start);
}

static bool queues_start(struct nic *n)
{
	const struct path_ops *path = n->link->path;

	return path->set_up ? path->set_up(n)
			    : queue_start(n, NET_RX) && queue_start(n, NET_TX);
}

static void on_driver_ok(struct virtio_device *d)
{
	struct nic *n = nic_of(d);
	struct link *l = n->link;

	n->hdr_len = net_hdr_size(d->accepted);
	if (l->path->start) {
		l->path->start(n);
		return;
	}
	if (!queues_start(n)) {
		nic_fail(n);
		return;
	}
	vq_device_kicks_off(&n->rx); /* looked at when sending */
	if (!link_rule(l, RULE_EPOCH) && l->paired)
		link_publish(l); /* the other end is not told */
	else if (!l->unpair_asked)
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
	       l->drop_notification(l->drop_to, n->number, call);
}

void nic_kick(struct nic *n, uint32_t queue)
{
	struct link *l = n->link;
	bool own = queue == NET_TX || l->path->deliver;
	uint32_t server = own ? n->end : !n->end;

	if (l->path->kicked)
		l->path->kicked(n);
	if (l->path->kick)
		l->path->kick(n, queue);
	else
		signal_raise(&l->worker[server].signal, l->cost);
}

static void on_notify(struct virtio_device *d, uint32_t queue)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	kick_count(n->link->cfg, n->link->cost);
	if (!notification_dropped(n, false))
		nic_kick(n, queue);
}

void nic_interrupt(struct nic *n, uint16_t vector)
{
	uint32_t data;

	if (!pci_msix_raise(&n->pci, vector, &data) || n->vm->crashed)
		return;
	interrupt_count(n->link->interrupts, n->link->cfg, n->vm, n->number,
			vector, n->link->cost);
	if (n->link->path->interrupts)
		n->link->path->interrupts(n);
	n->vm->interrupt(n->vm, data);
	signal_raise(&n->vm->signal, n->link->cost);
}

static void on_interrupt(struct virtio_device *d, uint16_t vector)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	if (!notification_dropped(n, true))
		nic_interrupt(n, vector);
}

static void on_status(struct virtio_device *d, uint8_t now, uint8_t before)
{
	struct nic *n = nic_of(d);
	bool agreed = now & STATUS_FEATURES_OK;

	store_settle(n->vm->mem.stores);
	probe_emit(n->link->probe, EV_STATUS, queue_of_nic(n->number, NET_RX),
		   now, agreed ? d->accepted ^ n->usual : 0, 0, before);
}

void nic_queue_reset(struct nic *n, uint32_t queue)
{
	struct link *l = n->link;
	struct vq_device *q = nic_queue(n, queue);
	struct worker *w = &l->worker[n->end];

	if (vq_device_live(q) && link_rule(l, RULE_QUEUE_RESET))
		vq_device_publish(q);
	vq_device_end(q);
	if (queue == NET_RX)
		nic_posts_forget(n);
	else
		worker_forget(w);
	store_settle(n->vm->mem.stores);
	device_queue_was_reset(&n->dev, queue);
	probe_emit(l->probe, EV_QUEUE_RESET, queue_of_nic(n->number, queue), 0,
		   0, 0, 0);
}

/* A worker does it: it may be working on the queue right now. */
static void on_queue_reset(struct virtio_device *d, uint32_t queue)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	probe_emit(n->link->probe, EV_QUEUE_ASKED,
		   queue_of_nic(n->number, queue), 0, 0, 0, 0);
	nic_kick(n, queue);
}

static void on_queue_enabled(struct virtio_device *d, uint32_t queue)
{
	struct nic *n = nic_of(d);

	store_drain(n->vm->mem.stores);
	probe_emit(n->link->probe, EV_QUEUE_ENABLED,
		   queue_of_nic(n->number, queue), 0, 0, 0, 0);
	if (!nic_live(n))
		return;
	if (!queue_start(n, queue)) {
		nic_fail(n);
		return;
	}
	if (queue == NET_RX)
		vq_device_kicks_off(&n->rx);
	nic_kick(n, queue);
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
	if (n->link->path->forget)
		n->link->path->forget(n);
	nic_fail(n);
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
	if (l->cfg->ring.reset)
		f |= FEATURE_BIT(F_RING_RESET);
	return l->path->features ? l->path->features(f) : f;
}

void nic_init(struct nic *n, struct link *l, const struct link_setup *s,
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
	pci_init(&n->pci, &n->dev, s->region_gpa[end], s->region_size);
	n->link = l;
	n->vm = s->vm[end];
	n->region_gpa = s->region_gpa[end];
	n->end = end;
	n->number = s->first_nic + end;
	posted_rx_init(&n->line, &n->rx, &n->vm->mem, (uint16_t)n->vm->id,
		       s->cfg->ring.size, arena);
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
		end = vq_device_ready(&n->rx, &why);
	while (end == RING_CHAIN &&
	       path->posted_batch(n, vq_pop_most(&n->rx, EVENT_BATCH_MAX)));
	return end;
}

/* Takes in whatever is next. */
static enum ring_end intake_one(struct nic *n, struct ring_chain *c)
{
	struct verdict why;
	enum ring_end end = vq_device_pop(&n->rx, c, &why);

	if (end != RING_CHAIN || n->link->path->posted(n, c, &why))
		return end;
	vq_device_break(&n->rx, &why);
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
	probe_emit(n->link->probe, EV_HOST_WRITE,
		   vq_device_queue(nic_queue(n, queue)), 0, gpa, 1, n->vm->id);
}

void nic_publish(struct nic *n, uint32_t queue)
{
	if (MUTANT(DEVICE_TABLE))
		table_spoil(n, queue);
	vq_device_publish(nic_queue(n, queue));
}

void nic_call(struct nic *n, uint32_t queue)
{
	if (vq_device_call_wanted(nic_queue(n, queue)))
		n->dev.ops->interrupt(&n->dev, n->dev.queue[queue].vector);
}
