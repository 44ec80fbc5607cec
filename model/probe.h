/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The words for what happened. Model code writes events; it does not know who
 * reads them. Events wait in a ring until probe_flush() hands them on, and
 * stay there as history until they are overwritten.
 *
 * What comes by the packet comes in runs: events of one kind, one behind the
 * other, by one actor on one queue, that differ in an item. In the ring a run
 * is a head and its items, packed; whoever reads it event by event sees them
 * as if each had been written alone.
 */
#ifndef TWINRING_MODEL_PROBE_H
#define TWINRING_MODEL_PROBE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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

/* What the events of a run have each for itself. */
struct event_item {
	uint64_t addr;
	uint32_t len;
	uint32_t a;
};

/*
 * One event, 32 bytes, no padding. The meaning of a, b, addr and len depends
 * on the kind; model/events.def says which.
 */
struct event {
	uint8_t kind;
	actor_id actor;
	uint16_t queue; /* queue_id(): link, end and direction */
	uint32_t b;
	union {
		struct {
			uint64_t addr;
			uint32_t len;
			uint32_t a;
		};
		struct event_item item;
	};
	uint64_t time; /* virtual, picoseconds */
};

enum {
	EVENT_RUN = 0x80,   /* in the ring: the head of a run of a events */
	EVENT_RUN_MAX = 64, /* events in one run */
};

_Static_assert(sizeof(struct event) == 32, "events are hashed as bytes");
_Static_assert(sizeof(struct event_item) == 16, "two fill a place");
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

/* Of @most, what one run can hold. */
static inline uint32_t run_most(uint32_t most)
{
	return most < EVENT_RUN_MAX ? most : EVENT_RUN_MAX;
}

/* Places in the ring that a run of @count events takes. */
static inline uint32_t event_places(uint32_t count)
{
	return 1 + (count + 1) / 2;
}

/* The same for whatever stands at @e. */
static inline uint32_t event_size(const struct event *e)
{
	return e->kind & EVENT_RUN ? event_places(e->a) : 1;
}

/* Events that stand at @e. */
static inline uint32_t event_count(const struct event *e)
{
	return e->kind & EVENT_RUN ? e->a : 1;
}

/* Their items. */
static inline const struct event_item *event_items(const struct event *e)
{
	return e->kind & EVENT_RUN ? (const struct event_item *)(e + 1)
				   : &e->item;
}

/* The @k-th event of those that stand at @e. */
static inline struct event event_nth(const struct event *e, uint32_t k)
{
	struct event one = *e;

	one.kind &= (uint8_t)~EVENT_RUN;
	one.item = event_items(e)[k];
	/* Positions in a ring count up. */
	if (one.kind == EV_OFFER)
		one.b += k << 16;
	else if (one.kind == EV_USED)
		one.b = (uint16_t)(one.b + k);
	return one;
}

/* A way through places that lie side by side, event by event. */
struct event_walk {
	const struct event *at;
	const struct event *end;
	uint32_t k; /* of those that stand at @at */
};

static inline struct event_walk event_walk(const struct event *ev,
					   uint32_t places)
{
	return (struct event_walk){.at = ev, .end = ev + places};
}

/* The next event in *out; false: there is none. */
static inline bool event_next(struct event_walk *w, struct event *out)
{
	if (w->at >= w->end)
		return false;
	*out = event_nth(w->at, w->k);
	if (++w->k == event_count(w->at)) {
		w->at += event_size(w->at);
		w->k = 0;
	}
	return true;
}

/* Places that wait at most: few enough to stay in the nearest cache. */
enum { PROBE_BATCH = 256 };

/* Places behind the end of a probe's ring: a run is not cut in two. */
enum { PROBE_SLACK = 1 + EVENT_RUN_MAX / 2 };

/* Runs that may be begun before the first of them has ended. */
enum { PROBE_OPEN = 4 };

struct probe {
	struct event *ring;
	uint32_t mask;     /* capacity - 1, capacity a power of two */
	uint32_t spill;    /* places that the last run took behind the end */
	uint64_t wanted;   /* bit per kind that is kept */
	uint64_t head;     /* places written */
	uint64_t seen;     /* places handed on */
	uint64_t flush_at; /* head at which they are handed on next */
	uint64_t oldest;   /* history begins here */
	uint64_t time;
	actor_id actor;
	void (*flush)(void *listener, const struct event *ev, uint32_t places);
	void *listener;
	struct event_item unwanted[EVENT_RUN_MAX]; /* of kinds not kept */
};

/* Hands all waiting events to the listener. */
void probe_flush(struct probe *p);

/* True when events of @kind are kept. */
static inline bool probe_wants(const struct probe *p, enum event_kind kind)
{
	return p->wanted >> kind & 1;
}

/* Writes one event; the caller names what moved, the probe who and when. */
static inline void probe_emit(struct probe *p, enum event_kind kind,
			      uint16_t queue, uint32_t a, uint64_t addr,
			      uint32_t len, uint32_t b)
{
	struct event *ev;

	if (!probe_wants(p, kind))
		return;
	ev = &p->ring[p->head++ & p->mask];
	*ev = (struct event){.kind = (uint8_t)kind,
			     .actor = p->actor,
			     .queue = queue,
			     .b = b,
			     .item = {addr, len, a},
			     .time = p->time};
	if (__builtin_expect(p->head >= p->flush_at, 0))
		probe_flush(p);
}

/*
 * Begins a run of @count events, 1 to EVENT_RUN_MAX, and returns where their
 * items go; @b is that of the first event. All items are written before
 * probe_run_end(); up to PROBE_OPEN runs may be begun before that.
 */
static inline struct event_item *probe_run_begin(struct probe *p,
						 enum event_kind kind,
						 uint16_t queue, uint32_t count,
						 uint32_t b)
{
	uint32_t at = (uint32_t)p->head & p->mask, places;
	struct event *ev = &p->ring[at];
	struct event_item *item = (struct event_item *)(ev + 1);

	assert(count && count <= EVENT_RUN_MAX);
	if (!probe_wants(p, kind))
		return p->unwanted;
	ev->kind = (uint8_t)kind;
	ev->actor = p->actor;
	ev->queue = queue;
	ev->b = b;
	ev->time = p->time;
	p->head++;
	if (count == 1)
		return &ev->item;
	ev->kind = (uint8_t)(kind | EVENT_RUN);
	ev->item = (struct event_item){.a = count};
	if (count & 1) /* no bytes of what stood there before */
		item[count] = (struct event_item){0};
	places = event_places(count) - 1;
	p->head += places;
	if (at + places > p->mask)
		p->spill = at + places - p->mask;
	return item;
}

/* The items of all runs that were begun are written. */
static inline void probe_run_end(struct probe *p)
{
	if (__builtin_expect(p->head >= p->flush_at, 0))
		probe_flush(p);
}

/* Writes a run whose items lie elsewhere. */
static inline void probe_emit_run(struct probe *p, enum event_kind kind,
				  uint16_t queue, const struct event_item *item,
				  uint32_t count, uint32_t b)
{
	if (!count)
		return;
	memcpy(probe_run_begin(p, kind, queue, count, b), item,
	       count * sizeof *item);
	probe_run_end(p);
}

/* A way through what a probe has kept, event by event. */
struct probe_walk {
	const struct probe *p;
	uint64_t at;
	uint32_t k;
};

/* The next event in *out; false: there is none. */
static inline bool probe_next(struct probe_walk *w, struct event *out)
{
	const struct event *ev = &w->p->ring[w->at & w->p->mask];

	if (w->at == w->p->head)
		return false;
	*out = event_nth(ev, w->k);
	if (++w->k == event_count(ev)) {
		w->at += event_size(ev);
		w->k = 0;
	}
	return true;
}

/* Short name of @kind, as stories print it. */
const char *event_name(enum event_kind kind);

#endif
