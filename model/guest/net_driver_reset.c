/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Resetting one queue while the other goes on (RING_RESET, rule F13). What the
 * device has used is taken as ever; what it has not is offered again, so that
 * no slot and no packet changes hands.
 */
#include "model/guest/net_driver.h"

/* Between two looks at the register. */
enum { POLL_PS = 1000000 };

enum in_reset_phase { IN_RESET_ASK, IN_RESET_WAIT, IN_RESET_ENABLE };

bool net_driver_can_reset_queue(const struct net_driver *d)
{
	return d->started && !d->dead && !d->away &&
	       feature_on(d->pci.features, F_RING_RESET);
}

bool net_driver_reset_queue(struct net_driver *d, uint32_t queue)
{
	assert(queue < NET_QUEUES);
	if (!net_driver_can_reset_queue(d))
		return false;
	d->away = (uint8_t)(queue + 1);
	d->in_reset_phase = IN_RESET_ASK;
	return true;
}

/* Takes what the device had used before it was done. */
static void used_take(struct net_driver *d, uint32_t queue)
{
	bool (*take)(struct net_driver *) =
		queue == NET_RX ? net_driver_take : net_driver_reap;

	while (take(d))
		;
}

/* Slots with @belief are this driver's, as it says. */
static void slots_seize(struct net_driver *d, enum slot_belief belief)
{
	for (uint32_t s = 0; s < d->slots.slots; s++) {
		if (d->belief[s] != belief)
			continue;
		d->belief[s] = SLOT_MINE;
		slot_pool_put(&d->pool, s);
	}
}

/*
 * The slots of a send that was not taken back, marked as SENT. Where it was
 * used, its slots may have gone on to others since.
 */
static void send_mark(struct net_driver *d, uint32_t first)
{
	uint32_t slot = first;

	for (uint32_t k = 0; k < d->slots.slots; k++) {
		d->lent -= d->belief[slot] == SLOT_LENT;
		if (d->belief[slot] != SLOT_MINE)
			d->belief[slot] = SLOT_SENT;
		slot = d->note[slot].next;
		if (slot == first)
			break;
	}
}

/*
 * Rule queue-reset off: a driver takes all that was on the queue for its own,
 * as drivers do where buffers are nobody else's.
 */
static void all_take(struct net_driver *d, uint32_t queue)
{
	const struct vq_driver *tx = &d->tx;

	if (queue == NET_RX) {
		slots_seize(d, SLOT_LENT);
		d->lent = 0;
		net_rx_buffers_fill(d);
		return;
	}
	for (uint32_t i = 0; i < vq_driver_size(tx); i++) {
		struct vq_note n = vq_driver_note(tx, i);

		if (n.count && n.cookie & NET_COOKIE_SLOT)
			send_mark(d, n.cookie & ~NET_COOKIE_SLOT);
	}
	slots_seize(d, SLOT_SENT);
	net_tx_buffers_fill(d);
}

/* Sets the queue up as at first; what was out is offered again. */
static void queue_return(struct net_driver *d, uint32_t queue)
{
	struct vq_driver *q = queue == NET_RX ? &d->rx : &d->tx;
	uint32_t count;

	if (!net_rule(d, RULE_QUEUE_RESET)) {
		all_take(d, queue);
		net_ring_init(d, queue);
		net_ring_enable(d, queue);
		return;
	}
	count = vq_driver_out(q, d->out);
	vq_driver_restart(q, d->cfg->ring.start);
	net_ring_enable(d, queue);
	vq_driver_reexpose(q, d->out, count);
}

enum step_end net_driver_in_reset(struct net_driver *d, uint64_t *wait_ps)
{
	uint32_t queue = d->away - 1u;

	net_driver_hear(d);
	if (net_driver_config(d))
		return STEP_MORE; /* it may have to begin anew altogether */
	switch ((enum in_reset_phase)d->in_reset_phase) {
	case IN_RESET_ASK:
		pci_driver_reset_queue(&d->pci, queue);
		d->in_reset_phase = IN_RESET_WAIT;
		return STEP_MORE;
	case IN_RESET_WAIT:
		if (!pci_driver_queue_is_reset(&d->pci, queue)) {
			*wait_ps = POLL_PS;
			return STEP_WAIT;
		}
		if (net_rule(d, RULE_QUEUE_RESET))
			used_take(d, queue);
		d->in_reset_phase = IN_RESET_ENABLE;
		return STEP_MORE;
	case IN_RESET_ENABLE:
		queue_return(d, queue);
		d->away = 0;
		d->phase = NET_CALLS_OFF_RX;
		return STEP_MORE;
	}
	assert(!"a phase that does not exist");
	return STEP_REST;
}
