/* SPDX-License-Identifier: BSD-3-Clause */
/* What each verb of a script does. */
#include "sim/world/world_fixture.h"

static const char *const three =
	"name: t\nvms: [{name: vm1}, {name: vm2}, {name: vm3}]\n"
	"links:\n"
	"  - {ends: [vm1, vm2], ring: {size: 16}, "
	"bar: {slots: 8, slot-size: 256}}\n"
	"  - {ends: [vm3, vm1], ring: {size: 16}, bar: {slots: 8}}\n"
	"script: [run]\n";

static struct fixture f;

/* Understood, but not possible now. */
static void cannot(const char *line, const char *says)
{
	struct script_op op;

	CU_ASSERT_FATAL(
		script_parse(&op, &f.sc->world, line, f.error, sizeof f.error));
	CU_ASSERT_FALSE(
		script_do(&op, &f.sched, &f.app, f.error, sizeof f.error));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.error, says));
}

static void not_now(void)
{
	fixture_open(&f, three);
	cannot("vm1 tx 0 12", "cannot be done now"); /* not paired yet */
	cannot("host0.vm1 step", "rests after 0 steps");
	cannot("host0.vm1 expire", "waits for no timer");
	fixture_do(&f, "run");
	cannot("vm1 step", "rests after 0 steps");
	cannot("repeat 1", "cannot be done now");
	fixture_do(&f, "vm1 send 64 x64");
	cannot("vm1 send 64", "cannot be done now");
	fixture_close(&f);
}

static void sends_arrive(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm1 send 64 x3");
	fixture_do(&f, "vm1 send 100 to vm3 x2");
	fixture_do(&f, "vm2 send 60");
	CU_ASSERT_EQUAL(f.seen[EV_SEND], 0);
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_SEND], 6);
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 6);
	fixture_close(&f);
}

static void one_actor_runs_alone(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm1 send 64");
	fixture_do(&f, "vm1 run");
	CU_ASSERT_EQUAL(f.seen[EV_SEND], 1);
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 0);
	fixture_do(&f, "host0.vm1 step");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 0);
	fixture_do(&f, "vm2 run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	fixture_close(&f);
}

static void parting_and_joining(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	CU_ASSERT(f.w.link[0].paired && f.w.link[1].paired);
	fixture_do(&f, "unpair 1");
	fixture_do(&f, "run");
	CU_ASSERT(f.w.link[0].paired && !f.w.link[1].paired);
	fixture_do(&f, "pair 1");
	fixture_do(&f, "run");
	CU_ASSERT(f.w.link[0].paired && f.w.link[1].paired);
	fixture_close(&f);
}

static void lies_are_told(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm1 touch 0");
	CU_ASSERT_EQUAL(f.w.link[0].region[0], 0x5a);
	CU_ASSERT_EQUAL(f.seen[EV_GUEST_WRITE], 1);
	fixture_do(&f, "vm1 post 1");
	fixture_do(&f, "vm1 tx 1 12");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	fixture_close(&f);
}

static void whole_moves_of_a_slot(void)
{
	fixture_open(&f, three);
	cannot("vm1 hand 1 60", "cannot be done now"); /* not paired yet */
	fixture_do(&f, "run");
	cannot("vm1 hand 0 60", "cannot be done now"); /* vm2 holds it */
	cannot("vm1 give 1", "cannot be done now");    /* no more than vm2 */
	cannot("vm2 take", "cannot be done now");
	fixture_do(&f, "vm1 hand 5 60");
	CU_ASSERT_EQUAL(f.seen[EV_SEND], 1);
	CU_ASSERT_EQUAL(fixture_driver(&f, 0)->belief[5], SLOT_LENT);
	CU_ASSERT_EQUAL(fixture_driver(&f, 0)->belief[1], SLOT_MINE);
	cannot("vm1 hand 5 60", "cannot be done now");
	fixture_do(&f, "host0.vm1 step");
	fixture_do(&f, "vm2 take");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	CU_ASSERT_EQUAL(fixture_driver(&f, 1)->belief[5], SLOT_MINE);
	fixture_close(&f);
}

static void gifts_of_a_chosen_slot(void)
{
	fixture_open(&f, FIXTURE_PAIR("    gifts: {low: 4, batch: 1}\n")
				 FIXTURE_SCRIPT);
	fixture_do(&f, "run");
	fixture_do(&f, "vm1 hand 1 60");
	fixture_do(&f, "host0.vm1 step");
	fixture_do(&f, "vm2 take");
	fixture_do(&f, "vm2 give 4");
	CU_ASSERT_EQUAL(f.seen[EV_GIFT], 1);
	CU_ASSERT_EQUAL(fixture_driver(&f, 1)->belief[4], SLOT_LENT);
	cannot("vm2 give 6", "cannot be done now");
	fixture_do(&f, "host0.vm2 step");
	fixture_do(&f, "vm1 take");
	CU_ASSERT_EQUAL(f.seen[EV_GIFTED], 1);
	fixture_close(&f);
}

static void the_dead_do_not_run(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm2 crash");
	fixture_do(&f, "vm2 send 64");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_SEND], 0);
	CU_ASSERT_EQUAL(f.seen[EV_CRASH], 1);
	cannot("vm2 step", "rests after 0 steps");
	fixture_do(&f, "vm1 send 64 to vm3");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	fixture_close(&f);
}

/* A kick that got lost leaves the frame where it is, until it comes again. */
static void lost_kicks_come_again(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm2 drop kick");
	fixture_do(&f, "vm2 send 64");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_SEND], 1);
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 0);
	fixture_do(&f, "vm2 kick");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	fixture_close(&f);
}

static void lost_calls_come_again(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm1 drop call");
	fixture_do(&f, "vm2 send 64");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 0);
	fixture_do(&f, "vm1 call");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	for (uint32_t i = 0; i < DROPS_MAX; i++)
		fixture_do(&f, "vm1 drop call");
	cannot("vm1 drop call", "cannot be done now");
	fixture_close(&f);
}

static void healing_makes_up_for_faults(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "unpair 1");
	fixture_do(&f, "vm2 drop kick");
	fixture_do(&f, "vm2 send 64");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 0);
	fixture_do(&f, "heal");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	CU_ASSERT(f.w.link[0].paired && f.w.link[1].paired);
	fixture_close(&f);
}

/* The peer has other features then: the host goes on by copying. */
static void paired_with_other_features(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm2 accept gift=off");
	fixture_do(&f, "run");
	CU_ASSERT_FALSE(f.w.link[0].paired);
	fixture_do(&f, "vm2 send 64");
	fixture_do(&f, "run");
	CU_ASSERT_EQUAL(f.seen[EV_DELIVER], 1);
	fixture_do(&f, "vm2 accept gift=on");
	fixture_do(&f, "run");
	CU_ASSERT(f.w.link[0].paired);
	fixture_close(&f);
}

static void words_are_written(void)
{
	fixture_open(&f, three);
	fixture_do(&f, "run");
	fixture_do(&f, "vm2 poke 1 2 513"); /* its BAR, which vm1 sees too */
	CU_ASSERT_EQUAL(f.w.link[0].region[2], 1);
	CU_ASSERT_EQUAL(f.w.link[0].region[3], 2);
	cannot("vm2 poke 1 4294967294 0", "cannot be done now");
	fixture_do(&f, "vm2 register 0 20 0"); /* device_status: a reset */
	CU_ASSERT_FALSE(f.w.link[0].paired);
	fixture_do(&f, "vm2 crash");
	cannot("vm2 register 0 20 0", "cannot be done now");
	cannot("vm2 poke 0 0 0", "cannot be done now");
	fixture_close(&f);
}

static const struct unit_case cases[] = {
	{"not now", not_now},
	{"sends arrive", sends_arrive},
	{"one actor runs alone", one_actor_runs_alone},
	{"parting and joining", parting_and_joining},
	{"lies are told", lies_are_told},
	{"whole moves of a slot", whole_moves_of_a_slot},
	{"gifts of a chosen slot", gifts_of_a_chosen_slot},
	{"the dead do not run", the_dead_do_not_run},
	{"lost kicks come again", lost_kicks_come_again},
	{"lost calls come again", lost_calls_come_again},
	{"healing makes up for faults", healing_makes_up_for_faults},
	{"paired with other features", paired_with_other_features},
	{"words are written", words_are_written},
};

UNIT_MAIN("script do", cases)
