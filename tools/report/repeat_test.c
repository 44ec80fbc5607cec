/* SPDX-License-Identifier: BSD-3-Clause */
/* A shell has to read back what was meant. */
#include "tools/report/repeat.h"

#include "model/unit.h"

static void repeats(char *file, const char *text, const char *expected)
{
	struct scenario sc = {.file = file, .seed = 7};
	struct scenario_override set[2] = {{"seed=3"}, {text}};
	char *command = repeat_command(&sc, set, text ? 2 : 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(command);
	CU_ASSERT_STRING_EQUAL(command, expected);
	free(command);
}

static void plain(void)
{
	repeats("a/b.yaml", NULL, "twinring run a/b.yaml --seed 7");
	repeats("-", "ring.size=64",
		"twinring run - --seed 7 --set ring.size=64");
}

static void quoted(void)
{
	repeats("my file.yaml", "links[0].ends=[a, b]",
		"twinring run 'my file.yaml' --seed 7 "
		"--set 'links[0].ends=[a, b]'");
	repeats("it's.yaml", "name=",
		"twinring run 'it'\\''s.yaml' --seed 7 "
		"--set name=");
	repeats("-x.yaml", NULL, "twinring run ./-x.yaml --seed 7");
}

static const struct unit_case cases[] = {
	{"plain words", plain},
	{"quoted words", quoted},
};

UNIT_MAIN("tools.report.repeat", cases)
