/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where model code writes what happened; it does not know who reads it. Events
 * wait in a ring until probe_flush() hands them on, and stay there as history
 * until they are overwritten.
 */
#ifndef TWINRING_MODEL_PROBE_H
#define TWINRING_MODEL_PROBE_H

#include "model/event.h"

/* Places that wait at most: few enough to stay in the second cache, and so many
 * that the code which reads them is worth fetching. */
enum { PROBE_PENDING_MAX = 1024 };

/* Places behind the end of a probe's ring: a run is not cut in two. */
enum { PROBE_SLACK = EVENT_BATCH_PLACES };

/* Places where history can be entered, spread over the ring. */
enum { PROBE_ANCHORS = 16 };

/* Runs that may be begun before the first of them has ended. */
enum { PROBE_OPEN = 4 };

struct probe {
	struct event *ring;
	uint32_t mask;     /* capacity - 1, capacity a power of two */
	uint32_t spill;    /* places that the last run took behind the end */
	uint64_t wanted;   /* bit per kind that is kept: probe_want() */
	uint64_t head;     /* places written */
	uint64_t seen;     /* places handed on */
	uint64_t flush_at; /* head at which they are handed on next */
	uint64_t anchor[PROBE_ANCHORS]; /* heads where something begins */
	uint32_t anchors;               /* set so far; each takes the next */
	uint64_t time;
	actor_id actor;
	void (*flush)(void *listener, const struct event *ev, uint32_t places);
	void *listener;
	struct event_item unwanted[EVENT_BATCH_MAX]; /* of kinds not kept */
};

/* Hands all waiting events to the listener. */
void probe_flush(struct probe *p);

/* Where history begins: the first event that was not overwritten since. */
uint64_t probe_oldest(const struct probe *p);

/* From now on @kinds are kept, a bit each, and fused batches that tell of any.
 */
void probe_want(struct probe *p, uint64_t kinds);

/* True when events of @kind are kept. */
static inline bool probe_wants(const struct probe *p, uint32_t kind)
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
 * Room for @count items behind a head, of which the rest is to be written. The
 * head is written in place: a copy of what was just put together elsewhere has
 * to wait for it.
 */
static inline struct event *probe_room(struct probe *p, uint32_t count)
{
	uint32_t at = (uint32_t)p->head & p->mask;
	uint32_t places = event_places(count);
	struct event *ev = &p->ring[at];

	ev->actor = p->actor;
	ev->time = p->time;
	ev->a = count;
	if (count & 1) /* no bytes of what stood there before */
		((struct event_item *)(ev + 1))[count] = (struct event_item){0};
	p->head += places;
	if (at + places > p->mask + 1)
		p->spill = at + places - p->mask - 1;
	return ev;
}

/*
 * Begins a batch of @count events, 1 to EVENT_BATCH_MAX, and returns where
 * their items go; @b is that of the first event. Up to PROBE_OPEN runs or fused
 * batches may be begun one behind the other, and all items are written before
 * probe_batch_end() or probe_batches_end(). Until then they may be read back,
 * of kinds that are not kept those of the run begun last.
 */
static inline struct event_item *probe_batch_begin(struct probe *p,
						   enum event_kind kind,
						   uint16_t queue,
						   uint32_t count, uint32_t b)
{
	struct event *ev;

	assert(count && count <= EVENT_BATCH_MAX && kind < EVENT_KINDS);
	if (!probe_wants(p, kind))
		return p->unwanted;
	if (count == 1) {
		ev = &p->ring[p->head++ & p->mask];
		ev->kind = (uint8_t)kind;
		ev->actor = p->actor;
		ev->time = p->time;
	} else {
		ev = probe_room(p, count);
		ev->kind = (uint8_t)(kind | EVENT_BATCH);
		ev->addr = ev->len = 0;
	}
	ev->queue = queue;
	ev->b = b;
	return count == 1 ? &ev->item : (struct event_item *)(ev + 1);
}

/* The same for a fused batch, of which @head is fused_send() or the like. */
static inline struct event_item *probe_fused_begin(struct probe *p,
						   struct event head,
						   uint32_t count)
{
	struct event *ev;

	assert(count && count <= EVENT_BATCH_MAX);
	if (!probe_wants(p, event_kind(&head)))
		return p->unwanted;
	ev = probe_room(p, count);
	ev->kind = head.kind;
	ev->queue = head.queue;
	ev->b = head.b;
	ev->addr = head.addr;
	ev->len = head.len;
	return (struct event_item *)(ev + 1);
}

/* The items of all runs that were begun are written. */
static inline void probe_batch_end(struct probe *p)
{
	if (__builtin_expect(p->head >= p->flush_at, 0))
		probe_flush(p);
}

/* Runs that are written side by side, and may turn out shorter. */
struct probe_batches {
	uint64_t head; /* of the probe before the first of them */
	uint32_t spill;
	uint32_t count; /* items that each was begun with */
};

/* Before the first run is begun; each of them is to have @count items. */
static inline struct probe_batches probe_batches_begin(const struct probe *p,
						       uint32_t count)
{
	return (struct probe_batches){p->head, p->spill, count};
}

/* Leaves the first @count items of each run, 1 or more. */
void probe_batches_cut(struct probe *p, const struct probe_batches *runs,
		       uint32_t count);

/* The first @count items of each run are written, and no more. */
static inline void probe_batches_end(struct probe *p,
				     const struct probe_batches *runs,
				     uint32_t count)
{
	if (count == 0) {
		p->head = runs->head;
		p->spill = runs->spill;
		return;
	}
	if (count != runs->count)
		probe_batches_cut(p, runs, count);
	probe_batch_end(p);
}

/* Writes a run whose items lie elsewhere. */
static inline void probe_emit_batch(struct probe *p, enum event_kind kind,
				    uint16_t queue,
				    const struct event_item *item,
				    uint32_t count, uint32_t b)
{
	if (!count)
		return;
	memcpy(probe_batch_begin(p, kind, queue, count, b), item,
	       count * sizeof *item);
	probe_batch_end(p);
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
	if (++w->k == event_total(ev)) {
		w->at += event_size(ev);
		w->k = 0;
	}
	return true;
}

#endif
