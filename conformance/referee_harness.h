/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A referee before hand-written events: what does it say? For the unit tests
 * of referees; knows no rule.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_HARNESS_H
#define TWINRING_CONFORMANCE_REFEREE_HARNESS_H

#include <stdio.h>

#include "model/unit.h"
#include "sim/watch/referee.h"

enum { HARNESS_FINDINGS = 16 };

struct referee_harness {
	struct world_config config;
	struct world_map map;
	struct grant grant[8];
	const struct referee_ops *ops;
	struct arena arena;
	void *self;
	uint64_t time;
	bool blamed;   /* in this case, for something */
	uint32_t said; /* findings, of which the first are kept */
	struct finding finding[HARNESS_FINDINGS];
};

static inline void harness_report(void *to, const struct finding *f)
{
	struct referee_harness *h = to;

	if (h->said < HARNESS_FINDINGS)
		h->finding[h->said] = *f;
	h->said++;
}

/* Two VMs and one link, rings of 8; the caller may change the configuration. */
static inline void harness_prepare(struct referee_harness *h)
{
	*h = (struct referee_harness){
		.config = {.vms = 2, .links = 1, .burst = 32}};
	h->config.link[0].end[1] = 1;
	h->config.link[0].members = 2;
	world_number(&h->config);
	h->config.link[0].ring.size = 8;
	h->map.grant = h->grant;
}

/* Slots that each end has at @gpa and may write to, with nothing between them.
 */
static inline void harness_bar(struct referee_harness *h, const uint64_t gpa[2],
			       uint32_t slots, uint32_t slot_size)
{
	h->config.link[0].bar = (struct bar_config){
		.slots = slots, .slot_size = slot_size, .stride = slot_size};
	h->map.link[0].bar_size = (uint64_t)slots * slot_size;
	for (uint32_t end = 0; end < 2; end++) {
		h->map.link[0].bar_gpa[end] = gpa[end];
		h->grant[end] =
			(struct grant){.gpa = gpa[end],
				       .size = (uint64_t)slots * slot_size,
				       .actor = (actor_id)end,
				       .vm = (uint8_t)end,
				       .write = true};
	}
	h->map.grants = 2;
}

static inline void harness_open(struct referee_harness *h,
				const struct referee_ops *ops)
{
	struct referee_setup s = {.config = &h->config,
				  .map = &h->map,
				  .arena = &h->arena,
				  .report = harness_report,
				  .to = h};

	h->ops = ops;
	h->arena.size = ops->size(&h->config);
	h->arena.base = calloc(1, h->arena.size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(h->arena.base);
	h->self = ops->create(&s);
}

/* Who heard a case and blamed nobody keeps the rules that it can break. */
static inline void harness_close(struct referee_harness *h)
{
	if (!h->blamed && !h->said && h->time)
		unit_judged("kept", h->ops->name, "all");
	free(h->arena.base);
	h->arena.base = NULL;
}

static inline void harness_tell(struct referee_harness *h, struct event ev)
{
	ev.time = ++h->time;
	referee_watch(h->ops, h->self, &ev, 1);
}

/* One event; fields by name, as in TELL(h, .kind = EV_KICK, .queue = 1). */
#define TELL(h, ...) harness_tell(h, (struct event){__VA_ARGS__})

static inline void harness_show(const struct referee_harness *h)
{
	for (uint32_t i = 0; i < h->said && i < HARNESS_FINDINGS; i++)
		printf("  %s: %s (actor %u, event %s)\n",
		       clause_info(h->finding[i].clause)->id,
		       h->finding[i].detail, h->finding[i].event.actor,
		       event_name((enum event_kind)h->finding[i].event.kind));
}

/* The referee has nothing (more) to say. */
static inline void harness_silent(struct referee_harness *h)
{
	if (h->said)
		harness_show(h);
	CU_ASSERT_EQUAL(h->said, 0);
	h->said = 0;
}

/* The referee named @clause, blamed @actor, and said nothing else. */
static inline void harness_finds(struct referee_harness *h, enum clause clause,
				 actor_id actor)
{
	if (h->said != 1 || h->finding[0].clause != clause)
		harness_show(h);
	CU_ASSERT_EQUAL(h->said, 1);
	if (h->said) {
		CU_ASSERT_EQUAL(h->finding[0].clause, clause);
		CU_ASSERT_EQUAL(h->finding[0].event.actor, actor);
		CU_ASSERT_NOT_EQUAL(h->finding[0].detail[0], 0);
	}
	if (h->said == 1 && h->finding[0].clause == clause)
		unit_judged("broken", h->ops->name, clause_info(clause)->id);
	h->blamed = true;
	h->said = 0;
}

#endif
