/* SPDX-License-Identifier: BSD-3-Clause */
/* What a driver needs, how it gets it, and how it brings its device up. */
#include "model/guest/net_driver.h"

enum { ALIGN = 64 };

static uint64_t ring_bytes(const struct ring_config *r)
{
	struct vq_parts p = vq_parts(r->layout, r->size);

	return (uint64_t)p.desc + p.driver + p.device + 3 * ALIGN;
}

static uint64_t table_bytes(const struct link_config *cfg)
{
	return cfg->ring.indirect
		       ? vq_table_bytes(cfg->ring.layout, cfg->ring.size)
		       : 0;
}

uint64_t net_driver_ram(const struct link_config *cfg)
{
	uint64_t buffers = cfg->private_rx + (uint64_t)cfg->ring.size;

	return 2 * ring_bytes(&cfg->ring) + table_bytes(cfg) +
	       buffers * cfg->private_size + 4096;
}

size_t net_driver_arena(const struct link_config *cfg, uint32_t burst)
{
	size_t size = cfg->ring.size;

	(void)burst; /* it works in its rings and buffers */
	return sizeof(struct net_driver) +
	       2 * vq_account_bytes(cfg->ring.layout, cfg->ring.size) +
	       cfg->bar.slots * (sizeof(struct slot_note) + 1) +
	       slot_pool_size(cfg->bar.slots) + slot_pool_size(cfg->ring.size) +
	       (cfg->private_rx + 4 * size) * sizeof(uint16_t) +
	       (size + 1) * sizeof(struct ring_seg) +
	       (size + 1) * sizeof(struct app_segment) + 1024;
}

static void area_take(struct vm *vm, const struct ring_config *r,
		      struct vq_area *area)
{
	struct vq_parts p = vq_parts(r->layout, r->size);

	area->size = r->size;
	area->desc = vm_take(vm, p.desc, ALIGN);
	area->driver = vm_take(vm, p.driver, ALIGN);
	area->device = vm_take(vm, p.device, ALIGN);
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

struct guest_driver *net_driver_begin(const struct guest_driver_setup *s,
				      struct arena *arena)
{
	struct net_driver *d = arena_new(arena, struct net_driver, 1);
	uint16_t size = s->cfg->ring.size;
	uint64_t table = table_bytes(s->cfg);

	*d = (struct net_driver){
		.driver = {&net_driver_ops, s->nic, s->link},
		.cfg = s->cfg,
		.vmcfg = s->vmcfg,
		.vm = s->vm,
		.probe = s->probe,
		.cost = s->cost,
		.app = s->app,
		.app_ctx = s->app_ctx,
		.fn = s->device,
		.bar = s->region,
		.wanted = s->vmcfg->features,
		.burst = s->burst,
	};
	area_take(s->vm, &s->cfg->ring, &d->rx_area);
	area_take(s->vm, &s->cfg->ring, &d->tx_area);
	if (table)
		d->tx_table_gpa = vm_take(s->vm, table, ALIGN);
	buffers_take(&d->rx_buffers, s->vm, s->cfg->private_rx,
		     s->cfg->private_size, arena);
	buffers_take(&d->tx_buffers, s->vm, size, s->cfg->private_size, arena);
	d->rx_account = vq_account_new(s->cfg->ring.layout, size, arena);
	d->tx_account = vq_account_new(s->cfg->ring.layout, size, arena);
	d->tx_next = arena_new(arena, uint16_t, size);
	d->belief = arena_new(arena, uint8_t, s->cfg->bar.slots);
	d->note = arena_new(arena, struct slot_note, s->cfg->bar.slots);
	slot_pool_init(&d->pool, s->cfg->alloc, s->cfg->bar.slots, arena);
	slot_pool_init(&d->tx_free, s->cfg->alloc, size, arena);
	d->seg = arena_new(arena, struct ring_seg, size + 1u);
	d->piece = arena_new(arena, struct app_segment, size + 1u);
	d->out = arena_new(arena, uint16_t, 2u * size);
	return &d->driver;
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
	vq_driver_begin(tx ? &d->tx : &d->rx,
			&(struct vq_driver_setup){
				.layout = d->cfg->ring.layout,
				.area = tx ? d->tx_area : d->rx_area,
				.mem = &d->vm->mem,
				.account = tx ? d->tx_account : d->rx_account,
				.table_gpa = tx ? d->tx_table_gpa : 0,
				.probe = d->probe,
				.cost = d->cost,
				.queue = net_queue(d, tx),
				.start = d->cfg->ring.start,
				.event_idx = feature_on(d->pci.features,
							F_RING_EVENT_IDX),
			});
}

void net_ring_enable(struct net_driver *d, uint32_t tx)
{
	bool shared = d->cfg->vectors == VECTORS_SHARED;
	uint16_t vector = vector_of_queue(shared ? NET_RX : tx);

	pci_driver_queue(&d->pci, tx, tx ? &d->tx_area : &d->rx_area, vector,
			 message_id(d->driver.nic, vector));
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
		      message_id(d->driver.nic, VECTOR_CONFIG));
	d->started = true;
	d->irq = 1; /* look at the configuration once in any case */
	pci_driver_ok(&d->pci);
	return true;
}
