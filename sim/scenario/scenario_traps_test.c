/* SPDX-License-Identifier: BSD-3-Clause */
/* What must be refused, with the words and the place of each refusal. */
#include "sim/scenario/scenario_unit.h"

static void line_five(const char *line, const char *says)
{
	char text[400];

	snprintf(text, sizeof text, "%s%s\n", WHOLE, line);
	unit_says(text, says);
}

static void wrong_type(void)
{
	line_five("burst: lots",
		  "t.yaml:5:8: error: 'burst' needs a whole number, decimal "
		  "or 0x, not 'lots'\n"
		  "    5 | burst: lots\n"
		  "      |        ^~~~\n");
	line_five("burst: [1]",
		  "t.yaml:5:8: error: 'burst' needs a whole number, decimal "
		  "or 0x, not a list\n"
		  "    5 | burst: [1]\n"
		  "      |        ^\n");
	line_five("burst:", "t.yaml:5:7: error: 'burst' needs a whole number, "
			    "decimal or 0x, not nothing\n"
			    "    5 | burst:\n"
			    "      |       ^\n");
}

#define TOP_KEYS                                                             \
	"; there are name, seed, profile, schedule, step, burst, memory, "   \
	"barriers, vms, links, networks, traffic, script, faults, explore, " \
	"expect"

static void unknown_key(void)
{
	line_five("gift_treshold: 5\nsede: 2",
		  "t.yaml:5:1: error: unknown key 'gift_treshold'" TOP_KEYS "\n"
		  "    5 | gift_treshold: 5\n"
		  "      | ^~~~~~~~~~~~~\n"
		  "t.yaml:6:1: error: unknown key 'sede'; did you mean "
		  "'seed'?\n"
		  "    6 | sede: 2\n"
		  "      | ^~~~\n");
}

static void out_of_range(void)
{
	line_five("burst: 99999999",
		  "t.yaml:5:8: error: 'burst' is 99999999, allowed are 1 to "
		  "256\n"
		  "    5 | burst: 99999999\n"
		  "      |        ^~~~~~~~\n");
	line_five("burst: -5",
		  "t.yaml:5:8: error: 'burst' is -5, allowed are 1 to 256\n"
		  "    5 | burst: -5\n"
		  "      |        ^~\n");
	line_five("seed: 18446744073709551616",
		  "t.yaml:5:7: error: 'seed' is 18446744073709551616, allowed "
		  "are 0 to 18446744073709551615\n"
		  "    5 | seed: 18446744073709551616\n"
		  "      |       ^~~~~~~~~~~~~~~~~~~~\n");
	line_five("seed: 18446744073709551615", "");
	line_five("burst: 0100", "");
}

static void near_numbers(void)
{
	static const char *const words[] = {"256abc", "1e3", "+5", "1_000",
					    "0x",     "1.0", "~",  NULL};

	for (int i = 0; words[i]; i++) {
		char line[40], says[200];

		snprintf(line, sizeof line, "seed: %s", words[i]);
		snprintf(says, sizeof says,
			 "t.yaml:5:7: error: 'seed' needs a whole number, "
			 "decimal or 0x, not '%s'\n"
			 "    5 | %s\n"
			 "      |       %.*s\n",
			 words[i], line, (int)strlen(words[i]), "^~~~~~~~~");
		line_five(line, says);
	}
}

static void quotes(void)
{
	line_five("seed: '1'",
		  "t.yaml:5:7: error: 'seed' needs a whole number, decimal or "
		  "0x without quotes\n"
		  "    5 | seed: '1'\n"
		  "      |       ^~~\n");
	line_five("seed: |\n  1",
		  "t.yaml:5:7: error: 'seed' needs a whole number, decimal or "
		  "0x without quotes\n"
		  "    5 | seed: |\n"
		  "      |       ^\n");
}

static void duplicate_key(void)
{
	line_five("seed: 1\nseed: 2",
		  "t.yaml:6:1: error: duplicate key 'seed', first set at line "
		  "5\n"
		  "    6 | seed: 2\n"
		  "      | ^~~~\n");
}

static void missing_key(void)
{
	unit_says("seed: 1\n",
		  "t.yaml:1:1: error: missing required key 'name'\n"
		  "    1 | seed: 1\n"
		  "      | ^\n"
		  "t.yaml:1:1: error: missing required key 'vms'\n"
		  "    1 | seed: 1\n"
		  "      | ^\n"
		  "t.yaml:1:1: error: needs 'links' or 'networks'\n"
		  "    1 | seed: 1\n"
		  "      | ^\n");
	unit_says(VMS "links: [{path: copy}]\n" TRAFFIC,
		  "t.yaml:3:9: error: links[0]: missing required key 'ends'\n"
		  "    3 | links: [{path: copy}]\n"
		  "      |         ^\n");
}

static void bad_choice(void)
{
	line_five("schedule: rendom",
		  "t.yaml:5:11: error: 'schedule' needs one of time, random, "
		  "not 'rendom'; did you mean 'random'?\n"
		  "    5 | schedule: rendom\n"
		  "      |           ^~~~~~\n");
	line_five("step: 1",
		  "t.yaml:5:7: error: 'step' needs one of burst, action, not "
		  "'1'\n"
		  "    5 | step: 1\n"
		  "      |       ^\n");
}

static void wrong_kinds(void)
{
	unit_says("name: [a]\nvms: 3\nlinks: {a: b}\ntraffic: x\nexpect: 3\n",
		  "t.yaml:1:7: error: 'name' needs text, not a list\n"
		  "    1 | name: [a]\n"
		  "      |       ^\n"
		  "t.yaml:2:6: error: 'vms' needs a list, not '3'\n"
		  "    2 | vms: 3\n"
		  "      |      ^\n"
		  "t.yaml:3:8: error: 'links' needs a list, not a mapping\n"
		  "    3 | links: {a: b}\n"
		  "      |        ^\n"
		  "t.yaml:4:10: error: 'traffic' needs a list, not 'x'\n"
		  "    4 | traffic: x\n"
		  "      |          ^\n"
		  "t.yaml:5:9: error: 'expect' needs a mapping, not '3'\n"
		  "    5 | expect: 3\n"
		  "      |         ^\n");
	unit_says("[a, b]\n",
		  "t.yaml:1:1: error: 'scenario' needs a mapping, not a list\n"
		  "    1 | [a, b]\n"
		  "      | ^\n");
	line_five("[a]: b", "t.yaml:5:1: error: a key is a single word\n"
			    "    5 | [a]: b\n"
			    "      | ^\n");
}

static void syntax(void)
{
	unit_says("name: t\n vms: 1\n",
		  "t.yaml:2:5: error: mapping values are not allowed in this "
		  "context\n"
		  "    2 |  vms: 1\n"
		  "      |     ^\n");
	unit_says("name: \"t\n",
		  "t.yaml:2:1: error: found unexpected end of stream, while "
		  "scanning a quoted scalar that begins in line 1\n");
	unit_says("\tname: t\n",
		  "t.yaml:1:1: error: found character that cannot start any "
		  "token, while scanning for the next token\n"
		  "    1 |  name: t\n"
		  "      | ^\n");
	unit_says("name: {a: 1\n",
		  "t.yaml:2:1: error: did not find expected ',' or '}', while "
		  "parsing a flow mapping that begins in line 1\n");
}

static void invalid_utf8(void)
{
	line_five("# gr\xfc\xdf",
		  "t.yaml:5:5: error: invalid leading UTF-8 octet (0xfc)\n"
		  "    5 | # gr??\n"
		  "      |     ^\n");
	line_five("# \x01",
		  "t.yaml:5:3: error: control characters are not allowed "
		  "(0x01)\n"
		  "    5 | # ?\n"
		  "      |   ^\n");
	unit_says("\xff\xfe\x61",
		  "t.yaml:1:1: error: invalid leading UTF-8 octet (0xff)\n"
		  "    1 | ??a\n"
		  "      | ^\n");
}

static void empty(void)
{
	unit_says("", "t.yaml: error: the file is empty\n");
	unit_says("# nothing\n", "t.yaml: error: the file is empty\n");
	unit_says("---\n", "t.yaml:2:1: error: 'scenario' needs a mapping, not "
			   "nothing\n");
}

static void anchors(void)
{
	line_five("seed: &s 1", "t.yaml:5:7: error: anchors are not supported; "
				"write the value out\n"
				"    5 | seed: &s 1\n"
				"      |       ^~~~\n");
	unit_says("a: &a [*a]\n",
		  "t.yaml:1:4: error: anchors are not supported; write the "
		  "value out\n"
		  "    1 | a: &a [*a]\n"
		  "      |    ^~~~\n"
		  "t.yaml:1:8: error: aliases are not supported; write the "
		  "value out\n"
		  "    1 | a: &a [*a]\n"
		  "      |        ^~\n");
}

static void tags(void)
{
	line_five("seed: !!int 1", "t.yaml:5:7: error: tags are not supported; "
				   "the key has its type\n"
				   "    5 | seed: !!int 1\n"
				   "      |       ^~~~~~~\n");
	line_five("seed: ! 1", "t.yaml:5:7: error: tags are not supported; the "
			       "key has its type\n"
			       "    5 | seed: ! 1\n"
			       "      |       ^~~\n");
	line_five("<<: {seed: 1}", "t.yaml:5:1: error: merge keys are not "
				   "supported; write the values out\n"
				   "    5 | <<: {seed: 1}\n"
				   "      | ^~\n");
}

static void second_document(void)
{
	line_five("---\nname: u",
		  "t.yaml:5:1: error: a second document; a scenario is a "
		  "single one\n"
		  "    5 | ---\n"
		  "      | ^~~\n");
}

/* Deeper than libyaml itself would go. */
static void deep(void)
{
	char text[1200] = "seed: ";
	char *said;

	memset(text + 6, '[', 1100);
	said = unit_said(text, NULL);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(said, "t.yaml:1:38: error: nested too deeply\n"));
	free(said);
}

static void hostile_text(void)
{
	unit_says("name: \"a\\0b\"\nvms: [{name: a}, {name: b}]\nlinks: "
		  "[{ends: [a, b]}]\nscript: [\"\\e[2J\", '']\n",
		  "t.yaml:1:7: error: 'name' needs text, not text with a NUL\n"
		  "    1 | name: \"a\\0b\"\n"
		  "      |       ^~~~~~\n"
		  "t.yaml:4:10: error: 'script[0]' holds a control character\n"
		  "    4 | script: [\"\\e[2J\", '']\n"
		  "      |          ^~~~~~~\n"
		  "t.yaml:4:19: error: 'script[1]' needs text, not empty "
		  "text\n"
		  "    4 | script: [\"\\e[2J\", '']\n"
		  "      |                   ^~\n");
	line_five("\"a\\e\": 1",
		  "t.yaml:5:1: error: unknown key 'a\\x1b'" TOP_KEYS "\n"
		  "    5 | \"a\\e\": 1\n"
		  "      | ^~~~~\n");
}

static void long_text(void)
{
	char line[400];
	char *said;

	snprintf(line, sizeof line, "%sscript: [%096d]\n", VMS LINK, 0);
	said = unit_said(line, NULL);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(said, ": 'script[0]' is longer than 95 bytes\n"));
	free(said);
	snprintf(line, sizeof line, "%sscript: [vm1 send %086d]\n", VMS LINK,
		 0);
	unit_says(line, "");
}

static void many_errors(void)
{
	char text[4000] = "";
	char *said;

	for (int i = 0; i < 40; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			 "unknown%d: 1\n", i);
	said = unit_said(text, NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "   17 | unknown16"));
	CU_ASSERT_PTR_NULL(strstr(said, "18 | unknown"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(said, "t.yaml: 23 more errors are not shown\n"));
	free(said);
}

static const struct unit_case cases[] = {
	{"a wrong type", wrong_type},
	{"an unknown key", unknown_key},
	{"out of range, negative, beyond 64 bits", out_of_range},
	{"what only looks like a number", near_numbers},
	{"a number in quotes", quotes},
	{"a duplicate key", duplicate_key},
	{"a missing key", missing_key},
	{"a bad choice", bad_choice},
	{"a scalar for a mapping and the like", wrong_kinds},
	{"syntax errors in libyaml's words", syntax},
	{"invalid UTF-8, with its real place", invalid_utf8},
	{"nothing at all", empty},
	{"anchors, aliases and cycles", anchors},
	{"tags and merge keys", tags},
	{"a second document", second_document},
	{"bottomless nesting", deep},
	{"text that is not for terminals", hostile_text},
	{"text that is too long", long_text},
	{"more errors than anyone reads", many_errors},
};

UNIT_MAIN("scenario_traps", cases)
