/* SPDX-License-Identifier: BSD-3-Clause */
/* What one world of a swarm looks at besides what its referees say. */
#include "sim/swarm/trial.h"

#include "model/unit.h"
#include "sim/scenario/scenario.h"

enum { LINKS = 33, A = 0, B = 1, C = 2 };

static struct cell cell;
static uint8_t *scribble_at; /* NULL: nobody scribbles */

/* Memory changes in the middle of somebody's step. */
static void on_status(void *self, const struct event *ev)
{
	(void)self;
	(void)ev;
	if (scribble_at)
		++*scribble_at;
}

static const struct event_subscriptions hears_status = {
	.handler = {[EV_STATUS] = on_status}};

static size_t no_size(const struct world_config *c)
{
	(void)c;
	return sizeof(uint64_t);
}

static void *no_memory(const struct referee_setup *s)
{
	return arena_new(s->arena, uint64_t, 1);
}

static const struct referee_ops scribbler = {.name = "scribbler",
					     .size = no_size,
					     .create = no_memory,
					     .subscriptions = &hears_status};
static const struct referee_ops *const scribblers[] = {&scribbler};

/* A and B on all links but the last, which is A's and that of C, the hostile
 * one. */
static struct scenario *scenario_of(uint32_t links)
{
	static char text[16384];
	size_t n =
		(size_t)snprintf(text, sizeof text,
				 "name: t\nstep: action\n"
				 "vms: [{name: a}, {name: b}, {name: c}]\n"
				 "faults: [{kind: hostile, who: c, every: 1}]\n"
				 "script: [b step]\n"
				 "links:\n");

	for (uint32_t i = 0; i < links; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "  - ends: [a, %s]\n    path: copy\n"
				      "    ring: {size: 2}\n"
				      "    private-rx: 1\n"
				      "    private-size: 128\n",
				      i < links - 1 ? "b" : "c");
	return scenario_parse("t", text, n, NULL, 0, stderr);
}

/* @actor takes its first step, and a byte of @vm's RAM changes; the clause. */
static enum clause found_of(uint32_t links, uint32_t actor, uint32_t vm)
{
	static const struct cost_model price;
	struct scenario *sc = scenario_of(links);
	const struct trial_setup setup = {.sc = sc,
					  .referee = scribblers,
					  .referees = 1,
					  .price = &price};
	const struct script_op step = {
		.verb = SCRIPT_STEP, .actor = actor, .value = 1};
	char error[256] = "";
	enum clause found;

	CU_ASSERT_FATAL(sc != NULL);
	scribble_at = NULL;
	CU_ASSERT_FATAL(trial_begin(&cell, &setup, error, sizeof error));
	scribble_at = cell.w.vm[vm].ram + cell.w.vm[vm].ram_size - 1;
	CU_ASSERT(trial_do(&cell, &step));
	found = trial_failed(&cell) ? cell.first.finding.clause : CLAUSE_NONE;
	trial_end(&cell);
	trial_free(&cell);
	scenario_free(sc);
	return found;
}

static void memory_of_a_stranger(void)
{
	CU_ASSERT_EQUAL(found_of(2, C, B), CLAUSE_EXT_REACH);
	CU_ASSERT_EQUAL(found_of(2, C, C), CLAUSE_NONE);
}

/* More who act than a word has bits. */
static void among_many(void)
{
	CU_ASSERT_EQUAL(found_of(LINKS, C, B), CLAUSE_EXT_REACH);
	CU_ASSERT_EQUAL(found_of(LINKS, C, C), CLAUSE_NONE);
	CU_ASSERT_EQUAL(found_of(LINKS, A, B), CLAUSE_NONE);
}

static const struct unit_case cases[] = {
	{"memory of a stranger", memory_of_a_stranger},
	{"among many", among_many},
};

UNIT_MAIN("trial", cases)
