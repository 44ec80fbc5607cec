/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who steps next: by virtual time, ties in the order of actors, or at random.
 * Charges each step what its counts cost. Must not know what a step does.
 */
#ifndef TWINRING_SIM_WORLD_SCHEDULE_H
#define TWINRING_SIM_WORLD_SCHEDULE_H

#include <signal.h>

#include "sim/world/cost_model.h"
#include "sim/world/rng.h"
#include "sim/world/world.h"

struct scheduler {
	struct world *w;
	const struct cost_model *price;
	bool random;
	struct rng rng;
	uint64_t last_ps; /* when everything that was begun is paid for */
	const volatile sig_atomic_t *stop; /* set: runs end early; or NULL */
	/* told after each step, with its counts still in w->cost */
	void (*stepped)(void *to, uint32_t actor);
	void *to;
};

/* Whether somebody asked to end. */
static inline bool schedule_stopped(const struct scheduler *s)
{
	return s->stop && *s->stop;
}

/*
 * A timer may run out as soon as it is set, also before others are done: what
 * a script can do, and any order of events has to reckon with.
 */
static inline bool actor_can_expire(const struct actor *a)
{
	bool (*timed)(const struct part *p) = a->part->ops->timed;

	return a->state == ACTOR_WAITING ||
	       (a->state == ACTOR_READY && timed && timed(a->part));
}

/* The actor whose turn it is, time moved on to it; NO_ACTOR: all rest. */
uint32_t schedule_next(struct scheduler *s);

/* When the earliest of all that can run is due; UINT64_MAX: all rest. */
uint64_t schedule_due(const struct scheduler *s);

/*
 * Steps actor @a, charges it, and wakes whom it signalled. What happened may
 * still wait in the probe.
 */
void schedule_step(struct scheduler *s, uint32_t a);

/* The @k-th store that waits in @a's buffer, which may leave it, is seen. */
void schedule_flush(struct scheduler *s, uint32_t a, uint32_t k);

/*
 * After a step that was chosen here, its stores are seen as the schedule likes:
 * all of them at once by time, some of anybody's at random.
 */
void schedule_flush_some(struct scheduler *s, uint32_t a);

/* For scheduler.stepped, where nobody wants to be told. */
static inline void schedule_untold(void *to, uint32_t actor)
{
	(void)to;
	(void)actor;
}

#endif
