/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host worker's turn: pull from one end's transmit queue, have the path
 * forward each chain, publish, call. Knows rings and order, not what forwarding
 * means.
 */
#ifndef TWINRING_MODEL_HOST_WORKER_H
#define TWINRING_MODEL_HOST_WORKER_H

#include "model/host/link.h"

/*
 * What a worker works off in turn; with single actions, one action of one phase
 * is a step. Where a pass found nothing to do, it asks for kicks, looks again
 * and sleeps, each of that a step, too.
 */
enum worker_phase {
	WORKER_KICKS_OFF_TX,
	WORKER_KICKS_OFF_RX, /* the receiver's receive queue */
	WORKER_RESET,        /* queues that drivers asked for that */
	WORKER_EXPIRE,
	WORKER_PULL,
	WORKER_DELIVER, /* what waits in the host */
	WORKER_PUBLISH_RX,
	WORKER_CALL_RX,
	WORKER_PUBLISH_OWN, /* the sender's receive queue: what came back */
	WORKER_CALL_OWN,
	WORKER_PUBLISH_TX,
	WORKER_CALL_TX,
	WORKER_IDLE, /* nothing was found that is to be done */
	WORKER_ASK_TX,
	WORKER_LOOK_TX,
	WORKER_ASK_RX, /* for what a parked chain waits for */
	WORKER_LOOK_RX,
	WORKER_SLEEP
};

/* Nothing is held any more: the queue that it came from is gone. */
static inline void worker_forget(struct worker *w)
{
	held_forget(&w->held);
	w->parked = w->timed = false;
}

/*
 * How any of them rests: the time of what is parked is over, or begins; and
 * whether it is running, or has work before it.
 */
void worker_expire(struct worker *w, bool expired);
enum step_end worker_lie_down(struct worker *w, uint64_t *wait_ps);
bool worker_midway(const struct part *p);
bool worker_timed(const struct part *p);

/* The worker that serves what @end of @l transmits, a burst at a time. */
void worker_init(struct worker *w, struct link *l, uint32_t end, uint32_t burst,
		 struct arena *arena);

#endif
