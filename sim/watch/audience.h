/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who hears which events: a row of listeners for each kind, so that one walk
 * over the events serves them all and nobody is asked in vain. Knows neither
 * what events mean nor who listens.
 */
#ifndef TWINRING_SIM_WATCH_AUDIENCE_H
#define TWINRING_SIM_WATCH_AUDIENCE_H

#include <assert.h>

#include "model/event.h"

/*
 * The first two entries of each row are always filled, with no-ops where nobody
 * has subscribed: calling one costs less than the branch that would spare it.
 */
enum { AUDIENCE_FIRST = 2, AUDIENCE_MAX = 15 };

/*
 * What one listener does about an event, or about all that stand at @e when
 * it takes that kind in whole runs.
 */
typedef void event_handler(void *self, const struct event *e);

/*
 * A listener: what it does by kind, NULL where it does not listen. Of fused
 * batches it hears the parts that it listens to, or the whole where it has an
 * ear.
 */
struct event_subscriptions {
	uint64_t whole; /* bit per kind that it takes in runs; fused batches,
			   too */
	event_handler *handler[EVENT_ALL];
};

/* Kinds that @subscriptions listen to, as a probe wants to know. */
static inline uint64_t subscriptions_wanted(
	const struct event_subscriptions *subscriptions)
{
	uint64_t kinds = 0;

	for (uint32_t kind = 0; kind < EVENT_KINDS; kind++)
		kinds |= (uint64_t) !!subscriptions->handler[kind] << kind;
	return kinds;
}

#define SUBSCRIBE_BATCH(id) (UINT64_C(1) << EV_##id)
/* Who has an ear for a fused batch takes it as a whole. */
#define SUBSCRIBE_FUSED (~UINT64_C(0) << EVENT_KINDS)

struct subscription_entry {
	event_handler *handler; /* NULL: nobody sits here or behind */
	void *self;
	bool whole;
	const struct event_subscriptions
		*parts; /* who hears a fused batch by its parts */
};

struct audience {
	struct subscription_entry seat[EVENT_ALL][AUDIENCE_MAX + 1];
};

static inline void event_no_op(void *self, const struct event *e)
{
	(void)self;
	(void)e;
}

static inline void audience_init(struct audience *a)
{
	*a = (struct audience){0};
	for (uint32_t kind = 0; kind < EVENT_KINDS; kind++)
		for (uint32_t n = 0; n < AUDIENCE_FIRST; n++)
			a->seat[kind][n] = (struct subscription_entry){
				.handler = event_no_op, .whole = true};
}

/* Where @e hears @kind, from a seat of its row. */
static inline struct subscription_entry entry_of(
	const struct event_subscriptions *e, void *self, uint32_t kind)
{
	struct subscription_entry s = {.handler = e->handler[kind],
				       .self = self,
				       .whole = e->whole >> kind & 1};

	if (!s.handler && kind >= EVENT_KINDS &&
	    fused_kinds(kind) & subscriptions_wanted(e)) {
		s.handler = event_no_op;
		s.parts = e;
	}
	return s;
}

/* @self hears each kind for which there is a handler, after those before it.
 */
static inline void audience_join(struct audience *a,
				 const struct event_subscriptions *e,
				 void *self)
{
	for (uint32_t kind = 0; kind < EVENT_ALL; kind++) {
		struct subscription_entry *s = a->seat[kind],
					  mine = entry_of(e, self, kind);

		while (s->handler && (s->handler != event_no_op || s->parts))
			s++;
		assert(s < &a->seat[kind][AUDIENCE_MAX]);
		if (mine.handler)
			*s = mine;
	}
}

/* A run for a handler, whole or one by one. */
static inline void handler_tell(event_handler *handler, void *self, bool whole,
				const struct event *run)
{
	if (whole) {
		handler(self, run);
		return;
	}
	for (uint32_t k = 0; k < run->a; k++) {
		struct event one = event_nth(run, k);

		handler(self, &one);
	}
}

/* The parts of a fused batch, for one who does not take it as a whole. */
static inline void parts_tell(const struct event_subscriptions *subscriptions,
			      void *self, const struct event *bundle)
{
	struct event part[EVENT_BATCH_PLACES];

	for (uint32_t i = 0; i < event_parts(event_kind(bundle)); i++) {
		uint32_t kind;

		fused_part(bundle, i, part);
		kind = event_kind(part);
		if (subscriptions->handler[kind])
			handler_tell(subscriptions->handler[kind], self,
				     subscriptions->whole >> kind & 1, part);
	}
}

static inline void batch_tell(const struct audience *a, const struct event *run)
{
	for (const struct subscription_entry *s = a->seat[event_kind(run)];
	     s->handler; s++) {
		if (s->parts)
			parts_tell(s->parts, s->self, run);
		else
			handler_tell(s->handler, s->self, s->whole, run);
	}
}

/* Tells what stands in @places, each to all who want to hear of it. */
static inline void audience_tell(const struct audience *a,
				 const struct event *ev, uint32_t places)
{
	for (const struct event *end = ev + places; ev < end;) {
		const struct subscription_entry *s;

		if (ev->kind & EVENT_BATCH) {
			batch_tell(a, ev);
			ev += event_places(ev->a);
			continue;
		}
		s = a->seat[ev->kind];
		s[0].handler(s[0].self, ev);
		s[1].handler(s[1].self, ev);
		for (s += AUDIENCE_FIRST; s->handler; s++)
			s->handler(s->self, ev);
		ev++;
	}
}

/* The same for a single listener. */
static inline void subscriptions_tell(
	const struct event_subscriptions *subscriptions, void *self,
	const struct event *ev, uint32_t places)
{
	for (const struct event *end = ev + places; ev < end;) {
		uint32_t kind = event_kind(ev), count = ev->a;
		event_handler *handler = subscriptions->handler[kind];

		if (!(ev->kind & EVENT_BATCH)) {
			if (handler)
				handler(self, ev);
			ev++;
			continue;
		}
		if (handler)
			handler_tell(handler, self,
				     subscriptions->whole >> kind & 1, ev);
		else if (kind >= EVENT_KINDS)
			parts_tell(subscriptions, self, ev);
		ev += event_places(count);
	}
}

#endif
