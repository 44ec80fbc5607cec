/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/schedule.h"

#include <string.h>

static bool may_run(const struct actor *a)
{
	return a->state == ACTOR_READY || a->state == ACTOR_WAITING;
}

/* When it can run: it is ready, and its core is free. */
static uint64_t due(const struct world *w, uint32_t a)
{
	const struct actor *actor = &w->actor[a];
	uint64_t ready = actor->ready_ps, core;

	if (!w->shares)
		return ready;
	core = w->actor[actor->core].core_ps;
	return core > ready ? core : ready;
}

/* Whether @a goes before @b: on one core, who has waited longer. */
static bool goes_first(const struct world *w, uint32_t a, uint32_t b)
{
	if (due(w, a) != due(w, b))
		return due(w, a) < due(w, b);
	return w->actor[a].ready_ps < w->actor[b].ready_ps;
}

static uint32_t earliest_of_cores(const struct world *w)
{
	uint32_t best = NO_ACTOR;

	for (uint32_t i = 0; i < w->actors; i++)
		if (may_run(&w->actor[i]) &&
		    (best == NO_ACTOR || goes_first(w, i, best)))
			best = i;
	return best;
}

/* The earliest of all that can run. */
static uint32_t earliest(const struct world *w)
{
	uint32_t best = NO_ACTOR;

	if (w->shares)
		return earliest_of_cores(w);
	for (uint32_t i = 0; i < w->actors; i++)
		if (may_run(&w->actor[i]) &&
		    (best == NO_ACTOR ||
		     w->actor[i].ready_ps < w->actor[best].ready_ps))
			best = i;
	return best;
}

uint64_t schedule_due(const struct scheduler *s)
{
	uint32_t a = earliest(s->w);

	return a == NO_ACTOR ? UINT64_MAX : due(s->w, a);
}

/* Any of those that are ready now, evenly; else the earliest. */
static uint32_t any(struct scheduler *s)
{
	const struct world *w = s->w;
	uint32_t first = earliest(w), ready = 0, pick;

	for (uint32_t i = 0; i < w->actors; i++)
		ready += w->actor[i].state == ACTOR_READY;
	if (ready == 0)
		return first;
	pick = rng_below(&s->rng, ready);
	for (uint32_t i = 0;; i++)
		if (w->actor[i].state == ACTOR_READY && pick-- == 0)
			return i;
}

static void wake(struct actor *a, uint64_t at)
{
	if (a->state != ACTOR_RESTING && a->state != ACTOR_WAITING)
		return;
	a->state = ACTOR_READY;
	a->ready_ps = a->busy_ps > at ? a->busy_ps : at;
}

/* One that polls; half through its work, it looks at all of it again. */
static void look_again(struct actor *a, uint64_t at)
{
	if (a->part->ops->woken)
		a->part->ops->woken(a->part);
	wake(a, at);
}

/* Whoever was signalled while asleep, and pollers if anything happened. */
static void wake_others(struct scheduler *s, uint32_t iov_copy, uint64_t done,
			bool moved)
{
	struct world *w = s->w;

	for (uint32_t i; (i = world_signalled(w)) != NO_SIGNAL;) {
		struct actor *a = &w->actor[i];

		wake(a, done + (a->part->signal->worker
					? s->price->wake_delay_ps
					: s->price->interrupt_delay_ps));
	}
	for (uint32_t i = 0; i < w->actors && w->polls && moved; i++)
		if (w->actor[i].poll && i != iov_copy)
			look_again(&w->actor[i], done);
}

void schedule_flush(struct scheduler *s, uint32_t a, uint32_t k)
{
	store_leave(s->w->stores, a, k);
	wake_others(s, a, s->w->probe->time, true);
	probe_flush(s->w->probe);
}

/* Nobody will: what still waits is seen in the end. True if anything did. */
static bool flush_all(struct scheduler *s)
{
	bool any = false;

	for (uint32_t a = 0; a < s->w->actors; a++)
		while (store_waiting(s->w->stores, a)) {
			schedule_flush(s, a, 0);
			any = true;
		}
	return any;
}

/* Up to all of them, any that may leave. */
static void flush_at_random(struct scheduler *s, uint32_t a)
{
	const struct store_buffers *b = s->w->stores;
	uint32_t n = rng_below(&s->rng, store_waiting(b, a) + 1);

	while (n--) {
		uint32_t k = rng_below(&s->rng, store_waiting(b, a));

		schedule_flush(s, a, store_may_leave(b, a, k) ? k : 0);
	}
}

void schedule_flush_some(struct scheduler *s, uint32_t a)
{
	if (!s->w->stores)
		return;
	if (!s->random) {
		while (store_waiting(s->w->stores, a))
			schedule_flush(s, a, 0);
		return;
	}
	for (uint32_t i = 0; i < s->w->actors; i++)
		flush_at_random(s, i);
}

uint32_t schedule_next(struct scheduler *s)
{
	uint32_t a = s->random ? any(s) : earliest(s->w);
	struct probe *probe = s->w->probe;
	uint64_t at;

	if (a == NO_ACTOR && flush_all(s))
		a = earliest(s->w);
	if (a == NO_ACTOR)
		return NO_ACTOR;
	at = s->random ? s->w->actor[a].ready_ps : due(s->w, a);
	if (at > probe->time)
		probe->time = at;
	s->w->actor[a].expired = s->w->actor[a].timer_ps &&
				 s->w->actor[a].timer_ps <= probe->time;
	return a;
}

void schedule_step(struct scheduler *s, uint32_t a)
{
	/* Copied, since what compilers clear so few words with is slow. */
	static const uint64_t none[COST_KINDS];
	struct world *w = s->w;
	struct actor *actor = &w->actor[a];
	uint64_t events = w->probe->head;
	uint64_t done;

	memcpy(w->cost->count, none, sizeof none);
	world_step(w, a);
	done = w->probe->time + cost_model_of(s->price, w->cost);
	actor->busy_ps = done;
	if (actor->state == ACTOR_READY || actor->ready_ps < done)
		actor->ready_ps = done;
	if (w->shares)
		w->actor[actor->core].core_ps = done;
	if (done > s->last_ps)
		s->last_ps = done;
	wake_others(s, a, done, w->probe->head != events);
	s->stepped(s->to, a);
}
