/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/play/macro_step.h"

#include "model/slots/gift.h"

static struct net_driver *driver_of(const struct script_op *op,
				    const struct world *w)
{
	struct port *p = world_port(w, op->actor, op->link);

	return p ? p->net : NULL;
}

/* It has lent what its peer begins with, and may choose. */
static bool may_choose(const struct net_driver *d)
{
	return d->started && !d->dead && d->link_up && d->paired &&
	       d->unposted == d->slots.slots && d->pool.policy == ALLOC_FIFO;
}

static bool holds(const struct net_driver *d, uint32_t slot)
{
	return slot < d->slots.slots && d->belief[slot] == SLOT_MINE;
}

bool macro_step_can(const struct script_op *op, const struct world *w)
{
	const struct net_driver *d = driver_of(op, w);

	if (!d || !may_choose(d))
		return false;
	switch (op->verb) {
	case SCRIPT_HAND:
		return holds(d, op->value);
	case SCRIPT_GIVE:
		return holds(d, op->value) && d->gifts &&
		       gift_count(&d->cfg->gifts,
				  &(struct gift_view){d->pool.count, d->lent,
						      d->asked});
	case SCRIPT_TAKE:
		return gmem_load16(d->rx.at.used + SPLIT_IDX) != d->rx.used_idx;
	default:
		return false;
	}
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

bool macro_step_do(const struct script_op *op, struct world *w, struct app *a)
{
	struct net_driver *d = driver_of(op, w);
	bool done;

	if (!macro_step_can(op, w))
		return false;
	w->probe->actor = (actor_id)op->actor;
	if (op->verb == SCRIPT_TAKE)
		return net_driver_take(d);
	prefer(&d->pool, op->value);
	net_driver_reap(d);
	if (op->verb == SCRIPT_GIVE)
		done = net_driver_give(d);
	else
		done = app_script_send(a, d->nic, op->more) &&
		       net_driver_send(d);
	show(d);
	return done;
}
