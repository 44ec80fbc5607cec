/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cached expansion finds what the uncached one finds, which remembers nothing
 * and tries every order: the same states, moves and broken rules where nothing
 * is left out, and by fewer moves where it is left out what makes no
 * difference.
 */
#include "conformance/watched.h"
#include "model/unit.h"
#include "sim/scenario/scenario.h"

enum { ERROR = 256, TEXT = 1024 };

/* Which of them, and with how many processes. */
struct way {
	bool uncached, reduced, raw;
	uint32_t jobs;
};

static struct search_result *explore(const struct scenario *sc,
				     const struct way *way)
{
	static const struct cost_model price;
	const struct search_options o = {.referee = watched_referees,
					 .referees = REFEREES,
					 .price = &price,
					 .uncached = way->uncached,
					 .no_reduction = !way->reduced,
					 .raw = way->raw,
					 .jobs = way->jobs};
	struct search_result *r = NULL;
	char error[ERROR];

	CU_ASSERT_FATAL(watched_search_scenario(sc, &o, &r, error,
						sizeof error) == SEARCH_DONE);
	CU_ASSERT_TRUE(r->complete);
	return r;
}

/* The same states, and the same clauses by ways of the same length. */
static void same_states(const struct search_result *a,
			const struct search_result *b)
{
	CU_ASSERT_EQUAL(a->states, b->states);
	CU_ASSERT_EQUAL(a->rests, b->rests);
	CU_ASSERT_EQUAL(a->depth, b->depth);
	CU_ASSERT_EQUAL(a->violations, b->violations);
	for (uint32_t i = 0; i < a->violations; i++) {
		enum clause clause = a->violation[i].finding.clause;

		CU_ASSERT_TRUE(search_found(b, clause));
	}
}

/* And each of them by the same way, since every order was tried. */
static void same_ways(const struct search_result *a,
		      const struct search_result *b)
{
	same_states(a, b);
	CU_ASSERT_EQUAL(a->transitions, b->transitions);
	CU_ASSERT_EQUAL(a->found, b->found);
	for (uint32_t i = 0; i < a->violations; i++) {
		const struct search_violation *v = &a->violation[i];
		const struct search_violation *w = &b->violation[i];

		CU_ASSERT_EQUAL_FATAL(v->steps, w->steps);
		CU_ASSERT_STRING_EQUAL(v->finding.detail, w->finding.detail);
		for (uint32_t k = 0; k < v->steps; k++)
			CU_ASSERT_STRING_EQUAL(v->step[k].move,
					       w->step[k].move);
	}
}

/* @violations: clauses that are broken somewhere in the world. */
static void expands_alike(const char *link, const char *rest,
			  uint32_t violations)
{
	char text[TEXT];
	int n = snprintf(text, sizeof text,
			 "name: small\nvms: [{name: a}, {name: b}]\n"
			 "links:\n  - ends: [a, b]\n"
			 "    ring: {size: 2, event-idx: off}\n"
			 "    private-size: 128\n%s%s",
			 link, rest);
	struct scenario *sc =
		scenario_parse("test", text, (size_t)n, NULL, 0, stderr);
	struct search_result *full, *other;

	CU_ASSERT_FATAL(sc != NULL);
	full = explore(sc, &(struct way){.uncached = true});
	CU_ASSERT_EQUAL(full->violations, violations);
	CU_ASSERT_EQUAL(full->remembered, 0);
	other = explore(sc, &(struct way){0});
	same_ways(other, full);
	search_result_free(other);
	other = explore(sc, &(struct way){.uncached = true, .jobs = 2});
	same_ways(other, full);
	search_result_free(other);
	other = explore(sc, &(struct way){.reduced = true});
	same_states(other, full);
	CU_ASSERT_TRUE(other->transitions < full->transitions ||
		       !other->reduced);
	search_result_free(other);
	search_result_free(full);
	full = explore(sc, &(struct way){.uncached = true, .raw = true});
	other = explore(sc, &(struct way){.raw = true});
	same_ways(other, full);
	search_result_free(other);
	search_result_free(full);
	scenario_free(sc);
}

static void copies(void)
{
	expands_alike("    path: copy\n    private-rx: 2\n",
		      "step: burst\nscript: [run]\nexplore: {sends: 1}\n", 0);
}

static void shared_buffers(void)
{
	expands_alike("    bar: {slots: 2, slot-size: 128}\n"
		      "    private-rx: 0\n    fallback: off\n",
		      "step: burst\nscript: [run]\nexplore: {sends: 1}\n", 0);
}

static void broken_rules(void)
{
	expands_alike("    bar: {slots: 2, slot-size: 128}\n"
		      "    private-rx: 0\n    fallback: off\n"
		      "    rules: {hold-map: off}\n",
		      "step: burst\nscript: [run, a send 60]\n"
		      "explore: {sends: 0, lies: 1}\n",
		      2);
}

static const struct unit_case cases[] = {
	{"copies", copies},
	{"shared buffers", shared_buffers},
	{"broken rules", broken_rules},
};

UNIT_MAIN("explore expansion", cases)
