/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/recount/recount.h"

/* Adds the time of @core by party to @sum; returns all of it. */
static uint64_t core_add(uint32_t core, uint64_t sum[PARTIES])
{
	const struct actor *spins = NULL;
	uint64_t all = 0, there;

	for (uint32_t i = 0; i < s.actors; i++) {
		const struct actor *a = &s.actor[i];

		if (a->core != core)
			continue;
		for (uint32_t p = 0; p < PARTIES; p++) {
			sum[p] += a->paid[p];
			all += a->paid[p];
		}
		if (a->polls && !spins)
			spins = a;
	}
	if (!spins)
		return all;
	there = spins->to_ps ? spins->to_ps : s.done_ps;
	there = there > spins->from_ps ? there - spins->from_ps : 0;
	if (there > all) {
		sum[spins->party] += there - all;
		all = there;
	}
	return all;
}

static bool core_polled(uint32_t core)
{
	bool polled = false;

	for (uint32_t i = 0; i < s.actors; i++)
		polled |= s.actor[i].core == core && s.actor[i].polls;
	return polled;
}

/* @ps, and by the packet. */
static void put_time(const char *at, uint64_t ps)
{
	uint64_t got = s.all.packets[DELIVERED];

	printf("cpu.%sps %" PRIu64 "\ncpu.%sps_per_packet %" PRIu64 "\n", at,
	       ps, at, got ? ps / got : 0);
}

static uint64_t milli(uint64_t amount, uint64_t whole)
{
	return whole ? (uint64_t)((unsigned __int128)amount * 1000 / whole) : 0;
}

static void put_actors(uint32_t core, uint32_t place)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.actors; i++)
		if (s.actor[i].core == core)
			printf("cpu.cores.%" PRIu32 ".actors.%" PRIu32
			       " \"%s\"\n",
			       place, n++, s.actor[i].name);
}

void put_cpu(void)
{
	uint64_t sum[PARTIES] = {0}, all = 0;
	uint32_t cores = 0;
	char at[2 * NAME];

	for (uint32_t core = 0; core < ACTORS; core++) {
		bool is = false;
		uint64_t busy = core_add(core, sum);

		for (uint32_t i = 0; i < s.actors; i++)
			is |= s.actor[i].core == core;
		put_actors(core, cores);
		all += busy;
		if (is)
			printf("cpu.cores.%" PRIu32 ".busy_ps %" PRIu64
			       "\ncpu.cores.%" PRIu32 ".polled %s\n",
			       cores, busy, cores,
			       core_polled(core) ? "true" : "false");
		cores += is;
	}
	put_time("", all);
	printf("cpu.cores_busy_milli %" PRIu64 "\n", milli(all, s.done_ps));
	for (uint32_t p = 0; p < s.parties; p++) {
		snprintf(at, sizeof at, "parties.%s.", s.party[p]);
		put_time(at, sum[p]);
		printf("cpu.%sshare_milli %" PRIu64 "\n", at,
		       milli(sum[p], all));
	}
}
