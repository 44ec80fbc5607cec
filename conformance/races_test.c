/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/races.h"

#include <string.h>

#include "model/clauses.h"
#include "model/rules.h"
#include "model/unit.h"

enum { PROPOSAL = 52, MIRROR = 17, TOKENS = 17, TAPS = 3, EMULATED = 4 };

static bool is_rule(const char *name)
{
	for (uint32_t i = 0; i < RULE_COUNT; i++)
		if (strcmp(rule_info((enum rule)i)->name, name) == 0)
			return true;
	return strcmp(name, "all") == 0;
}

/* Rows with one id stand together, so each change of id is a new hole. */
static void every_hole_has_a_row(void)
{
	uint32_t holes = 0;
	const char *last = "";

	for (uint32_t i = 0; race_at(i); i++) {
		holes += strcmp(race_at(i)->id, last) != 0;
		last = race_at(i)->id;
	}
	CU_ASSERT_EQUAL(holes, PROPOSAL + MIRROR + TOKENS + TAPS + EMULATED);
}

static void rows_are_whole(void)
{
	for (uint32_t i = 0; race_at(i); i++) {
		const struct race *r = race_at(i);

		CU_ASSERT(*r->hole && *r->words);
		CU_ASSERT(!*r->rules || is_rule(r->rules));
	}
}

/* No verdict without a search. */
static void scenarios_were_searched(void)
{
	for (uint32_t i = 0; race_at(i); i++) {
		const struct race *r = race_at(i);
		const struct race_seen *s = race_seen(r->scenario);

		CU_ASSERT_EQUAL(s != NULL, *r->scenario != '\0');
		if (!s)
			continue;
		CU_ASSERT(!*s->clause || clause_find(s->clause));
		CU_ASSERT_EQUAL(s->steps != 0, *s->clause != '\0');
		CU_ASSERT_EQUAL(s->tso == 0, *s->clause != '\0');
		CU_ASSERT(s->states <= s->tso || *s->clause ||
			  !s->tso_complete);
	}
}

/* Where a rule is said to close a race, the search with it was clean. */
static void rules_close_what_they_should(void)
{
	for (uint32_t i = 0; race_at(i); i++) {
		const struct race *r = race_at(i);
		bool open = strcmp(race_verdict(r), "found") == 0;

		if (!*r->scenario)
			continue;
		CU_ASSERT_EQUAL(race_closed(r->scenario) != NULL,
				open && *r->rules);
	}
}

static const struct unit_case cases[] = {
	{"every hole has a row", every_hole_has_a_row},
	{"rows are whole", rows_are_whole},
	{"scenarios were searched", scenarios_were_searched},
	{"rules close what they should", rules_close_what_they_should},
};

UNIT_MAIN("races", cases)
