/* SPDX-License-Identifier: BSD-3-Clause */
/* A shell has to read back what was meant, wherever it is. */
#include "tools/format/repeat.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "model/unit.h"

static void says(const struct repeat *r, bool in_folder, const char *expected)
{
	char folder[PATH_MAX], all[2 * PATH_MAX];
	char *command = repeat_command(r);

	CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(folder, sizeof folder));
	CU_ASSERT_PTR_NOT_NULL_FATAL(command);
	if (in_folder)
		snprintf(all, sizeof all, "cd %s && %s", folder, expected);
	else
		snprintf(all, sizeof all, "%s", expected);
	CU_ASSERT_STRING_EQUAL(command, all);
	free(command);
}

/* A run of @file with seed 7, whatever was --set. */
static void repeats(const char *file, const char *text, bool in_folder,
		    const char *expected)
{
	const struct scenario_override set[2] = {{"seed=3"}, {text}};
	const struct repeat r = {.verb = "run",
				 .file = file,
				 .options = "--seed 7",
				 .seeded = true,
				 .set = set,
				 .sets = text ? 2 : 1};

	says(&r, in_folder, expected);
}

static void plain(void)
{
	repeats("a/b.yaml", NULL, true, "twinring run a/b.yaml --seed 7");
	repeats("/a/b.yaml", "ring.size=64", false,
		"twinring run /a/b.yaml --seed 7 --set ring.size=64");
}

static void quoted(void)
{
	repeats("my file.yaml", "links[0].ends=[a, b]", true,
		"twinring run 'my file.yaml' --seed 7 "
		"--set 'links[0].ends=[a, b]'");
	repeats("it's.yaml", "name=", true,
		"twinring run 'it'\\''s.yaml' --seed 7 "
		"--set name=");
	repeats("-x.yaml", NULL, true, "twinring run ./-x.yaml --seed 7");
}

static void from_standard_input(void)
{
	const struct repeat capture = {
		.verb = "compare", .file = "/a.yaml", .captured = true};

	repeats("-", NULL, false,
		"twinring run - --seed 7 # with the same standard input");
	says(&capture, false,
	     "twinring compare /a.yaml # with the same standard input");
}

/* Paths of --set start from the folder where it was said. */
static void paths_that_were_set(void)
{
	repeats("/a.yaml", "profile=p.yaml", true,
		"twinring run /a.yaml --seed 7 --set profile=p.yaml");
	repeats("/a.yaml", "traffic[0].pcap=/b.pcap", false,
		"twinring run /a.yaml --seed 7 "
		"--set 'traffic[0].pcap=/b.pcap'");
}

/* Where no --seed is said, that of --set stays. */
static void seeds(void)
{
	const struct scenario_override set[] = {{"seed=3"}};
	const struct repeat r = {
		.verb = "explore", .file = "/a.yaml", .set = set, .sets = 1};

	says(&r, false, "twinring explore /a.yaml --set seed=3");
}

static const struct unit_case cases[] = {
	{"plain words", plain},
	{"quoted words", quoted},
	{"standard input", from_standard_input},
	{"paths that were --set", paths_that_were_set},
	{"seeds", seeds},
};

UNIT_MAIN("tools.report.repeat", cases)
