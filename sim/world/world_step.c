/* SPDX-License-Identifier: BSD-3-Clause */
/* A step of whoever acts, and who was signalled by it. */
#include "sim/world/world.h"

#include "model/mutant.h"

static enum step_end port_step(struct port *p, bool one, uint64_t *wait_ps)
{
	return p->net ? net_driver_step(p->net, one, wait_ps)
		      : vhost_pci_driver_step(p->vhost_pci, one, wait_ps);
}

/* In the middle of a pass: it works, or is about to sleep. */
static bool port_midway(const struct port *p)
{
	if (p->net)
		return net_driver_midway(p->net);
	return p->vhost_pci && vhost_pci_driver_midway(p->vhost_pci);
}

/*
 * The guest's ports take turns. It sleeps when each, one behind the other, has
 * said that it has nothing to do, and until the earliest of what they wait for.
 */
static enum step_end guest_step(struct world *w, struct guest *g,
				uint64_t *wait_ps)
{
	uint64_t wait = UINT64_MAX;
	enum step_end end;

	if (g->ports == 0)
		return STEP_REST;
	end = port_step(&g->port[g->turn], w->cfg->one_action, &wait);
	w->moved_link = port_link(&g->port[g->turn]);
	if (end == STEP_MORE && w->cfg->one_action) {
		if (!port_midway(&g->port[g->turn]))
			g->quiet = 0;
		return STEP_MORE; /* this port goes on */
	}
	g->wait_ps[g->turn] = end == STEP_WAIT ? wait : UINT64_MAX;
	g->turn = (g->turn + 1) % g->ports;
	g->quiet = end == STEP_MORE ? 0 : g->quiet + 1;
	if (g->quiet < g->ports)
		return STEP_MORE;
	g->quiet = 0;
	*wait_ps = UINT64_MAX;
	for (uint32_t i = 0; i < g->ports; i++)
		if (g->wait_ps[i] < *wait_ps)
			*wait_ps = g->wait_ps[i];
	return *wait_ps == UINT64_MAX ? STEP_REST : STEP_WAIT;
}

bool actor_midway(const struct actor *a)
{
	const struct guest *g = a->guest;

	if (a->worker)
		return worker_midway(a->worker);
	return g->ports && port_midway(&g->port[g->turn]);
}

/* An actor that begins to look takes its signal, and looks at all it has. */
static void signal_take(struct actor *a)
{
	if (actor_midway(a) && !MUTANT(SIGNAL_LOST))
		return;
	if (a->guest && a->signal->raised)
		a->guest->quiet = 0; /* any port may be meant */
	a->signal->raised = false;
}

void world_step(struct world *w, uint32_t a)
{
	struct actor *actor = &w->actor[a];
	uint64_t wait_ps = 0;
	enum step_end end;

	assert(actor->state != ACTOR_DEAD);
	signal_take(actor);
	actor->signal->asleep = false;
	w->probe->actor = (actor_id)a;
	if (w->stores)
		w->stores->actor = (uint16_t)a;
	cost_count(w->cost, COST_PASS, 1);
	if (actor->guest) {
		end = guest_step(w, actor->guest, &wait_ps);
	} else {
		w->moved_link = actor->worker->link->index;
		end = worker_step(actor->worker, w->cfg->one_action,
				  actor->expired, &wait_ps);
	}
	if (w->stores)
		w->stores->actor = STORES_NOBODY;
	actor->expired = false;
	actor->state = ACTOR_READY;
	if (end == STEP_WAIT)
		actor->timer_ps = w->probe->time + wait_ps;
	if (end == STEP_REST)
		actor->timer_ps = 0;
	if (end != STEP_MORE && !actor->signal->raised) {
		actor->signal->asleep = true;
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
