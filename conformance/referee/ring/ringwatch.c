/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/ringwatch.h"

#include "conformance/referee/finding.h"
#include "conformance/referee/ring/chains.h"
#include "conformance/referee/ring/notification_due.h"
#include "conformance/referee/ring/span.h"

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4 };
enum { STATUS_DRIVER_OK = 4, STATUS_NEEDS_RESET = 0x40 };

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

/* Nobody was told of index @idx though somebody should have been. */
__attribute__((cold, noinline)) static void not_told(
	const struct ringwatch *w, const struct event *ev,
	const struct notification_due *o, uint16_t idx, bool kick)
{
	enum clause broken;

	if (o->event_idx)
		broken = kick ? CLAUSE_SPLIT_KICK_EVENT
			      : CLAUSE_SPLIT_CALL_EVENT;
	else
		broken = kick ? CLAUSE_SPLIT_KICK_FLAG : CLAUSE_SPLIT_CALL_FLAG;
	referee_finding(&w->setup, ev, broken, NO_SLOT,
			"no %s for entries %u to %u, %s %u",
			kick ? "kick" : "call", o->told, (uint16_t)(idx - 1),
			o->event_idx ? "event" : "flags",
			o->event_idx ? o->event : o->flags);
}

static void queue_reset(struct queue_watch *q)
{
	uint16_t s = q->start;

	chains_reset(&q->chains, s);
	q->avail_written = q->avail_idx = s;
	q->used_written = q->taken = s;
	notification_due_reset(&q->kick, s);
	notification_due_reset(&q->call, s);
	q->span = (struct span){0};
	q->was |= q->live;
	q->live = q->stopped = false;
	q->asked = q->away = q->again = false;
	q->driver_misbehaved = q->device_misbehaved = false;
}

/* Who does it is another guest, which works the rings out of its own memory. */
static bool by_mirror(const struct ringwatch *w, const struct event *ev)
{
	const struct world_config *c = w->setup.config;

	return ev->actor < c->vms && ev->actor != queue_vm(c, ev->queue);
}

__attribute__((cold, noinline)) static void too_loud(
	const struct ringwatch *w, const struct queue_watch *q,
	const struct event *ev)
{
	enum clause broken = q->was ? CLAUSE_DEV_RESET_QUIET : CLAUSE_DEV_QUIET;

	if (q->was && by_mirror(w, ev))
		broken = CLAUSE_EXT_MIRROR_STOP;
	if (q->away)
		broken = ev->kind == EV_USED_NOTIFICATION ? CLAUSE_QRESET_MUTE
							  : CLAUSE_QRESET_QUIET;
	referee_finding(&w->setup, ev, broken, NO_SLOT, "%s while %s",
			event_name((enum event_kind)ev->kind),
			q->away ? "the queue is reset"
				: "DRIVER_OK is not set");
}

__attribute__((cold, noinline)) static void offer_wrong(
	const struct ringwatch *w, struct queue_watch *q,
	const struct event *ev, enum clause broken, const char *what)
{
	q->driver_misbehaved = true;
	referee_finding(&w->setup, ev, broken, NO_SLOT, "%s", what);
}

/* Any chain, or one in a wrong place. */
static __attribute__((noinline)) void offer_chain(const struct ringwatch *w,
						  struct queue_watch *q,
						  const struct event *ev)
{
	uint16_t at = (uint16_t)(ev->b >> 16);
	struct verdict why;

	if (at != q->avail_written)
		offer_wrong(w, q, ev, CLAUSE_SPLIT_AVAIL_ORDER,
			    "entry stored at a position that is not the next");
	q->avail_written = (uint16_t)(at + 1);
	if ((uint16_t)ev->a >= q->chains.size)
		offer_wrong(w, q, ev, CLAUSE_SPLIT_HEAD,
			    "head lies outside of the table");
	else if (!chains_offer(&q->chains, ev, &why))
		offer_wrong(w, q, ev, why.broken, why.detail);
}

/* Which head an item is about: its only one, or one of a fused batch's two. */
enum about { ABOUT_OFFER, ABOUT_USE, ABOUT_RX, ABOUT_TX };

static inline uint32_t head_of(const struct event_item *i, enum about about)
{
	switch (about) {
	case ABOUT_OFFER:
		return i->a ^ 1 << 16; /* of one segment, or out of range */
	case ABOUT_RX:
		return fused_rx(i);
	case ABOUT_TX:
		return fused_tx(i);
	case ABOUT_USE:
		break;
	}
	return i->a;
}

/* Offers of one kind, on one queue: a run, or a part of a fused batch. */
struct offers {
	const struct event *ev;
	uint32_t part; /* 0 of a run */
	uint32_t at;   /* position of the first */
	bool write;
	uint32_t room; /* of each, where it is not its len */
};

/*
 * Chains of one descriptor on free heads, as nearly all are, from the @k-th up
 * to the first that is anything else: how many.
 */
static inline uint32_t offers_plain(struct chains *c, const struct offers *o,
				    uint32_t k, enum about about)
{
	const struct event_item *item = event_items(o->ev);
	uint32_t size = c->size, first = k, count = event_count(o->ev);
	struct chain_note *note = c->note;

	for (; k < count; k++) {
		uint32_t head = head_of(&item[k], about);
		uint32_t room = about == ABOUT_OFFER ? item[k].len : o->room;
		struct chain_note *n = &note[head];

		if (head >= size || n->state != CHAIN_FREE)
			break;
		n->room = o->write ? room : 0;
		n->len = 0;
		n->at = (uint16_t)(o->at + k);
		n->next = 0;
		n->count = 1;
		n->state = CHAIN_EXPOSED;
	}
	c->outstanding += k - first;
	return k - first;
}

static inline void offers_hear(const struct ringwatch *w, struct queue_watch *q,
			       const struct offers *o, enum about about)
{
	struct chains *c = &q->chains;
	uint32_t count = event_count(o->ev), k = 0;
	bool odd =
		about == ABOUT_OFFER && o->ev->b & (DESC_NEXT | DESC_INDIRECT);

	while (k < count) {
		uint16_t at = (uint16_t)(o->at + k);

		if (at == q->avail_written && !odd && !c->fresh_count) {
			uint32_t run = offers_plain(c, o, k, about);

			q->avail_written = (uint16_t)(at + run);
			k += run;
		}
		if (k < count) {
			struct event one =
				event_nth(o->ev, o->part * count + k++);

			offer_chain(w, q, &one);
		}
	}
}

static void on_offer(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct offers o = {
		.ev = ev, .at = ev->b >> 16, .write = ev->b & DESC_WRITE};

	offers_hear(w, queue_of(w, ev), &o, ABOUT_OFFER);
}

/* The second and third part: buffers are posted, and sent. */
static void on_fused_send(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct offers posts = {.ev = ev,
			       .part = 1,
			       .at = ev->b & 0xffff,
			       .write = true,
			       .room = (uint32_t)ev->addr};
	struct offers sends = {.ev = ev, .part = 2, .at = ev->b >> 16};

	offers_hear(w, &w->queue[queue_rx(ev->queue)], &posts, ABOUT_RX);
	offers_hear(w, queue_of(w, ev), &sends, ABOUT_TX);
}

static void on_desc(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	uint32_t count = event_count(ev), k = 0;
	struct verdict why;

	while (k < count) {
		k += chains_desc_batch(&q->chains, ev, k);
		if (k < count) {
			struct event one = event_nth(ev, k++);

			if (!chains_desc(&q->chains, &one, &why))
				offer_wrong(w, q, &one, why.broken, why.detail);
		}
	}
}

/* The stored index went back, or covers what was not written. */
__attribute__((cold, noinline)) static void avail_idx_wrong(
	const struct ringwatch *w, struct queue_watch *q,
	const struct event *ev)
{
	uint16_t fresh = (uint16_t)ev->a;
	uint16_t ahead = (uint16_t)(fresh - q->avail_written);
	uint16_t back = (uint16_t)(q->avail_idx - fresh);

	q->driver_misbehaved = true;
	if (back <= q->chains.size && back <= ahead) {
		referee_finding(&w->setup, ev, CLAUSE_SPLIT_AVAIL_FORWARD,
				NO_SLOT,
				"available index goes back from %u to %u",
				q->avail_idx, fresh);
		return; /* what was exposed once stays exposed */
	}
	referee_finding(&w->setup, ev, CLAUSE_SPLIT_AVAIL_ORDER, NO_SLOT,
			"available index %u, entries are written up to %u",
			fresh, q->avail_written);
	q->avail_written = q->avail_idx = fresh;
}

static void on_avail_idx(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	uint16_t fresh = (uint16_t)ev->a;

	if (q->asked)
		referee_finding(
			&w->setup, ev, CLAUSE_QRESET_CONFIRM, NO_SLOT,
			"available index %u while the queue is being reset",
			fresh);
	if ((uint16_t)(fresh - q->avail_idx) >
	    (uint16_t)(q->avail_written - q->avail_idx))
		avail_idx_wrong(w, q, ev);
	else
		q->avail_idx = fresh;
	q->driver = ev->actor;
}

/* What is known of descriptor @id, or NULL outside of the table. */
static inline struct chain_note *note_of(const struct queue_watch *q,
					 uint32_t id)
{
	return id < q->chains.size ? &q->chains.note[id] : NULL;
}

/*
 * What is wrong with a packet in several buffers. Whose fault it is is known
 * only where neither side has misled the other before.
 */
__attribute__((cold, noinline)) static void span_wrong(
	const struct ringwatch *w, const struct queue_watch *q,
	const struct event *ev, const struct verdict *why)
{
	if (!q->driver_misbehaved && !q->device_misbehaved)
		referee_finding(&w->setup, ev, why->broken, NO_SLOT, "%s",
				why->detail);
}

/* The element itself: a chain that is out, and no more than fits into it. */
static void used_element(const struct ringwatch *w, struct queue_watch *q,
			 const struct event *ev)
{
	struct chain_note *n = note_of(q, ev->a);
	bool trust = !q->driver_misbehaved;
	struct verdict why;

	if (!n || n->state != CHAIN_EXPOSED ||
	    !chains_below(n->at, q->avail_idx)) {
		q->device_misbehaved = true;
		if (trust)
			referee_finding(
				&w->setup, ev, CLAUSE_SPLIT_HEAD, NO_SLOT,
				"used id %u names no outstanding chain", ev->a);
		return;
	}
	if (ev->len > n->room && trust)
		referee_finding(&w->setup, ev, CLAUSE_SPLIT_USED_LEN, NO_SLOT,
				"used len %u, writable bytes %u", ev->len,
				n->room);
	if (q->span.left && !span_used(&q->span, ev->len, n->room, &why))
		span_wrong(w, q, ev, &why);
	n->len = ev->len;
	n->at = (uint16_t)ev->b;
	n->state = CHAIN_USED;
	q->chains.outstanding--;
}

/* An element that is not what was due, or comes when none may. */
__attribute__((cold, noinline)) static void used_odd(const struct ringwatch *w,
						     struct queue_watch *q,
						     const struct event *ev)
{
	uint16_t at = (uint16_t)ev->b;

	if (!q->live) {
		too_loud(w, q, ev);
		return;
	}
	if (at != q->used_written) {
		q->device_misbehaved = true;
		referee_finding(&w->setup, ev,
				q->again && q->used_written == q->start
					? CLAUSE_QRESET_DEFAULT
					: CLAUSE_SPLIT_USED_ORDER,
				NO_SLOT,
				"element stored at position %u, the next is %u",
				at, q->used_written);
	}
	q->used_written = (uint16_t)(at + 1);
	used_element(w, q, ev);
}

/* Elements that are what was due, from the @k-th up to the first that is not.
 */
static inline uint32_t uses_plain(struct queue_watch *q, const struct event *ev,
				  uint32_t k, uint32_t at, enum about about)
{
	const struct event_item *item = event_items(ev);
	struct chain_note *note = q->chains.note;
	uint32_t size = q->chains.size, first = k, count = event_count(ev);
	uint16_t avail_idx = q->avail_idx;

	for (; k < count; k++) {
		uint32_t id = head_of(&item[k], about);
		uint32_t len = about == ABOUT_TX ? 0 : item[k].len;
		struct chain_note *n = &note[id];

		if (id >= size || n->state != CHAIN_EXPOSED ||
		    !chains_below(n->at, avail_idx) || len > n->room)
			break;
		n->len = len;
		n->at = (uint16_t)(at + k);
		n->state = CHAIN_USED;
	}
	q->chains.outstanding -= k - first;
	return k - first;
}

/* Of the elements that were what was due, those of a packet in several buffers.
 */
static void span_hear(const struct ringwatch *w, struct queue_watch *q,
		      const struct event *ev, uint32_t k, uint32_t run)
{
	const struct event_item *item = event_items(ev);
	struct verdict why;

	for (; q->span.left && run; k++, run--) {
		uint32_t room = q->chains.note[item[k].a].room;

		if (!span_used(&q->span, item[k].len, room, &why)) {
			struct event one = event_nth(ev, k);

			span_wrong(w, q, &one, &why);
		}
	}
}

/* Elements of a run, or of part @part of a fused batch, from position @from on.
 */
static inline void uses_hear(const struct ringwatch *w, struct queue_watch *q,
			     const struct event *ev, uint32_t part,
			     uint32_t from, enum about about)
{
	uint32_t count = event_count(ev), k = 0;

	while (k < count) {
		uint16_t at = (uint16_t)(from + k);

		if (q->live && at == q->used_written &&
		    (about == ABOUT_USE || !q->span.left)) {
			uint32_t run = uses_plain(q, ev, k, from, about);

			span_hear(w, q, ev, k, run);
			q->used_written = (uint16_t)(at + run);
			k += run;
		}
		if (k < count) {
			struct event one = event_nth(ev, part * count + k++);

			used_odd(w, q, &one);
		}
	}
}

static void on_used(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;

	uses_hear(w, queue_of(w, ev), ev, 0, ev->b, ABOUT_USE);
}

/* The second and third part: both chains of each buffer are used. */
static void on_fused_forward(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *rx = &w->queue[fused_receiver(ev)];

	uses_hear(w, rx, ev, 1, ev->b & 0xffff, ABOUT_RX);
	uses_hear(w, queue_of(w, ev), ev, 2, ev->b >> 16, ABOUT_TX);
}

static void on_used_idx(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	uint16_t fresh = (uint16_t)ev->a;
	uint16_t old = q->chains.used_idx;
	struct verdict why;

	if (!q->live) {
		too_loud(w, q, ev);
		return;
	}
	q->device = ev->actor;
	if (!span_shown(&q->span, &why))
		span_wrong(w, q, ev, &why);
	if ((uint16_t)(fresh - old) <= (uint16_t)(q->used_written - old)) {
		q->chains.used_idx = fresh;
		return;
	}
	q->device_misbehaved = true;
	referee_finding(&w->setup, ev, CLAUSE_SPLIT_USED_ORDER, NO_SLOT,
			"used index %u after %u, elements are written up to %u",
			fresh, old, q->used_written);
}

/* Not the next element, not yet published, or not as it was stored. */
__attribute__((cold, noinline)) static void take_wrong(
	const struct ringwatch *w, struct queue_watch *q,
	const struct event *ev)
{
	struct chain_note *n = note_of(q, ev->a);

	if (!q->device_misbehaved && !q->driver_misbehaved)
		referee_finding(
			&w->setup, ev, CLAUSE_SPLIT_USED_TAKE, NO_SLOT,
			"takes id %u, len %u as element %u, used index %u",
			ev->a, ev->len, q->taken, q->chains.used_idx);
	if (!n || n->state != CHAIN_USED)
		return;
	q->taken = (uint16_t)(n->at + 1);
	chains_release(&q->chains, (uint16_t)ev->a);
}

/* Elements taken as they were stored, up to the first that is not. */
static uint32_t takes_plain(struct queue_watch *q,
			    const struct event_item *item, uint32_t count)
{
	struct chain_note *note = q->chains.note;
	uint32_t size = q->chains.size, k;
	uint16_t taken = q->taken, used_idx = q->chains.used_idx;

	for (k = 0; k < count && taken != used_idx; k++, taken++) {
		struct chain_note *n = &note[item[k].a];

		if (item[k].a >= size || n->count != 1 ||
		    n->state != CHAIN_USED || n->at != taken ||
		    n->len != item[k].len)
			break;
		n->state = CHAIN_FREE;
	}
	q->taken = taken;
	return k;
}

/* Any other: of several descriptors, or wrong. */
static __attribute__((noinline)) void take_chain(const struct ringwatch *w,
						 struct queue_watch *q,
						 const struct event *ev)
{
	struct chain_note *n = note_of(q, ev->a);

	if (!n || n->state != CHAIN_USED || n->at != q->taken ||
	    n->len != ev->len || q->taken == q->chains.used_idx) {
		take_wrong(w, q, ev);
		return;
	}
	q->taken++;
	chains_release(&q->chains, (uint16_t)ev->a);
}

/* A run, or the first part of a fused batch, which has the same items. */
static void on_take(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	uint32_t count = event_count(ev), k = 0;

	while (k < count) {
		k += takes_plain(q, event_items(ev) + k, count - k);
		if (k < count) {
			struct event one = event_nth(ev, k++);

			take_chain(w, q, &one);
		}
	}
}

static void on_kick(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);

	if (ev->kind == EV_NO_KICK &&
	    notification_due_now(&q->kick, q->avail_idx))
		not_told(w, ev, &q->kick, q->avail_idx, true);
	q->kick.told = q->avail_idx;
}

/* The device looks at the flags and calls in one step: they stand as it saw
 * them. */
static void muted(const struct ringwatch *w, const struct queue_watch *q,
		  const struct event *ev)
{
	if (!q->call.event_idx && q->call.flags & 1 && !q->driver_misbehaved)
		referee_finding(&w->setup, ev, CLAUSE_SPLIT_CALL_MUTED, NO_SLOT,
				"a call for index %u, flags 1",
				q->chains.used_idx);
}

static void on_call(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);

	if (ev->kind == EV_USED_NOTIFICATION && !q->live)
		too_loud(w, q, ev);
	else if (ev->kind == EV_USED_NOTIFICATION)
		muted(w, q, ev);
	if (ev->kind == EV_NO_USED_NOTIFICATION &&
	    notification_due_now(&q->call, q->chains.used_idx))
		not_told(w, ev, &q->call, q->chains.used_idx, false);
	q->call.told = q->chains.used_idx;
}

/* A suppression word; the driver's rules calls, the device's rules kicks. */
static void on_word(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	bool device = ev->kind == EV_USED_FLAGS || ev->kind == EV_AVAIL_EVENT;
	struct notification_due *o = device ? &q->kick : &q->call;

	if (device && !q->live && (q->was || q->away))
		too_loud(w, q, ev);
	if (ev->kind == EV_USED_EVENT || ev->kind == EV_AVAIL_EVENT) {
		o->event = (uint16_t)ev->a;
		return;
	}
	o->flags = (uint16_t)ev->a;
	if (ev->a > (o->event_idx ? 0 : 1))
		referee_finding(&w->setup, ev,
				device ? CLAUSE_SPLIT_USED_FLAGS
				       : CLAUSE_SPLIT_AVAIL_FLAGS,
				NO_SLOT, "flags %u%s", ev->a,
				o->event_idx ? " with EVENT_IDX" : "");
}

/* A status write is for all queues of the NIC. */
static void on_status(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q =
		&w->queue[queue_of_nic(queue_nic(ev->queue), 0)];
	uint32_t lost = ev->b & ~ev->a & ~(uint32_t)STATUS_NEEDS_RESET;

	if (ev->a && lost)
		referee_finding(&w->setup, ev, CLAUSE_STATUS_CLIMB, NO_SLOT,
				"status %#x after %#x", ev->a, ev->b);
	for (uint32_t i = 0; i < NIC_QUEUES; i++) {
		if (ev->a == 0)
			queue_reset(&q[i]);
		else
			q[i].live = ev->a & STATUS_DRIVER_OK && !q[i].away;
	}
}

/* What a dead VM and its devices owed, they owe no more. */
static void on_crash(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	const struct world_config *c = w->setup.config;
	uint8_t dead = queue_vm(c, ev->queue);

	for (uint32_t i = 0; i < w->queues; i++)
		if (queue_vm(c, i) == dead)
			w->queue[i].stopped = true;
}

/*
 * A device says which rule its driver broke. Where that was seen as it happened
 * it has been named already.
 */
__attribute__((cold, noinline)) static void accused(const struct ringwatch *w,
						    const struct queue_watch *q,
						    const struct event *ev,
						    const char *what)
{
	struct event by = *ev;

	if (q->driver_misbehaved)
		return;
	by.actor = actor_guest(queue_vm(w->setup.config, q->id));
	referee_finding(&w->setup, &by, (enum clause)ev->a, NO_SLOT,
			"the device %s", what);
}

static void on_broken(void *self, const struct event *ev)
{
	struct queue_watch *q = queue_of(self, ev);

	accused(self, q, ev, "stopped the queue");
	q->stopped = true;
}

static void on_drop(void *self, const struct event *ev)
{
	if (ev->a)
		accused(self, queue_of(self, ev), ev, "dropped what was sent");
}

static void on_header(void *self, const struct event *ev)
{
	if (!queue_is_tx(ev->queue))
		span_begin(&queue_of(self, ev)->span, ev);
}

/* One queue by itself; the device goes on. */
static void on_queue_asked(void *self, const struct event *ev)
{
	queue_of(self, ev)->asked = true;
}

static void on_queue_reset(void *self, const struct event *ev)
{
	struct queue_watch *q = queue_of(self, ev);

	q->asked = q->live = false;
	q->away = true;
	q->span = (struct span){0};
}

static void on_queue_enabled(void *self, const struct event *ev)
{
	struct queue_watch *q = queue_of(self, ev);

	queue_reset(q);
	q->live = q->again = true;
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(DESC) | SUBSCRIBE_BATCH(AVAILABLE) |
		 SUBSCRIBE_BATCH(USED) | SUBSCRIBE_BATCH(USED_CONSUMED) |
		 SUBSCRIBE_FUSED,
	.handler =
		{
			[EV_DESC] = on_desc,
			[EV_AVAILABLE] = on_offer,
			[EV_AVAIL_IDX] = on_avail_idx,
			[EV_KICK] = on_kick,
			[EV_NO_KICK] = on_kick,
			[EV_USED_CONSUMED] = on_take,
			[EV_USED] = on_used,
			[EV_USED_IDX] = on_used_idx,
			[EV_USED_NOTIFICATION] = on_call,
			[EV_NO_USED_NOTIFICATION] = on_call,
			[EV_AVAIL_FLAGS] = on_word,
			[EV_USED_FLAGS] = on_word,
			[EV_USED_EVENT] = on_word,
			[EV_AVAIL_EVENT] = on_word,
			[EV_BROKEN] = on_broken,
			[EV_DROP] = on_drop,
			[EV_HEADER] = on_header,
			[EV_STATUS] = on_status,
			[EV_QUEUE_ASKED] = on_queue_asked,
			[EV_QUEUE_RESET] = on_queue_reset,
			[EV_QUEUE_ENABLED] = on_queue_enabled,
			[EV_CRASH] = on_crash,
			[FUSED_SEND] = on_fused_send,
			[FUSED_FORWARD] = on_fused_forward,
			[FUSED_TAKE] = on_take,
		},
};

/* The run is at rest: a decision that was never made is a refusal. */
static void queue_finish(const struct ringwatch *w, const struct queue_watch *q,
			 uint64_t now)
{
	const struct event kick = {.kind = EV_AVAIL_IDX,
				   .actor = q->driver,
				   .queue = q->id,
				   .a = q->avail_idx,
				   .b = q->kick.told,
				   .time = now};
	const struct event call = {.kind = EV_USED_IDX,
				   .actor = q->device,
				   .queue = q->id,
				   .a = q->chains.used_idx,
				   .b = q->call.told,
				   .time = now};

	if (!q->live || q->stopped)
		return;
	if (notification_due_now(&q->kick, q->avail_idx))
		not_told(w, &kick, &q->kick, q->avail_idx, true);
	if (notification_due_now(&q->call, q->chains.used_idx))
		not_told(w, &call, &q->call, q->chains.used_idx, false);
}

static void ringwatch_finish(void *self, uint64_t now)
{
	const struct ringwatch *w = self;

	for (uint32_t i = 0; i < w->queues; i++)
		queue_finish(w, &w->queue[i], now);
}

static size_t ringwatch_size(const struct world_config *c)
{
	size_t sum = sizeof(struct ringwatch) + _Alignof(struct ringwatch) +
		     _Alignof(struct queue_watch);

	for (uint32_t l = 0; l < c->links; l++)
		sum += c->link[l].members * NIC_QUEUES *
		       (sizeof(struct queue_watch) +
			chains_bytes(c->link[l].ring.size));
	return sum;
}

/* Where queue @id's driver may put indirect tables. */
static void queue_memory(struct queue_watch *q, const struct world_config *c,
			 const struct world_map *map)
{
	uint32_t link = queue_link(&c->numbers, q->id);
	uint32_t end = queue_end(&c->numbers, q->id);
	uint8_t vm = c->link[link].end[end];

	q->chains.memory[0] = (struct chain_memory){map->vm[vm].ram_gpa,
						    map->vm[vm].ram_size};
	q->chains.memory[1] = (struct chain_memory){
		map->link[link].bar_gpa[end], map->link[link].bar_size};
}

static void *ringwatch_create(const struct referee_setup *s)
{
	struct ringwatch *w = arena_new(s->arena, struct ringwatch, 1);
	const struct numbering *n = &s->config->numbers;

	w->setup = *s;
	w->queues = queue_count(n);
	w->queue = arena_new(s->arena, struct queue_watch, w->queues);
	for (uint32_t i = 0; i < w->queues; i++) {
		const struct ring_config *r =
			&s->config->link[queue_link(n, i)].ring;
		struct queue_watch *q = &w->queue[i];

		q->id = (uint16_t)i;
		q->start = r->start;
		q->kick.event_idx = q->call.event_idx = r->event_idx;
		chains_init(&q->chains, r->size, r->indirect, s->arena);
		queue_memory(q, s->config, s->map);
		queue_reset(q);
	}
	return w;
}

/* A head's chain; what stands behind it is told with it. */
static void note_canon(const struct queue_watch *q, uint32_t id,
		       struct canon *f)
{
	const struct chain_note *n = &q->chains.note[id];
	uint16_t next = n->next;

	canon_u8(f, n->state);
	if (n->state == CHAIN_FREE)
		return;
	if (n->state == CHAIN_MEMBER) {
		canon_head(f, q->id, n->at);
		return;
	}
	canon_u32(f, n->room);
	canon_u32(f, n->len);
	if (n->state == CHAIN_USED)
		canon_index(f, q->id, n->at);
	else
		canon_event(f, n->at, q->avail_idx);
	canon_u16(f, n->count);
	for (uint16_t k = 1; k < n->count; k++) {
		canon_head(f, q->id, next);
		next = q->chains.note[next].next;
	}
}

static void notification_due_canon(const struct notification_due *o,
				   uint32_t id, struct canon *f)
{
	canon_index(f, id, o->told);
	canon_u16(f, o->flags);
	if (o->event_idx)
		canon_event(f, o->event, o->told);
}

static void queue_canon(const struct queue_watch *q, struct canon *f)
{
	assert(q->chains.fresh_count == 0);
	canon_index(f, q->id, q->avail_written);
	canon_index(f, q->id, q->avail_idx);
	canon_index(f, q->id, q->used_written);
	canon_index(f, q->id, q->taken);
	canon_index(f, q->id, q->chains.used_idx);
	canon_u32(f, q->chains.outstanding);
	notification_due_canon(&q->kick, q->id, f);
	notification_due_canon(&q->call, q->id, f);
	canon_flags(f, q->live, q->was, q->stopped, q->driver_misbehaved,
		    q->device_misbehaved, q->asked, q->away, q->again,
		    q->span.counted);
	canon_u32(f, q->span.left);
	canon_u32(f, q->span.used);
	canon_u16(f, q->span.buffers);
	for (uint32_t k = 0; k < q->chains.size; k++) {
		uint32_t head = canon_queue(f, q->id)->raw[k];

		canon_of_head(f, q->id, head);
		note_canon(q, head, f);
		canon_of_end(f);
	}
}

static void ringwatch_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct ringwatch *w = self;

	if (q < w->queues)
		queue_canon(&w->queue[q], f);
}

const struct referee_ops ringwatch_referee = {
	.name = "ringwatch",
	.words = "split rings: chains, indexes, notifications, quiet",
	.size = ringwatch_size,
	.create = ringwatch_create,
	.subscriptions = &subscriptions,
	.finish = ringwatch_finish,
	.canon = ringwatch_canon,
};
