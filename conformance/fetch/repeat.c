/* SPDX-License-Identifier: BSD-3-Clause */
/* A step, and the same again with a word changed in between. */
#include "conformance/fetch/fetch_once.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/world/schedule.h"

enum {
	VALUES = 5,
	SETTLE = 1000 /* steps until all is done */
};

/* Kinds of events that say what became of buffers and packets. */
static const enum event_kind progress[] = {
	EV_DESC,       EV_AVAILABLE,   EV_USED_CONSUMED, EV_USED,   EV_BROKEN,
	EV_GUEST_READ, EV_GUEST_WRITE, EV_HOST_WRITE,    EV_SEND,   EV_DELIVER,
	EV_REFUSE,     EV_FAIL,        EV_GIFT,          EV_GIFTED, EV_RETURNED,
	EV_DROP,       EV_PAIR,        EV_UNPAIR,        EV_STATUS,
};

/* Events one by one, however they were told and in which order. */
static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	struct event_walk walk = event_walk(ev, places);
	struct event e;

	(void)listener;
	while (event_next(&walk, &e)) {
		e.time = 0;
		if (e.kind == EV_USED)
			e.addr = 0; /* means nothing there */
		if (f.wanted >> e.kind & 1)
			f.heard += XXH3_64bits(&e, sizeof e);
	}
}

/* A world around a step: what a repetition must leave as it was. */
struct around {
	struct world world;
	struct probe probe;
	struct cost_meter cost;
	struct app app;
};

static void around_keep(struct around *a, const struct world *w)
{
	a->world = *w;
	a->probe = *w->probe;
	a->cost = *w->cost;
	a->app = *(const struct app *)w->app_ctx;
}

static void around_restore(const struct around *a, struct world *w)
{
	*w = a->world;
	*w->probe = a->probe;
	*w->cost = a->cost;
	*(struct app *)w->app_ctx = a->app;
}

/* Does the step once more. */
static void once_more(struct world *w, const struct around *before,
		      uint32_t reads, enum change change)
{
	around_restore(before, w);
	__real_memcpy(w->state.base, f.saved[0], w->state.used);
	w->probe->flush = on_flush;
	f.heard = 0;
	f.reader[0] = f.reader[1] = NULL;
	f.change = change;
	f.reads = reads;
	f.armed = true;
	f.pending = false;
	__real_world_step(w, f.actor);
	f.armed = false;
	probe_flush(w->probe);
}

/* What comes of it at once, as a digest that leaves the word itself out. */
static uint64_t at_once(struct world *w, const struct around *before,
			uint32_t reads, enum change change)
{
	f.wanted = UINT64_MAX;
	once_more(w, before, reads, change);
	word_store(f.target, 0);
	return f.heard + XXH3_64bits(w->state.base, w->state.used);
}

/* As the scheduler does behind a step. */
static void signalled_wake(struct world *w)
{
	for (uint32_t a; (a = world_signalled(w)) != NO_SIGNAL;) {
		struct actor *actor = &w->actor[a];

		if (actor->state != ACTOR_RESTING &&
		    actor->state != ACTOR_WAITING)
			continue;
		actor->state = ACTOR_READY;
		actor->ready_ps = w->probe->time;
	}
}

/*
 * What comes of it in the end. Whether somebody had looked before or not may
 * make a difference for a while: who is told when is left out.
 */
static uint64_t at_last(struct world *w, const struct around *before,
			uint32_t reads, enum change change)
{
	static const struct cost_model price;
	struct scheduler s = {
		.w = w, .price = &price, .stepped = schedule_untold};
	uint32_t a;

	f.wanted = 0;
	for (uint32_t i = 0; i < sizeof progress / sizeof progress[0]; i++)
		f.wanted |= UINT64_C(1) << progress[i];
	once_more(w, before, reads, change);
	word_store(f.target, f.value);
	signalled_wake(w);
	for (uint32_t n = 0; n < SETTLE; n++) {
		a = schedule_next(&s);
		if (a == NO_ACTOR)
			break;
		schedule_step(&s, a);
	}
	probe_flush(w->probe);
	return f.heard;
}

typedef uint64_t outcome(struct world *w, const struct around *before,
			 uint32_t reads, enum change change);

/* A change in between is like one before, or like one behind. */
static bool is_borne(struct world *w, const struct around *before,
		     uint32_t reads, outcome *look)
{
	uint64_t amid = look(w, before, reads, CHANGE_AMID);

	return amid == look(w, before, reads, CHANGE_BEHIND) ||
	       amid == look(w, before, reads, CHANGE_BEFORE);
}

/* One word that was read twice: is that borne? */
static void word_try(struct world *w, const struct around *before,
		     const struct twice *t)
{
	uint16_t old = word_load(f.saved[0] + (t->at - w->state.base));
	const uint16_t value[VALUES] = {(uint16_t)~old, (uint16_t)(old + 1),
					(uint16_t)(old ^ 2), 0,
					(uint16_t)(old | 0xfff0)};

	bool index = is_any_index(w, t->at);

	f.target = t->at;
	for (uint32_t i = 0; i < VALUES; i++) {
		f.value = value[i];
		f.again++;
		if (is_borne(w, before, t->reads, at_once) || index ||
		    is_borne(w, before, t->reads, at_last))
			continue;
		once_more(w, before, t->reads, CHANGE_AMID); /* who read it */
		place_say("found a double fetch");
		exit(EXIT_FAILURE); /* the memory of this world is no use */
	}
}

static void room_make(size_t size)
{
	if (size <= f.room)
		return;
	f.room = size;
	for (uint32_t i = 0; i < 2; i++) {
		free(f.saved[i]);
		f.saved[i] = malloc(size);
		if (!f.saved[i])
			abort();
	}
}

/* The step is done: and now again for each word that it read twice. */
static void step_repeat(struct world *w, struct around *before)
{
	struct around after;

	probe_flush(w->probe);
	before->probe = *w->probe; /* its listener has heard the step */
	__real_memcpy(f.saved[1], w->state.base, w->state.used);
	around_keep(&after, w);
	for (uint32_t i = 0; i < f.twices; i++)
		if (word_of(f.twice[i].at)->reads != WROTE)
			word_try(w, before, &f.twice[i]);
	around_restore(&after, w);
	__real_memcpy(w->state.base, f.saved[1], w->state.used);
	f.target = NULL;
}

/* Does the step, and again for each word that it reads twice. */
void __wrap_world_step(struct world *w, uint32_t a)
{
	struct around before;

	if (f.nested) {
		__real_world_step(w, a);
		return;
	}
	f.nested = true;
	probe_flush(w->probe);
	places_find(w);
	room_make(w->state.used);
	__real_memcpy(f.saved[0], w->state.base, w->state.used);
	around_keep(&before, w);
	f.step++;
	f.steps++;
	f.twices = 0;
	f.actor = a;
	f.looks = true;
	__real_world_step(w, a);
	f.looks = false;
	if (f.twices)
		step_repeat(w, &before);
	f.nested = false;
}
