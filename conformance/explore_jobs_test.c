/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two processes find what one finds, however layers are divided into rounds:
 * also where one state of a layer is left over.
 */
#include "conformance/watched.h"
#include "model/unit.h"
#include "sim/scenario/scenario.h"

enum {
	ERROR = 256,
	ROUND_MIN = 129, /* of fewer states, one process does all */
	LAYERS = 8       /* that are divided so */
};

static const char text[] = "name: small\n"
			   "step: action\n"
			   "vms: [{name: a}, {name: b}]\n"
			   "links:\n"
			   "  - ends: [a, b]\n"
			   "    path: copy\n"
			   "    ring: {size: 2, event-idx: off}\n"
			   "    private-size: 128\n"
			   "    private-rx: 2\n"
			   "script: [run]\n"
			   "explore: {sends: 1}\n";

static struct search_result *explore(const struct scenario *sc, uint32_t jobs,
				     uint32_t round, uint32_t depth)
{
	static const struct cost_model price;
	const struct search_options o = {.referee = watched_referees,
					 .referees = REFEREES,
					 .price = &price,
					 .jobs = jobs,
					 .round_states = round,
					 .max_depth = depth};
	struct search_result *r = NULL;
	char error[ERROR];

	CU_ASSERT_FATAL(watched_search_scenario(sc, &o, &r, error,
						sizeof error) == SEARCH_DONE);
	return r;
}

/* So many are seen before a state at depth + 1 is looked at. */
static uint32_t states_to(const struct scenario *sc, uint32_t depth)
{
	struct search_result *r = explore(sc, 1, 0, depth);
	uint32_t states = (uint32_t)r->states;

	search_result_free(r);
	return states;
}

static void same(const struct scenario *sc, uint32_t round,
		 const struct search_result *one)
{
	struct search_result *two = explore(sc, 2, round, 0);

	CU_ASSERT_TRUE(two->complete);
	CU_ASSERT_EQUAL(two->states, one->states);
	CU_ASSERT_EQUAL(two->transitions, one->transitions);
	CU_ASSERT_EQUAL(two->rests, one->rests);
	CU_ASSERT_EQUAL(two->depth, one->depth);
	search_result_free(two);
}

static void one_state_left_over(void)
{
	struct scenario *sc =
		scenario_parse("test", text, sizeof text - 1, NULL, 0, stderr);
	struct search_result *one;
	uint32_t layers = 0;

	CU_ASSERT_FATAL(sc != NULL);
	one = explore(sc, 1, 0, 0);
	CU_ASSERT_TRUE(one->complete);
	CU_ASSERT_TRUE(one->rests > 1);
	for (uint32_t depth = 9; layers < LAYERS; depth += 2) {
		uint32_t layer =
			states_to(sc, depth) - states_to(sc, depth - 1);

		CU_ASSERT_FATAL(depth < one->depth);
		if (layer <= ROUND_MIN)
			continue;
		same(sc, layer - 1, one);
		layers++;
	}
	search_result_free(one);
	scenario_free(sc);
}

static const struct unit_case cases[] = {
	{"one state left over", one_state_left_over},
};

UNIT_MAIN("explore jobs", cases)
