/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How one watches a run: a referee gets the stream of events, keeps a small
 * model of its own, and reports findings. It never calls the code that it
 * judges. What is right is each referee's own affair.
 */
#ifndef TWINRING_SIM_REFEREE_H
#define TWINRING_SIM_REFEREE_H

#include <stdio.h>

#include "model/clauses.h"
#include "model/config.h"
#include "model/event.h"
#include "model/memory/arena.h"
#include "sim/audience.h"
#include "sim/canon.h"

/* That judge one world at once. */
enum { REFEREES_MAX = 8 };

enum { NO_SLOT = 0xffffffff };

/* One broken rule, as a referee saw it. */
struct finding {
	enum clause clause;
	struct event event; /* what gave it away */
	uint32_t link;
	uint32_t slot; /* NO_SLOT where none is concerned */
	char detail[160];
};

/* Memory that one actor may touch in one VM's guest-physical addresses. */
struct grant {
	uint64_t gpa;
	uint64_t size;
	actor_id actor;
	uint8_t vm;
	bool write; /* and read; false: read only */
};

/* Where things lie, as set-up decided; constant while a world runs. */
struct world_map {
	struct {
		uint64_t ram_gpa;
		uint64_t ram_size;
	} vm[VM_MAX];
	struct {
		uint64_t bar_gpa[2]; /* in the VM at each end */
		uint64_t bar_size;   /* 0: the path has no shared buffers */
		uint32_t region;     /* links of one number share their bytes */
	} link[LINK_MAX];
	struct grant *grant;
	uint32_t grants;
};

/* Guests are actors 0 to vms - 1; then two host workers for each link. */
static inline actor_id actor_guest(uint32_t vm)
{
	return (actor_id)vm;
}

/* The worker that serves what the VM at @end of @link transmits. */
static inline actor_id actor_host(const struct world_config *c, uint32_t link,
				  uint32_t end)
{
	return (actor_id)(c->vms + 2 * link + end);
}

/* "vm1", or "host0.vm1" for the worker that serves what vm1 sends on link 0. */
static inline void actor_name(const struct world_config *c, uint32_t actor,
			      char *out, size_t size)
{
	uint32_t worker = actor - c->vms;

	if (actor < c->vms)
		snprintf(out, size, "%s", c->vm[actor].name);
	else if (worker / 2 >= c->links)
		snprintf(out, size, "actor %u",
			 actor); /* nobody that there is */
	else
		snprintf(out, size, "host%u.%s", worker / 2,
			 c->vm[c->link[worker / 2].end[worker % 2]].name);
}

struct referee_setup {
	const struct world_config *config;
	const struct world_map *map;
	struct arena *arena; /* for all that the referee ever needs */
	void (*report)(void *to, const struct finding *f);
	void *to;
};

struct referee_ops {
	const char *name;
	const char *words;
	/* Bytes of arena that create() will take, generously. */
	size_t (*size)(const struct world_config *c);
	void *(*create)(const struct referee_setup *s);
	const struct event_subscriptions *subscriptions;
	/* All that stands in @places, in the order in which it happened. */
	void (*watch)(void *self, const struct event *ev, uint32_t places);
	/* The run came to rest at @now: what is still owed? */
	void (*finish)(void *self, uint64_t now);
	/*
	 * Writes all that a later verdict can depend on, for a search: what it
	 * keeps of queue @q and, with one of them, of what they share. NULL:
	 * nothing does, and what it keeps need not be put back either.
	 */
	void (*canon)(const void *self, uint32_t q, struct canon *f);
};

#endif
