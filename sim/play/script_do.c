/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/play/script_do.h"

#include <stdio.h>
#include <string.h>

#include "model/mutant.h"
#include "sim/play/macro_step.h"

/* A step, and what is said of it: a script is judged step by step. */
static void step_told(struct scheduler *s, uint32_t a)
{
	schedule_step(s, a);
	probe_flush(s->w->probe);
}

/* Steps one actor now, whether or not others come first. */
static void step_now(struct scheduler *s, uint32_t a)
{
	struct actor *actor = &s->w->actor[a];

	if (actor->ready_ps > s->w->probe->time)
		s->w->probe->time = actor->ready_ps;
	step_told(s, a);
}

static bool run_actor(struct scheduler *s, uint32_t a, uint32_t steps)
{
	while (steps-- && s->w->actor[a].state == ACTOR_READY) {
		if (schedule_stopped(s))
			return true;
		step_now(s, a);
		schedule_flush_some(s, a);
	}
	return s->w->actor[a].state != ACTOR_READY;
}

static bool run_all(struct scheduler *s)
{
	for (uint32_t n = 0; n < SCRIPT_STEPS_MAX; n++) {
		uint32_t a = schedule_next(s);

		if (a == NO_ACTOR || schedule_stopped(s))
			return true;
		step_told(s, a);
		schedule_flush_some(s, a);
	}
	return false;
}

/* A signal that did not come from a step: wakes the actor at once. */
static void wake_now(struct scheduler *s, uint32_t a)
{
	struct actor *actor = &s->w->actor[a];

	if (actor->state == ACTOR_RESTING || actor->state == ACTOR_WAITING) {
		actor->state = ACTOR_READY;
		actor->ready_ps = s->w->probe->time;
	}
}

static void wake_signalled(struct scheduler *s)
{
	for (uint32_t a; (a = world_signalled(s->w)) != NO_SIGNAL;)
		wake_now(s, a);
}

/*
 * A VM one of whose drivers has something to do, which may just be about to
 * sleep: an application that hands over a frame calls its driver.
 */
static void stir(struct scheduler *s, uint32_t vm)
{
	if (MUTANT(HAND_OVER_SILENT))
		wake_now(s, vm);
	else
		signal_raise(&s->w->vm[vm].signal, s->w->cost);
}

/* It has taken all that its device has used for it. */
static bool all_taken(const struct guest_driver *d, const struct world *w)
{
	const struct link *l = &w->link[d->link];
	struct guest_ring ring[NIC_QUEUES];

	return d->ops->rings(d, ring) &&
	       vq_device_given(&l->nic[nic_end(&w->cfg->numbers, d->nic)].rx) ==
		       *ring[NET_RX].at;
}

bool script_can_misbehave(const struct script_op *op, const struct world *w)
{
	const struct guest_driver *d = world_driver(w, op->actor, op->link);

	return d && d->ops->slots && all_taken(d, w) &&
	       d->ops->slots->can(d, slot_act_of(op), op->value);
}

/* What a driver must not do, done all the same. */
static bool misbehave(const struct script_op *op, struct scheduler *s)
{
	struct guest_driver *d = world_driver(s->w, op->actor, op->link);

	s->w->probe->actor = (actor_id)op->actor;
	return d && d->ops->slots &&
	       d->ops->slots->act(d, slot_act_of(op), op->value, op->more);
}

static bool script_step(const struct script_op *op, struct scheduler *s,
			char *error, size_t size)
{
	uint32_t a = op->actor;

	for (uint32_t n = 0; n < op->value; n++) {
		if (s->w->actor[a].state != ACTOR_READY) {
			snprintf(error, size, "%s rests after %u steps",
				 s->w->actor[a].name, n);
			return false;
		}
		step_now(s, a);
	}
	return true;
}

static bool script_expire(const struct script_op *op, struct scheduler *s,
			  char *error, size_t size)
{
	struct actor *actor = &s->w->actor[op->actor];

	if (actor->state == ACTOR_DEAD || actor->timer_ps == 0) {
		snprintf(error, size, "%s waits for no timer", actor->name);
		return false;
	}
	actor->expired = true;
	step_now(s, op->actor);
	return true;
}

/* What befalls a machine or a link from outside; false: it cannot be. */
static bool inject_outside(const struct script_op *op, struct scheduler *s)
{
	struct world *w = s->w;
	uint32_t nic = 0;

	if (op->verb != SCRIPT_POKE && op->actor != NO_ACTOR)
		nic = nic_of_vm(w->cfg, op->link, op->actor);
	switch (op->verb) {
	case SCRIPT_RESET:
		world_reset_vm(w, op->actor);
		return true;
	case SCRIPT_RESET_RX:
	case SCRIPT_RESET_TX:
		return world_reset_queue(w, op->actor, op->link,
					 op->verb == SCRIPT_RESET_TX ? NET_TX
								     : NET_RX);
	case SCRIPT_CRASH:
		world_crash_vm(w, op->actor);
		return true;
	case SCRIPT_UNPAIR:
		world_unpair(w, op->link);
		return true;
	case SCRIPT_PAIR:
		world_pair(w, op->link);
		return true;
	case SCRIPT_DROP_KICK:
	case SCRIPT_DROP_CALL:
		return world_lose(w, nic, op->verb == SCRIPT_DROP_CALL);
	case SCRIPT_KICK:
		world_kick(w, nic);
		return true;
	case SCRIPT_CALL:
		world_call(w, nic);
		return true;
	case SCRIPT_ACCEPT:
		world_accept(w, op->actor, op->features);
		return true;
	case SCRIPT_POKE:
		return world_poke(w, op->actor, op->link, op->value,
				  (uint16_t)op->more);
	case SCRIPT_REGISTER:
		return world_register(w, op->actor, op->link, op->value,
				      op->more);
	default:
		world_heal(w);
		return true;
	}
}

static bool script_flush(const struct script_op *op, struct scheduler *s,
			 char *error, size_t size)
{
	const struct world *w = s->w;
	uint32_t k = op->value - 1; /* 0 wraps: there is none */

	if (!w->stores || !store_may_leave(w->stores, op->actor, k)) {
		snprintf(error, size,
			 "of %s's stores, %u wait; this one cannot be seen "
			 "next",
			 w->actor[op->actor].name,
			 store_waiting(w->stores, op->actor));
		return false;
	}
	schedule_flush(s, op->actor, k);
	return true;
}

/* Gives the application frames to send, all on one link or not. */
static bool send_frames(const struct script_op *op,
			const struct world_config *c, struct app *a)
{
	bool any = op->link == ANY_LINK, done = true;
	uint32_t link = any ? script_link(c, op->actor, op->to) : op->link;
	uint32_t nic = nic_of_vm(c, link, op->actor);

	for (uint32_t n = 0; n < op->more && done; n++)
		done = any ? app_script_send_any(a, nic, op->value)
			   : app_script_send(a, nic, op->value);
	return done;
}

bool script_do(const struct script_op *op, struct scheduler *s, struct app *a,
	       char *error, size_t size)
{
	const struct world_config *c = s->w->cfg;
	bool done = true;

	switch (op->verb) {
	case SCRIPT_SEND:
		done = send_frames(op, c, a);
		stir(s, op->actor);
		break;
	case SCRIPT_RUN:
		done = op->actor == NO_ACTOR
			       ? run_all(s)
			       : run_actor(s, op->actor, SCRIPT_STEPS_MAX);
		break;
	case SCRIPT_STEP:
		return script_step(op, s, error, size);
	case SCRIPT_EXPIRE:
		return script_expire(op, s, error, size);
	case SCRIPT_FLUSH:
		return script_flush(op, s, error, size);
	case SCRIPT_POST:
	case SCRIPT_TX:
	case SCRIPT_TOUCH:
		done = misbehave(op, s);
		stir(s, op->actor);
		break;
	case SCRIPT_HAND:
	case SCRIPT_GIVE:
	case SCRIPT_TAKE:
		done = macro_step_do(op, s->w, a);
		break;
	case SCRIPT_REPEAT:
		done = false; /* what was done before is not known here */
		break;
	default:
		done = inject_outside(op, s);
	}
	wake_signalled(s);
	probe_flush(s->w->probe);
	if (!done)
		snprintf(error, size, "this cannot be done now");
	return done;
}

bool script_failed(const struct scenario *sc, const struct script_line *l,
		   const char *why, char *error, size_t size)
{
	snprintf(error, size, "%s:%u:%u: error: '%s': %s", sc->file, l->line,
		 l->column, l->text, why);
	return false;
}

bool script_do_all(const struct scenario *sc, struct scheduler *s,
		   struct app *a, char *error, size_t size)
{
	for (uint32_t i = 0; i < sc->script_lines; i++) {
		const struct script_line *l = &sc->script[i];
		struct script_op op;
		char why[SCRIPT_MISTAKE];

		if (!script_parse(&op, &sc->world, l->text, why, sizeof why) ||
		    !script_do(&op, s, a, why, sizeof why))
			return script_failed(sc, l, why, error, size);
	}
	return true;
}
