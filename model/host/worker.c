/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/worker.h"

#include "model/host/path_ops.h"
#include "model/mutant.h"

static struct nic *sender(const struct worker *w)
{
	return &w->link->nic[w->end];
}

/* Whose receive queue it serves. */
static struct nic *receiver(const struct worker *w)
{
	return &w->link->nic[w->link->path->deliver ? w->end : !w->end];
}

/* Pops what is to be forwarded next, @most at most; false: there is nothing. */
static bool pull(struct worker *w, uint32_t most)
{
	struct verdict why;
	struct nic *from = sender(w);
	enum ring_end end = held_pull(&w->held, &from->tx, most, &why);

	if (end == RING_BROKEN)
		nic_fail(from);
	return end == RING_CHAIN;
}

/* The path is done with the first; so it is with all if their queue stopped. */
static void chain_over(struct worker *w)
{
	if (held_any(&w->held)) /* the link may have unpaired meanwhile */
		held_chain_done(&w->held);
	w->parked = w->timed = false;
	if (vq_device_broken(&sender(w)->tx))
		worker_forget(w);
}

/* Forwards to what is known to be posted; how many. 0: the first waits. */
static uint32_t forward_known(struct worker *w)
{
	const struct path_ops *path = w->link->path;
	uint32_t n = 0;

	if (!w->held.whole && path->forward_batch)
		n = path->forward_batch(w);
	if (n) {
		held_buffers_done(&w->held, n);
		w->parked = w->timed = false;
		return n;
	}
	held_chain(&w->held);
	if (path->forward(w) == FORWARD_WAIT)
		return 0;
	chain_over(w);
	return 1;
}

/* The receiver posts, or will again; what it has posted is known then. */
static bool receiver_posts(struct worker *w)
{
	struct nic *to = receiver(w);

	return nic_rx_in_reset(to) ||
	       (vq_device_live(&to->rx) &&
		(MUTANT(WORKER_BLIND) || nic_intake(to)));
}

static void park(struct worker *w)
{
	if (!w->parked)
		probe_emit(w->link->probe, EV_PARK,
			   vq_device_queue(&sender(w)->tx), w->held.chain.head,
			   0, 0, 0);
	w->parked = true;
}

/*
 * Forwards what is held; how many. 0: the first waits. The receiver's ring is
 * read after the sender's (EXT-POST-FIRST).
 */
static uint32_t forward(struct worker *w)
{
	uint32_t n = forward_known(w);

	if (n)
		return n;
	if (!receiver_posts(w)) {
		w->link->path->give_up(w);
		chain_over(w);
		return 1;
	}
	n = forward_known(w);
	if (!n)
		park(w);
	return n;
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
 * Brings the next packet that waits in the host to its receiver; false: none
 * can be, at least until more is posted.
 */
static bool deliver(struct worker *w)
{
	const struct path_ops *path = w->link->path;
	enum delivery d = path->deliver(w);

	if (d == DELIVER_WAIT) {
		receiver_posts(w); /* or its queue is stopped */
		d = path->deliver(w);
	}
	w->parked = d == DELIVER_WAIT;
	w->timed &= w->parked;
	return d == DELIVERED;
}

/* A burst of them at most; in steps, one. */
static bool deliver_phase(struct worker *w, bool one)
{
	const uint32_t most = one ? 1 : w->link->burst;
	uint32_t n = 0;

	if (w->link->path->deliver)
		while (n < most && deliver(w))
			n++;
	return n > 0;
}

/*
 * The link is down or the peer does not listen: the chain ends here, unless it
 * has to wait until it can go back.
 */
static void give_up(struct worker *w)
{
	if (nic_rx_in_reset(sender(w))) {
		w->timed = false;
		return;
	}
	if (w->link->path->deliver) {
		w->link->path->give_up(w);
		w->parked = w->timed = false;
		return;
	}
	held_chain(&w->held);
	w->link->path->give_up(w);
	chain_over(w);
}

/* Pulls and forwards, a burst at most; in steps, that is two of them. */
static bool pull_phase(struct worker *w, bool one)
{
	const uint32_t burst = w->link->burst;
	uint32_t n, run;

	if (!vq_device_live(&sender(w)->tx))
		return false;
	if (one)
		return held_any(&w->held) ? forward(w) : pull(w, burst);
	for (n = 0; n < burst; n += run) {
		if (!held_any(&w->held) && !pull(w, burst - n))
			break;
		run = forward(w);
		if (!run)
			break;
	}
	return n > 0;
}

static bool publish_phase(struct nic *n, uint32_t queue)
{
	struct vq_device *q = nic_queue(n, queue);

	if (!vq_device_live(q) || !vq_device_unpublished(q))
		return false;
	nic_publish(n, queue);
	return true;
}

static bool call_phase(struct nic *n, uint32_t queue, bool unheard)
{
	struct vq_device *q = nic_queue(n, queue);

	if (!vq_device_live(q) || !vq_device_undecided(q))
		return false;
	if (unheard)
		vq_device_call_omit(q);
	else
		nic_call(n, queue);
	return true;
}

/*
 * Behind a phase: whether the step ends here, since it did the one thing that
 * another party can observe. A chain that was pulled is forwarded next.
 */
static inline bool step_over(struct worker *w, enum worker_phase phase,
			     bool acted, bool one)
{
	w->acted |= acted;
	if (!one || !acted || phase == WORKER_CALL_TX)
		return false;
	w->phase = (uint8_t)(phase +
			     !(phase == WORKER_PULL && held_any(&w->held)));
	return true;
}

/* The same behind what is no work, but how it wakes up and falls asleep. */
static inline bool part_over(struct worker *w, enum worker_phase phase,
			     bool done, bool one)
{
	if (!one || !done)
		return false;
	w->phase = (uint8_t)(phase + 1);
	return true;
}

static bool kicks_off(struct worker *w, struct vq_device *q)
{
	return !w->awake && vq_device_live(q) && vq_device_kicks_off(q);
}

/* The last of them: from here on it is awake. */
static bool wake_up(struct worker *w, struct vq_device *q)
{
	bool stored = kicks_off(w, q);

	w->awake = true;
	return stored;
}

/* The time of a parked chain is over. */
static bool expire(struct worker *w)
{
	bool late = w->late && w->parked;

	w->late = false;
	if (late)
		give_up(w);
	return late;
}

/* From where a step begins: to the end, or until it ended before (false). */
#define PHASE(name, act) (from > name || !step_over(w, name, act, one))
#define PART(name, act)  (from > name || !part_over(w, name, act, one))
#define EACH(name, act)  (!step_over(w, name, act, one)) /* in any step */

/* Kicks are off while it works; then it works off the phases. */
static bool pass_run(struct worker *w, bool one)
{
	const enum worker_phase from = (enum worker_phase)w->phase;
	struct nic *own = sender(w), *peer = receiver(w);

	return PART(WORKER_KICKS_OFF_TX, kicks_off(w, &own->tx)) &&
	       PART(WORKER_KICKS_OFF_RX, wake_up(w, &peer->rx)) &&
	       EACH(WORKER_RESET, queues_reset(w)) &&
	       EACH(WORKER_EXPIRE, expire(w)) &&
	       PHASE(WORKER_PULL, pull_phase(w, one)) &&
	       PHASE(WORKER_DELIVER, deliver_phase(w, one)) &&
	       PHASE(WORKER_PUBLISH_RX, publish_phase(peer, NET_RX)) &&
	       PHASE(WORKER_CALL_RX,
		     call_phase(peer, NET_RX, MUTANT(WORKER_NO_CALL_RX))) &&
	       PHASE(WORKER_PUBLISH_OWN, publish_phase(own, NET_RX)) &&
	       PHASE(WORKER_CALL_OWN,
		     call_phase(own, NET_RX, MUTANT(WORKER_NO_CALL_OWN))) &&
	       PHASE(WORKER_PUBLISH_TX, publish_phase(own, NET_TX)) &&
	       PHASE(WORKER_CALL_TX,
		     call_phase(own, NET_TX, MUTANT(WORKER_NO_CALL_TX)));
}

/* One that polls asks for no kicks, and keeps them off. */
static bool idle(struct worker *w)
{
	if (w->link->cfg->host_poll)
		return false;
	w->awake = false;
	return true;
}

/* Sends, or what a parked chain waits for: the receiver's posts. */
static struct vq_device *awaited(const struct worker *w, uint32_t tx)
{
	return tx ? &sender(w)->tx : &receiver(w)->rx;
}

/* Asks for kicks; then looks, and what had come before is found. */
static bool ask(struct worker *w, uint32_t tx)
{
	return (tx && MUTANT(WORKER_NO_ASK)) ||
	       vq_device_kicks_on(awaited(w, tx));
}

static bool look(struct worker *w, uint32_t tx)
{
	if (!tx || !MUTANT(WORKER_NO_LOOK))
		w->found |= vq_device_pending(awaited(w, tx));
	return true;
}

static bool first(struct worker *w, uint32_t tx)
{
	return tx && MUTANT(WORKER_LOOK_FIRST) ? look(w, tx) : ask(w, tx);
}

static bool second(struct worker *w, uint32_t tx)
{
	return tx && MUTANT(WORKER_LOOK_FIRST) ? ask(w, tx) : look(w, tx);
}

/*
 * Before it sleeps: kicks on for what may wake it (rule bounded-park: what the
 * receiver posts), and one more look for what came before that was seen.
 */
static bool sleep_run(struct worker *w, bool one)
{
	const enum worker_phase from = (enum worker_phase)w->phase;
	const bool asks = !w->link->cfg->host_poll,
		   apart = w->link->path->deliver,
		   tx = asks && (apart || !w->parked),
		   rx = asks && w->parked &&
			(apart || link_rule(w->link, RULE_BOUNDED_PARK));

	return PART(WORKER_IDLE, idle(w)) &&
	       PART(WORKER_ASK_TX, tx && first(w, NET_TX)) &&
	       PART(WORKER_LOOK_TX, tx && second(w, NET_TX)) &&
	       PART(WORKER_ASK_RX, rx && first(w, NET_RX)) &&
	       PART(WORKER_LOOK_RX, rx && second(w, NET_RX));
}

#undef PHASE
#undef PART
#undef EACH

/* A pass is over: the next one begins as the first did. */
static void pass_end(struct worker *w)
{
	w->phase = WORKER_KICKS_OFF_TX;
	w->acted = false;
	w->found = false;
}

/* It sleeps, as long as a parked chain may wait. */
enum step_end worker_lie_down(struct worker *w, uint64_t *wait_ps)
{
	if (w->link->path->sleeps && !w->link->cfg->host_poll)
		w->link->path->sleeps(w);
	if (!w->parked || !link_rule(w->link, RULE_BOUNDED_PARK))
		return STEP_REST;
	if (w->timed)
		return STEP_WAIT_ON; /* however often it looks (rule F9) */
	w->timed = true;
	*wait_ps = w->link->cfg->park_ps;
	return STEP_WAIT;
}

void worker_expire(struct worker *w, bool expired)
{
	w->late |= expired && w->parked && w->timed &&
		   link_rule(w->link, RULE_BOUNDED_PARK);
}

static enum step_end step(struct part *p, bool one, bool expired,
			  uint64_t *wait_ps)
{
	struct worker *w = (struct worker *)p; /* it is the first member */
	bool more;

	worker_expire(w, expired);
	if (!pass_run(w, one) || (!w->acted && !sleep_run(w, one)))
		return STEP_MORE;
	more = (w->acted && !MUTANT(WORKER_ONE_PASS)) ||
	       (w->found && !MUTANT(WORKER_NO_RECHECK));
	pass_end(w);
	return more ? STEP_MORE : worker_lie_down(w, wait_ps);
}

bool worker_midway(const struct part *p)
{
	return ((const struct worker *)p)->phase != WORKER_KICKS_OFF_TX;
}

bool worker_timed(const struct part *p)
{
	const struct worker *w = (const struct worker *)p;

	return w->parked && w->timed;
}

static const struct part_ops worker_ops = {
	.step = step,
	.midway = worker_midway,
	.timed = worker_timed,
};

void worker_init(struct worker *w, struct link *l, uint32_t end, uint32_t burst,
		 struct arena *arena)
{
	const struct part_ops *process = l->path->process;

	w->part = (struct part){.ops = process ? process : &worker_ops,
				.signal = &w->signal,
				.link = l->index,
				.party = l->path->party ? l->path->party
							: PARTY_HOST_KERNEL};
	w->link = l;
	w->end = end;
	w->signal.worker = true;
	held_init(&w->held, l->cfg->ring.size, burst, arena);
}
