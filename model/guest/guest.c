/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/guest/guest.h"

static struct guest_driver *on_turn(const struct guest *g)
{
	return g->driver[g->turn];
}

static bool driver_midway(const struct guest_driver *d)
{
	return d->ops->midway(d);
}

static bool guest_midway(const struct part *p)
{
	const struct guest *g = (const struct guest *)p;

	return g->drivers && driver_midway(on_turn(g));
}

/* Any driver may be meant. */
static void guest_woken(struct part *p)
{
	((struct guest *)p)->quiet = 0;
}

/* The earliest of what its drivers wait for. */
static enum step_end lie_down(const struct guest *g, uint64_t *wait_ps)
{
	*wait_ps = UINT64_MAX;
	for (uint32_t i = 0; i < g->drivers; i++)
		if (g->wait_ps[i] < *wait_ps)
			*wait_ps = g->wait_ps[i];
	return *wait_ps == UINT64_MAX ? STEP_REST : STEP_WAIT;
}

/*
 * Drivers take turns. The guest sleeps when each, one behind the other, has
 * said that it has nothing to do.
 */
static enum step_end guest_step(struct part *p, bool one, bool expired,
				uint64_t *wait_ps)
{
	struct guest *g = (struct guest *)p;
	uint64_t wait = UINT64_MAX;
	struct guest_driver *d;
	enum step_end end;

	(void)expired; /* drivers see what is due by looking */
	if (g->drivers == 0)
		return STEP_REST;
	d = on_turn(g);
	p->link = d->link;
	end = d->ops->step(d, one, &wait);
	if (end == STEP_MORE && one) {
		if (!driver_midway(d))
			g->quiet = 0;
		return STEP_MORE; /* this driver goes on */
	}
	g->wait_ps[g->turn] = end == STEP_WAIT ? wait : UINT64_MAX;
	g->turn = (g->turn + 1) % g->drivers;
	g->quiet = end == STEP_MORE ? 0 : g->quiet + 1;
	if (g->quiet < g->drivers)
		return STEP_MORE;
	g->quiet = 0;
	return lie_down(g, wait_ps);
}

static const struct part_ops guest_ops = {
	.step = guest_step,
	.midway = guest_midway,
	.woken = guest_woken,
};

size_t guest_arena(uint32_t room)
{
	return room * (sizeof(struct guest_driver *) + sizeof(uint64_t));
}

void guest_init(struct guest *g, struct vm *vm, uint32_t room,
		struct arena *arena)
{
	*g = (struct guest){
		.part = {.ops = &guest_ops,
			 .signal = &vm->signal,
			 .party = PARTY_GUEST_DRIVER},
		.driver = arena_new(arena, struct guest_driver *, room),
		.wait_ps = arena_new(arena, uint64_t, room),
		.room = room,
	};
}

void guest_add(struct guest *g, struct guest_driver *d)
{
	assert(g->drivers < g->room);
	g->driver[g->drivers++] = d;
}

struct guest_driver *guest_driver_on(const struct guest *g, uint32_t link)
{
	for (uint32_t i = 0; i < g->drivers; i++)
		if (g->driver[i]->link == link)
			return g->driver[i];
	return NULL;
}

void guest_reset(struct guest *g)
{
	for (uint32_t i = 0; i < g->drivers; i++)
		g->driver[i]->ops->reset(g->driver[i]);
}

void guest_accept(struct guest *g, uint64_t features)
{
	for (uint32_t i = 0; i < g->drivers; i++)
		if (g->driver[i]->ops->accept)
			g->driver[i]->ops->accept(g->driver[i], features);
}
