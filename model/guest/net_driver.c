/* SPDX-License-Identifier: BSD-3-Clause */
/* Set-up, reset, and the turn of phases. Sending and taking stand beside. */
#include "model/guest/net_driver.h"

#include "model/mutant.h"

enum { ALIGN = 64 };

static uint64_t ring_bytes(uint16_t size)
{
	return split_desc_bytes(size) + split_avail_bytes(size) +
	       split_used_bytes(size) + 3 * ALIGN;
}

static uint64_t table_bytes(const struct link_config *cfg)
{
	return cfg->ring.indirect ? (uint64_t)cfg->ring.size *
					    SPLIT_INDIRECT_MAX * SPLIT_DESC_SIZE
				  : 0;
}

uint64_t net_driver_ram(const struct link_config *cfg)
{
	uint64_t buffers = cfg->private_rx + (uint64_t)cfg->ring.size;

	return 2 * ring_bytes(cfg->ring.size) + table_bytes(cfg) +
	       buffers * cfg->private_size + 4096;
}

size_t net_driver_arena(const struct link_config *cfg)
{
	size_t size = cfg->ring.size;

	return 2 * size * sizeof(struct split_note) +
	       cfg->bar.slots * (sizeof(struct slot_note) + 1) +
	       slot_pool_size(cfg->bar.slots) + slot_pool_size(cfg->ring.size) +
	       (cfg->private_rx + 4 * size) * sizeof(uint16_t) +
	       (size + 1) * sizeof(struct ring_seg) +
	       (size + 1) * sizeof(struct app_segment) + 1024;
}

static void area_take(struct vm *vm, uint16_t size, struct split_area *area,
		      struct split_bytes *at)
{
	bool mapped;

	area->size = size;
	area->desc = vm_take(vm, split_desc_bytes(size), ALIGN);
	area->avail = vm_take(vm, split_avail_bytes(size), ALIGN);
	area->used = vm_take(vm, split_used_bytes(size), ALIGN);
	mapped = split_map(area, &vm->mem, at, NULL);
	assert(mapped);
	(void)mapped;
}

static void buffers_take(struct buffer_stack *b, struct vm *vm, uint32_t count,
			 uint32_t size, struct arena *arena)
{
	b->size = size;
	b->total = count;
	b->gpa = vm_take(vm, (uint64_t)count * size, ALIGN);
	b->base = gmem_at(&vm->mem, b->gpa, (uint64_t)count * size);
	b->free = arena_new(arena, uint16_t, count);
	assert(b->base || count == 0);
}

void net_rx_buffers_fill(struct net_driver *d)
{
	struct buffer_stack *b = &d->rx_buffers;

	for (b->count = 0; b->count < b->total; b->count++)
		b->free[b->count] = (uint16_t)(b->total - 1 - b->count);
}

void net_tx_buffers_fill(struct net_driver *d)
{
	slot_pool_clear(&d->tx_free);
	for (uint32_t i = 0; i < d->tx_buffers.total; i++)
		slot_pool_put(&d->tx_free, i);
}

void net_driver_init(struct net_driver *d, const struct net_driver_setup *s,
		     struct arena *arena)
{
	uint16_t size = s->cfg->ring.size;
	uint64_t table = table_bytes(s->cfg);

	*d = (struct net_driver){
		.cfg = s->cfg,
		.vmcfg = s->vmcfg,
		.vm = s->vm,
		.probe = s->probe,
		.cost = s->cost,
		.app = s->app,
		.app_ctx = s->app_ctx,
		.fn = s->fn,
		.bar = s->bar,
		.nic = s->nic,
		.wanted = s->vmcfg->features,
		.burst = s->burst,
	};
	area_take(s->vm, size, &d->rx_area, &d->rx_at);
	area_take(s->vm, size, &d->tx_area, &d->tx_at);
	if (table) {
		d->tx_table_gpa = vm_take(s->vm, table, ALIGN);
		d->tx_table = gmem_at(&s->vm->mem, d->tx_table_gpa, table);
	}
	buffers_take(&d->rx_buffers, s->vm, s->cfg->private_rx,
		     s->cfg->private_size, arena);
	buffers_take(&d->tx_buffers, s->vm, size, s->cfg->private_size, arena);
	d->rx_note = arena_new(arena, struct split_note, size);
	d->tx_note = arena_new(arena, struct split_note, size);
	d->tx_next = arena_new(arena, uint16_t, size);
	d->belief = arena_new(arena, uint8_t, s->cfg->bar.slots);
	d->note = arena_new(arena, struct slot_note, s->cfg->bar.slots);
	slot_pool_init(&d->pool, s->cfg->alloc, s->cfg->bar.slots, arena);
	slot_pool_init(&d->tx_free, s->cfg->alloc, size, arena);
	d->seg = arena_new(arena, struct ring_seg, size + 1u);
	d->piece = arena_new(arena, struct app_segment, size + 1u);
	d->out = arena_new(arena, uint16_t, 2u * size);
}

/* Features that this driver would like. */
static uint64_t wanted_features(const struct net_driver *d)
{
	uint64_t f = d->wanted;

	if (d->cfg->ring.event_idx)
		f |= FEATURE_BIT(F_RING_EVENT_IDX);
	if (d->cfg->ring.indirect)
		f |= FEATURE_BIT(F_RING_INDIRECT);
	if (d->cfg->ring.reset)
		f |= FEATURE_BIT(F_RING_RESET);
	return f;
}

void net_ring_init(struct net_driver *d, uint32_t tx)
{
	split_driver_init(tx ? &d->tx : &d->rx,
			  &(struct split_driver_setup){
				  .at = tx ? d->tx_at : d->rx_at,
				  .note = tx ? d->tx_note : d->rx_note,
				  .table = tx ? d->tx_table : NULL,
				  .table_gpa = d->tx_table_gpa,
				  .probe = d->probe,
				  .cost = d->cost,
				  .stores = d->vm->mem.stores,
				  .queue = net_queue(d, tx),
				  .size = d->cfg->ring.size,
				  .start = d->cfg->ring.start,
				  .event_idx = feature_on(d->pci.features,
							  F_RING_EVENT_IDX),
			  });
}

void net_ring_enable(struct net_driver *d, uint32_t tx)
{
	pci_driver_queue(&d->pci, tx, tx ? &d->tx_area : &d->rx_area,
			 vector_of_queue(tx),
			 message_id(d->nic, vector_of_queue(tx)));
}

/* Finds the device and brings it to DRIVER_OK. */
bool net_driver_start(struct net_driver *d)
{
	if (!pci_driver_probe(&d->pci, d->fn) ||
	    !pci_driver_negotiate(&d->pci, wanted_features(d))) {
		d->dead = true;
		return false;
	}
	d->hdr_len = net_hdr_size(d->pci.features);
	d->gifts = feature_on(d->pci.features, F_NET_GIFT);
	net_rx_buffers_fill(d);
	net_tx_buffers_fill(d);
	for (uint32_t q = 0; q < NET_QUEUES; q++) {
		net_ring_init(d, q);
		net_ring_enable(d, q);
	}
	pci_bar_write(d->fn, PCI_BAR_MSIX, 8, 4,
		      message_id(d->nic, VECTOR_CONFIG));
	d->started = true;
	d->irq = 1; /* look at the configuration once in any case */
	pci_driver_ok(&d->pci);
	return true;
}

void net_driver_reset(struct net_driver *d)
{
	if (d->pci.fn)
		pci_driver_reset(&d->pci);
	slot_pool_clear(&d->pool);
	d->lent = d->unposted = d->starved = d->told = 0;
	d->started = d->paired = d->link_up = d->dead = false;
	d->asked = d->tx_blocked = d->heard = d->found = false;
	d->slots.slots = 0;
	d->irq = 0;
	d->away = 0;
	d->phase = NET_CALLS_OFF_RX;
}

void net_driver_accept(struct net_driver *d, uint64_t features)
{
	d->wanted = features;
	net_driver_reset(d);
}

/* The first holders, as published or (rule geometry off) as guessed. */
static uint32_t slot_lender(const struct net_driver *d, uint32_t slot)
{
	if (!net_rule(d, RULE_GEOMETRY) && d->vmcfg->guess == GUESS_HALVES)
		return slot >= d->slots.slots / 2;
	return bar_first_lender(slot) ^ MUTANT(GUEST_GEOMETRY);
}

/* The ends were joined: begin with the slots of the published geometry. */
static void slots_begin(struct net_driver *d, const struct virtio_net_config *c)
{
	bar_geometry_init(&d->slots, c->slot_count, c->slot_size,
			  c->slot_stride);
	assert(d->slots.slots <= d->cfg->bar.slots);
	d->lender = c->shared_buffers_offset;
	d->epoch = c->epoch;
	d->paired = true;
	d->lent = 0;
	d->unposted = 0;
	slot_pool_clear(&d->pool);
	for (uint32_t s = 0; s < d->slots.slots; s++) {
		bool mine = slot_lender(d, s) != d->lender;

		d->belief[s] = mine ? SLOT_MINE : SLOT_UNKNOWN;
		if (mine)
			slot_pool_put(&d->pool, s);
	}
}

/* Whether the published geometry lies inside of the BAR that we see. */
static bool geometry_usable(const struct net_driver *d,
			    const struct virtio_net_config *c)
{
	return d->bar && c->slot_count && c->slot_count <= d->cfg->bar.slots &&
	       c->slot_size > d->hdr_len && c->slot_size <= c->slot_stride &&
	       (uint64_t)c->slot_count * c->slot_stride <= d->pci.shared_size;
}

/* Takes an interrupt of vector 0: one that comes from now on is another. */
bool net_driver_hear(struct net_driver *d)
{
	if (!(d->irq & 1) || MUTANT(GUEST_NO_HEAR))
		return false;
	if (!MUTANT(GUEST_HEAR_LATE))
		d->irq &= (uint8_t)~1u;
	d->heard = true;
	return true;
}

/* Looks at the configuration after such an interrupt. */
bool net_driver_config(struct net_driver *d)
{
	struct virtio_net_config c;
	bool joined;

	if (!d->heard)
		return false;
	d->heard = false;
	if (pci_driver_status(&d->pci) & STATUS_NEEDS_RESET) {
		net_driver_reset(d);
		return true;
	}
	c = pci_driver_config(&d->pci);
	/* Without STATUS there is no such field: the link counts as up. */
	d->link_up = !feature_on(d->pci.features, F_NET_STATUS) ||
		     c.status & NET_S_LINK_UP;
	joined = feature_on(d->pci.features, F_NET_SHARED_BUFFERS) &&
		 c.shared_buffers_paired && geometry_usable(d, &c);
	if (d->paired && (!joined || c.epoch != d->epoch))
		net_driver_reset(d); /* a new epoch: EXT-EPOCH */
	else if (joined && !d->paired)
		slots_begin(d, &c);
	return true;
}

static bool publish(struct split_driver *q)
{
	if (q->published == q->avail_idx)
		return false;
	split_driver_publish(q);
	return true;
}

static bool kick(struct net_driver *d, uint32_t queue)
{
	struct split_driver *q = queue == NET_RX ? &d->rx : &d->tx;

	if (q->published == q->kicked)
		return false;
	if (split_driver_kick_wanted(q))
		pci_driver_kick(&d->pci, queue);
	return true;
}

/*
 * Behind a phase: whether the step ends here, since the device is lost, the
 * driver begins anew, or it did the one thing that another party can observe.
 */
static inline bool step_over(struct net_driver *d, enum net_phase phase,
			     bool acted, bool one)
{
	if (!d->started || d->dead)
		return true;
	d->acted |= acted;
	if (!one || !acted || phase == NET_KICK_TX)
		return false;
	d->phase = (uint8_t)(phase + 1);
	return true;
}

/* The same behind what is no work, but how it wakes up and falls asleep. */
static inline bool part_over(struct net_driver *d, enum net_phase phase,
			     bool done, bool one)
{
	if (!one || !done)
		return false;
	d->phase = (uint8_t)(phase + 1);
	return true;
}

/* From where a step begins: to the end, or until it ended before (false). */
#define PHASE(name, act) (from > name || !step_over(d, name, act, one))
#define PART(name, act)  (from > name || !part_over(d, name, act, one))

/* Interrupts are off while it works; then it works off the phases. */
static bool pass_run(struct net_driver *d, bool one)
{
	const enum net_phase from = (enum net_phase)d->phase;

	return PART(NET_CALLS_OFF_RX, split_driver_calls_off(&d->rx)) &&
	       PART(NET_CALLS_OFF_TX, split_driver_calls_off(&d->tx)) &&
	       PHASE(NET_HEAR, net_driver_hear(d)) &&
	       PHASE(NET_CONFIG, net_driver_config(d)) &&
	       PHASE(NET_TAKE, net_driver_take(d)) &&
	       PHASE(NET_REFILL, net_driver_refill(d)) &&
	       PHASE(NET_REAP, net_driver_reap(d)) &&
	       PHASE(NET_SEND, net_driver_send(d)) &&
	       PHASE(NET_GIVE, net_driver_give(d)) &&
	       PHASE(NET_PUBLISH_RX, publish(&d->rx)) &&
	       PHASE(NET_KICK_RX, kick(d, NET_RX)) &&
	       PHASE(NET_PUBLISH_TX, publish(&d->tx)) &&
	       PHASE(NET_KICK_TX, kick(d, NET_TX));
}

/* Asks for interrupts; then looks, and what had come before is found. */
static bool ask(struct net_driver *d, uint32_t tx)
{
	if (!MUTANT_OF(tx, GUEST_NO_ASK))
		split_driver_calls_on(tx ? &d->tx : &d->rx);
	return true;
}

static bool look(struct net_driver *d, uint32_t tx)
{
	if (!MUTANT_OF(tx, GUEST_NO_LOOK))
		d->found |= split_driver_pending(tx ? &d->tx : &d->rx);
	return true;
}

static bool first(struct net_driver *d, uint32_t tx)
{
	return MUTANT_OF(tx, GUEST_LOOK_FIRST) ? look(d, tx) : ask(d, tx);
}

static bool second(struct net_driver *d, uint32_t tx)
{
	return MUTANT_OF(tx, GUEST_LOOK_FIRST) ? ask(d, tx) : look(d, tx);
}

/*
 * Before it sleeps: interrupts on for what may wake it, and one more look for
 * what came before that was seen. One that polls asks for none.
 */
static bool sleep_run(struct net_driver *d, bool one)
{
	const enum net_phase from = (enum net_phase)d->phase;
	const bool rx = !d->vmcfg->poll, tx = rx && d->tx_blocked;

	return PART(NET_IDLE, rx) && PART(NET_ASK_RX, rx && first(d, NET_RX)) &&
	       PART(NET_LOOK_RX, rx && second(d, NET_RX)) &&
	       PART(NET_ASK_TX, tx && first(d, NET_TX)) &&
	       PART(NET_LOOK_TX, tx && second(d, NET_TX));
}

#undef PHASE
#undef PART

/* A pass is over: the next one begins as the first did. */
static void pass_end(struct net_driver *d)
{
	if (MUTANT(GUEST_HEAR_LATE))
		d->irq &= (uint8_t)~1u;
	d->phase = NET_CALLS_OFF_RX;
	d->acted = false;
	d->sent_some = false;
	d->found = false;
}

/* It sleeps, or until the next packet is due. */
static enum step_end lie_down(struct net_driver *d, uint64_t *wait_ps)
{
	uint64_t passed = d->probe->time - d->peeked_ps;

	if (d->starved && d->starved != d->told)
		probe_emit(d->probe, EV_STARVED, net_queue(d, 1), d->starved, 0,
			   0, d->pool.count);
	d->told = d->starved;
	if (d->wait_ps == UINT64_MAX)
		return STEP_REST;
	*wait_ps = d->wait_ps > passed ? d->wait_ps - passed : 0;
	return STEP_WAIT;
}

/*
 * What looks like a broken device may be one that was just told to stop, its
 * slots zeroed: it says so, and then all begins anew.
 */
static bool revive(struct net_driver *d)
{
	if (d->started)
		net_driver_hear(d);
	return d->started && net_driver_config(d) && !d->dead;
}

enum step_end net_driver_step(struct net_driver *d, bool one, uint64_t *wait_ps)
{
	bool more;

	if (d->dead)
		return revive(d) ? STEP_MORE : STEP_REST;
	if (!d->started)
		return net_driver_start(d) ? STEP_MORE : STEP_REST;
	if (d->away)
		return net_driver_in_reset(d, wait_ps);
	if (!pass_run(d, one) || (!d->acted && !sleep_run(d, one)))
		return STEP_MORE;
	more = (d->acted && !MUTANT(GUEST_ONE_PASS)) ||
	       (d->found && !MUTANT(GUEST_NO_RECHECK));
	pass_end(d);
	return more ? STEP_MORE : lie_down(d, wait_ps);
}
