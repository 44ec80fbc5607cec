/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A clause that was found broken is a case; it fails unless the scenario
 * expects it. What was not found broken is no case: a run does not prove it.
 */
#include "tools/report/junit.h"

#include <inttypes.h>

#include "tools/format/xml.h"

static void put_seconds(FILE *out, uint64_t ns)
{
	fprintf(out, " time=\"%" PRIu64 ".%06" PRIu64 "\"", ns / 1000000000,
		ns / 1000 % 1000000);
}

static bool is_expected(const struct outcome *o, enum clause c)
{
	return clause_list_has(&o->sc->expect.violations, c);
}

static void put_case(FILE *out, const struct outcome *o, const char *name)
{
	fputs("    <testcase", out);
	xml_attribute(out, "classname", o->sc->file);
	xml_attribute(out, "name", name);
}

static void put_failure(FILE *out, const char *type, const char *message)
{
	fputs("      <failure", out);
	xml_attribute(out, "type", type);
	xml_attribute(out, "message", message);
	fputc('>', out);
}

static void put_batch(FILE *out, const struct outcome *o)
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
		xml_text(out, r->unmet[i].what);
		fputc('\n', out);
	}
	xml_text(out, o->repeat);
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
	xml_text(out, v->actor);
	fputs(": ", out);
	xml_text(out, v->finding.detail);
	for (uint32_t i = 0; i < v->history_lines; i++) {
		fputc('\n', out);
		xml_text(out, v->story[i]);
	}
	fputs("</failure>\n    </testcase>\n", out);
}

static void put_suite(FILE *out, const struct outcome *o)
{
	const struct run_result *r = o->result;
	unsigned tests = 1, failures = !r->held;

	for (uint32_t i = 0; i < r->violations_kept; i++) {
		if (!outcome_is_first(r, i))
			continue;
		tests++;
		failures += !is_expected(o, r->violation[i].finding.clause);
	}
	fputs("  <testsuite", out);
	xml_attribute(out, "name", o->sc->name);
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
	put_batch(out, o);
	for (uint32_t i = 0; i < r->violations_kept; i++)
		if (outcome_is_first(r, i))
			put_clause(out, o, &r->violation[i]);
	fputs("  </testsuite>\n</testsuites>\n", out);
}
