/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The words for what happened: events, alone and in runs. Knows their bytes;
 * neither who writes them nor who reads them.
 *
 * What comes by the packet comes in runs: events of one kind, one behind the
 * other, by one actor on one queue, that differ in an item. A run is a head
 * and its items, packed. What is done with each of many buffers in one go
 * comes in fused batches: a run in which an item tells of several events. It
 * stands for plain runs, one behind the other, and whoever reads event by event
 * sees them as if each event had been written alone.
 */
#ifndef TWINRING_MODEL_EVENT_H
#define TWINRING_MODEL_EVENT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/numbers/queue.h"

enum event_kind {
#define EVENT(id, name, words) EV_##id,
#include "model/events.def"
#undef EVENT
	EVENT_KINDS,
	/* Fused batches: model/fused.def says what each stands for. */
	FUSED_BEFORE = EVENT_KINDS - 1,
#define FUSED(id, words, ...) FUSED_##id,
#include "model/fused.def"
#undef FUSED
	EVENT_ALL
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

static inline void event_item_set(struct event_item *i, uint64_t addr,
				  uint32_t len, uint32_t a)
{
	i->addr = addr;
	i->len = len;
	i->a = a;
}

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
	EVENT_DESC_NEXT = 1,  /* flags of a descriptor: another one follows */
	EVENT_BATCH = 0x80,   /* the head of a batch of a items */
	EVENT_BATCH_MAX = 64, /* items in one batch */
	EVENT_BATCH_PLACES = 1 + EVENT_BATCH_MAX / 2,
	FUSED_PARTS = 3 /* plain runs that a fused batch stands for, at most */
};

_Static_assert(sizeof(struct event) == 32, "events are hashed as bytes");
_Static_assert(sizeof(struct event_item) == 16, "two fill a place");
_Static_assert((int)EVENT_ALL <= 64, "a probe has one bit for each kind");

/* Of @most, what one run can hold. */
static inline uint32_t batch_most(uint32_t most)
{
	return most < EVENT_BATCH_MAX ? most : EVENT_BATCH_MAX;
}

/* Places that a run of @count items takes. */
static inline uint32_t event_places(uint32_t count)
{
	return 1 + (count + 1) / 2;
}

/* The same for whatever stands at @e. */
static inline uint32_t event_size(const struct event *e)
{
	return e->kind & EVENT_BATCH ? event_places(e->a) : 1;
}

/* The kind of all that stands at @e, which may be a fused batch. */
static inline uint32_t event_kind(const struct event *e)
{
	return e->kind & ~(uint32_t)EVENT_BATCH;
}

extern const uint8_t fused_counts[EVENT_ALL - EVENT_KINDS];

/* Plain runs that a fused batch of @kind stands for; 1 for any other kind. */
static inline uint32_t event_parts(uint32_t kind)
{
	return kind < EVENT_KINDS ? 1 : fused_counts[kind - EVENT_KINDS];
}

/* Items that stand at @e, and where. */
static inline uint32_t event_count(const struct event *e)
{
	return e->kind & EVENT_BATCH ? e->a : 1;
}

static inline const struct event_item *event_items(const struct event *e)
{
	return e->kind & EVENT_BATCH ? (const struct event_item *)(e + 1)
				     : &e->item;
}

/*
 * Heads of fused batches, but for actor and time. Where a ring's positions
 * count, @rx and @tx are those of the first item on the two queues. Items:
 * addr, len as sent, a the heads on the receive and transmit queue.
 */
static inline struct event fused_send(uint16_t queue, uint16_t rx, uint16_t tx,
				      uint32_t slot_size, uint32_t vm)
{
	return (struct event){.kind = FUSED_SEND | EVENT_BATCH,
			      .queue = queue,
			      .b = rx | (uint32_t)tx << 16,
			      .item = {slot_size, vm, 0}};
}

/*
 * Items as above, of receive queue @to, which is of another NIC. @hdr_len bytes
 * are set.
 */
static inline struct event fused_forward(uint16_t queue, uint16_t to,
					 uint16_t rx, uint16_t tx,
					 uint32_t hdr_len, uint32_t vm)
{
	return (struct event){
		.kind = FUSED_FORWARD | EVENT_BATCH,
		.queue = queue,
		.b = rx | (uint32_t)tx << 16,
		.item = {hdr_len | (uint64_t)queue_way(queue, to) << 32, vm,
			 0}};
}

/* The receive queue that a fused forward is of. */
static inline uint16_t fused_receiver(const struct event *e)
{
	return queue_along(e->queue, (uint32_t)(e->addr >> 32));
}

/* Items: addr, len, a the used element's id. */
static inline struct event fused_take(uint16_t queue, uint32_t vm)
{
	return (struct event){.kind = FUSED_TAKE | EVENT_BATCH,
			      .queue = queue,
			      .item = {0, vm, 0}};
}

/* The two heads of an item of a fused batch. */
static inline uint32_t fused_heads(uint32_t rx, uint32_t tx)
{
	return rx | tx << 16;
}

static inline uint32_t fused_rx(const struct event_item *i)
{
	return i->a & 0xffff;
}

static inline uint32_t fused_tx(const struct event_item *i)
{
	return i->a >> 16;
}

/*
 * The @part-th plain run that the fused batch @e stands for: its head, which
 * says how many there are, and its items behind that. @out has
 * EVENT_BATCH_PLACES.
 */
void fused_part(const struct event *e, uint32_t part, struct event *out);

/* The @k-th event of the fused batch @e. */
struct event fused_nth(const struct event *e, uint32_t k);

/* Kinds that a fused batch of @kind tells of, a bit each. */
uint64_t fused_kinds(uint32_t kind);

/* Events that stand at @e. */
static inline uint32_t event_total(const struct event *e)
{
	return event_count(e) * event_parts(event_kind(e));
}

/* @one of a run whose first event it would be, as the @k-th behind that:
 * positions in a ring count up. */
static inline struct event event_at(struct event one, uint32_t k)
{
	if (one.kind == EV_AVAILABLE)
		one.b += k << 16;
	else if (one.kind == EV_USED)
		one.b = (uint16_t)(one.b + k);
	return one;
}

/*
 * The b of a descriptor in a run whose first has @b: they are of one chain,
 * written from its end on, so each goes on with the one before it.
 */
static inline uint32_t event_desc_b(uint32_t b, const struct event_item *before)
{
	return (b & 0xffff) | EVENT_DESC_NEXT | (before->a & 0xffff) << 16;
}

/* The @k-th event of those that stand at @e. */
static inline struct event event_nth(const struct event *e, uint32_t k)
{
	struct event one = *e;

	if (event_kind(e) >= EVENT_KINDS)
		return fused_nth(e, k);
	one.kind = (uint8_t)event_kind(e);
	one.item = event_items(e)[k];
	if (one.kind == EV_DESC && k)
		one.b = event_desc_b(e->b, &event_items(e)[k - 1]);
	return event_at(one, k);
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
	if (++w->k == event_total(w->at)) {
		w->at += event_size(w->at);
		w->k = 0;
	}
	return true;
}

/* Short name of @kind, which is no fused batch, as stories print it. */
const char *event_name(enum event_kind kind);

#endif
