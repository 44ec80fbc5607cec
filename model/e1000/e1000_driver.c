/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The turn of phases of a driver of an 82540EM: an interrupt is asked why, and
 * there are no more of them until all that was found is done.
 */
#include "model/e1000/e1000_driver.h"

#include "model/mutant.h"

static struct e1000_driver *driver_of(struct guest_driver *d)
{
	return (struct e1000_driver *)d; /* it is the first member */
}

static bool hear(struct e1000_driver *d, bool one)
{
	(void)one;
	if (!d->irq)
		return false;
	d->irq = false;
	d->causes = e1000_read(d->device, E1000_ICR);
	return true;
}

/* An interrupt without a cause is another device's. */
static bool mask(struct e1000_driver *d, bool one)
{
	(void)one;
	if (!d->causes || !d->unmasked)
		return false;
	d->unmasked = false;
	e1000_write(d->device, E1000_IMC, UINT32_MAX);
	return true;
}

static bool look(struct e1000_driver *d, bool one)
{
	bool changed = d->causes & E1000_LSC;

	(void)one;
	d->causes = 0; /* the rings tell all else */
	if (changed)
		e1000_driver_look(d);
	return changed;
}

static bool refill(struct e1000_driver *d, bool one)
{
	(void)one;
	return e1000_driver_refill(d);
}

static bool tail_tell(struct e1000_driver *d, struct e1000_ring *r, uint32_t at)
{
	if (r->told == r->next)
		return false;
	r->told = r->next;
	e1000_write(d->device, at, r->told);
	return true;
}

static bool tell_rx(struct e1000_driver *d, bool one)
{
	(void)one;
	return tail_tell(d, &d->rx, E1000_RDT);
}

static bool tell_tx(struct e1000_driver *d, bool one)
{
	(void)one;
	return !MUTANT(E1000_NO_TAIL) && tail_tell(d, &d->tx, E1000_TDT);
}

static bool (*const work[])(struct e1000_driver *d, bool one) = {
	[E1000_PHASE_HEAR] = hear,
	[E1000_PHASE_MASK] = mask,
	[E1000_PHASE_LOOK] = look,
	[E1000_PHASE_CLEAN] = e1000_driver_clean,
	[E1000_PHASE_TAKE] = e1000_driver_take,
	[E1000_PHASE_REFILL] = refill,
	[E1000_PHASE_SEND] = e1000_driver_send,
	[E1000_PHASE_TELL_RX] = tell_rx,
	[E1000_PHASE_TELL_TX] = tell_tx,
};

/* From where the last step ended; false: it ends before the pass is over. */
static bool pass_run(struct e1000_driver *d, bool one)
{
	while (d->phase < E1000_PHASE_IDLE) {
		bool acted = work[d->phase++](d, one);

		d->acted |= acted;
		if (acted && one && d->phase < E1000_PHASE_IDLE)
			return false;
	}
	return true;
}

/*
 * Before it sleeps: interrupts on. What came before that is a cause by now, and
 * raises the line at once.
 */
static bool sleep_run(struct e1000_driver *d, bool one)
{
	bool asks = !d->unmasked && !d->vmcfg->poll && !MUTANT(E1000_NO_UNMASK);

	if (d->phase == E1000_PHASE_IDLE && asks) {
		d->phase = E1000_PHASE_UNMASK;
		if (one)
			return false;
	}
	if (asks)
		e1000_driver_unmask(d);
	return true;
}

static enum step_end step(struct guest_driver *driver, bool one,
			  uint64_t *wait_ps)
{
	struct e1000_driver *d = driver_of(driver);
	bool again;

	if (d->stage < E1000_STAGE_UP) {
		e1000_driver_start(d);
		return STEP_MORE;
	}
	if (!pass_run(d, one) || (!d->acted && !sleep_run(d, one)))
		return STEP_MORE;
	again = d->acted;
	d->phase = E1000_PHASE_HEAR;
	d->acted = false;
	return again ? STEP_MORE
		     : guest_driver_rest(d->probe, d->peeked_ps, d->wait_ps,
					 wait_ps);
}

static bool midway(const struct guest_driver *driver)
{
	const struct e1000_driver *d = (const struct e1000_driver *)driver;

	return d->stage == E1000_STAGE_UP && d->phase != E1000_PHASE_HEAR;
}

static void interrupt(struct guest_driver *d, uint32_t vector)
{
	(void)vector; /* the only one */
	driver_of(d)->irq = true;
}

static void reset(struct guest_driver *driver)
{
	struct e1000_driver *d = driver_of(driver);

	d->irq = d->unmasked = d->link_up = d->acted = false;
	d->causes = 0;
	d->phase = E1000_PHASE_HEAR;
	d->wait_ps = UINT64_MAX;
	d->stage = E1000_STAGE_RESET;
	e1000_driver_start(d);
}

/* A ring has one part, which counts for all that other rings have. */
static struct guest_ring ring_of(const struct e1000_driver *d,
				 const struct e1000_ring *r)
{
	return (struct guest_ring){
		.area = {.desc = r->gpa,
			 .driver = r->gpa,
			 .device = r->gpa,
			 .size = (uint16_t)d->size},
		.base = d->vm->ram_gpa,
		.window_gpa = d->vm->ram_gpa,
		.at = &r->first,
	};
}

static uint32_t rings(const struct guest_driver *driver,
		      struct guest_ring out[NIC_QUEUES])
{
	const struct e1000_driver *d = (const struct e1000_driver *)driver;

	out[NET_RX] = ring_of(d, &d->rx);
	out[NET_TX] = ring_of(d, &d->tx);
	return NET_QUEUES;
}

const struct guest_driver_ops e1000_driver_ops = {
	.name = "e1000",
	.ram = e1000_driver_ram,
	.arena = e1000_driver_arena,
	.begin = e1000_driver_begin,
	.step = step,
	.midway = midway,
	.interrupt = interrupt,
	.reset = reset,
	.rings = rings,
	.canon = e1000_driver_canon,
};
