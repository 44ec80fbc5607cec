/* SPDX-License-Identifier: BSD-3-Clause */
/* A profile is taken whole or not at all, and every fault has its place. */
#include "sim/world/cost_model.h"

#include <string.h>

#include "model/unit.h"

struct answer {
	struct cost_model price;
	bool good;
	char talk[4096];
};

/* A whole profile; @edit is called for each row and may write another. */
static size_t compose(char *out, size_t size,
		      bool (*edit)(const char *name, char *row, size_t room))
{
	static const char *const delays[] = {"wake-delay", "interrupt-delay"};
	size_t used = 0;

	for (int k = 0; k < COST_KINDS + 2; k++) {
		const char *name = k < COST_KINDS
					   ? cost_info((enum cost)k)->name
					   : delays[k - COST_KINDS];
		char row[200];

		if (!edit || !edit(name, row, sizeof row))
			snprintf(row, sizeof row,
				 "%s: {ps: %d, source: \"made up\"}\n", name,
				 k + 1);
		used += (size_t)snprintf(out + used, size - used, "%s", row);
	}
	return used;
}

static struct answer parse(const char *text, size_t size)
{
	struct answer a = {.good = false};
	FILE *talk = fmemopen(a.talk, sizeof a.talk, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(talk);
	a.good = cost_model_parse(&a.price, "some/where/mine.yaml", text, size,
				  talk);
	fclose(talk);
	return a;
}

static struct answer parse_edited(bool (*edit)(const char *, char *, size_t))
{
	char text[4096];

	return parse(text, compose(text, sizeof text, edit));
}

static void whole(void)
{
	struct answer a = parse_edited(NULL);
	struct cost_meter m = {
		.count = {[COST_EXIT_LIGHT] = 3, [COST_GIFT] = 2}};

	CU_ASSERT_TRUE(a.good);
	CU_ASSERT_STRING_EQUAL(a.talk, "");
	CU_ASSERT_STRING_EQUAL(a.price.name, "mine");
	CU_ASSERT_EQUAL(a.price.ps[COST_EXIT_LIGHT], COST_EXIT_LIGHT + 1);
	CU_ASSERT_EQUAL(a.price.ps[COST_GIFT], COST_GIFT + 1);
	CU_ASSERT_EQUAL(a.price.wake_delay_ps, COST_KINDS + 1);
	CU_ASSERT_EQUAL(a.price.interrupt_delay_ps, COST_KINDS + 2);
	CU_ASSERT_EQUAL(cost_model_of(&a.price, &m),
			3 * (COST_EXIT_LIGHT + 1) + 2 * (COST_GIFT + 1));
}

static const char *broken_row;

static bool break_exit(const char *name, char *row, size_t room)
{
	if (strcmp(name, "exit-light") == 0)
		snprintf(row, room, "%s\n", broken_row);
	return strcmp(name, "exit-light") == 0;
}

/* The first row is @row instead; the answer has to be @words, and no more. */
static void refused(const char *row, const char *words)
{
	struct answer a;
	char first[200];
	size_t length;

	broken_row = row;
	a = parse_edited(break_exit);
	length = strcspn(a.talk, "\n");
	snprintf(first, sizeof first, "%.*s", (int)length, a.talk);
	CU_ASSERT_FALSE(a.good);
	CU_ASSERT_STRING_EQUAL(first, words);
	if (strcmp(first, words) != 0)
		printf("\n  %s\n  %s\n", first, words);
}

#define AT(place) "some/where/mine.yaml:" place ": error: "

static void numbers(void)
{
	static const char words[] =
		AT("1:18") "'ps' needs a whole number from 0 to 1000000000000"
			   ", not ";
	static const char *const bad[] = {
		"-1",
		"1.5",
		"1e3",
		"'7'",
		"1000000000001",
		"lots",
		"18446744073709551617",
	};
	char row[100], expected[200];

	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *shown = i == 3 ? "7" : bad[i];

		snprintf(row, sizeof row, "exit-light: {ps: %s, source: x}",
			 bad[i]);
		snprintf(expected, sizeof expected, "%s'%s'", words, shown);
		refused(row, expected);
	}
	snprintf(expected, sizeof expected, "%sa list", words);
	refused("exit-light: {ps: [1], source: x}", expected);
}

static void rows(void)
{
	refused("exti-light: {ps: 1, source: x}",
		"some/where/mine.yaml: error: there is no price for "
		"'exit-light'");
	refused("gift: {ps: 1, source: x}",
		"some/where/mine.yaml: error: there is no price for "
		"'exit-light'");
	refused("exit-light: 7", AT("1:13") "'exit-light' needs {ps: NUMBER, "
					    "source: \"...\"}, not "
					    "text");
	refused("exit-light: {ps: 1}",
		AT("1:13") "'exit-light' has no 'source'");
	refused("exit-light: {source: x}",
		AT("1:13") "'exit-light' has no 'ps'");
	refused("exit-light: {ps: 1, source: \"\"}",
		AT("1:29") "'source' needs text that says where the price "
			   "comes from");
	refused("exit-light: {ps: 1, source: x, pps: 3}",
		AT("1:32") "unknown key 'pps'; a price has 'ps' and 'source'");
	refused("exit-light: {ps: 1, ps: 2, source: x}",
		AT("1:21") "'ps' is given twice");
	refused("exit-light: {ps: 1, source: x}\nexit-light: {ps: 1, source: "
		"x}",
		AT("2:1") "'exit-light' is given twice");
	refused("exit-light: {ps: 1, source: x}\nexot-light: {ps: 1, source: "
		"x}",
		AT("2:1") "unknown price 'exot-light'; did you mean "
			  "'exit-light'?");
}

static void not_profiles(void)
{
	static const char *const texts[] = {"",  "[]",      "exit",
					    "{", "a: &b c", "\xff"};

	for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct answer a = parse(texts[i], strlen(texts[i]));

		CU_ASSERT_FALSE(a.good);
		CU_ASSERT_STRING_NOT_EQUAL(a.talk, "");
	}
}

static const struct unit_case cases[] = {
	{"a whole profile", whole},
	{"numbers", numbers},
	{"rows", rows},
	{"not profiles", not_profiles},
};

UNIT_MAIN("sim.price", cases)
