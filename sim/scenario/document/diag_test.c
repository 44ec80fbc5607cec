/* SPDX-License-Identifier: BSD-3-Clause */
/* Order, carets, and text that nobody should trust with a terminal. */
#include "sim/scenario/document/diag.h"

#include <string.h>

#include "model/unit.h"
#include "sim/scenario/schema/config.h"
#include "sim/text/utf8.h"

static struct diag diag;

static struct diag_place at(uint32_t line, uint32_t column, uint32_t length)
{
	return (struct diag_place){
		.line = line, .column = column, .length = length};
}

static void start(const char *text)
{
	static const struct scenario_override sets[] = {{"a=1"}, {"b=\x1b"}};

	diag_init(&diag, "f", sets);
	diag_source(&diag, text, strlen(text));
}

static void prints(const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	diag_print(&diag, out);
	fclose(out);
	if (strcmp(text, expected) != 0)
		printf("\nexpected:\n%s\nactual:\n%s\n", expected, text);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
}

static void sorted(void)
{
	start("ab\ncd\n");
	diag_error(&diag, (struct diag_place){.set = 2}, "last");
	diag_error(&diag, (struct diag_place){.set = 1}, "fifth");
	diag_error(&diag, at(2, 2, 1), "fourth");
	diag_error(&diag, at(2, 1, 9), "third");
	diag_error(&diag, at(1, 1, 2), "second");
	diag_error(&diag, at(0, 0, 0), "first");
	prints("f: error: first\n"
	       "f:1:1: error: second\n"
	       "    1 | ab\n"
	       "      | ^~\n"
	       "f:2:1: error: third\n"
	       "    2 | cd\n"
	       "      | ^~\n"
	       "f:2:2: error: fourth\n"
	       "    2 | cd\n"
	       "      |  ^\n"
	       "--set a=1: error: fifth\n"
	       "--set b=\\x1b: error: last\n");
}

static void said_once(void)
{
	start("a\n");
	for (int i = 0; i < 3; i++)
		diag_error(&diag, (struct diag_place){.set = 1}, "same");
	CU_ASSERT_EQUAL(diag.count, 1);
	CU_ASSERT_EQUAL(diag.found, 3);
}

static void first_ones_win(void)
{
	start("");
	for (uint32_t i = 0; i < DIAG_MAX + 5; i++)
		diag_error(&diag, at(100 - i, 1, 1), "%u", i);
	CU_ASSERT_TRUE(diag_full(&diag));
	CU_ASSERT_EQUAL(diag.more, 5);
	CU_ASSERT_EQUAL(diag.entry[0].at.line, 100 - DIAG_MAX - 4);
	diag_error(&diag, at(200, 1, 1), "late");
	CU_ASSERT_EQUAL(diag.more, 6);
	CU_ASSERT_STRING_EQUAL(diag.entry[DIAG_MAX - 1].text, "5");
}

static void tabs_and_wide(void)
{
	start("a:\t\xc3\xa9\xc3\xa9 x\n");
	diag_error(&diag, at(1, 7, 1), "here");
	prints("f:1:7: error: here\n"
	       "    1 | a: \xc3\xa9\xc3\xa9 x\n"
	       "      |       ^\n");
}

static void foreign_bytes(void)
{
	start("a\xff\x1b[2J\xe2\x80\xae\n");
	diag_error(&diag, at(1, 2, 1), "bad \x1b]0;title\a \xc3");
	prints("f:1:2: error: bad \\x1b]0;title\\x07 \\xc3\n"
	       "    1 | a??[2J?\n"
	       "      |  ^\n");
}

static void line_breaks(void)
{
	start("1\r\n2\r3\xc2\x85"
	      "4\xe2\x80\xa8"
	      "5");
	diag_error(&diag, at(4, 1, 1), "four");
	diag_error(&diag, at(5, 1, 1), "five");
	diag_error(&diag, at(6, 1, 1), "beyond");
	prints("f:4:1: error: four\n"
	       "    4 | 4\n"
	       "      | ^\n"
	       "f:5:1: error: five\n"
	       "    5 | 5\n"
	       "      | ^\n"
	       "f:6:1: error: beyond\n");
	CU_ASSERT_EQUAL(diag_place_at(&diag, 3).line, 2);
	CU_ASSERT_EQUAL(diag_place_at(&diag, 1000).line, 5);
	CU_ASSERT_EQUAL(diag_place_at(&diag, 1000).column, 2);
}

static void long_line(void)
{
	char text[300];
	char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	text[199] = 'y';
	start(text);
	diag_error(&diag, at(1, 200, 1000), "far");
	diag_print(&diag, out);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "    1 | ...xxx"));
	CU_ASSERT_EQUAL(strchr(strchr(said, '\n'), 'y') - said,
			strchr(said, '\n') - said + 9 + 3 + 59);
	CU_ASSERT_TRUE(strlen(said) < 300);
	free(said);
}

static void utf8(void)
{
	static const char *const invalid[] = {
		"\x80",         "\xc0\x80",         "\xc3",
		"\xe0\x80\x80", "\xe2\x82",         "\xff",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3x"};
	uint32_t code;

	for (unsigned i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
		CU_ASSERT_EQUAL(
			utf8_next(invalid[i], strlen(invalid[i]), &code), 1);
		CU_ASSERT_EQUAL(code, UTF8_INVALID);
	}
	CU_ASSERT_EQUAL(utf8_next("\xe2\x82\xac", 3, &code), 3);
	CU_ASSERT_EQUAL(code, 0x20ac);
	CU_ASSERT_EQUAL(utf8_next("\xf0\x9f\x98\x80", 4, &code), 4);
	CU_ASSERT_EQUAL(code, 0x1f600);
}

static const struct unit_case cases[] = {
	{"errors come in order of place", sorted},
	{"the same is said once", said_once},
	{"of too many the first ones stay", first_ones_win},
	{"a caret stands under tabs and wide letters", tabs_and_wide},
	{"control characters stay off the terminal", foreign_bytes},
	{"lines end where YAML ends them", line_breaks},
	{"of a long line the part around the place is shown", long_line},
	{"only proper UTF-8 passes", utf8},
};

UNIT_MAIN("diag", cases)
