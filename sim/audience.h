/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who hears which events: a row of listeners for each kind, so that one walk
 * over the events serves them all and nobody is asked in vain. Knows neither
 * what events mean nor who listens.
 */
#ifndef TWINRING_SIM_AUDIENCE_H
#define TWINRING_SIM_AUDIENCE_H

#include <assert.h>

#include "model/event.h"

/*
 * The first seats of each row are never empty: nearly every kind has two
 * hearers, and asking who is there costs more than telling the deaf.
 */
enum { AUDIENCE_FIRST = 2, AUDIENCE_MAX = 15 };

/*
 * What one listener does about an event, or about all that stand at @e when
 * it takes that kind in whole runs.
 */
typedef void event_ear(void *self, const struct event *e);

/*
 * A listener: what it does by kind, NULL where it does not listen. Of bundles
 * it hears the parts that it listens to, or the whole where it has an ear.
 */
struct event_ears {
	uint64_t whole; /* bit per kind that it takes in runs; bundles, too */
	event_ear *ear[EVENT_ALL];
};

/* Kinds that @ears listen to, as a probe wants to know. */
static inline uint64_t ears_wanted(const struct event_ears *ears)
{
	uint64_t kinds = 0;

	for (uint32_t kind = 0; kind < EVENT_KINDS; kind++)
		kinds |= (uint64_t) !!ears->ear[kind] << kind;
	return kinds;
}

#define EARS_WHOLE(id) (UINT64_C(1) << EV_##id)
/* Who has an ear for a bundle takes it as a whole. */
#define EARS_BUNDLES (~UINT64_C(0) << EVENT_KINDS)

struct seat {
	event_ear *ear; /* NULL: nobody sits here or behind */
	void *self;
	bool whole;
	const struct event_ears *parts; /* who hears a bundle by its parts */
};

struct audience {
	struct seat seat[EVENT_ALL][AUDIENCE_MAX + 1];
};

static inline void event_deaf(void *self, const struct event *e)
{
	(void)self;
	(void)e;
}

static inline void audience_init(struct audience *a)
{
	*a = (struct audience){0};
	for (uint32_t kind = 0; kind < EVENT_KINDS; kind++)
		for (uint32_t n = 0; n < AUDIENCE_FIRST; n++)
			a->seat[kind][n] =
				(struct seat){.ear = event_deaf, .whole = true};
}

/* Where @e hears @kind, from a seat of its row. */
static inline struct seat seat_of(const struct event_ears *e, void *self,
				  uint32_t kind)
{
	struct seat s = {.ear = e->ear[kind],
			 .self = self,
			 .whole = e->whole >> kind & 1};

	if (!s.ear && kind >= EVENT_KINDS &&
	    bundle_kinds(kind) & ears_wanted(e)) {
		s.ear = event_deaf;
		s.parts = e;
	}
	return s;
}

/* @self hears each kind for which there is an ear, after those before it. */
static inline void audience_join(struct audience *a, const struct event_ears *e,
				 void *self)
{
	for (uint32_t kind = 0; kind < EVENT_ALL; kind++) {
		struct seat *s = a->seat[kind], mine = seat_of(e, self, kind);

		while (s->ear && (s->ear != event_deaf || s->parts))
			s++;
		assert(s < &a->seat[kind][AUDIENCE_MAX]);
		if (mine.ear)
			*s = mine;
	}
}

/* A run for an ear, whole or one by one. */
static inline void ear_tell(event_ear *ear, void *self, bool whole,
			    const struct event *run)
{
	if (whole) {
		ear(self, run);
		return;
	}
	for (uint32_t k = 0; k < run->a; k++) {
		struct event one = event_nth(run, k);

		ear(self, &one);
	}
}

/* The parts of a bundle, for one who does not take it as a whole. */
static inline void parts_tell(const struct event_ears *ears, void *self,
			      const struct event *bundle)
{
	struct event part[EVENT_RUN_PLACES];

	for (uint32_t i = 0; i < event_parts(event_kind(bundle)); i++) {
		uint32_t kind;

		bundle_part(bundle, i, part);
		kind = event_kind(part);
		if (ears->ear[kind])
			ear_tell(ears->ear[kind], self, ears->whole >> kind & 1,
				 part);
	}
}

static inline void run_tell(const struct audience *a, const struct event *run)
{
	for (const struct seat *s = a->seat[event_kind(run)]; s->ear; s++) {
		if (s->parts)
			parts_tell(s->parts, s->self, run);
		else
			ear_tell(s->ear, s->self, s->whole, run);
	}
}

/* Tells what stands in @places, each to all who want to hear of it. */
static inline void audience_tell(const struct audience *a,
				 const struct event *ev, uint32_t places)
{
	for (const struct event *end = ev + places; ev < end;) {
		const struct seat *s;

		if (ev->kind & EVENT_RUN) {
			run_tell(a, ev);
			ev += event_places(ev->a);
			continue;
		}
		s = a->seat[ev->kind];
		s[0].ear(s[0].self, ev);
		s[1].ear(s[1].self, ev);
		for (s += AUDIENCE_FIRST; s->ear; s++)
			s->ear(s->self, ev);
		ev++;
	}
}

/* The same for a single listener. */
static inline void ears_tell(const struct event_ears *ears, void *self,
			     const struct event *ev, uint32_t places)
{
	for (const struct event *end = ev + places; ev < end;) {
		uint32_t kind = event_kind(ev), count = ev->a;
		event_ear *ear = ears->ear[kind];

		if (!(ev->kind & EVENT_RUN)) {
			if (ear)
				ear(self, ev);
			ev++;
			continue;
		}
		if (ear)
			ear_tell(ear, self, ears->whole >> kind & 1, ev);
		else if (kind >= EVENT_KINDS)
			parts_tell(ears, self, ev);
		ev += event_places(count);
	}
}

#endif
