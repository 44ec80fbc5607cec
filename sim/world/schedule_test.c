/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose turn it is, what a turn costs, and who is woken. */
#include "sim/world/world_fixture.h"

static struct fixture f;

static const char *const quiet = FIXTURE_PAIR(FIXTURE_SCRIPT);

static struct actor *actor(uint32_t i)
{
	return &f.w.actor[i];
}

/* Sets the state of all four actors by hand. */
static void set(uint32_t i, uint8_t state, uint64_t ready_ps)
{
	actor(i)->state = state;
	actor(i)->ready_ps = ready_ps;
	actor(i)->timer_ps = state == ACTOR_WAITING ? ready_ps : 0;
}

static void the_earliest_is_next(void)
{
	fixture_open(&f, quiet);
	set(0, ACTOR_READY, 30);
	set(1, ACTOR_READY, 20);
	set(2, ACTOR_READY, 25);
	set(3, ACTOR_RESTING, 1);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 1);
	CU_ASSERT_EQUAL(f.w.probe->time, 20);
	set(1, ACTOR_DEAD, 0);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 2);
	CU_ASSERT_EQUAL(f.w.probe->time, 25);
	fixture_close(&f);
}

static void ties_go_by_number(void)
{
	fixture_open(&f, quiet);
	for (uint32_t i = 0; i < 4; i++)
		set(i, ACTOR_READY, 7);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 0);
	set(0, ACTOR_RESTING, 7);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 1);
	fixture_close(&f);
}

static void time_does_not_go_back(void)
{
	fixture_open(&f, quiet);
	f.w.probe->time = 1000;
	for (uint32_t i = 0; i < 4; i++)
		set(i, ACTOR_READY, 10);
	schedule_next(&f.sched);
	CU_ASSERT_EQUAL(f.w.probe->time, 1000);
	fixture_close(&f);
}

static void nobody_is_left(void)
{
	fixture_open(&f, quiet);
	for (uint32_t i = 0; i < 4; i++)
		set(i, i ? ACTOR_RESTING : ACTOR_DEAD, 0);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), (uint32_t)NO_ACTOR);
	f.sched.random = true;
	CU_ASSERT_EQUAL(schedule_next(&f.sched), (uint32_t)NO_ACTOR);
	fixture_close(&f);
}

static void a_timer_runs_out(void)
{
	fixture_open(&f, quiet);
	set(0, ACTOR_RESTING, 0);
	set(1, ACTOR_RESTING, 0);
	set(2, ACTOR_WAITING, 500);
	set(3, ACTOR_READY, 100);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 3);
	CU_ASSERT_FALSE(actor(3)->expired);
	set(3, ACTOR_RESTING, 0);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 2);
	CU_ASSERT_EQUAL(f.w.probe->time, 500);
	CU_ASSERT(actor(2)->expired);
	fixture_close(&f);
}

/* Woken before its time is not late, woken behind it is. */
static void a_timer_outlasts_being_woken(void)
{
	fixture_open(&f, quiet);
	for (uint32_t i = 0; i < 4; i++)
		set(i, ACTOR_RESTING, 0);
	set(2, ACTOR_READY, 100);
	actor(2)->timer_ps = 500;
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 2);
	CU_ASSERT_FALSE(actor(2)->expired);
	actor(2)->ready_ps = 501;
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 2);
	CU_ASSERT(actor(2)->expired);
	fixture_close(&f);
}

/* At random, everybody who is ready has a turn, and nobody else. */
static void random_numbers_are_even(void)
{
	uint32_t turns[4] = {0};

	fixture_open(&f, quiet);
	f.sched.random = true;
	set(0, ACTOR_READY, 10);
	set(1, ACTOR_WAITING, 5);
	set(2, ACTOR_READY, 20);
	set(3, ACTOR_READY, 999999);
	for (uint32_t i = 0; i < 30000; i++)
		turns[schedule_next(&f.sched)]++;
	CU_ASSERT_EQUAL(turns[1], 0);
	for (uint32_t i = 0; i < 4; i++)
		CU_ASSERT(i == 1 || (turns[i] > 9500 && turns[i] < 10500));
	for (uint32_t i = 0; i < 4; i++)
		set(i, i == 1 ? ACTOR_WAITING : ACTOR_RESTING, 5);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 1);
	fixture_close(&f);
}

static void same_seed_same_turns(void)
{
	uint64_t digest[3];

	for (uint32_t i = 0; i < 3; i++) {
		fixture_open(
			&f, FIXTURE_PAIR(FIXTURE_TRAFFIC "schedule: random\n"));
		f.sched.rng.state = i / 2 + 1;
		fixture_settle(&f);
		digest[i] = fixture_digest(&f);
		fixture_close(&f);
	}
	CU_ASSERT_EQUAL(digest[0], digest[1]);
	CU_ASSERT_NOT_EQUAL(digest[0], digest[2]);
}

/* A step takes as long as its counts cost: here a nanosecond each. */
static void a_step_is_paid_for(void)
{
	fixture_open(&f, quiet);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 0);
	schedule_step(&f.sched, 0);
	CU_ASSERT_EQUAL(actor(0)->busy_ps, cost_model_of(&f.price, f.w.cost));
	CU_ASSERT(actor(0)->busy_ps >= 1000);
	CU_ASSERT_EQUAL(actor(0)->ready_ps, actor(0)->busy_ps);
	CU_ASSERT_EQUAL(f.sched.last_ps, actor(0)->busy_ps);
	CU_ASSERT_EQUAL(f.steps, 1);
	fixture_close(&f);
}

/* An interrupt comes 3 ns, a worker's wake-up 5 ns after the step. */
static void who_is_signalled_is_woken(void)
{
	uint64_t done;

	fixture_open(&f, quiet);
	fixture_settle(&f);
	CU_ASSERT_EQUAL(actor(0)->state, ACTOR_RESTING);
	app_script_send(&f.app, 0, 100);
	set(0, ACTOR_READY, f.w.probe->time);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 0);
	schedule_step(&f.sched, 0);
	done = actor(0)->busy_ps;
	CU_ASSERT_EQUAL(actor(2)->state, ACTOR_READY);
	CU_ASSERT_EQUAL(actor(2)->ready_ps, done + 5000);
	while (schedule_next(&f.sched) != 2)
		schedule_step(&f.sched, 0);
	schedule_step(&f.sched, 2);
	CU_ASSERT_EQUAL(actor(1)->state, ACTOR_READY);
	CU_ASSERT_EQUAL(actor(1)->ready_ps, actor(2)->busy_ps + 3000);
	fixture_close(&f);
}

/* Two that share a core never run at the same time, and take turns. */
static void a_core_is_shared(void)
{
	uint64_t done;

	fixture_open(&f, quiet);
	fixture_settle(&f);
	actor(3)->core = 2;
	f.w.shares = true;
	done = f.w.probe->time;
	for (uint32_t i = 1; i < 4; i++)
		set(i, ACTOR_READY, done);
	set(1, ACTOR_READY, done + 1);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 2);
	schedule_step(&f.sched, 2);
	CU_ASSERT(actor(2)->busy_ps > done + 1);
	done = actor(2)->busy_ps;
	set(2, ACTOR_READY, done);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 1);
	schedule_step(&f.sched, 1);
	set(1, ACTOR_RESTING, 0);
	CU_ASSERT_EQUAL(schedule_due(&f.sched), done);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 3);
	CU_ASSERT_EQUAL(f.w.probe->time, done);
	schedule_step(&f.sched, 3);
	CU_ASSERT(actor(3)->busy_ps > done);
	CU_ASSERT_EQUAL(schedule_next(&f.sched), 2);
	CU_ASSERT_EQUAL(f.w.probe->time, actor(3)->busy_ps);
	fixture_close(&f);
}

static const struct unit_case cases[] = {
	{"the earliest is next", the_earliest_is_next},
	{"ties go by number", ties_go_by_number},
	{"time does not go back", time_does_not_go_back},
	{"nobody is left", nobody_is_left},
	{"a timer runs out", a_timer_runs_out},
	{"a timer outlasts being woken", a_timer_outlasts_being_woken},
	{"random numbers are even", random_numbers_are_even},
	{"same seed, same turns", same_seed_same_turns},
	{"a step is paid for", a_step_is_paid_for},
	{"who is signalled is woken", who_is_signalled_is_woken},
	{"a core is shared", a_core_is_shared},
};

UNIT_MAIN("schedule", cases)
