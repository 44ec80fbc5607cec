/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who hears which events: a row of listeners for each kind, so that one walk
 * over the events serves them all and nobody is asked in vain. Knows neither
 * what events mean nor who listens.
 */
#ifndef TWINRING_SIM_AUDIENCE_H
#define TWINRING_SIM_AUDIENCE_H

#include <assert.h>

#include "model/probe.h"

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

/* A listener: what it does by kind, NULL where it does not listen. */
struct event_ears {
	uint64_t whole; /* bit per kind that it takes in runs */
	event_ear *ear[EVENT_KINDS];
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

struct seat {
	event_ear *ear; /* NULL: nobody sits here or behind */
	void *self;
	bool whole;
};

struct audience {
	struct seat seat[EVENT_KINDS][AUDIENCE_MAX + 1];
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

/* @self hears each kind for which there is an ear, after those before it. */
static inline void audience_join(struct audience *a, const struct event_ears *e,
				 void *self)
{
	for (uint32_t kind = 0; kind < EVENT_KINDS; kind++) {
		struct seat *s = a->seat[kind];

		while (s->ear && s->ear != event_deaf)
			s++;
		assert(s < &a->seat[kind][AUDIENCE_MAX]);
		if (e->ear[kind])
			*s = (struct seat){e->ear[kind], self,
					   e->whole >> kind & 1};
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

static inline void run_tell(const struct audience *a, const struct event *run)
{
	const struct seat *s = a->seat[run->kind & ~EVENT_RUN];

	for (; s->ear; s++)
		ear_tell(s->ear, s->self, s->whole, run);
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
	const struct event *end = ev + places;

	for (; ev < end; ev += event_size(ev)) {
		uint32_t kind = ev->kind & ~(uint32_t)EVENT_RUN;
		event_ear *ear = ears->ear[kind];

		if (ear && ev->kind & EVENT_RUN)
			ear_tell(ear, self, ears->whole >> kind & 1, ev);
		else if (ear)
			ear(self, ev);
	}
}

#endif
