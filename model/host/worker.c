/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/worker.h"

#include "model/path/path.h"

enum worker_phase {
	WORKER_PULL,
	WORKER_PUBLISH_RX, /* the receiver's receive queue */
	WORKER_CALL_RX,
	WORKER_PUBLISH_OWN, /* the sender's receive queue: what came back */
	WORKER_CALL_OWN,
	WORKER_PUBLISH_TX,
	WORKER_CALL_TX,
	WORKER_PHASES
};

static struct nic *sender(const struct worker *w)
{
	return &w->link->nic[w->end];
}

static struct nic *receiver(const struct worker *w)
{
	return &w->link->nic[!w->end];
}

/* Takes the next chain; true when there is one to carry. */
static bool pull(struct worker *w)
{
	struct verdict why;
	struct nic *from = sender(w);
	enum ring_end end = split_device_pop(&from->tx, &w->chain, &why);

	if (end == RING_BROKEN)
		nic_fail(from);
	w->holding = end == RING_CHAIN;
	w->timed = false;
	return w->holding;
}

/* Carries the held chain; false when it has to wait. */
static bool carry(struct worker *w)
{
	if (w->link->path->carry(w) == CARRY_WAIT) {
		if (!w->parked)
			probe_emit(w->link->probe, EV_PARK,
				   queue_id(w->link->index, w->end, 1),
				   w->chain.head, 0, 0, 0);
		w->parked = true;
		return false;
	}
	w->holding = w->parked = false;
	return true;
}

/* Carries chains that need not be held, *count at most; false: no more. */
static bool carry_run(struct worker *w, uint32_t *count)
{
	const struct path_ops *path = w->link->path;
	enum ring_end end = RING_CHAIN;

	if (path->carry_run && !w->holding)
		end = path->carry_run(w, count);
	else
		*count = 0;
	if (end == RING_BROKEN)
		nic_fail(sender(w));
	return end == RING_CHAIN;
}

/* Drivers of queues that this worker serves asked for their reset. */
static bool queues_reset(struct worker *w)
{
	struct nic *from = sender(w), *to = receiver(w);
	bool tx = from->dev.queue[NET_TX].resetting;
	bool rx = to->dev.queue[NET_RX].resetting;

	if (tx)
		nic_queue_reset(from, NET_TX);
	if (rx)
		nic_queue_reset(to, NET_RX);
	return tx || rx;
}

/*
 * The link is down or the peer does not listen: the chain ends here, unless it
 * has to wait until it can go back.
 */
static void give_up(struct worker *w)
{
	if (nic_rx_away(sender(w))) {
		w->timed = false;
		return;
	}
	w->link->path->give_up(w);
	w->holding = w->parked = false;
}

static bool pull_phase(struct worker *w, bool one)
{
	uint32_t n = 0;

	if (!sender(w)->tx.live)
		return false;
	if (one) {
		if (!w->holding)
			return pull(w);
		return carry(w);
	}
	while (n < w->link->burst) {
		uint32_t run = w->link->burst - n;

		if (!carry_run(w, &run))
			return n > 0;
		n += run;
		if (run)
			continue;
		if ((!w->holding && !pull(w)) || !carry(w))
			break;
		n++;
	}
	return n > 0;
}

static bool publish_phase(struct nic *n, uint32_t queue)
{
	struct split_device *q = nic_queue(n, queue);

	if (!q->live || q->published == q->used_idx)
		return false;
	nic_publish(n, queue);
	return true;
}

static bool call_phase(struct nic *n, uint32_t queue)
{
	struct split_device *q = nic_queue(n, queue);

	if (!q->live || q->called == q->published)
		return false;
	nic_call(n, queue);
	return true;
}

/*
 * Behind a phase: whether the step ends here, since it did the one thing that
 * another party can observe. A chain that was pulled is carried next.
 */
static inline bool step_over(struct worker *w, enum worker_phase phase,
			     bool acted, bool one)
{
	w->acted |= acted;
	if (!one || !acted || phase + 1 == WORKER_PHASES)
		return false;
	w->phase = (uint8_t)(phase == WORKER_PULL && w->holding ? phase
								: phase + 1);
	return true;
}

/* Works off the phases from where it stands; false: the step ended before. */
static bool pass_run(struct worker *w, bool one)
{
	const enum worker_phase from = (enum worker_phase)w->phase;
	struct nic *own = sender(w), *peer = receiver(w);

#define PHASE(name, act) (from > name || !step_over(w, name, act, one))
	return PHASE(WORKER_PULL, pull_phase(w, one)) &&
	       PHASE(WORKER_PUBLISH_RX, publish_phase(peer, NET_RX)) &&
	       PHASE(WORKER_CALL_RX, call_phase(peer, NET_RX)) &&
	       PHASE(WORKER_PUBLISH_OWN, publish_phase(own, NET_RX)) &&
	       PHASE(WORKER_CALL_OWN, call_phase(own, NET_RX)) &&
	       PHASE(WORKER_PUBLISH_TX, publish_phase(own, NET_TX)) &&
	       PHASE(WORKER_CALL_TX, call_phase(own, NET_TX));
#undef PHASE
}

static void wake_up(struct worker *w)
{
	if (w->awake)
		return;
	w->awake = true;
	split_device_kicks_off(&sender(w)->tx);
	if (receiver(w)->rx.live)
		split_device_kicks_off(&receiver(w)->rx);
}

/*
 * Before sleeping: kicks on for what may wake us, then one more look (rule
 * bounded-park for the receiver's posts). True when nothing is waiting.
 */
static bool lie_down(struct worker *w)
{
	bool waiting;

	if (w->link->cfg->host_poll)
		return true;
	if (!w->awake)
		return true;
	w->awake = false;
	waiting = !w->parked && split_device_kicks_on(&sender(w)->tx);
	if (w->parked && link_rule(w->link, RULE_BOUNDED_PARK))
		waiting |= split_device_kicks_on(&receiver(w)->rx);
	return !waiting;
}

static enum step_end pass_end(struct worker *w, uint64_t *wait_ps)
{
	bool acted = w->acted;

	w->phase = WORKER_PULL;
	w->acted = false;
	if (acted || !lie_down(w))
		return STEP_MORE;
	if (!w->parked || !link_rule(w->link, RULE_BOUNDED_PARK))
		return STEP_REST;
	if (w->timed)
		return STEP_WAIT_ON; /* however often it looks (rule F9) */
	w->timed = true;
	*wait_ps = w->link->cfg->park_ps;
	return STEP_WAIT;
}

enum step_end worker_step(struct worker *w, bool one, bool expired,
			  uint64_t *wait_ps)
{
	wake_up(w);
	if (queues_reset(w)) {
		w->acted = true;
		if (one)
			return STEP_MORE;
	}
	if (w->parked && link_rule(w->link, RULE_BOUNDED_PARK) && w->timed &&
	    expired) {
		give_up(w);
		w->acted = true;
	}
	return pass_run(w, one) ? pass_end(w, wait_ps) : STEP_MORE;
}
