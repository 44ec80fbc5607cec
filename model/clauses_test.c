/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of this folder: every row is whole, every name is one of a kind.
 */
#include "model/clauses.h"

#include <string.h>

#include "model/config.h"
#include "model/cost.h"
#include "model/probe.h"
#include "model/rules.h"
#include "model/unit.h"

static void clause_rows_are_whole(void)
{
	for (int c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++) {
		const struct clause_info *i = clause_info((enum clause)c);

		CU_ASSERT(i->id && i->id[0]);
		CU_ASSERT(i->label && i->label[0]);
		CU_ASSERT(i->words && strlen(i->words) > 10);
		CU_ASSERT(i->who <= PARTY_BOTH);
		CU_ASSERT(i->level <= LEVEL_SHOULD_NOT);
	}
}

static void clauses_are_found_by_id(void)
{
	for (int c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++)
		CU_ASSERT_EQUAL(clause_find(clause_info((enum clause)c)->id),
				(enum clause)c);
	CU_ASSERT_EQUAL(clause_find("none"), CLAUSE_NONE);
	CU_ASSERT_EQUAL(clause_find(""), CLAUSE_NONE);
	CU_ASSERT_EQUAL(clause_find("EXT-NO-SUCH-RULE"), CLAUSE_NONE);
	CU_ASSERT_EQUAL(clause_find("ext-touch"), CLAUSE_NONE);
}

static bool clause_is_ours(const char *id)
{
	static const char *const begin[] = {"EXT-", "TAP-", "VHOST-"};

	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
		if (strncmp(id, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

/* Rows of the specification have a label of it. */
static void labels_say_whose_a_clause_is(void)
{
	for (int c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++) {
		const struct clause_info *i = clause_info((enum clause)c);
		CU_ASSERT_EQUAL(strchr(i->label, ':') == NULL,
				clause_is_ours(i->id));
	}
}

static void rules_are_different(void)
{
	for (int r = 0; r < RULE_COUNT; r++) {
		const struct rule_info *i = rule_info((enum rule)r);
		char fixes[16];

		snprintf(fixes, sizeof fixes, "F%d", r + 1);
		CU_ASSERT_STRING_EQUAL(i->fixes, fixes);
		CU_ASSERT(i->clause > CLAUSE_NONE && i->clause < CLAUSE_COUNT);
		CU_ASSERT(strstr(i->words, "; off: ") != NULL);
		for (int k = 0; k < r; k++)
			CU_ASSERT_STRING_NOT_EQUAL(
				rule_info((enum rule)k)->name, i->name);
	}
	CU_ASSERT_EQUAL(RULES_ALL, (1u << RULE_COUNT) - 1);
	CU_ASSERT_EQUAL(RULE_COUNT, 13);
}

/* Each cost is of one sort, and somebody pays for it. */
static void costs_are_sorted(void)
{
	uint64_t count[COST_KINDS], sum = 0;

	for (int i = 0; i < COST_KINDS; i++) {
		count[i] = UINT64_C(1) << i;
		CU_ASSERT_TRUE(cost_info((enum cost)i)->payer <= PARTY_SELF);
	}
	for (int s = COST_SORT_ONE; s <= COST_SORT_GUEST_BYTE; s++)
		sum += cost_sum(count, (enum cost_sort)s);
	CU_ASSERT_EQUAL(sum, (UINT64_C(1) << COST_KINDS) - 1);
	CU_ASSERT_EQUAL(cost_sum(count, COST_SORT_GUEST_BYTE),
			UINT64_C(1) << COST_GUEST_BYTE);
	for (int i = 0; i < PARTIES; i++)
		for (int k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(
				party_info((enum party)i)->name,
				party_info((enum party)k)->name);
}

static void costs_and_events_are_different(void)
{
	for (int i = 0; i < COST_KINDS; i++)
		for (int k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(
				cost_info((enum cost)i)->name,
				cost_info((enum cost)k)->name);
	for (int i = 0; i < EVENT_KINDS; i++)
		for (int k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(
				event_name((enum event_kind)i),
				event_name((enum event_kind)k));
}

static void policies_have_words(void)
{
	for (int p = 0; p < GIFT_POLICIES; p++)
		CU_ASSERT(gift_policy_info((enum gift_policy)p)->words[0]);
	for (int p = 0; p < ALLOC_POLICIES; p++)
		CU_ASSERT(alloc_policy_info((enum alloc_policy)p)->words[0]);
}

static void verdicts(void)
{
	struct verdict v = {CLAUSE_NONE, ""};

	verdict_set(NULL, CLAUSE_EXT_TOUCH, "nobody asked");
	verdict_set(&v, CLAUSE_EXT_TOUCH, "slot %u", 7u);
	CU_ASSERT_EQUAL(v.broken, CLAUSE_EXT_TOUCH);
	CU_ASSERT_STRING_EQUAL(v.detail, "slot 7");
	verdict_set(&v, CLAUSE_EXT_FIFO, "%300d", 1);
	CU_ASSERT_EQUAL(strlen(v.detail), sizeof v.detail - 1);
}

static const struct unit_case cases[] = {
	{"clause rows are whole", clause_rows_are_whole},
	{"clauses are found by id", clauses_are_found_by_id},
	{"labels say whose a clause is", labels_say_whose_a_clause_is},
	{"rules are different", rules_are_different},
	{"costs are sorted", costs_are_sorted},
	{"costs and events are different", costs_and_events_are_different},
	{"policies have words", policies_have_words},
	{"verdicts", verdicts},
};

UNIT_MAIN("clauses", cases)
