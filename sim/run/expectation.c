/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/expectation.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 2, 3)))
unmet(struct run_result *r, const char *format, ...)
{
	va_list args;

	if (r->unmets == sizeof r->unmet / sizeof r->unmet[0])
		return;
	va_start(args, format);
	vsnprintf(r->unmet[r->unmets++].what, sizeof r->unmet[0].what, format,
		  args);
	va_end(args);
}

/* Every violation must be expected, and every expected one must be found. */
static void judge_violations(struct run_result *r,
			     const struct clause_list *expected)
{
	for (int c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++)
		if (r->broken[c] && !clause_list_has(expected, (enum clause)c))
			unmet(r, "violations: %s is not expected",
			      clause_info((enum clause)c)->id);
	for (uint32_t i = 0; i < expected->count; i++)
		if (!r->broken[expected->clause[i]])
			unmet(r, "violations: %s was expected, not found",
			      clause_info(expected->clause[i])->id);
}

static void judge_number(struct run_result *r, const char *what, bool has,
			 uint64_t expected, uint64_t actual)
{
	if (has && expected != actual)
		unmet(r, "%s: expected %" PRIu64 ", actual %" PRIu64, what,
		      expected, actual);
}

/*
 * What arrives shows something, and so does a script that came to rest, since
 * all that it offered was judged; a run of anything else shows nothing, and
 * passes only where that was expected.
 */
static void judge_moved(const struct expect_config *e, bool scripted,
			struct run_result *r)
{
	if (r->unmets || r->all.delivered.packets || e->has_delivered ||
	    e->violations.count || (e->has_lost && e->lost) || r->interrupted)
		return;
	if (scripted && r->all.sent.packets && r->settled)
		return;
	unmet(r, "delivered: no packet, so the run shows nothing; "
		 "expect: {delivered: 0} where that is right");
}

void expectation_judge(const struct expect_config *e, bool checked,
		       bool scripted, struct run_result *r)
{
	if (checked)
		judge_violations(r, &e->violations);
	judge_number(r, "host-bytes-copied", e->has_host_bytes_copied,
		     e->host_bytes_copied,
		     cost_sum(r->all.count, COST_SORT_HOST_BYTE));
	judge_number(r, "lost", e->has_lost, e->lost, r->all.lost.packets);
	judge_number(r, "delivered", e->has_delivered, e->delivered,
		     r->all.delivered.packets);
	if (e->has_digest && e->digest != r->digest)
		unmet(r, "digest: expected %016" PRIx64 ", actual %016" PRIx64,
		      e->digest, r->digest);
	judge_moved(e, scripted, r);
	r->held = r->unmets == 0 && !r->interrupted;
}
