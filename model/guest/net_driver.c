/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reset, the configuration, and the turn of phases. Set-up, sending and taking
 * stand beside.
 */
#include "model/guest/net_driver.h"

#include "model/guest/net_driver_canon.h"
#include "model/mutant.h"

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

/* The first holders, as published or (rule geometry off) as guessed. */
static uint32_t slot_lender(const struct net_driver *d, uint32_t slot)
{
	if (!net_rule(d, RULE_GEOMETRY) && d->vmcfg->guess == GUESS_HALVES)
		return slot >= d->slots.slots / 2;
	return bar_first_lender(slot) ^ MUTANT(GUEST_GEOMETRY);
}

/* The ends were paired: begin with the slots of the published geometry. */
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
	bool published;

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
	published = feature_on(d->pci.features, F_NET_SHARED_BUFFERS) &&
		    c.shared_buffers_paired && geometry_usable(d, &c);
	if (d->paired && (!published || c.epoch != d->epoch))
		net_driver_reset(d); /* a new epoch: EXT-EPOCH */
	else if (published && !d->paired)
		slots_begin(d, &c);
	return true;
}

static bool publish(struct vq_driver *q)
{
	if (!vq_driver_unpublished(q))
		return false;
	vq_driver_publish(q);
	return true;
}

static bool kick(struct net_driver *d, uint32_t queue)
{
	struct vq_driver *q = queue == NET_RX ? &d->rx : &d->tx;

	if (!vq_driver_undecided(q))
		return false;
	if (vq_driver_kick_wanted(q))
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

	return PART(NET_CALLS_OFF_RX, vq_driver_calls_off(&d->rx)) &&
	       PART(NET_CALLS_OFF_TX, vq_driver_calls_off(&d->tx)) &&
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
		vq_driver_calls_on(tx ? &d->tx : &d->rx);
	return true;
}

static bool look(struct net_driver *d, uint32_t tx)
{
	if (!MUTANT_OF(tx, GUEST_NO_LOOK))
		d->found |= vq_driver_pending(tx ? &d->tx : &d->rx);
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
	if (d->starved && d->starved != d->told)
		probe_emit(d->probe, EV_STARVED, net_queue(d, 1), d->starved, 0,
			   0, d->pool.count);
	d->told = d->starved;
	return guest_driver_rest(d->probe, d->peeked_ps, d->wait_ps, wait_ps);
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

static enum step_end step(struct guest_driver *d, bool one, uint64_t *wait_ps)
{
	return net_driver_step((struct net_driver *)d, one, wait_ps);
}

static bool midway(const struct guest_driver *driver)
{
	const struct net_driver *d = (const struct net_driver *)driver;

	return d->started && !d->dead && !d->away &&
	       d->phase != NET_CALLS_OFF_RX;
}

static void interrupt(struct guest_driver *d, uint32_t vector)
{
	((struct net_driver *)d)->irq |= (uint8_t)(1u << vector);
}

static void reset(struct guest_driver *d)
{
	net_driver_reset((struct net_driver *)d);
}

static void accept(struct guest_driver *driver, uint64_t features)
{
	struct net_driver *d = (struct net_driver *)driver;

	d->wanted = features;
	net_driver_reset(d);
}

static bool can_reset_queue(const struct guest_driver *d)
{
	return net_driver_can_reset_queue((const struct net_driver *)d);
}

static bool reset_queue(struct guest_driver *d, uint32_t queue)
{
	return net_driver_reset_queue((struct net_driver *)d, queue);
}

static uint32_t rings(const struct guest_driver *driver,
		      struct guest_ring out[NIC_QUEUES])
{
	const struct net_driver *d = (const struct net_driver *)driver;

	for (uint32_t q = 0; q < NET_QUEUES; q++)
		out[q] = (struct guest_ring){
			.layout = d->cfg->ring.layout,
			.area = q == NET_TX ? d->tx_area : d->rx_area,
			.base = d->vm->ram_gpa,
			.window_gpa = d->vm->ram_gpa,
			.at = vq_driver_taken_at(q == NET_TX ? &d->tx : &d->rx),
			.own = true,
			.offered =
				vq_driver_added(q == NET_TX ? &d->tx : &d->rx),
			.in_reset = d->away == q + 1,
		};
	return NET_QUEUES;
}

const struct guest_driver_ops net_driver_ops = {
	.name = "virtio-net",
	.ram = net_driver_ram,
	.arena = net_driver_arena,
	.begin = net_driver_begin,
	.step = step,
	.midway = midway,
	.interrupt = interrupt,
	.reset = reset,
	.accept = accept,
	.can_reset_queue = can_reset_queue,
	.reset_queue = reset_queue,
	.rings = rings,
	.canon = net_driver_canon,
	.slots = &net_slots_ops,
};
