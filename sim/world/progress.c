/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/progress.h"

#include <stdarg.h>
#include <stdio.h>

static uint32_t nics(const struct world *w)
{
	return w->cfg->links <= PROGRESS_LINKS_MAX ? 2 * w->cfg->links : 0;
}

void progress_mark(const struct world *w, const struct app *a,
		   struct progress_mark *m)
{
	for (uint32_t nic = 0; nic < nics(w); nic++) {
		m->taken[nic] = a->nic[nic].seq;
		m->arrived[nic] = a->nic[nic].arrived;
		m->forwarded[nic] = w->link[nic / 2].nic[nic % 2].tx.used_idx;
	}
}

const char *progress_excuse(const struct world *w, uint32_t nic)
{
	uint32_t link = nic / 2;
	const uint8_t *end = w->cfg->link[link].end;

	if (w->vm[end[nic % 2]].crashed)
		return "the sender died";
	if (w->vm[end[!(nic % 2)]].crashed)
		return "the receiver died";
	if (w->link[link].parted)
		return "the ends are parted";
	if (w->dropped[2 * link].lost || w->dropped[2 * link + 1].lost)
		return "a notification got lost";
	return NULL;
}

/* Whether @nic has a frame to send: its own, or one that is for any beside it.
 */
static bool sends(const struct app *a, uint32_t nic)
{
	const struct app_nic *n = &a->nic[nic];

	return n->script.count || (n->common && n->common->count);
}

uint16_t progress_now(const struct world *w, const struct app *a)
{
	uint32_t mask = PROGRESS_STEPS;

	for (uint32_t nic = 0; nic < nics(w); nic++) {
		if (sends(a, nic) && !progress_excuse(w, nic))
			mask |= (uint32_t)PROGRESS_SEND << nic;
		if (w->link[nic / 2].worker[nic % 2].parked)
			mask |= (uint32_t)PROGRESS_PARK << nic;
	}
	return (uint16_t)mask;
}

uint16_t progress_ended(const struct world *w, const struct app *a,
			const struct progress_mark *m)
{
	struct progress_mark now;
	uint32_t mask = w->cost->count[COST_GIFT] ? PROGRESS_GIFT : 0;

	progress_mark(w, a, &now);
	for (uint32_t nic = 0; nic < nics(w); nic++) {
		if (now.taken[nic] != m->taken[nic])
			mask |= (uint32_t)PROGRESS_SEND << nic | PROGRESS_STEPS;
		if (now.arrived[nic] != m->arrived[nic])
			mask |= PROGRESS_STEPS;
		if (now.forwarded[nic] != m->forwarded[nic])
			mask |= (uint32_t)PROGRESS_PARK << nic;
	}
	return (uint16_t)mask;
}

struct endpoint_classifier {
	const struct world *w;
	void (*report)(void *to, const struct finding *f);
	void *to;
	uint64_t now;
};

static void __attribute__((format(printf, 4, 5)))
say(const struct endpoint_classifier *t, enum clause clause, uint32_t nic,
    const char *format, ...)
{
	uint32_t vm = t->w->cfg->link[nic / 2].end[nic % 2];
	struct finding f = {.clause = clause,
			    .event = {.actor = actor_guest(vm),
				      .queue = queue_id(nic / 2, nic % 2, 1),
				      .time = t->now},
			    .link = nic / 2,
			    .slot = NO_SLOT};
	va_list args;

	va_start(args, format);
	vsnprintf(f.detail, sizeof f.detail, format, args);
	va_end(args);
	t->report(t->to, &f);
}

static void nic_report(const struct endpoint_classifier *t, uint32_t nic,
		       bool waits, bool parked, const char *how)
{
	const struct world_config *c = t->w->cfg;
	const char *vm = c->vm[c->link[nic / 2].end[nic % 2]].name;

	if (waits)
		say(t, CLAUSE_EXT_SEND, nic, "%s has a frame to send, %s", vm,
		    how);
	if (parked)
		say(t, CLAUSE_EXT_PARK, nic, "a send of %s stays parked, %s",
		    vm, how);
}

void progress_report(const struct world *w, uint16_t mask,
		     void (*report)(void *to, const struct finding *f),
		     void *to)
{
	struct endpoint_classifier t = {w, report, to, w->probe->time};

	for (uint32_t nic = 0; nic < nics(w); nic++)
		nic_report(&t, nic, mask & (uint32_t)PROGRESS_SEND << nic,
			   mask & (uint32_t)PROGRESS_PARK << nic,
			   "however all go on");
	if (!(mask & PROGRESS_STEPS))
		return;
	if (mask & PROGRESS_GIFT)
		say(&t, CLAUSE_EXT_GIFT_ENDS, 0,
		    "slots are given to and fro without a packet");
	else
		say(&t, CLAUSE_EXT_SETTLED, 0,
		    "all go on for ever without a packet");
}

void progress_rest(const struct world *w, const struct app *a, uint64_t now,
		   void (*report)(void *to, const struct finding *f), void *to)
{
	struct endpoint_classifier t = {w, report, to, now};

	for (uint32_t nic = 0; nic < 2 * w->cfg->links; nic++)
		nic_report(&t, nic,
			   app_waits(a, nic) && !progress_excuse(w, nic),
			   w->link[nic / 2].worker[nic % 2].parked,
			   "and nobody moves");
}
