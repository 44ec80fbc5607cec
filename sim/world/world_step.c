/* SPDX-License-Identifier: BSD-3-Clause */
/* A step of whoever acts, and who was signalled by it. */
#include "sim/world/world.h"

#include "model/mutant.h"

/* An actor that begins to look takes its signal, and looks at all it has. */
static void signal_take(struct actor *a)
{
	if (actor_midway(a) && !MUTANT(SIGNAL_LOST))
		return;
	if (a->part->ops->woken && a->part->signal->raised)
		a->part->ops->woken(a->part);
	a->part->signal->raised = false;
}

void world_step(struct world *w, uint32_t a)
{
	struct actor *actor = &w->actor[a];
	struct part *part = actor->part;
	uint64_t wait_ps = 0;
	enum step_end end;

	assert(actor->state != ACTOR_DEAD);
	signal_take(actor);
	part->signal->asleep = false;
	w->probe->actor = (actor_id)a;
	if (w->stores)
		w->stores->actor = (uint16_t)a;
	cost_count(w->cost, COST_PASS, 1);
	if (w->interrupts && a < w->cfg->vms)
		interrupt_take(w->interrupts, a, w->cost);
	end = part->ops->step(part, w->cfg->one_action, actor->expired,
			      &wait_ps);
	w->moved_link = part->link;
	if (w->stores)
		w->stores->actor = STORES_NOBODY;
	actor->expired = false;
	actor->state = ACTOR_READY;
	if (end == STEP_WAIT)
		actor->timer_ps = w->probe->time + wait_ps;
	if (end == STEP_REST)
		actor->timer_ps = 0;
	if (end != STEP_MORE && !part->signal->raised) {
		part->signal->asleep = true;
		actor->state = end == STEP_REST ? ACTOR_RESTING : ACTOR_WAITING;
		actor->ready_ps = actor->timer_ps;
	}
}

bool world_stores_wait(const struct world *w)
{
	for (uint32_t a = 0; w->stores && a < w->actors; a++)
		if (store_waiting(w->stores, a))
			return true;
	return false;
}

uint32_t world_signalled(struct world *w)
{
	for (uint32_t i = 0; i < COST_SIGNALS / 64; i++) {
		uint64_t *raised = &w->cost->raised[i];
		uint64_t up = *raised;

		if (!up)
			continue;
		*raised = up & (up - 1);
		return 64 * i + (uint32_t)__builtin_ctzll(up);
	}
	return NO_SIGNAL;
}
