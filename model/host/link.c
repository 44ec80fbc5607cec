/* SPDX-License-Identifier: BSD-3-Clause */
/* Pairing of a link: when two ends are paired, and what ends that. */
#include "model/host/link.h"

#include "model/host/classic.h"
#include "model/host/path_ops.h"
#include "model/host/worker.h"
#include "model/mutant.h"

static const char *const reject_reasons[REJECT_REASONS] = {
	[REJECT_NONE] = "paired",
	[REJECT_DOWN] = "an end is not running",
	[REJECT_FEATURE] = "an end did not accept shared buffers",
	[REJECT_HEADER] = "header sizes or mergeable buffers differ",
	[REJECT_OFFLOADS] = "one end sends offloads that the other refuses",
	[REJECT_GEOMETRY] = "the receive rings are too small for two slots",
	[REJECT_PATH] = "the path has no shared buffers",
	[REJECT_ASKED] = "unpaired on request",
};

const char *reject_reason_words(enum reject_reason r)
{
	assert(r < REJECT_REASONS);
	return reject_reasons[r];
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
	for (uint32_t end = 0; end < 2; end++)
		if (!(l->path->runs ? l->path->runs(l, end)
				    : nic_live(&l->nic[end])))
			return false;
	return true;
}

void link_publish(struct link *l)
{
	bool up = ends_live(l) && !l->unpair_asked;

	if (l->path->publish) {
		l->path->publish(l, up);
		return;
	}
	for (uint32_t end = 0; end < 2; end++) {
		struct virtio_net_config *c = &l->nic[end].dev.config;

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

/* Both ends run and nobody objects: a new epoch with clean slots. */
static void link_paired(struct link *l)
{
	l->epoch++;
	l->paired = true;
	l->path->paired(l);
	if (link_rule(l, RULE_EPOCH))
		memset(l->region, 0, bar_bytes(&l->slots));
	probe_emit(l->probe, EV_PAIR, queue_of_nic(l->nic[0].number, NET_RX),
		   l->epoch, 0, 0, l->slots.slots);
}

enum reject_reason link_pair(struct link *l)
{
	enum reject_reason r = REJECT_PATH;

	l->unpair_asked = false;
	if (l->paired)
		return REJECT_NONE;
	if (!ends_live(l))
		r = REJECT_DOWN;
	else if (l->path->admit)
		r = l->path->admit(l);
	l->reject_reason = (uint8_t)r;
	if (r == REJECT_NONE)
		link_paired(l);
	if (r != REJECT_DOWN)
		link_publish(l);
	return r;
}

/* Chains in the workers' hands do not outlive the pairing. */
static void workers_drop(struct link *l)
{
	if (l->path->deliver)
		return; /* nobody holds what another end has a part in */
	for (uint32_t end = 0; end < 2; end++) {
		struct worker *w = &l->worker[end];
		struct nic *from = &l->nic[end];

		if (w->parked && !MUTANT(WORKER_DROP_SILENT))
			signal_raise(&w->signal, l->cost); /* for the next */
		w->parked = w->timed = false;
		if (!vq_device_live(&from->tx))
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
 * the ends are not paired before both have. An end that could be paired with
 * rings of the old epoch would reset in turn, and so on for ever.
 */
static void ends_restart(struct link *l)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct nic *n = &l->nic[end];

		vq_device_end(&n->rx);
		vq_device_end(&n->tx);
		nic_posts_forget(n);
		if (device_live(&n->dev))
			nic_fail(n);
	}
}

void link_unpair(struct link *l, enum reject_reason why)
{
	bool was_paired = l->paired;

	l->unpair_asked |= why == REJECT_ASKED;
	l->reject_reason = (uint8_t)(l->unpair_asked ? REJECT_ASKED : why);
	if (was_paired) {
		l->paired = false;
		l->epoch++;
		probe_emit(l->probe, EV_UNPAIR,
			   queue_of_nic(l->nic[0].number, NET_RX), l->epoch, 0,
			   0, why);
		memset(l->region, 0, bar_bytes(&l->slots));
	}
	workers_drop(l); /* their slots have ended with the epoch */
	if (was_paired)
		ends_restart(l);
	link_publish(l);
	store_settle(l->nic[0].vm->mem.stores);
}

void link_kick(struct link *l, uint32_t end)
{
	for (uint32_t q = 0; q < NET_QUEUES; q++)
		nic_kick(&l->nic[end], q);
}

void link_call(struct link *l, uint32_t end)
{
	if (!link_has_nic(l, end)) {
		l->path->call(l, end);
		return;
	}
	for (uint16_t v = 0; v < MSIX_VECTORS; v++)
		nic_interrupt(&l->nic[end], v);
}

bool link_has_nic(const struct link *l, uint32_t end)
{
	return !l->path->device || !l->path->device(l, end);
}

void *link_device(struct link *l, uint32_t end)
{
	return link_has_nic(l, end) ? &l->nic[end].pci
				    : l->path->device(l, end);
}

void link_crash(struct link *l, uint32_t end)
{
	probe_emit(l->probe, EV_CRASH, queue_of_nic(l->nic[end].number, NET_RX),
		   0, 0, 0, 0);
	if (link_has_nic(l, end))
		device_write_status(&l->nic[end].dev, 0);
	else
		l->path->crash(l, end);
}

size_t link_arena(const struct link_config *cfg, const struct path_ops *path,
		  uint32_t burst)
{
	return 2 * held_arena(cfg->ring.size, burst) +
	       2 * posted_rx_arena(cfg->ring.size) +
	       (path->arena ? path->arena(cfg) : 0) + 1024;
}

void link_init(struct link *l, const struct link_setup *s, struct arena *arena)
{
	*l = (struct link){
		.cfg = s->cfg,
		.path = s->path,
		.probe = s->probe,
		.cost = s->cost,
		.interrupts = s->interrupts,
		.index = s->index,
		.burst = s->burst,
		.region = s->region,
		.reject_reason = REJECT_DOWN,
		.drop_notification = s->drop_notification,
		.drop_to = s->drop_to,
	};
	bar_geometry_init(&l->slots, link_usable_slots(s->cfg),
			  s->cfg->bar.slot_size, s->cfg->bar.stride);
	for (uint32_t end = 0; end < 2; end++) {
		nic_init(&l->nic[end], l, s, end, arena);
		worker_init(&l->worker[end], l, end, s->burst, arena);
	}
	if (s->path->begin)
		s->path->begin(l, s, arena);
}
