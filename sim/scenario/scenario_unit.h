/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests of scenarios: a small valid one, and what loading a text says. */
#ifndef TWINRING_SIM_SCENARIO_SCENARIO_UNIT_H
#define TWINRING_SIM_SCENARIO_SCENARIO_UNIT_H

#include <stdio.h>
#include <string.h>

#include "model/unit.h"
#include "sim/scenario/scenario.h"

#define VMS     "name: t\nvms: [{name: vm1}, {name: vm2}]\n"
#define LINK    "links: [{ends: [vm1, vm2]}]\n"
#define TRAFFIC "traffic: [{generate: fixed, from: vm1, to: vm2}]\n"

/* Lines 1 to 4 of most files here; a test adds line 5. */
#define WHOLE VMS LINK TRAFFIC

enum { SETS_MAX = 8 };

/* Parses @text as t.yaml with up to SETS_MAX overrides, up to a NULL. */
static inline struct scenario *unit_parse(const char *text,
					  const char *const *sets, FILE *talk)
{
	struct scenario_override set[SETS_MAX] = {{NULL}};
	uint32_t count = 0;

	while (sets && sets[count]) {
		set[count].text = sets[count];
		count++;
	}
	return scenario_parse("t.yaml", text, strlen(text), set, count, talk);
}

/* What is said about @text; "" if it loads. The caller frees it. */
static inline char *unit_said(const char *text, const char *const *sets)
{
	char *said = NULL;
	size_t size;
	FILE *talk = open_memstream(&said, &size);

	scenario_free(unit_parse(text, sets, talk));
	fclose(talk);
	return said;
}

static inline void unit_same(const char *actual, const char *expected)
{
	if (strcmp(actual, expected) != 0)
		printf("\nexpected:\n%s\nactual:\n%s\n", expected, actual);
	CU_ASSERT_STRING_EQUAL(actual, expected);
}

/* All that loading @text says is @says. */
static inline void unit_says(const char *text, const char *says)
{
	char *said = unit_said(text, NULL);

	unit_same(said, says);
	free(said);
}

/* Loading the whole file with one override says @says. */
static inline void unit_set_says(const char *set, const char *says)
{
	const char *const sets[] = {set, NULL};
	char *said = unit_said(WHOLE, sets);

	unit_same(said, says);
	free(said);
}

/* A file that has to load, with overrides up to a NULL. */
static inline struct scenario *unit_load(const char *text,
					 const char *const *sets)
{
	struct scenario *sc = unit_parse(text, sets, stdout);

	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	return sc;
}

/* @sc as it is printed. The caller frees it. */
static inline char *unit_printed(const struct scenario *sc)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	scenario_print(sc, out);
	fclose(out);
	return text;
}

#endif
