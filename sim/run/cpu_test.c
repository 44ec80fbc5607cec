/* SPDX-License-Identifier: BSD-3-Clause */
/* Counts become time of whoever pays, and a core that is polled is all busy. */
#include "sim/run/cpu.h"

#include <string.h>

#include "model/unit.h"

enum { GUEST, KERNEL, SWITCH, SECOND, ACTORS };

static struct actor_result actor[ACTORS];
static struct run_result result = {.actor = actor, .actors = ACTORS};
static struct cost_model price;

/* Each counts three passes, a light exit and ten bytes of an application. */
static void set_up(void)
{
	static const enum party party[ACTORS] = {
		PARTY_GUEST_DRIVER, PARTY_HOST_KERNEL, PARTY_HOST_USER,
		PARTY_HOST_USER};

	memset(actor, 0, sizeof actor);
	for (uint32_t i = 0; i < ACTORS; i++) {
		actor[i].party = party[i];
		actor[i].core = i == SECOND ? SWITCH : i;
		actor[i].acts = true;
		actor[i].to_ps = 5000;
		actor[i].count[COST_PASS] = 3;
		actor[i].count[COST_EXIT_LIGHT] = 1;
		actor[i].count[COST_APP_BYTE] = 10;
	}
	price.ps[COST_PASS] = 100;
	price.ps[COST_EXIT_LIGHT] = 50;
	price.ps[COST_APP_BYTE] = 2;
}

static void who_pays(void)
{
	struct cpu c;

	set_up();
	c = cpu_of(&result, &price);
	CU_ASSERT_EQUAL(c.ps[PARTY_GUEST_DRIVER], 300);
	CU_ASSERT_EQUAL(c.ps[PARTY_HOST_KERNEL], 300 + 4 * 50);
	CU_ASSERT_EQUAL(c.ps[PARTY_HOST_USER], 2 * 300);
	CU_ASSERT_EQUAL(c.ps[PARTY_GUEST_APP], 4 * 20);
	CU_ASSERT_EQUAL(c.ps[PARTY_EMULATOR], 0);
	CU_ASSERT_EQUAL(c.total_ps, 4 * 370);
	CU_ASSERT_EQUAL(cpu_core(&result, &price, GUEST), 370);
	CU_ASSERT_EQUAL(cpu_core(&result, &price, SWITCH), 2 * 370);
	CU_ASSERT_TRUE(cpu_core_is(&result, SWITCH));
	CU_ASSERT_FALSE(cpu_core_is(&result, SECOND));
}

/* All the time that nothing is counted for is that of whoever looks. */
static void who_polls(void)
{
	struct cpu c;

	set_up();
	actor[SECOND].polls = true;
	actor[GUEST].polls = true;
	actor[GUEST].from_ps = 4000;
	c = cpu_of(&result, &price);
	CU_ASSERT_EQUAL(cpu_core(&result, &price, SWITCH), 5000);
	CU_ASSERT_EQUAL(cpu_core(&result, &price, GUEST), 1000);
	CU_ASSERT_EQUAL(c.ps[PARTY_HOST_USER], 600 + 5000 - 740);
	CU_ASSERT_EQUAL(c.ps[PARTY_GUEST_DRIVER], 300 + 1000 - 370);
	CU_ASSERT_EQUAL(c.total_ps, 5000 + 1000 + 370);
}

/* What was counted counts, also of one that was there for less time. */
static void more_than_there_was(void)
{
	set_up();
	actor[GUEST].polls = true;
	actor[GUEST].to_ps = 100;
	CU_ASSERT_EQUAL(cpu_core(&result, &price, GUEST), 370);
	actor[GUEST].from_ps = 200;
	CU_ASSERT_EQUAL(cpu_core(&result, &price, GUEST), 370);
}

static void shares(void)
{
	CU_ASSERT_EQUAL(cpu_milli(1, 3), 333);
	CU_ASSERT_EQUAL(cpu_milli(UINT64_MAX, UINT64_MAX), 1000);
	CU_ASSERT_EQUAL(cpu_milli(5, 0), 0);
}

static const struct unit_case cases[] = {
	{"who pays", who_pays},
	{"who polls", who_polls},
	{"more than there was", more_than_there_was},
	{"shares", shares},
};

UNIT_MAIN("sim.cpu", cases)
