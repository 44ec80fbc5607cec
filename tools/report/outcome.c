/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/outcome.h"

#include "tools/line/exit_code.h"

#define SECOND_PS UINT64_C(1000000000000)

uint64_t figures_per_second(uint64_t amount, uint64_t span_ps)
{
	unsigned __int128 rate;

	if (span_ps == 0)
		return 0;
	rate = (unsigned __int128)amount * SECOND_PS / span_ps;
	return rate > UINT64_MAX ? UINT64_MAX : (uint64_t)rate;
}

static void add_latency(struct figures *f, const struct histogram *h)
{
	f->has_latency = true;
	f->measured = h->total;
	f->min = h->min;
	f->mean = histogram_mean(h);
	f->max = h->max;
	f->p50 = histogram_percentile(h, 500000);
	f->p90 = histogram_percentile(h, 900000);
	f->p99 = histogram_percentile(h, 990000);
	f->p999 = histogram_percentile(h, 999000);
}

struct figures figures_of(const struct run_result *r, const struct tally *t)
{
	struct figures f = {.has_rate = false};

	if (r->last_ps > r->first_ps && t->delivered.packets) {
		uint64_t span = r->last_ps - r->first_ps;

		f.has_rate = true;
		f.packets_per_second =
			figures_per_second(t->delivered.packets, span);
		f.bits_per_second =
			figures_per_second(t->delivered.bytes * 8, span);
	}
	if (t->latency && t->latency->total)
		add_latency(&f, t->latency);
	if (t->delivered.packets)
		f.gifts_milli =
			t->count[COST_GIFT] * 1000 / t->delivered.packets;
	return f;
}

const char *outcome_word(const struct outcome *o)
{
	if (o->result->interrupted)
		return "interrupted";
	return o->result->held ? "passed" : "failed";
}

bool outcome_is_first(const struct run_result *r, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (r->violation[k].finding.clause ==
		    r->violation[i].finding.clause)
			return false;
	return true;
}

int outcome_code(enum run_end end)
{
	switch (end) {
	case RUN_DONE:
		return EXIT_PASSED;
	case RUN_BAD:
		return EXIT_USAGE;
	case RUN_UNREADABLE:
		return EXIT_INPUT;
	case RUN_FAILED:
		break;
	}
	return EXIT_FAILED;
}
