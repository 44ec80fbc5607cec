/* SPDX-License-Identifier: BSD-3-Clause */
/* The very bytes: other programs read them, and runs are compared by them. */
#include "tools/format/json.h"

#include <string.h>

#include "model/unit.h"

static char wrote[4096];

static struct json begin(void)
{
	return json_to(fmemopen(wrote, sizeof wrote, "w"));
}

static void came_out(struct json *j, const char *expected)
{
	json_end(j);
	fclose(j->out);
	CU_ASSERT_STRING_EQUAL(wrote, expected);
	if (strcmp(wrote, expected) != 0)
		printf("\n%s", wrote);
}

static void nesting(void)
{
	struct json j = begin();

	json_object(&j, NULL);
	json_number(&j, "a", 1);
	json_array(&j, "b");
	json_number(&j, NULL, 2);
	json_object(&j, NULL);
	json_bool(&j, "c", true);
	json_object_end(&j);
	json_array_end(&j);
	json_bool(&j, "d", false);
	json_object_end(&j);
	came_out(&j, "{\n"
		     "  \"a\": 1,\n"
		     "  \"b\": [\n"
		     "    2,\n"
		     "    {\n"
		     "      \"c\": true\n"
		     "    }\n"
		     "  ],\n"
		     "  \"d\": false\n"
		     "}\n");
}

static void nothing(void)
{
	struct json j = begin();

	json_object(&j, NULL);
	json_array(&j, "a");
	json_array_end(&j);
	json_object(&j, "b");
	json_object_end(&j);
	json_null(&j, "c");
	json_text(&j, "d", NULL);
	json_object_end(&j);
	came_out(&j, "{\n"
		     "  \"a\": [],\n"
		     "  \"b\": {},\n"
		     "  \"c\": null,\n"
		     "  \"d\": null\n"
		     "}\n");
}

static void numbers(void)
{
	struct json j = begin();

	json_array(&j, NULL);
	json_number(&j, NULL, UINT64_MAX);
	json_decimal(&j, NULL, 1234567, 6);
	json_decimal(&j, NULL, 7, 3);
	json_decimal(&j, NULL, UINT64_MAX, 9);
	json_hex(&j, NULL, 0xabc);
	json_array_end(&j);
	came_out(&j, "[\n"
		     "  18446744073709551615,\n"
		     "  1.234567,\n"
		     "  0.007,\n"
		     "  18446744073.709551615,\n"
		     "  \"0000000000000abc\"\n"
		     "]\n");
}

/* A string alone: @text has to come out as @expected, quotes apart. */
static void escaped(const char *text, const char *expected)
{
	struct json j = begin();
	char line[200];

	json_text(&j, NULL, text);
	snprintf(line, sizeof line, "\"%s\"\n", expected);
	came_out(&j, line);
}

static void strings(void)
{
	escaped("", "");
	escaped("a \"b\" \\c/", "a \\\"b\\\" \\\\c/");
	escaped("one\ntwo\tthree", "one\\ntwo\\tthree");
	escaped("\x01\x1f\x7f\r", "\\u0001\\u001f\\u007f\\u000d");
	escaped("gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xa7",
		"gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xa7");
	escaped("\xff"
		"a\xc3",
		"\\ufffda\\ufffd");
	escaped("\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd");
}

static const struct unit_case cases[] = {
	{"nesting", nesting},
	{"nothing", nothing},
	{"numbers", numbers},
	{"strings", strings},
};

UNIT_MAIN("tools.report.json", cases)
