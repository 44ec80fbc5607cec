/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/taps.h"

#include "conformance/referee/finding.h"

struct frame {
	uint32_t from; /* NIC */
	uint32_t len;
};

/* What came for a NIC and has not left, oldest first. */
struct queue {
	struct frame *frame;
	uint32_t room; /* that it has */
	uint32_t first, count;
	uint32_t stale; /* of them, for a driver that has reset since */
};

struct taps {
	struct referee_setup setup;
	struct queue *queue; /* by NIC */
	uint32_t nics;
};

static struct queue *queue_of(const struct taps *t, const struct event *ev)
{
	assert(queue_nic(ev->queue) < t->nics);
	return &t->queue[queue_nic(ev->queue)];
}

static struct frame *frame_at(const struct queue *q, uint32_t i)
{
	return &q->frame[(q->first + i) % q->room];
}

static void frame_leaves(struct queue *q)
{
	q->first = (q->first + 1) % q->room;
	q->count--;
	q->stale -= q->stale > 0;
}

static void on_in(void *self, const struct event *ev)
{
	struct taps *t = self;
	struct queue *q = queue_of(t, ev);

	if (ev->a == queue_nic(ev->queue))
		referee_finding(&t->setup, ev, CLAUSE_TAP_SELF, NO_SLOT,
				"%u bytes go back to the port of NIC %u",
				ev->len, ev->a);
	if (q->count == q->room) {
		referee_finding(&t->setup, ev, CLAUSE_TAP_BOUND, NO_SLOT,
				"frame %u in a queue of %u", q->count + 1,
				q->room);
		frame_leaves(q);
	}
	*frame_at(q, q->count++) = (struct frame){ev->a, ev->len};
}

static void on_out(void *self, const struct event *ev)
{
	struct taps *t = self;
	struct queue *q = queue_of(t, ev);
	const struct frame *f = frame_at(q, 0);

	if (q->count == 0) {
		referee_finding(&t->setup, ev, CLAUSE_TAP_ORDER, NO_SLOT,
				"%u bytes leave an empty queue", ev->len);
		return;
	}
	if (f->from != ev->a || f->len != ev->len)
		referee_finding(&t->setup, ev, CLAUSE_TAP_ORDER, NO_SLOT,
				"%u bytes of NIC %u leave; the oldest are %u "
				"of NIC %u",
				ev->len, ev->a, f->len, f->from);
	if (q->stale && ev->b)
		referee_finding(&t->setup, ev, CLAUSE_TAP_FRESH, NO_SLOT,
				"%u bytes came before the driver was reset",
				ev->len);
	frame_leaves(q);
}

static void on_status(void *self, const struct event *ev)
{
	struct queue *q = queue_of(self, ev);

	if (ev->a == 0)
		q->stale = q->count;
}

static const struct event_subscriptions subscriptions = {
	.handler = {
		[EV_TAP_IN] = on_in,
		[EV_TAP_OUT] = on_out,
		[EV_STATUS] = on_status,
	}};

/* Bytes of arena for all queues; links of other paths have no frames there. */
static size_t taps_size(const struct world_config *c)
{
	size_t size = sizeof(struct taps) + _Alignof(struct taps) +
		      nic_count(&c->numbers) *
			      (sizeof(struct queue) + _Alignof(struct frame));

	for (uint32_t i = 0; i < c->links; i++)
		size += c->link[i].members * c->link[i].tap_queue *
			sizeof(struct frame);
	return size;
}

static void *taps_create(const struct referee_setup *s)
{
	const struct world_config *c = s->config;
	struct taps *t = arena_new(s->arena, struct taps, 1);

	t->setup = *s;
	t->nics = nic_count(&c->numbers);
	t->queue = arena_new(s->arena, struct queue, t->nics);
	for (uint32_t i = 0; i < t->nics; i++) {
		uint32_t room = c->link[nic_link(&c->numbers, i)].tap_queue;

		t->queue[i].room = room;
		t->queue[i].frame = arena_new(s->arena, struct frame, room);
	}
	return t;
}

static void taps_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct taps *t = self;
	const struct queue *is;

	if (queue_is_tx(q) || queue_nic(q) >= t->nics)
		return;
	is = &t->queue[queue_nic(q)];
	canon_u32(f, is->count);
	canon_u32(f, is->stale);
	for (uint32_t i = 0; i < is->count; i++) {
		canon_u32(f, frame_at(is, i)->from);
		canon_u32(f, frame_at(is, i)->len);
	}
}

const struct referee_ops taps_referee = {
	.name = "taps",
	.words = "queues of taps hold what came, in order, and no more than "
		 "they may",
	.size = taps_size,
	.create = taps_create,
	.subscriptions = &subscriptions,
	.canon = taps_canon,
};
