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

/* What one listener does about an event. */
typedef void event_ear(void *self, const struct event *e);

struct seat {
	event_ear *ear; /* NULL: nobody sits here or behind */
	void *self;
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
			a->seat[kind][n].ear = event_deaf;
}

/* @self hears each kind for which there is an ear, after those before it. */
static inline void audience_join(struct audience *a, event_ear *const *ear,
				 void *self)
{
	for (uint32_t kind = 0; kind < EVENT_KINDS; kind++) {
		struct seat *s = a->seat[kind];

		while (s->ear && s->ear != event_deaf)
			s++;
		assert(s < &a->seat[kind][AUDIENCE_MAX]);
		if (ear[kind])
			*s = (struct seat){ear[kind], self};
	}
}

/* Tells @count events, each to all who want to hear of it. */
static inline void audience_tell(const struct audience *a,
				 const struct event *ev, uint32_t count)
{
	for (const struct event *end = ev + count; ev < end; ev++) {
		const struct seat *s = a->seat[ev->kind];

		s[0].ear(s[0].self, ev);
		s[1].ear(s[1].self, ev);
		for (s += AUDIENCE_FIRST; s->ear; s++)
			s->ear(s->self, ev);
	}
}

/* The same for a single listener. */
static inline void ears_tell(event_ear *const *ear, void *self,
			     const struct event *ev, uint32_t count)
{
	for (const struct event *end = ev + count; ev < end; ev++)
		if (ear[ev->kind])
			ear[ev->kind](self, ev);
}

#endif
