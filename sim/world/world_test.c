/* SPDX-License-Identifier: BSD-3-Clause */
/* Snapshots, determinism, reach, and what a world's block may point at. */
#include "sim/world/world_fixture.h"

static const char *const worlds[] = {
	FIXTURE_PAIR(FIXTURE_TRAFFIC),
	FIXTURE_PAIR("    path: copy\n" FIXTURE_TRAFFIC),
	FIXTURE_PAIR("    path: vhost-pci\n" FIXTURE_TRAFFIC),
	FIXTURE_PAIR("    gifts: {policy: credit}\n" FIXTURE_TRAFFIC
		     "step: action\nschedule: random\nseed: 9\n"),
};

enum { WORLDS = sizeof worlds / sizeof worlds[0] };

static struct fixture one, two;

/* Runs on to the end; what came of it in @events and @state. */
static void run_on(struct fixture *f, uint64_t *events, uint64_t *state)
{
	XXH3_64bits_reset(&f->events);
	fixture_settle(f);
	*events = fixture_digest(f);
	*state = world_digest(&f->w);
}

/* What a snapshot leaves out: the clock and the generator. */
struct mark {
	uint64_t time;
	struct scheduler sched;
	void *state;
};

static struct mark mark_take(struct fixture *f)
{
	struct mark m = {f->w.probe->time, f->sched,
			 malloc(world_state_size(&f->w))};

	CU_ASSERT_PTR_NOT_NULL_FATAL(m.state);
	world_save(&f->w, m.state);
	return m;
}

static void mark_return(struct fixture *f, const struct mark *m)
{
	world_restore(&f->w, m->state);
	f->w.probe->time = m->time;
	f->sched = m->sched;
}

static void restored_runs_the_same(void)
{
	for (uint32_t i = 0; i < WORLDS; i++)
		for (uint64_t steps = 0; steps < 120; steps += 9) {
			uint64_t events[2], state[2], before;
			struct mark m;

			fixture_open(&one, worlds[i]);
			fixture_run(&one, steps);
			m = mark_take(&one);
			before = world_digest(&one.w);
			run_on(&one, &events[0], &state[0]);
			mark_return(&one, &m);
			CU_ASSERT_EQUAL(world_digest(&one.w), before);
			run_on(&one, &events[1], &state[1]);
			CU_ASSERT_EQUAL(events[0], events[1]);
			CU_ASSERT_EQUAL(state[0], state[1]);
			free(m.state);
			fixture_close(&one);
		}
}

static void a_restored_world_has_the_same_bytes(void)
{
	struct mark m;

	fixture_open(&one, worlds[0]);
	fixture_run(&one, 20);
	m = mark_take(&one);
	fixture_settle(&one);
	CU_ASSERT_NOT_EQUAL(
		memcmp(m.state, one.w.state.base, world_state_size(&one.w)), 0);
	mark_return(&one, &m);
	CU_ASSERT_EQUAL(
		memcmp(m.state, one.w.state.base, world_state_size(&one.w)), 0);
	free(m.state);
	fixture_close(&one);
}

/* Two worlds in one process, at two addresses, step by step. */
static void two_worlds_do_the_same(void)
{
	for (uint32_t i = 0; i < WORLDS; i++) {
		bool more = true;

		fixture_open(&one, worlds[i]);
		fixture_open(&two, worlds[i]);
		while (more) {
			more = fixture_run(&one, 10);
			CU_ASSERT_EQUAL(fixture_run(&two, 10), more);
			CU_ASSERT_EQUAL_FATAL(fixture_digest(&one),
					      fixture_digest(&two));
		}
		CU_ASSERT_EQUAL(one.seen[EV_DELIVER], 60);
		CU_ASSERT_EQUAL(one.w.probe->time, two.w.probe->time);
		fixture_close(&one);
		fixture_close(&two);
	}
}

/* Not memory of ours: regions so large, or so low, are a sanitizer's. */
#define SHADOW (UINT64_C(1) << 36)
#define LOW    (UINT64_C(1) << 32)

struct region {
	uintptr_t begin, end;
	char rights[8];
};

/* The memory that this process may write, its stack included. */
static uint32_t regions_read(struct region *r, uint32_t most)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	uint32_t n = 0;
	char line[512];

	CU_ASSERT_PTR_NOT_NULL_FATAL(maps);
	while (n < most && fgets(line, sizeof line, maps))
		if (sscanf(line, "%lx-%lx %7s", &r[n].begin, &r[n].end,
			   r[n].rights) == 3 &&
		    r[n].rights[1] == 'w' && r[n].begin >= LOW &&
		    r[n].end - r[n].begin < SHADOW)
			n++;
	fclose(maps);
	return n;
}

static bool within(uintptr_t p, const void *base, size_t size)
{
	return p - (uintptr_t)base < size;
}

/* A word that names memory outside of the block which somebody could change. */
static bool points_out(const struct fixture *f, uintptr_t p,
		       const struct region *r, uint32_t regions)
{
	if (within(p, f->w.block, f->w.block_size) ||
	    within(p, f->sc, sizeof *f->sc) || /* constant while it runs */
	    within(p, &f->app, sizeof f->app) || within(p, &f->w, sizeof f->w))
		return false;
	for (uint32_t i = 0; i < regions; i++)
		if (p >= r[i].begin && p < r[i].end)
			return true;
	return false;
}

static void the_block_points_into_itself(void)
{
	static struct region r[512];

	for (uint32_t i = 0; i < WORLDS; i++) {
		uint32_t out = 0, regions;
		const uintptr_t *word;

		fixture_open(&one, worlds[i]);
		fixture_run(&one, 200);
		regions = regions_read(r, 512);
		word = (const uintptr_t *)one.w.state.base;
		for (size_t k = 0; k < one.w.state.used / sizeof *word; k++)
			out += points_out(&one, word[k], r, regions);
		CU_ASSERT_EQUAL(out, 0);
		fixture_close(&one);
	}
}

static void reach_is_what_is_mapped(void)
{
	struct exposure e;

	fixture_open(&one, worlds[0]);
	e = world_exposure(&one.w, 0, 1);
	CU_ASSERT_EQUAL(e.ram, 0);
	CU_ASSERT_EQUAL(e.shared, 8 * 256);
	fixture_close(&one);

	fixture_open(&one, worlds[1]);
	e = world_exposure(&one.w, 0, 1);
	CU_ASSERT_EQUAL(e.ram + e.shared, 0);
	fixture_close(&one);

	fixture_open(&one, worlds[2]);
	e = world_exposure(&one.w, 1, 0);
	CU_ASSERT_EQUAL(e.ram, one.w.vm[0].ram_size);
	e = world_exposure(&one.w, 0, 1);
	CU_ASSERT_EQUAL(e.ram + e.shared, 0);
	fixture_close(&one);
}

static const char *driver_name(uint32_t vm, uint32_t link)
{
	return world_driver(&one.w, vm, link)->ops->name;
}

static void drivers_are_found_by_link(void)
{
	fixture_open(&one,
		     "name: t\nvms: [{name: a}, {name: b}, {name: c}]\n"
		     "links:\n  - {ends: [a, b]}\n"
		     "  - {ends: [b, c], path: vhost-pci}\n" FIXTURE_SCRIPT);
	CU_ASSERT_STRING_EQUAL(driver_name(0, 0), "virtio-net");
	CU_ASSERT_STRING_EQUAL(driver_name(1, 0), "virtio-net");
	CU_ASSERT_STRING_EQUAL(driver_name(1, 1), "virtio-net");
	CU_ASSERT_STRING_EQUAL(driver_name(2, 1), "vhost-pci");
	CU_ASSERT_PTR_NULL(world_driver(&one.w, 0, 1));
	CU_ASSERT_PTR_NULL(world_driver(&one.w, 2, 0));
	CU_ASSERT_EQUAL(one.w.actors, 3 + 4);
	fixture_close(&one);
}

/* A guest with two drivers is called while it looks at the other one. */
static void a_call_reaches_every_driver(void)
{
	static const char *const text =
		"name: t\nschedule: random\nseed: 1\n"
		"vms: [{name: vm1}, {name: vm2}, {name: vm3}]\n"
		"links:\n"
		"  - {ends: [vm1, vm2], ring: {size: 16}, bar: {slots: 8}}\n"
		"  - {ends: [vm1, vm3], ring: {size: 16}, bar: {slots: 8}}\n"
		"traffic:\n"
		"  - {generate: fixed, packets: 20, from: vm1, to: vm2, "
		"both: on}\n"
		"  - {generate: fixed, packets: 20, from: vm1, to: vm3, "
		"both: on}\n";

	fixture_open(&one, text);
	for (uint64_t seed = 0; seed < 50; seed++) {
		if (seed)
			fixture_open(&one, text);
		one.sched.rng.state = seed;
		fixture_settle(&one);
		CU_ASSERT_EQUAL(one.seen[EV_DELIVER], 80);
		fixture_close(&one);
	}
}

static void a_dead_vm_stays_dead(void)
{
	fixture_open(&one, worlds[0]);
	fixture_run(&one, 60);
	world_crash_vm(&one.w, 1);
	fixture_settle(&one);
	CU_ASSERT(one.w.vm[1].crashed);
	CU_ASSERT_EQUAL(one.w.actor[1].state, ACTOR_DEAD);
	CU_ASSERT_FALSE(one.w.link[0].paired);
	CU_ASSERT_EQUAL(one.seen[EV_CRASH], 1);
	fixture_close(&one);
}

/* Whenever one end is reset, both go on in a new epoch, and rest. */
static void resets_at_any_moment(void)
{
	for (uint32_t i = 0; i < 3; i++)
		for (uint64_t steps = 0; steps < 120; steps += 7) {
			fixture_open(&one, worlds[i]);
			fixture_run(&one, steps);
			world_reset_vm(&one.w, steps & 1);
			one.w.actor[steps & 1].state = ACTOR_READY;
			fixture_settle(&one);
			CU_ASSERT_EQUAL(one.w.link[0].paired, i == 0);
			CU_ASSERT(one.seen[EV_SEND] <= 60);
			CU_ASSERT(one.seen[EV_DELIVER] <= one.seen[EV_SEND]);
			fixture_close(&one);
		}
}

static const struct unit_case cases[] = {
	{"a restored world runs the same", restored_runs_the_same},
	{"a restored world has the same bytes",
	 a_restored_world_has_the_same_bytes},
	{"two worlds do the same", two_worlds_do_the_same},
	{"the block points into itself", the_block_points_into_itself},
	{"reach is what is mapped", reach_is_what_is_mapped},
	{"drivers are found by link", drivers_are_found_by_link},
	{"a call reaches every driver", a_call_reaches_every_driver},
	{"a dead vm stays dead", a_dead_vm_stays_dead},
	{"resets at any moment", resets_at_any_moment},
};

UNIT_MAIN("world", cases)
