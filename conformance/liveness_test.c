/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can go on for ever is found where a host's worker does not do its part,
 * and nowhere else: the same small world with workers of different habits.
 */
#include <stdio.h>

#include "conformance/referees.h"
#include "model/unit.h"
#include "sim/explore/cache/profiling_walk.h"
#include "sim/explore/liveness/liveness.h"
#include "sim/explore/search.h"
#include "sim/scenario/scenario.h"

enum { MOVES = 1 << 15, MOVES_A_WALK = 1024 };

static struct sut s;
static struct search_result *r;
static struct path_ops habit; /* shared buffers, with another forward() */
static const struct path_ops *honest;

/* Frames of the VM at end 0 go nowhere, and the worker sleeps on that. */
static enum forward never(struct worker *w)
{
	return w->end == 0 ? FORWARD_WAIT : honest->forward(w);
}

/* The same, but the worker looks again and again, with or without a cause. */
static enum forward spin(struct worker *w)
{
	if (w->end == 0)
		w->signal.raised = true;
	return never(w);
}

/*
 * What lies in memory now is the first state; random walks learn which memory
 * moves change from there.
 */
static void begin_here(void)
{
	struct walk way = {.rng = {3}};
	uint8_t can[MOVES_MAX];

	for (uint32_t i = 0; i < s.places; i++)
		memcpy(s.place[i].first, s.place[i].at,
		       s.place[i].words * sizeof(uint64_t));
	for (uint32_t n = 0; n < MOVES; n++) {
		uint32_t count = 0;

		for (uint32_t m = 0; m < s.moves; m++)
			if (sut_can(&s, m))
				can[count++] = (uint8_t)m;
		if (count)
			sut_do(&s, walk_pick(&way, can, count));
		sut_learn(&s);
		if (!count || sut_broken(&s) || n % MOVES_A_WALK == 0)
			sut_rewind(&s);
	}
}

/* A world of which only bounded-park and its workers may be odd. */
static void judge(enum forward (*forward)(struct worker *w), const char *rest)
{
	static const struct cost_model price;
	struct scenario *sc;
	char text[1024], error[256] = "";

	snprintf(text, sizeof text,
		 "name: t\nvms: [{name: a}, {name: b}]\nlinks:\n"
		 "  - ends: [a, b]\n    ring: {size: 4}\n"
		 "    bar: {slots: 2, slot-size: 128}\n"
		 "    private-rx: 2\n    private-size: 128\n%s",
		 rest);
	sc = scenario_parse("t", text, strlen(text), NULL, 0, stderr);
	r = calloc(1, sizeof *r);
	CU_ASSERT_FATAL(sc && r);
	CU_ASSERT_FATAL(sut_open(&s, sc, referees, REFEREES, &price, error,
				 sizeof error));
	honest = s.w.link[0].path;
	habit = *honest;
	if (forward) {
		habit.forward = forward;
		habit.forward_batch = NULL; /* one by one, as it likes */
	}
	s.w.link[0].path = &habit;
	begin_here();
	CU_ASSERT(liveness_judge(&s, r, NULL));
	sut_close(&s);
	scenario_free(sc);
}

static const struct search_violation *told(enum clause c)
{
	for (uint32_t i = 0; i < r->violations; i++)
		if (r->violation[i].finding.clause == c)
			return &r->violation[i];
	return NULL;
}

static void found(enum clause c, const char *actor)
{
	const struct search_violation *v = told(c);

	CU_ASSERT_PTR_NOT_NULL_FATAL(v);
	CU_ASSERT(v->cycle > 0 && v->cycle <= v->steps && !v->at_rest);
	CU_ASSERT(clause_list_has(&v->clauses, c));
	CU_ASSERT_STRING_EQUAL(v->actor, actor);
	unit_judged("broken", "progress", clause_info(c)->id);
}

static void honest_workers(void)
{
	judge(NULL, "script: [run]\nexplore: {sends: 1}\n");
	CU_ASSERT_EQUAL(r->violations, 0);
	CU_ASSERT(r->judged > 100);
	unit_judged("kept", "progress", "all");
	search_result_free(r);
}

/* b goes on for ever, and a waits all the while. */
static void a_send_that_stays_parked(void)
{
	judge(never, "    rules: {bounded-park: off}\n"
		     "    path: copy\n"
		     "script: [run]\nexplore: {endless: on}\n");
	found(CLAUSE_EXT_PARK, "a");
	found(CLAUSE_EXT_SEND, "a");
	CU_ASSERT_PTR_NULL(told(CLAUSE_EXT_SETTLED));
	search_result_free(r);
}

/* With a bound on parking the same worker gives up in the end. */
static void parked_for_a_while(void)
{
	judge(never, "    gifts: {policy: none}\n"
		     "script: [run]\nexplore: {sends: 1}\n");
	CU_ASSERT_EQUAL(r->violations, 0);
	search_result_free(r);
}

/* Gifts come back and are given again, while the other end starves. */
static void gifts_that_come_back(void)
{
	judge(never, "script: [run]\nexplore: {sends: 2}\n");
	found(CLAUSE_EXT_GIFT_ENDS, "a");
	found(CLAUSE_EXT_SEND, "b");
	search_result_free(r);
}

static void a_worker_that_spins(void)
{
	judge(spin, "    rules: {bounded-park: off}\n"
		    "script: [run]\nexplore: {sends: 1}\n");
	found(CLAUSE_EXT_PARK, "a");
	found(CLAUSE_EXT_SETTLED, "a");
	search_result_free(r);
}

static const struct unit_case cases[] = {
	{"honest workers", honest_workers},
	{"a send that stays parked", a_send_that_stays_parked},
	{"parked for a while", parked_for_a_while},
	{"gifts that come back", gifts_that_come_back},
	{"a worker that spins", a_worker_that_spins},
};

UNIT_MAIN("liveness", cases)
