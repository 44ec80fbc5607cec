/* SPDX-License-Identifier: BSD-3-Clause */
/* The keys of a fault: what goes wrong, when, and for whom. */
#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"

#define AT(field)                                       \
	.offset = offsetof(struct fault_config, field), \
	.size = sizeof(((struct fault_config *)0)->field)

#define GIVEN(field) .has = offsetof(struct fault_config, has_##field)

static const char *const kinds[] = {
	[FAULT_LOST_KICK] = "lost-kick",
	[FAULT_LATE_KICK] = "late-kick",
	[FAULT_LOST_CALL] = "lost-call",
	[FAULT_LATE_CALL] = "late-call",
	[FAULT_SPURIOUS_KICK] = "spurious-kick",
	[FAULT_SPURIOUS_CALL] = "spurious-call",
	[FAULT_RESET] = "reset",
	[FAULT_CRASH] = "crash",
	[FAULT_UNPAIR] = "unpair",
	[FAULT_RE_PAIR] = "re-pair",
	[FAULT_LIE] = "lie",
	[FAULT_HOSTILE] = "hostile",
	[FAULT_QUEUE_RESET] = "queue-reset",
	NULL,
};

static bool is_put_off(const void *object)
{
	enum fault_kind k = ((const struct fault_config *)object)->kind;

	return k == FAULT_LATE_KICK || k == FAULT_LATE_CALL ||
	       k == FAULT_UNPAIR;
}

static bool is_re_pair(const void *object)
{
	return ((const struct fault_config *)object)->kind == FAULT_RE_PAIR;
}

static const struct schema_fit only_put_off = {
	is_put_off, "needs kind late-kick, late-call or unpair"};
static const struct schema_fit only_re_pair = {is_re_pair,
					       "needs kind re-pair"};

static const struct schema_key fault_keys[] = {
	{
		.name = "kind",
		.about = "a kick or an interrupt that gets lost, comes late or "
			 "has no cause; drivers of a VM that reset, a VM that "
			 "dies; ends that are unpaired for a while; drivers "
			 "that "
			 "begin again with other features; one that "
			 "sends a slot whoever holds it; a VM that writes "
			 "any word of memory and registers that it reaches; "
			 "one of the two queues of a driver that is reset by "
			 "itself, where ring.reset is on",
		.type = SCHEMA_CHOICE,
		AT(kind),
		.words = kinds,
		.required = true,
	},
	{
		.name = "at",
		.about = "once, at that time",
		.type = SCHEMA_TIME,
		AT(at_ps),
		.max = TIME_MAX_PS,
		GIVEN(at),
	},
	{
		.name = "every",
		.about = "after each so many steps of actors",
		.type = SCHEMA_NUMBER,
		AT(every),
		.min = 1,
		.max = 1000000000,
		GIVEN(every),
	},
	{
		.name = "one-in",
		.about = "after any step, with a probability of one in so many",
		.type = SCHEMA_NUMBER,
		AT(one_in),
		.min = 1,
		.max = 1000000000,
		GIVEN(one_in),
	},
	{
		.name = "times",
		.about = "how often at most; 0: without end",
		.type = SCHEMA_NUMBER,
		AT(times),
		.max = 1000000000,
		.fallback = "0",
	},
	{
		.name = "who",
		.about = "whom it befalls, or who is the bad one; any VM, each "
			 "time another, if none is named",
		.type = SCHEMA_VM,
		AT(who),
		GIVEN(who),
	},
	{
		.name = "link",
		.about = "on which of its links, by number; any, if none is "
			 "given",
		.type = SCHEMA_NUMBER,
		AT(link),
		.max = LINK_MAX - 1,
		GIVEN(link),
	},
	{
		.name = "delay",
		.about = "how much later it comes, or they are paired again",
		.type = SCHEMA_TIME,
		AT(delay_ps),
		.max = TIME_MAX_PS,
		.fallback = "10us",
		.fit = &only_put_off,
	},
	{
		.name = "features",
		.about = "that it accepts the first time and every other; its "
			 "own between",
		.type = SCHEMA_BITS,
		AT(features),
		.bits = &schema_features,
		.fit = &only_re_pair,
	},
	{.name = NULL},
};

const struct schema_section schema_fault = {.title = "faults[]",
					    .keys = fault_keys};
