/* SPDX-License-Identifier: BSD-3-Clause */
/* How a run went: the first lines of a report, and its last ones. */
#include <inttypes.h>

#include "sim/text/visible.h"
#include "tools/report/text.h"

enum { SHOWN = 5 }; /* clauses */

static void put_violation(FILE *out, const struct violation *v)
{
	const struct finding *f = &v->finding;
	const struct clause_info *c = clause_info(f->clause);

	fprintf(out, "\n%s: %s\n", c->id, c->words);
	fprintf(out, "  %s at %" PRIu64 ".%03u ns, link %" PRIu32, v->actor,
		f->event.time / 1000, (unsigned)(f->event.time % 1000),
		f->link);
	if (f->slot != NO_SLOT)
		fprintf(out, ", slot %" PRIu32, f->slot);
	fprintf(out, ": %s\n", f->detail);
	for (uint32_t i = 0; i < v->history_lines; i++)
		fprintf(out, "  | %s\n", v->story[i]);
}

/* The first one of each clause; the rest is more of the same. */
static void put_violations(FILE *out, const struct run_result *r)
{
	uint32_t shown = 0;

	fprintf(out, "\nviolations: %" PRIu64 "%s\n", r->violations,
		r->held ? ", as expected" : "");
	for (uint32_t i = 0; i < r->violations_kept && shown < SHOWN; i++) {
		if (!outcome_is_first(r, i))
			continue;
		put_violation(out, &r->violation[i]);
		shown++;
	}
	if (r->violations > shown)
		fprintf(out, "\n%" PRIu64 " more; --json has the first %d\n",
			r->violations - shown, RUN_VIOLATIONS_KEPT);
}

static void put_unmet(FILE *out, const struct run_result *r)
{
	fprintf(out, "\nnot as expected\n");
	for (uint32_t i = 0; i < r->unmets; i++)
		fprintf(out, "  %s\n", r->unmet[i].what);
}

void text_verdict(FILE *out, const struct outcome *o, bool colour)
{
	const struct run_result *r = o->result;
	const char *paint = r->held ? "\033[32m" : "\033[31m";

	fprintf(out, "%s: %s%s%s\n", VISIBLE(o->sc->name), colour ? paint : "",
		outcome_word(o), colour ? "\033[0m" : "");
	fprintf(out, "  %s, seed %" PRIu64 ", digest %016" PRIx64 "%s\n",
		VISIBLE(o->sc->file), o->sc->seed, r->digest,
		o->checked ? "" : ", not checked");
	if (r->violations)
		put_violations(out, r);
	if (r->unmets)
		put_unmet(out, r);
	if (r->violations || r->unmets)
		fprintf(out, "\nto see it again\n  %s\n", o->repeat);
}
