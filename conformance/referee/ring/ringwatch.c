/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/ringwatch.h"

#include "conformance/referee/finding.h"
#include "conformance/referee/ring/notifications.h"
#include "conformance/referee/ring/offers.h"
#include "conformance/referee/ring/queue_watch.h"
#include "conformance/referee/ring/uses.h"

enum { STATUS_DRIVER_OK = 4, STATUS_NEEDS_RESET = 0x40 };

/* A status write is for all queues of the NIC. */
static void on_status(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q =
		&w->queue[queue_of_nic(queue_nic(ev->queue), 0)];
	uint32_t lost = ev->b & ~ev->a & ~(uint32_t)STATUS_NEEDS_RESET;

	if (ev->a && lost)
		referee_finding(&w->setup, ev, CLAUSE_STATUS_CLIMB, NO_SLOT,
				"status %#x after %#x", ev->a, ev->b);
	for (uint32_t i = 0; i < NIC_QUEUES; i++) {
		if (ev->a == 0)
			queue_watch_reset(&q[i]);
		else
			q[i].live = ev->a & STATUS_DRIVER_OK && !q[i].away;
	}
}

/* What a dead VM and its devices owed, they owe no more. */
static void on_crash(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	const struct world_config *c = w->setup.config;
	uint8_t dead = queue_vm(c, ev->queue);

	for (uint32_t i = 0; i < w->queues; i++)
		if (queue_vm(c, i) == dead)
			w->queue[i].stopped = true;
}

/*
 * A device says which rule its driver broke. Where that was seen as it happened
 * it has been named already.
 */
__attribute__((cold, noinline)) static void accused(const struct ringwatch *w,
						    const struct queue_watch *q,
						    const struct event *ev,
						    const char *what)
{
	struct event by = *ev;

	if (q->driver_misbehaved)
		return;
	by.actor = actor_guest(queue_vm(w->setup.config, q->id));
	referee_finding(&w->setup, &by, (enum clause)ev->a, NO_SLOT,
			"the device %s", what);
}

static void on_broken(void *self, const struct event *ev)
{
	struct queue_watch *q = queue_of(self, ev);

	accused(self, q, ev, "stopped the queue");
	q->stopped = true;
}

static void on_drop(void *self, const struct event *ev)
{
	if (ev->a)
		accused(self, queue_of(self, ev), ev, "dropped what was sent");
}

static void on_header(void *self, const struct event *ev)
{
	if (!queue_is_tx(ev->queue))
		span_begin(&queue_of(self, ev)->span, ev);
}

/* One queue by itself; the device goes on. */
static void on_queue_asked(void *self, const struct event *ev)
{
	queue_of(self, ev)->asked = true;
}

static void on_queue_reset(void *self, const struct event *ev)
{
	struct queue_watch *q = queue_of(self, ev);

	q->asked = q->live = false;
	q->away = true;
	q->span = (struct span){0};
}

static void on_queue_enabled(void *self, const struct event *ev)
{
	struct queue_watch *q = queue_of(self, ev);

	queue_watch_reset(q);
	q->live = q->again = true;
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(DESC) | SUBSCRIBE_BATCH(AVAILABLE) |
		 SUBSCRIBE_BATCH(USED) | SUBSCRIBE_BATCH(USED_CONSUMED) |
		 SUBSCRIBE_FUSED,
	.handler =
		{
			[EV_DESC] = offers_desc,
			[EV_AVAILABLE] = offers_entry,
			[EV_AVAIL_IDX] = offers_idx,
			[EV_KICK] = notifications_kick,
			[EV_NO_KICK] = notifications_kick,
			[EV_USED_CONSUMED] = uses_taken,
			[EV_USED] = uses_element,
			[EV_USED_IDX] = uses_idx,
			[EV_USED_NOTIFICATION] = notifications_call,
			[EV_NO_USED_NOTIFICATION] = notifications_call,
			[EV_AVAIL_FLAGS] = notifications_word,
			[EV_USED_FLAGS] = notifications_word,
			[EV_USED_EVENT] = notifications_word,
			[EV_AVAIL_EVENT] = notifications_word,
			[EV_BROKEN] = on_broken,
			[EV_DROP] = on_drop,
			[EV_HEADER] = on_header,
			[EV_STATUS] = on_status,
			[EV_QUEUE_ASKED] = on_queue_asked,
			[EV_QUEUE_RESET] = on_queue_reset,
			[EV_QUEUE_ENABLED] = on_queue_enabled,
			[EV_CRASH] = on_crash,
			[FUSED_SEND] = offers_fused,
			[FUSED_FORWARD] = uses_fused,
			[FUSED_TAKE] = uses_taken,
		},
};

static void ringwatch_finish(void *self, uint64_t now)
{
	const struct ringwatch *w = self;

	for (uint32_t i = 0; i < w->queues; i++)
		notifications_finish(w, &w->queue[i], now);
}

static size_t ringwatch_size(const struct world_config *c)
{
	size_t sum = sizeof(struct ringwatch) + _Alignof(struct ringwatch) +
		     _Alignof(struct queue_watch);

	for (uint32_t l = 0; l < c->links; l++)
		sum += c->link[l].members * NIC_QUEUES *
		       (sizeof(struct queue_watch) +
			chains_bytes(c->link[l].ring.size));
	return sum;
}

/* Where queue @id's driver may put indirect tables. */
static void queue_memory(struct queue_watch *q, const struct world_config *c,
			 const struct world_map *map)
{
	uint32_t link = queue_link(&c->numbers, q->id);
	uint32_t end = queue_end(&c->numbers, q->id);
	uint8_t vm = c->link[link].end[end];

	q->chains.memory[0] = (struct chain_memory){map->vm[vm].ram_gpa,
						    map->vm[vm].ram_size};
	q->chains.memory[1] = (struct chain_memory){
		map->link[link].bar_gpa[end], map->link[link].bar_size};
}

static void *ringwatch_create(const struct referee_setup *s)
{
	struct ringwatch *w = arena_new(s->arena, struct ringwatch, 1);
	const struct numbering *n = &s->config->numbers;

	w->setup = *s;
	w->queues = queue_count(n);
	w->queue = arena_new(s->arena, struct queue_watch, w->queues);
	for (uint32_t i = 0; i < w->queues; i++) {
		const struct ring_config *r =
			&s->config->link[queue_link(n, i)].ring;
		struct queue_watch *q = &w->queue[i];

		q->id = (uint16_t)i;
		q->start = r->start;
		q->kick.event_idx = q->call.event_idx = r->event_idx;
		chains_init(&q->chains, r->size, r->indirect, s->arena);
		queue_memory(q, s->config, s->map);
		queue_watch_reset(q);
	}
	return w;
}

static void ringwatch_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct ringwatch *w = self;

	if (q < w->queues)
		queue_watch_canon(&w->queue[q], f);
}

const struct referee_ops ringwatch_referee = {
	.name = "ringwatch",
	.words = "split rings: chains, indexes, notifications, quiet",
	.size = ringwatch_size,
	.create = ringwatch_create,
	.subscriptions = &subscriptions,
	.finish = ringwatch_finish,
	.canon = ringwatch_canon,
};
