/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One split queue as its events tell of it: what was offered, used, taken and
 * told, and who misled whom. Knows what a referee remembers; not what it says
 * of it, but for the silence that a device owes.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_QUEUE_WATCH_H
#define TWINRING_CONFORMANCE_REFEREE_RING_QUEUE_WATCH_H

#include "conformance/referee/ring/chains.h"
#include "conformance/referee/ring/notification_due.h"
#include "conformance/referee/ring/span.h"
#include "sim/watch/referee.h"

/* One queue, as its events tell of it. Indexes count modulo 2^16. */
struct queue_watch {
	struct chains chains;
	uint16_t id; /* queue_id() */
	uint16_t start;
	uint16_t avail_written;       /* entries stored */
	uint16_t avail_idx;           /* entries that the device may see */
	uint16_t used_written;        /* elements stored */
	uint16_t taken;               /* elements that the driver took */
	struct notification_due kick; /* for available entries */
	struct notification_due call; /* for used elements */
	struct span span;             /* packet that is being received */
	bool live;                    /* DRIVER_OK */
	bool was;                     /* it was live before a reset */
	bool asked;   /* its reset was asked for and is not done */
	bool away;    /* it was reset, and not enabled since */
	bool again;   /* it was, and is enabled again */
	bool stopped; /* broken or its VM is dead: nothing more is owed */
	/*
	 * One side misled the other on this queue. What the other then makes
	 * of it is not judged: the fault has been named where it began.
	 */
	bool driver_misbehaved;
	bool device_misbehaved;
	actor_id driver;
	actor_id device;
};

/* All queues of a world. */
struct ringwatch {
	struct referee_setup setup;
	struct queue_watch *queue;
	uint32_t queues;
};

static inline struct queue_watch *queue_of(const struct ringwatch *w,
					   const struct event *ev)
{
	assert(ev->queue < w->queues);
	return &w->queue[ev->queue];
}

/* What is known of descriptor @id, or NULL outside of the table. */
static inline struct chain_note *note_of(const struct queue_watch *q,
					 uint32_t id)
{
	return id < q->chains.size ? &q->chains.note[id] : NULL;
}

/* Begins anew, as after a reset: nothing is out. */
void queue_watch_reset(struct queue_watch *q);

/* A device did what @ev says while it was to do nothing. */
void queue_watch_too_loud(const struct ringwatch *w,
			  const struct queue_watch *q, const struct event *ev);

/* The canonical form. */
void queue_watch_canon(const struct queue_watch *q, struct canon *f);

#endif
