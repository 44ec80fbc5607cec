/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How one watches a run: a referee gets the stream of events, keeps a small
 * model of its own, and reports findings. It never calls the code that it
 * judges. What is right is each referee's own affair.
 */
#ifndef TWINRING_SIM_WATCH_REFEREE_H
#define TWINRING_SIM_WATCH_REFEREE_H

#include "model/actor/actor.h"
#include "model/canon/canon.h"
#include "model/clauses.h"
#include "model/config.h"
#include "model/event.h"
#include "model/memory/arena.h"
#include "sim/watch/audience.h"

/* That judge one world at once. */
enum { REFEREES_MAX = 12 };

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
		uint64_t features[2]; /* accepted at each end, as configured */
	} link[LINK_MAX];
	struct { /* where its driver has the descriptors of each queue */
		uint64_t gpa;
		uint64_t size; /* 0: there is no driver */
	} table[QUEUE_MAX];
	struct grant *grant;
	uint32_t grants;
};

struct referee_setup {
	const struct world_config *config;
	const struct world_map *map;
	struct arena *arena; /* for all that the referee ever needs */
	void (*report)(void *to, const struct finding *f);
	void *to;
};

/* What does not end, as a world shows it; whether it must is for a referee. */
enum unended_kind {
	UNENDED_SEND,  /* a frame waits for its driver */
	UNENDED_PARK,  /* a send is parked */
	UNENDED_TAKEN, /* frames that a driver took: not sent, nor refused */
	UNENDED_GIFTS, /* slots are given, and no packet moves */
	UNENDED_STEPS, /* steps are made, and no packet moves */
	UNENDED_BUSY,  /* likewise, for so many steps */
	UNENDED_HEALED /* steps are made, for so many after the last fault */
};

struct unended {
	enum unended_kind kind;
	uint32_t nic;   /* nic_id() */
	bool at_rest;   /* nobody moves; else all go on for ever */
	uint64_t now;   /* virtual time */
	uint64_t taken; /* frames */
	uint64_t done;  /* of these: sent or refused */
	uint64_t steps; /* of the last two, */
	actor_id actor; /* and who made the last */
};

struct referee_ops {
	const char *name;
	const char *words;
	/* Bytes of arena that create() will take, generously. */
	size_t (*size)(const struct world_config *c);
	void *(*create)(const struct referee_setup *s);
	const struct event_subscriptions *subscriptions;
	/* The run came to rest at @now: what is still owed? NULL: nothing. */
	void (*finish)(void *self, uint64_t now);
	/*
	 * Something does not end. Keeps nothing, and reports to whom @s names;
	 * NULL: that is none of its business.
	 */
	void (*unended)(const struct referee_setup *s, const struct unended *u);
	/*
	 * Writes all that a later verdict can depend on, for a search: what it
	 * keeps of queue @q and, with one of them, of what they share. NULL:
	 * nothing does, and what it keeps need not be put back either.
	 */
	void (*canon)(const void *self, uint32_t q, struct canon *f);
};

/* Tells @ops' @self all that stands in @places, in order, and nobody else. */
static inline void referee_watch(const struct referee_ops *ops, void *self,
				 const struct event *ev, uint32_t places)
{
	subscriptions_tell(ops->subscriptions, self, ev, places);
}

#endif
