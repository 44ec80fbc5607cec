/* SPDX-License-Identifier: BSD-3-Clause */
/* The texts of the tables in this folder: events, costs, rules and so on. */
#include <assert.h>

#include "model/barriers.h"
#include "model/config.h"
#include "model/cost.h"
#include "model/probe.h"
#include "model/rules.h"

static const char *const events[EVENT_KINDS] = {
#define EVENT(id, name, words) [EV_##id] = name,
#include "model/events.def"
#undef EVENT
};

static const struct cost_info costs[COST_KINDS] = {
#define COST(id, name, payer, sort, words) \
	[COST_##id] = {name, PARTY_##payer, COST_SORT_##sort, words},
#include "model/costs.def"
#undef COST
};

static const struct party_info parties[PARTIES] = {
#define PARTY(id, name, words) [PARTY_##id] = {name, words},
#include "model/costs.def"
#undef PARTY
};

static const struct barrier_info barriers[BARRIER_COUNT] = {
#define BARRIER(id, name, orders, words) \
	[BARRIER_##id] = {name, BARRIER_##orders, words},
#include "model/barriers.def"
#undef BARRIER
};

static const struct rule_info rules[RULE_COUNT] = {
#define RULE(id, name, fixes, clause, words) \
	[RULE_##id] = {name, fixes, CLAUSE_##clause, words},
#include "model/rules.def"
#undef RULE
};

static const struct policy_info gift_policies[GIFT_POLICIES] = {
	[GIFT_NONE] = {"none", "never give a slot back"},
	[GIFT_IMMEDIATE] = {"immediate",
			    "give a slot back as soon as two more are held "
			    "than the peer holds"},
	[GIFT_WATERMARK] = {"watermark",
			    "when the peer holds fewer than low slots, give "
			    "batch at once, never beyond an equal share"},
	[GIFT_CREDIT] = {"credit",
			 "give batch slots when the peer's last packet asked "
			 "for some, together with the next packets"},
};

static const struct policy_info alloc_policies[ALLOC_POLICIES] = {
	[ALLOC_FIFO] = {"fifo", "the slot that has been free longest"},
	[ALLOC_LIFO] = {"lifo", "the slot that became free last"},
	[ALLOC_ADDRESS] = {"address", "the free slot of lowest offset"},
};

const char *event_name(enum event_kind kind)
{
	assert(kind < EVENT_KINDS);
	return events[kind];
}

const struct cost_info *cost_info(enum cost kind)
{
	assert(kind < COST_KINDS);
	return &costs[kind];
}

uint64_t cost_sum(const uint64_t *count, enum cost_sort sort)
{
	uint64_t sum = 0;

	for (int k = 0; k < COST_KINDS; k++)
		if (costs[k].sort == sort)
			sum += count[k];
	return sum;
}

const struct party_info *party_info(enum party party)
{
	assert(party < PARTIES);
	return &parties[party];
}

const struct barrier_info *barrier_info(enum barrier b)
{
	assert(b < BARRIER_COUNT);
	return &barriers[b];
}

const struct rule_info *rule_info(enum rule r)
{
	assert(r < RULE_COUNT);
	return &rules[r];
}

const struct policy_info *gift_policy_info(enum gift_policy p)
{
	assert(p < GIFT_POLICIES);
	return &gift_policies[p];
}

const struct policy_info *alloc_policy_info(enum alloc_policy p)
{
	assert(p < ALLOC_POLICIES);
	return &alloc_policies[p];
}
