/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests only: a world made from a few lines of YAML, with its packets, its
 * scheduler and a listener that counts and hashes events. Every cost is 1 ns.
 */
#ifndef TWINRING_SIM_WORLD_WORLD_FIXTURE_H
#define TWINRING_SIM_WORLD_WORLD_FIXTURE_H

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "model/unit.h"
#include "model/guest/net_driver.h"
#include "sim/play/script_do.h"
#include "sim/scenario/scenario.h"
#include "sim/watch/event_digest.h"
#include "sim/world/app.h"
#include "sim/world/schedule.h"

/* Bytes of each arena for whoever watches. */
enum { FIXTURE_ROOM = 4096 };

struct fixture {
	struct scenario *sc;
	struct tape *tape;
	struct world w;
	struct app app;
	struct scheduler sched;
	struct cost_model price;
	XXH3_state_t events;
	uint64_t seen[EVENT_KINDS];
	uint64_t steps;
	char error[256];
};

static inline void fixture_flush(void *listener, const struct event *ev,
				 uint32_t places)
{
	struct fixture *f = listener;

	struct event_walk walk = event_walk(ev, places);
	struct event one;

	event_digest_add(&f->events, ev, places);
	while (event_next(&walk, &one))
		f->seen[one.kind]++;
}

static inline void fixture_stepped(void *to, uint32_t actor)
{
	struct fixture *f = to;

	(void)actor;
	f->steps++;
}

static inline void fixture_cost_model(struct cost_model *p)
{
	memset(p, 0, sizeof *p);
	for (int k = 0; k < COST_KINDS; k++)
		p->ps[k] = 1000;
	p->wake_delay_ps = 5000;
	p->interrupt_delay_ps = 3000;
}

/* A world as @yaml says, before its first step. */
static inline void fixture_open(struct fixture *f, const char *yaml)
{
	struct world_setup s;
	int code = 0;

	memset(f, 0, sizeof *f);
	XXH3_64bits_reset(&f->events);
	fixture_cost_model(&f->price);
	f->sc = scenario_parse("t.yaml", yaml, strlen(yaml), NULL, 0, stderr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->sc);
	if (f->sc->traffics) {
		f->tape = tape_open(f->sc, NULL, f->error, sizeof f->error,
				    &code);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f->tape);
	}
	s = (struct world_setup){
		.cfg = &f->sc->world,
		.app = &app_ops,
		.app_ctx = &f->app,
		.extra_state = app_size(&f->sc->world, f->tape) + FIXTURE_ROOM,
		.extra_other = FIXTURE_ROOM,
	};
	CU_ASSERT_FATAL(world_open(&f->w, &s, f->error, sizeof f->error));
	f->w.probe->flush = fixture_flush;
	f->w.probe->listener = f;
	app_init(&f->app, &f->sc->world, f->tape, f->w.probe, &f->w.state);
	f->sched = (struct scheduler){
		.w = &f->w,
		.price = &f->price,
		.random = f->sc->schedule == SCHEDULE_RANDOM,
		.rng = {f->sc->seed},
		.stepped = fixture_stepped,
		.to = f,
	};
}

static inline void fixture_close(struct fixture *f)
{
	world_close(&f->w);
	tape_close(f->tape);
	scenario_free(f->sc);
}

/* At most @steps steps; false when all rest. */
static inline bool fixture_run(struct fixture *f, uint64_t steps)
{
	while (steps--) {
		uint32_t a = schedule_next(&f->sched);

		if (a == NO_ACTOR)
			return false;
		schedule_step(&f->sched, a);
		probe_flush(f->w.probe);
	}
	return true;
}

/* Until all rest, which they do soon. */
static inline void fixture_settle(struct fixture *f)
{
	CU_ASSERT_FALSE(fixture_run(f, 1000000));
}

static inline uint64_t fixture_digest(const struct fixture *f)
{
	return XXH3_64bits_digest(&f->events);
}

/* One line of a script, which must be possible. */
static inline void fixture_do(struct fixture *f, const char *line)
{
	struct script_op op;

	if (!script_parse(&op, &f->sc->world, line, f->error,
			  sizeof f->error) ||
	    !script_do(&op, &f->sched, &f->app, f->error, sizeof f->error)) {
		printf("\n'%s': %s\n", line, f->error);
		CU_FAIL("a line of the script");
	}
}

static inline struct net_driver *fixture_driver(struct fixture *f, uint32_t vm)
{
	return net_driver_of(world_driver(&f->w, vm, 0));
}

/* Two machines and one link, to which @link adds keys. */
#define FIXTURE_PAIR(link)                                     \
	"name: t\nvms: [{name: vm1}, {name: vm2}]\n"           \
	"links:\n  - ends: [vm1, vm2]\n    ring: {size: 16}\n" \
	"    bar: {slots: 8, slot-size: 256}\n" link
#define FIXTURE_SCRIPT "script: [run]\n"
#define FIXTURE_TRAFFIC                                                \
	"traffic: [{generate: imix, packets: 30, from: vm1, to: vm2, " \
	"both: on}]\n"

#endif
