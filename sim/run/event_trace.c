/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/event_trace.h"

#include <inttypes.h>

#include "sim/court/event_history.h"

/* What a reader of the trace wants to know beyond a story: see docs/JSON.md. */
static void trace_more(const struct event_trace *t, const struct event *e,
		       uint32_t *sent)
{
	FILE *out = t->out;
	uint64_t due;

	if (e->kind == EV_SEND) {
		due = metrics_due(t->metrics, queue_nic(e->queue),
				  sent[queue_nic(e->queue)]++);
		fprintf(out, ", due %" PRIu64 ".%03u ns", due / 1000,
			(unsigned)(due % 1000));
	}
	if (e->kind == EV_SEND || e->kind == EV_DELIVER)
		fprintf(out, ", frame %016" PRIx64, e->addr);
	if (e->kind == EV_GIFT)
		fprintf(out, ", %" PRIu32 " slots", e->b);
	if (t->w->cfg->links > 1)
		fprintf(out, ", link %" PRIu32,
			queue_link(&t->w->cfg->numbers, e->queue));
}

void event_trace_hear(void *to, const struct event *ev, uint32_t places)
{
	const struct event_trace *t = to;
	char line[HISTORY_LINE];
	uint32_t sent[NIC_MAX] = {0}; /* in these places, by NIC */
	struct event_walk walk = event_walk(ev, places);
	struct event one;

	while (event_next(&walk, &one)) {
		history_line(t->w, &one, line, sizeof line);
		fputs(line, t->out);
		trace_more(t, &one, sent);
		fputc('\n', t->out);
	}
}

void event_trace_step(const struct event_trace *t, uint32_t a,
		      const uint32_t *held)
{
	FILE *out = t->out;
	uint64_t now = t->w->probe->time;

	probe_flush(t->w->probe);
	fprintf(out, "%10" PRIu64 ".%03u ns  %-10s %-12s link %" PRIu32,
		now / 1000, (unsigned)(now % 1000), t->w->actor[a].name, "step",
		t->w->moved_link);
	for (int k = 0; k < COST_KINDS; k++)
		if (t->w->cost->count[k])
			fprintf(out, ", %s %" PRIu64,
				cost_info((enum cost)k)->name,
				t->w->cost->count[k]);
	if (held)
		fprintf(out, ", holds %" PRIu32, *held);
	fputc('\n', out);
}

void event_trace_actors(const struct event_trace *t)
{
	const struct run_result *r = t->metrics->r;

	for (uint32_t i = 0; i < r->actors; i++) {
		const struct actor_result *a = &r->actor[i];

		if (!a->acts)
			continue;
		fprintf(t->out,
			"%10" PRIu64 ".%03u ns  %-10s %-12s %s, core %" PRIu32
			"%s\n",
			a->from_ps / 1000, (unsigned)(a->from_ps % 1000),
			a->name, "actor", party_info(a->party)->name, a->core,
			a->polls ? ", polls" : "");
	}
}
