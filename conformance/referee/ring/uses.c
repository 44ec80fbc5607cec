/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/uses.h"

#include "conformance/referee/finding.h"
#include "conformance/referee/ring/item_head.h"
#include "conformance/referee/ring/queue_watch.h"

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
		queue_watch_too_loud(w, q, ev);
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

void uses_element(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;

	uses_hear(w, queue_of(w, ev), ev, 0, ev->b, ABOUT_USE);
}

/* The second and third part: both chains of each buffer are used. */
void uses_fused(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *rx = &w->queue[fused_receiver(ev)];

	uses_hear(w, rx, ev, 1, ev->b & 0xffff, ABOUT_RX);
	uses_hear(w, queue_of(w, ev), ev, 2, ev->b >> 16, ABOUT_TX);
}

void uses_idx(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	uint16_t fresh = (uint16_t)ev->a;
	uint16_t old = q->chains.used_idx;
	struct verdict why;

	if (!q->live) {
		queue_watch_too_loud(w, q, ev);
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
void uses_taken(void *self, const struct event *ev)
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
