/* SPDX-License-Identifier: BSD-3-Clause */
/* What a driver of an 82540EM needs, and how it brings its device up. */
#include "model/e1000/e1000_driver.h"
#include "model/mutant.h"

enum {
	RING_ALIGN = 128,
	RING_MOST = 4096,
	BUFFER_LEAST = 256,
	BUFFER_MOST = 16384,
	LISTENS = E1000_TXDW | E1000_LSC | E1000_RXO | E1000_RXT0
};

/* RDLEN and TDLEN can say no less than eight. */
static uint32_t ring_size(const struct link_config *cfg)
{
	if (cfg->ring.size < E1000_RING_UNIT)
		return E1000_RING_UNIT;
	return cfg->ring.size < RING_MOST ? cfg->ring.size : RING_MOST;
}

/* The least that RCTL can say and that is as much as was asked for. */
static uint32_t buffer_size(const struct link_config *cfg)
{
	uint32_t size = BUFFER_LEAST;

	while (size < cfg->private_size && size < BUFFER_MOST)
		size *= 2;
	return size;
}

uint64_t e1000_driver_ram(const struct link_config *cfg)
{
	return 2 * (uint64_t)ring_size(cfg) *
		       (E1000_DESC_SIZE + buffer_size(cfg)) +
	       4096;
}

size_t e1000_driver_arena(const struct link_config *cfg, uint32_t burst)
{
	(void)burst; /* it works in its rings and buffers */
	return sizeof(struct e1000_driver) +
	       ring_size(cfg) * sizeof(struct app_segment) + 256;
}

/* One descriptor stays free: a tail at the head says that there is none. */
static void ring_take(struct e1000_driver *d, struct e1000_ring *r,
		      uint32_t most)
{
	uint64_t bytes = (uint64_t)d->size * E1000_DESC_SIZE;
	uint64_t buffers = (uint64_t)d->size * d->buffer_size;
	uint32_t room = d->size - !MUTANT(E1000_FULL_RING);

	r->gpa = vm_take(d->vm, bytes, RING_ALIGN);
	r->desc = gmem_at(&d->vm->mem, r->gpa, bytes);
	r->buffers_gpa = vm_take(d->vm, buffers, RING_ALIGN);
	r->buffers = gmem_at(&d->vm->mem, r->buffers_gpa, buffers);
	r->room = (uint16_t)(most < room ? most : room);
}

struct guest_driver *e1000_driver_begin(const struct guest_driver_setup *s,
					struct arena *arena)
{
	struct e1000_driver *d = arena_new(arena, struct e1000_driver, 1);

	*d = (struct e1000_driver){
		.driver = {&e1000_driver_ops, s->nic, s->link},
		.cfg = s->cfg,
		.vmcfg = s->vmcfg,
		.device = s->device,
		.vm = s->vm,
		.probe = s->probe,
		.cost = s->cost,
		.app = s->app,
		.app_ctx = s->app_ctx,
		.burst = s->burst,
		.size = ring_size(s->cfg),
		.buffer_size = buffer_size(s->cfg),
		.wait_ps = UINT64_MAX,
	};
	d->piece = arena_new(arena, struct app_segment, d->size);
	ring_take(d, &d->rx, s->cfg->private_rx ? s->cfg->private_rx : 1);
	ring_take(d, &d->tx, s->cfg->ring.size);
	return &d->driver;
}

static void ring_write(struct e1000_driver *d, const struct e1000_ring *r,
		       uint32_t base, uint32_t length, uint32_t head,
		       uint32_t tail)
{
	e1000_write(d->device, base, (uint32_t)r->gpa);
	e1000_write(d->device, base + 4, (uint32_t)(r->gpa >> 32));
	e1000_write(d->device, length, d->size * E1000_DESC_SIZE);
	e1000_write(d->device, head, 0);
	e1000_write(d->device, tail, r->told);
}

/* The address of the machine, for the filter that is not used below. */
static void address_set(struct e1000_driver *d)
{
	uint32_t word[3];

	for (uint32_t i = 0; i < 3; i++) {
		e1000_write(d->device, E1000_EERD, i << 8 | E1000_EERD_START);
		word[i] = e1000_read(d->device, E1000_EERD) >> 16;
	}
	e1000_write(d->device, E1000_RAL, word[0] | word[1] << 16);
	e1000_write(d->device, E1000_RAH, word[2] | UINT32_C(1) << 31);
}

static void rings_set(struct e1000_driver *d)
{
	d->rx.first = d->rx.next = d->rx.told = 0;
	d->tx.first = d->tx.next = d->tx.told = 0;
	e1000_driver_refill(d);
	d->rx.told = d->rx.next;
	ring_write(d, &d->tx, E1000_TDBAL, E1000_TDLEN, E1000_TDH, E1000_TDT);
	ring_write(d, &d->rx, E1000_RDBAL, E1000_RDLEN, E1000_RDH, E1000_RDT);
}

/*
 * Frames are long, and for whichever machine: what is replayed has addresses
 * of its own.
 */
static uint32_t receiver_on(const struct e1000_driver *d)
{
	uint32_t rctl = E1000_RCTL_EN | E1000_RCTL_UPE | E1000_RCTL_MPE |
			E1000_RCTL_LPE;
	uint32_t size = d->buffer_size, halved = 0;

	if (size > 2048) {
		rctl |= E1000_RCTL_BSEX;
		size /= 16;
	}
	while (size << halved < 2048)
		halved++;
	return rctl | halved << E1000_RCTL_BSIZE;
}

void e1000_driver_look(struct e1000_driver *d)
{
	d->link_up = e1000_read(d->device, E1000_STATUS) & E1000_STATUS_LU;
}

/* One that polls its rings is still told of the link. */
void e1000_driver_unmask(struct e1000_driver *d)
{
	d->unmasked = true;
	e1000_write(d->device, E1000_IMS,
		    d->vmcfg->poll ? (uint32_t)E1000_LSC : (uint32_t)LISTENS);
}

/*
 * Only what another party can see is a step by itself: the reset, that the
 * device works, and that it may interrupt.
 */
void e1000_driver_start(struct e1000_driver *d)
{
	switch (d->stage++) {
	case E1000_STAGE_RESET:
		e1000_write(d->device, E1000_IMC, UINT32_MAX);
		e1000_write(d->device, E1000_CTRL, E1000_CTRL_RST);
		break;
	case E1000_STAGE_RINGS:
		address_set(d);
		rings_set(d);
		break;
	case E1000_STAGE_ON:
		e1000_write(d->device, E1000_TCTL, E1000_TCTL_EN);
		e1000_write(d->device, E1000_RCTL, receiver_on(d));
		break;
	default:
		e1000_driver_look(d);
		e1000_driver_unmask(d);
	}
}
