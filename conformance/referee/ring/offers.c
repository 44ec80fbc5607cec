/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/offers.h"

#include "conformance/referee/finding.h"
#include "conformance/referee/ring/item_head.h"
#include "conformance/referee/ring/queue_watch.h"

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4 };

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

void offers_entry(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct offers o = {
		.ev = ev, .at = ev->b >> 16, .write = ev->b & DESC_WRITE};

	offers_hear(w, queue_of(w, ev), &o, ABOUT_OFFER);
}

/* The second and third part: buffers are posted, and sent. */
void offers_fused(void *self, const struct event *ev)
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

void offers_desc(void *self, const struct event *ev)
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

void offers_idx(void *self, const struct event *ev)
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
