/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/format/svg.h"

#include <string.h>

#include "model/unit.h"
#include "tools/format/xml.h"

static char wrote[4096];

static FILE *begin(void)
{
	return fmemopen(wrote, sizeof wrote, "w");
}

static void came_out(FILE *out, const char *expected)
{
	fclose(out);
	CU_ASSERT_STRING_EQUAL(wrote, expected);
	if (strcmp(wrote, expected) != 0)
		printf("\n%s", wrote);
}

static void shapes(void)
{
	FILE *out = begin();

	svg_rect(out, "a", 1, 2, 3, 4);
	svg_line(out, "b", 5, 6, 7, 8);
	svg_arrow(out, "c d", 5, 6, -7, 8);
	svg_text(out, "e", SVG_END, 9, 10, "what");
	came_out(
		out,
		"<rect class=\"a\" x=\"1\" y=\"2\" width=\"3\" height=\"4\"/>\n"
		"<line class=\"b\" x1=\"5\" y1=\"6\" x2=\"7\" y2=\"8\"/>\n"
		"<line class=\"c d\" x1=\"5\" y1=\"6\" x2=\"-7\" y2=\"8\" "
		"marker-end=\"url(#head)\"/>\n"
		"<text class=\"e\" text-anchor=\"end\" x=\"9\" y=\"10\">"
		"what</text>\n");
}

static void nobody_gets_out_of_a_text(void)
{
	FILE *out = begin();

	svg_text(out, "a", SVG_START, 0, 0,
		 "</text><script>\"&\x01\xff\xc3\xbc");
	came_out(out, "<text class=\"a\" text-anchor=\"start\" x=\"0\" y=\"0\">"
		      "&lt;/text&gt;&lt;script&gt;&quot;&amp;\xef\xbf\xbd"
		      "\xef\xbf\xbd\xc3\xbc</text>\n");
}

static void attributes(void)
{
	FILE *out = begin();

	xml_attribute(out, "name", "a\"b<c");
	came_out(out, " name=\"a&quot;b&lt;c\"");
}

static void a_whole_picture(void)
{
	FILE *out = begin();

	svg_begin(out, 20, 10, "<title>", ".a { fill: red }\n");
	svg_end(out);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(wrote, "width=\"20\" height=\"10\" "
					     "viewBox=\"0 0 20 10\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(wrote, "<title>&lt;title&gt;</title>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(wrote, ".a { fill: red }\n</style>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(wrote, "</svg>\n"));
}

static const struct unit_case cases[] = {
	{"shapes", shapes},
	{"nobody gets out of a text", nobody_gets_out_of_a_text},
	{"attributes", attributes},
	{"a whole picture", a_whole_picture},
};

UNIT_MAIN("svg", cases)
