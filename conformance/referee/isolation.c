/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/isolation.h"

#include <stdbool.h>

#include "conformance/referee/finding.h"

/* What a grant says of an address. */
struct span {
	uint64_t gpa;
	uint64_t size; /* 0: nothing is granted */
	bool write;
};

/* Grants that an actor used last in one VM's memory, the newest first. */
struct habit {
	struct span last[2];
};

struct isolation {
	struct referee_setup setup;
	struct habit *habit; /* of each actor, by VM */
	uint32_t actors, vms;
};

/* What @actor used of the memory of @vm; NULL: one of them is not there. */
static inline struct habit *habit_of(const struct isolation *s, uint32_t actor,
				     uint32_t vm)
{
	return actor < s->actors && vm < s->vms ? &s->habit[actor * s->vms + vm]
						: NULL;
}

static inline bool event_writes(const struct event *ev)
{
	return ev->kind == EV_GUEST_WRITE || ev->kind == EV_HOST_WRITE ||
	       ev->kind == EV_WRITE_BACK;
}

/* True when all of @len bytes at @addr lie in @s. */
static inline bool span_holds(const struct span *s, uint64_t addr, uint32_t len)
{
	uint64_t off = addr - s->gpa; /* wraps below the span */

	return off < s->size && len <= s->size - off;
}

__attribute__((cold, noinline)) static void found(const struct isolation *s,
						  const struct event *ev)
{
	const struct world_config *c = s->setup.config;
	char who[2 * NAME_SIZE];

	actor_name(c, ev->actor, who, sizeof who);
	referee_finding(&s->setup, ev, CLAUSE_EXT_REACH, NO_SLOT,
			"%s %s %u bytes at %#llx of %s without a grant", who,
			event_writes(ev) ? "writes" : "reads", ev->len,
			(unsigned long long)ev->addr,
			ev->b < c->vms ? c->vm[ev->b].name : "no VM");
}

/* Looks through all grants. */
static __attribute__((noinline)) void look(struct isolation *s,
					   const struct event *ev)
{
	const struct world_map *map = s->setup.map;

	if (ev->len == 0)
		return; /* touches nothing */
	for (uint32_t i = 0; i < map->grants; i++) {
		const struct grant *g = &map->grant[i];
		struct span span = {g->gpa, g->size, g->write};
		struct habit *h;

		if (g->actor != ev->actor || g->vm != ev->b ||
		    (event_writes(ev) && !g->write) ||
		    !span_holds(&span, ev->addr, ev->len))
			continue;
		h = habit_of(s, g->actor, g->vm);
		h->last[1] = h->last[0];
		h->last[0] = span;
		return;
	}
	found(s, ev);
}

/* Accesses of a run, of @len bytes each if that is not 0. */
struct accesses {
	const struct event_item *item;
	uint32_t count;
	uint32_t len;
	bool write;
};

/* Those that @s allows, from the @k-th on: where the first one is that is not.
 */
static inline uint32_t allowed(const struct accesses *a, uint32_t k,
			       const struct span *s)
{
	const struct span span = *s;

	if (a->write && !span.write)
		return k;
	while (k < a->count && span_holds(&span, a->item[k].addr,
					  a->len ? a->len : a->item[k].len))
		k++;
	return k;
}

/*
 * All accesses that stand at @ev, part @part of it if it is a fused batch, are
 * by one actor to the memory of @vm; of @len bytes each, if that is not 0.
 */
static inline void judge(struct isolation *s, const struct event *ev,
			 uint32_t part, uint32_t vm, uint32_t len, bool write)
{
	const struct accesses a = {event_items(ev), event_count(ev), len,
				   write};
	const struct habit *h = habit_of(s, ev->actor, vm);
	struct event one;

	for (uint32_t k = 0, end; k < a.count; k = end) {
		end = h ? allowed(&a, k, &h->last[0]) : k;
		if (end == k && h)
			end = allowed(&a, k, &h->last[1]);
		if (end != k)
			continue;
		one = event_nth(ev, part * a.count + end++);
		look(s, &one);
	}
}

static void on_read(void *self, const struct event *ev)
{
	judge(self, ev, 0, ev->b, 0, false);
}

static void on_write(void *self, const struct event *ev)
{
	judge(self, ev, 0, ev->b, 0, true);
}

/* The first part of a fused batch: buffers are written, or headers of some
 * bytes. */
static void on_fused_send(void *self, const struct event *ev)
{
	judge(self, ev, 0, ev->len, 0, true);
}

static void on_fused_forward(void *self, const struct event *ev)
{
	judge(self, ev, 0, ev->len, (uint32_t)ev->addr, true);
}

/* The second part: frames are read. */
static void on_fused_take(void *self, const struct event *ev)
{
	judge(self, ev, 1, ev->len, 0, false);
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(GUEST_READ) | SUBSCRIBE_BATCH(GUEST_WRITE) |
		 SUBSCRIBE_BATCH(HOST_READ) | SUBSCRIBE_BATCH(HOST_WRITE) |
		 SUBSCRIBE_FUSED,
	.handler =
		{
			[EV_GUEST_READ] = on_read,
			[EV_GUEST_WRITE] = on_write,
			[EV_HOST_READ] = on_read,
			[EV_HOST_WRITE] = on_write,
			[EV_FETCH] = on_read,
			[EV_WRITE_BACK] = on_write,
			[FUSED_SEND] = on_fused_send,
			[FUSED_FORWARD] = on_fused_forward,
			[FUSED_TAKE] = on_fused_take,
		},
};

static size_t isolation_size(const struct world_config *c)
{
	return sizeof(struct isolation) + _Alignof(struct isolation) +
	       (size_t)actor_count(c) * c->vms * sizeof(struct habit) +
	       _Alignof(struct habit);
}

static void *isolation_create(const struct referee_setup *setup)
{
	struct isolation *s = arena_new(setup->arena, struct isolation, 1);

	s->setup = *setup;
	s->actors = actor_count(setup->config);
	s->vms = setup->config->vms;
	s->habit = arena_new(setup->arena, struct habit,
			     (size_t)s->actors * s->vms);
	return s;
}

const struct referee_ops isolation_referee = {
	.name = "isolation",
	.words = "every party touches only memory that it was granted",
	.size = isolation_size,
	.create = isolation_create,
	.subscriptions = &subscriptions,
};
