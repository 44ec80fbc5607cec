/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/isolation.h"

#include <stdbool.h>
#include <stdio.h>

enum { ACTORS_MAX = 256 };

/* Grants that an actor used last in one VM's memory, the newest first. */
struct habit {
	const struct grant *last[2];
};

struct isolation {
	struct referee_setup setup;
	struct habit (*habit)[VM_MAX]; /* of each actor */
};

/* Four kinds, of which every second one writes. */
_Static_assert(EV_GUEST_WRITE == EV_GUEST_READ + 1, "order of kinds");
_Static_assert(EV_HOST_READ == EV_GUEST_READ + 2, "order of kinds");
_Static_assert(EV_HOST_WRITE == EV_GUEST_READ + 3, "order of kinds");

static inline bool event_writes(const struct event *ev)
{
	return ev->kind == EV_GUEST_WRITE || ev->kind == EV_HOST_WRITE;
}

/* True when @g, of the right actor and VM, allows all of @ev. */
static inline bool grant_covers(const struct grant *g, const struct event *ev)
{
	uint64_t off = ev->addr - g->gpa; /* wraps below the grant */

	return off < g->size && ev->len <= g->size - off &&
	       (g->write || !event_writes(ev));
}

__attribute__((cold, noinline)) static void found(const struct isolation *s,
						  const struct event *ev)
{
	struct finding f = {.clause = CLAUSE_EXT_REACH,
			    .event = *ev,
			    .link = queue_link(ev->queue),
			    .slot = NO_SLOT};

	snprintf(f.detail, sizeof f.detail,
		 "actor %u %s %u bytes at %#llx of VM %u without a grant",
		 ev->actor, event_writes(ev) ? "writes" : "reads", ev->len,
		 (unsigned long long)ev->addr, ev->b);
	s->setup.report(s->setup.to, &f);
}

/* Looks through all grants. */
__attribute__((noinline)) static void look(struct isolation *s,
					   const struct event *ev)
{
	const struct world_map *map = s->setup.map;

	for (uint32_t i = 0; i < map->grants; i++) {
		const struct grant *g = &map->grant[i];
		struct habit *h;

		if (g->actor != ev->actor || g->vm != ev->b ||
		    !grant_covers(g, ev))
			continue;
		h = &s->habit[g->actor][g->vm];
		h->last[1] = h->last[0];
		h->last[0] = g;
		return;
	}
	found(s, ev);
}

static inline void judge(struct isolation *s, const struct event *ev)
{
	const struct habit *h;

	if (ev->len == 0)
		return; /* touches nothing */
	if (ev->b >= VM_MAX) {
		found(s, ev);
		return;
	}
	h = &s->habit[ev->actor][ev->b];
	if ((h->last[0] && grant_covers(h->last[0], ev)) ||
	    (h->last[1] && grant_covers(h->last[1], ev)))
		return;
	look(s, ev);
}

static void isolation_watch(void *self, const struct event *ev, uint32_t count)
{
	struct isolation *s = self;

	for (const struct event *end = ev + count; ev < end; ev++)
		if ((uint8_t)(ev->kind - EV_GUEST_READ) < 4)
			judge(s, ev);
}

/* Nothing is owed at the end of a run. */
static void isolation_finish(void *self)
{
	(void)self;
}

static size_t isolation_size(const struct world_config *c)
{
	(void)c;
	return sizeof(struct isolation) + _Alignof(struct isolation) +
	       ACTORS_MAX * sizeof(struct habit[VM_MAX]) +
	       _Alignof(struct habit);
}

static void *isolation_create(const struct referee_setup *setup)
{
	struct isolation *s = arena_new(setup->arena, struct isolation, 1);

	_Static_assert((actor_id)-1 < ACTORS_MAX, "an index cannot be wrong");
	s->setup = *setup;
	s->habit = (struct habit(*)[VM_MAX])arena_take(
		setup->arena, ACTORS_MAX * sizeof(struct habit[VM_MAX]),
		_Alignof(struct habit));
	return s;
}

const struct referee_ops isolation_referee = {
	.name = "isolation",
	.words = "every party touches only memory that it was granted",
	.size = isolation_size,
	.create = isolation_create,
	.watch = isolation_watch,
	.finish = isolation_finish,
};
