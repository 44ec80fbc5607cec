/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Acts with one slot by itself: what a driver does with it in several phases,
 * done at once, and what it must not do at all.
 */
#include "model/guest/net_driver.h"

static const struct net_driver *const_of(const struct guest_driver *d)
{
	return (const struct net_driver *)d; /* it is the first member */
}

static bool held(const struct guest_driver *driver, uint32_t *count)
{
	const struct net_driver *d = const_of(driver);

	*count = d->pool.count;
	return d->paired;
}

static bool knows(const struct net_driver *d, uint32_t slot)
{
	return d->paired && slot < d->slots.slots;
}

static bool holds(const struct guest_driver *driver, uint32_t slot)
{
	const struct net_driver *d = const_of(driver);

	return knows(d, slot) && d->belief[slot] == SLOT_MINE;
}

/*
 * It has lent what its peer begins with, and may choose: only where slots are
 * taken in the order in which they became free can one be preferred to others.
 */
static bool may_choose(const struct net_driver *d)
{
	return d->started && !d->dead && d->link_up && d->paired &&
	       d->unposted == d->slots.slots && d->pool.policy == ALLOC_FIFO;
}

/* One slot more is to be given back now. */
static bool gives(const struct net_driver *d)
{
	return d->gifts && gift_count(&d->cfg->gifts,
				      &(struct gift_view){d->pool.count,
							  d->lent, d->asked});
}

static bool can(const struct guest_driver *driver, enum slot_act act,
		uint32_t slot)
{
	const struct net_driver *d = const_of(driver);

	switch (act) {
	case SLOT_ACT_HAND:
		return may_choose(d) && holds(driver, slot);
	case SLOT_ACT_GIVE:
		return may_choose(d) && holds(driver, slot) && gives(d);
	case SLOT_ACT_TAKE:
		return may_choose(d) && vq_driver_pending(&d->rx);
	case SLOT_ACT_POST:
		return knows(d, slot) && d->belief[slot] == SLOT_LENT &&
		       vq_driver_free(&d->rx) > d->slots.slots;
	case SLOT_ACT_SEND:
		return knows(d, slot) && !holds(driver, slot) &&
		       vq_driver_free(&d->tx);
	case SLOT_ACT_TOUCH:
		return knows(d, slot) && !holds(driver, slot);
	}
	return false;
}

/* Puts those that became free before @slot behind all others. */
static void prefer(struct slot_pool *p, uint32_t slot)
{
	while (p->queue[p->first & p->mask] != slot)
		slot_pool_put(p, slot_pool_take(p));
}

/* The rest of the turn: publishes both rings, kicks. */
static void show(struct net_driver *d)
{
	uint64_t wait_ps = UINT64_MAX;

	d->phase = NET_PUBLISH_RX;
	net_driver_step(d, false, &wait_ps);
}

static bool hand_over(struct net_driver *d, uint32_t slot,
		      bool (*phase)(struct net_driver *d))
{
	bool done;

	prefer(&d->pool, slot);
	net_driver_reap(d);
	done = phase(d);
	show(d);
	return done;
}

static bool touch(struct net_driver *d, uint32_t slot)
{
	memset(net_slot_bytes(d, slot), 0x5a, 1);
	probe_emit(d->probe, EV_GUEST_WRITE, net_queue(d, 1), 0,
		   net_slot_gpa(d, slot), 1, d->vm->id);
	return true;
}

static bool send_unheld(struct net_driver *d, uint32_t slot, uint32_t len)
{
	const struct ring_seg seg = {.gpa = net_slot_gpa(d, slot), .len = len};

	d->note[slot].seq = NO_SEQ;
	d->note[slot].next = slot;
	return vq_driver_add(&d->tx, &seg, 1, NET_COOKIE_SLOT | slot);
}

static bool act(struct guest_driver *driver, enum slot_act act, uint32_t slot,
		uint32_t len)
{
	struct net_driver *d = (struct net_driver *)driver;

	switch (act) {
	case SLOT_ACT_HAND:
		return hand_over(d, slot, net_driver_send);
	case SLOT_ACT_GIVE:
		return hand_over(d, slot, net_driver_give);
	case SLOT_ACT_TAKE:
		return net_driver_take(d);
	case SLOT_ACT_POST:
		return knows(d, slot) && net_driver_lend(d, slot);
	case SLOT_ACT_SEND:
		return knows(d, slot) && send_unheld(d, slot, len);
	case SLOT_ACT_TOUCH:
		return knows(d, slot) && touch(d, slot);
	}
	return false;
}

const struct guest_slots_ops net_slots_ops = {
	.held = held,
	.holds = holds,
	.can = can,
	.act = act,
};
