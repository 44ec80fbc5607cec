/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A clause that was found broken is a case; it fails unless the scenario
 * expects it. What was not found broken is no case: a run does not prove it.
 */
#include "tools/report/junit.h"

#include <inttypes.h>
#include <string.h>

#include "sim/input/utf8.h"

/* One character for an attribute or a text; XML 1.0 cannot hold them all. */
static size_t put_character(FILE *out, const char *text, size_t size)
{
	uint32_t code;
	size_t step = utf8_next(text, size, &code);

	if (code == UTF8_INVALID || (code < 0x20 && code != '\n') ||
	    code == 0x7f || code == 0xfffe || code == 0xffff)
		fputs("\xef\xbf\xbd", out);
	else if (code == '&')
		fputs("&amp;", out);
	else if (code == '<')
		fputs("&lt;", out);
	else if (code == '>')
		fputs("&gt;", out);
	else if (code == '"')
		fputs("&quot;", out);
	else
		fwrite(text, 1, step, out);
	return step;
}

static void put_text(FILE *out, const char *text)
{
	for (size_t left = strlen(text); left > 0;) {
		size_t step = put_character(out, text, left);

		text += step;
		left -= step;
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	put_text(out, value);
	fputc('"', out);
}

static void put_seconds(FILE *out, uint64_t ns)
{
	fprintf(out, " time=\"%" PRIu64 ".%06" PRIu64 "\"", ns / 1000000000,
		ns / 1000 % 1000000);
}

static bool is_expected(const struct outcome *o, enum clause c)
{
	return clause_list_has(&o->sc->expect.violations, c);
}

/* Whether the @i-th violation is the first one of its clause. */
static bool is_first(const struct run_result *r, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (r->violation[k].finding.clause ==
		    r->violation[i].finding.clause)
			return false;
	return true;
}

static void put_case(FILE *out, const struct outcome *o, const char *name)
{
	fputs("    <testcase", out);
	put_attribute(out, "classname", o->sc->file);
	put_attribute(out, "name", name);
}

static void put_failure(FILE *out, const char *type, const char *message)
{
	fputs("      <failure", out);
	put_attribute(out, "type", type);
	put_attribute(out, "message", message);
	fputc('>', out);
}

static void put_run(FILE *out, const struct outcome *o)
{
	const struct run_result *r = o->result;

	put_case(out, o, "run");
	put_seconds(out, o->wall_ns);
	if (r->held) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	put_failure(out, r->interrupted ? "interrupted" : "expectation",
		    r->unmets ? r->unmet[0].what : outcome_word(o));
	for (uint32_t i = 0; i < r->unmets; i++) {
		put_text(out, r->unmet[i].what);
		fputc('\n', out);
	}
	put_text(out, o->repeat);
	fputs("</failure>\n    </testcase>\n", out);
}

static void put_clause(FILE *out, const struct outcome *o,
		       const struct violation *v)
{
	const struct clause_info *c = clause_info(v->finding.clause);

	put_case(out, o, c->id);
	if (is_expected(o, v->finding.clause)) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	put_failure(out, c->id, c->words);
	put_text(out, v->actor);
	fputs(": ", out);
	put_text(out, v->finding.detail);
	for (uint32_t i = 0; i < v->story_lines; i++) {
		fputc('\n', out);
		put_text(out, v->story[i]);
	}
	fputs("</failure>\n    </testcase>\n", out);
}

static void put_suite(FILE *out, const struct outcome *o)
{
	const struct run_result *r = o->result;
	unsigned tests = 1, failures = !r->held;

	for (uint32_t i = 0; i < r->violations_kept; i++) {
		if (!is_first(r, i))
			continue;
		tests++;
		failures += !is_expected(o, r->violation[i].finding.clause);
	}
	fputs("  <testsuite", out);
	put_attribute(out, "name", o->sc->name);
	fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"0\"",
		tests, failures);
	put_seconds(out, o->wall_ns);
	fputs(">\n", out);
}

void junit_run(FILE *out, const void *outcome)
{
	const struct outcome *o = outcome;
	const struct run_result *r = o->result;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
	      out);
	put_suite(out, o);
	put_run(out, o);
	for (uint32_t i = 0; i < r->violations_kept; i++)
		if (is_first(r, i))
			put_clause(out, o, &r->violation[i]);
	fputs("  </testsuite>\n</testsuites>\n", out);
}
