/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/cpu.h"

/* What one actor counted, each by whoever pays for it. */
static void add_counted(struct cpu *c, const struct actor_result *a,
			const struct cost_model *price)
{
	for (int k = 0; k < COST_KINDS; k++) {
		enum party payer = cost_info((enum cost)k)->payer;
		uint64_t ps = price->ps[k] * a->count[k];

		c->ps[payer == PARTY_SELF ? a->party : payer] += ps;
		c->total_ps += ps;
	}
}

/* The first one that polls on a core; NULL: nobody does. */
static const struct actor_result *poller(const struct run_result *r,
					 uint32_t core)
{
	for (uint32_t i = 0; i < r->actors; i++)
		if (r->actor[i].core == core && r->actor[i].polls)
			return &r->actor[i];
	return NULL;
}

/* What was counted on @core, and that somebody looked in vain. */
static struct cpu core_of(const struct run_result *r,
			  const struct cost_model *price, uint32_t core)
{
	const struct actor_result *spins = poller(r, core);
	struct cpu c = {.total_ps = 0};
	uint64_t there;

	for (uint32_t i = 0; i < r->actors; i++)
		if (r->actor[i].core == core)
			add_counted(&c, &r->actor[i], price);
	if (!spins || spins->to_ps < spins->from_ps)
		return c;
	there = spins->to_ps - spins->from_ps;
	if (there > c.total_ps) {
		c.ps[spins->party] += there - c.total_ps;
		c.total_ps = there;
	}
	return c;
}

struct cpu cpu_of(const struct run_result *r, const struct cost_model *price)
{
	struct cpu sum = {.total_ps = 0};

	for (uint32_t core = 0; core < r->actors; core++) {
		struct cpu c = core_of(r, price, core);

		for (int p = 0; p < PARTIES; p++)
			sum.ps[p] += c.ps[p];
		sum.total_ps += c.total_ps;
	}
	return sum;
}

uint64_t cpu_core(const struct run_result *r, const struct cost_model *price,
		  uint32_t core)
{
	return core_of(r, price, core).total_ps;
}

bool cpu_core_is(const struct run_result *r, uint32_t core)
{
	return r->actor[core].acts && r->actor[core].core == core;
}

uint64_t cpu_milli(uint64_t amount, uint64_t whole)
{
	return whole ? (uint64_t)((unsigned __int128)amount * 1000 / whole) : 0;
}
