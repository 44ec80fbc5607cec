/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The words for what happened. Model code writes events; it does not know who
 * reads them. Events wait in a ring until probe_flush() hands them on, and
 * stay there as history until they are overwritten.
 */
#ifndef TWINRING_MODEL_PROBE_H
#define TWINRING_MODEL_PROBE_H

#include <stdint.h>

enum event_kind {
#define EVENT(id, name, words) EV_##id,
#include "model/events.def"
#undef EVENT
	EVENT_KINDS
};

/*
 * Who moved. Guests are their VM's number; host workers and mirrors follow.
 * The value is an index into the world's actors.
 */
typedef uint8_t actor_id;

/*
 * One event, 32 bytes, no padding. The meaning of a, b, addr and len depends
 * on the kind; model/events.def says which.
 */
struct event {
	uint8_t kind;
	actor_id actor;
	uint16_t queue; /* queue_id(): link, end and direction */
	uint32_t a;
	uint64_t addr;
	uint32_t len;
	uint32_t b;
	uint64_t time; /* virtual, picoseconds */
};

_Static_assert(sizeof(struct event) == 32, "events are hashed as bytes");
_Static_assert(EVENT_KINDS <= 64, "a probe has one bit for each kind");

/* A queue's name in events: 2 * nic + 0 for receive, + 1 for transmit. */
static inline uint16_t queue_id(uint32_t link, uint32_t end, uint32_t tx)
{
	return (uint16_t)(link << 2 | end << 1 | tx);
}

static inline uint32_t queue_link(uint16_t queue)
{
	return queue >> 2;
}

static inline uint32_t queue_end(uint16_t queue)
{
	return queue >> 1 & 1;
}

static inline uint32_t queue_is_tx(uint16_t queue)
{
	return queue & 1;
}

/* Events that wait at most: few enough to stay in the nearest cache. */
enum { PROBE_BATCH = 256 };

struct probe {
	struct event *ring;
	uint32_t mask;     /* capacity - 1, capacity a power of two */
	uint64_t wanted;   /* bit per kind that is kept */
	uint64_t head;     /* events written */
	uint64_t seen;     /* events handed on */
	uint64_t flush_at; /* head at which they are handed on next */
	uint64_t time;
	actor_id actor;
	void (*flush)(void *listener, struct probe *p);
	void *listener;
};

/* Hands all waiting events to the listener. */
void probe_flush(struct probe *p);

/* Writes one event; the caller names what moved, the probe who and when. */
static inline void probe_emit(struct probe *p, enum event_kind kind,
			      uint16_t queue, uint32_t a, uint64_t addr,
			      uint32_t len, uint32_t b)
{
	struct event *ev;

	if (!(p->wanted >> kind & 1))
		return;
	ev = &p->ring[p->head++ & p->mask];
	*ev = (struct event){.kind = (uint8_t)kind,
			     .actor = p->actor,
			     .queue = queue,
			     .a = a,
			     .addr = addr,
			     .len = len,
			     .b = b,
			     .time = p->time};
	if (__builtin_expect(p->head >= p->flush_at, 0))
		probe_flush(p);
}

/* Short name of @kind, as stories print it. */
const char *event_name(enum event_kind kind);

#endif
