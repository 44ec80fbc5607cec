/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of an exploration: what may happen besides steps. */
#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"

#define AT(field)                                           \
	.offset = offsetof(struct scenario, explore.field), \
	.size = sizeof(((struct explore_config *)0)->field)

static const char *const grains[] = {"step", "slot", NULL};

static const struct schema_key explore_keys[] = {
	{
		.name = "sends",
		.about = "frames that each end of a link sends in all",
		.type = SCHEMA_NUMBER,
		AT(sends),
		.min = 0,
		.max = EXPLORE_TIMES_MAX,
		.fallback = "1",
	},
	{
		.name = "endless",
		.about = "each end may send for ever, whatever sends says",
		.type = SCHEMA_SWITCH,
		AT(endless),
		.fallback = "off",
	},
	{
		.name = "waiting",
		.about = "frames that wait in an application at most",
		.type = SCHEMA_NUMBER,
		AT(waiting),
		.min = 1,
		.max = EXPLORE_WAITING_MAX,
		.fallback = "1",
	},
	{
		.name = "bytes",
		.about = "of each frame",
		.type = SCHEMA_NUMBER,
		AT(bytes),
		.min = FRAME_MIN,
		.max = FRAME_MAX,
		.fallback = "60",
	},
	{
		.name = "resets",
		.about = "resets of VMs in all",
		.type = SCHEMA_NUMBER,
		AT(resets),
		.min = 0,
		.max = EXPLORE_TIMES_MAX,
		.fallback = "0",
	},
	{
		.name = "queue-resets",
		.about = "resets of single queues in all, where ring.reset is "
			 "on",
		.type = SCHEMA_NUMBER,
		AT(queue_resets),
		.min = 0,
		.max = EXPLORE_TIMES_MAX,
		.fallback = "0",
	},
	{
		.name = "crashes",
		.about = "crashes of VMs in all",
		.type = SCHEMA_NUMBER,
		AT(crashes),
		.min = 0,
		.max = EXPLORE_TIMES_MAX,
		.fallback = "0",
	},
	{
		.name = "unpairs",
		.about = "unpairings of links in all; each may be paired again",
		.type = SCHEMA_NUMBER,
		AT(unpairs),
		.min = 0,
		.max = EXPLORE_TIMES_MAX,
		.fallback = "0",
	},
	{
		.name = "lies",
		.about =
			"slots, in all, that a driver posts again, or sends or "
			"writes to though it does not hold them",
		.type = SCHEMA_NUMBER,
		AT(lies),
		.min = 0,
		.max = EXPLORE_TIMES_MAX,
		.fallback = "0",
	},
	{
		.name = "overlook",
		.about = "clauses that may be violated on the way to others",
		.type = SCHEMA_CLAUSES,
		.offset = offsetof(struct scenario, explore.overlook),
		.max = CLAUSE_LIST_MAX,
		.fallback = "none",
	},
	{
		.name = "liveness",
		.about = "look for what can go on for ever, too",
		.type = SCHEMA_SWITCH,
		AT(liveness),
		.fallback = "off",
	},
	{
		.name = "grain",
		.about = "what a move is: a step of an actor, or all that is "
			 "done with one slot at once",
		.type = SCHEMA_CHOICE,
		AT(grain),
		.words = grains,
		.fallback = "step",
	},
	{.name = NULL},
};

const struct schema_section schema_explore = {.title = "explore",
					      .keys = explore_keys};
