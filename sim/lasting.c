/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lasting.h"

#include <stdarg.h>
#include <stdio.h>

static uint32_t nics(const struct world *w)
{
	return w->cfg->links <= LASTING_LINKS_MAX ? 2 * w->cfg->links : 0;
}

void lasting_mark(const struct world *w, const struct app *a,
		  struct lasting_mark *m)
{
	for (uint32_t nic = 0; nic < nics(w); nic++) {
		m->taken[nic] = a->nic[nic].seq;
		m->arrived[nic] = a->nic[nic].flight.tail;
		m->carried[nic] = w->link[nic / 2].nic[nic % 2].tx.used_idx;
	}
}

/* Both ends live, nobody parted them, and no fault took a notification. */
static bool joined(const struct world *w, uint32_t link)
{
	const uint8_t *end = w->cfg->link[link].end;

	return !w->vm[end[0]].crashed && !w->vm[end[1]].crashed &&
	       !w->link[link].parted && !w->astray[2 * link].lost &&
	       !w->astray[2 * link + 1].lost;
}

uint16_t lasting_now(const struct world *w, const struct app *a)
{
	uint32_t mask = LASTING_STEPS;

	for (uint32_t nic = 0; nic < nics(w); nic++) {
		if (a->nic[nic].script.count && joined(w, nic / 2))
			mask |= (uint32_t)LASTING_SEND << nic;
		if (w->link[nic / 2].worker[nic % 2].parked)
			mask |= (uint32_t)LASTING_PARK << nic;
	}
	return (uint16_t)mask;
}

uint16_t lasting_ended(const struct world *w, const struct app *a,
		       const struct lasting_mark *m)
{
	struct lasting_mark now;
	uint32_t mask = w->cost->count[COST_GIFT] ? LASTING_GIFT : 0;

	lasting_mark(w, a, &now);
	for (uint32_t nic = 0; nic < nics(w); nic++) {
		if (now.taken[nic] != m->taken[nic])
			mask |= (uint32_t)LASTING_SEND << nic | LASTING_STEPS;
		if (now.arrived[nic] != m->arrived[nic])
			mask |= LASTING_STEPS;
		if (now.carried[nic] != m->carried[nic])
			mask |= (uint32_t)LASTING_PARK << nic;
	}
	return (uint16_t)mask;
}

struct teller {
	const struct world *w;
	void (*report)(void *to, const struct finding *f);
	void *to;
};

static void __attribute__((format(printf, 4, 5)))
say(const struct teller *t, enum clause clause, uint32_t nic,
    const char *format, ...)
{
	uint32_t vm = t->w->cfg->link[nic / 2].end[nic % 2];
	struct finding f = {.clause = clause,
			    .event = {.actor = actor_guest(vm),
				      .queue = queue_id(nic / 2, nic % 2, 1),
				      .time = t->w->probe->time},
			    .link = nic / 2,
			    .slot = NO_SLOT};
	va_list args;

	va_start(args, format);
	vsnprintf(f.detail, sizeof f.detail, format, args);
	va_end(args);
	t->report(t->to, &f);
}

static void nic_report(const struct teller *t, uint16_t mask, uint32_t nic,
		       bool rest)
{
	const struct world_config *c = t->w->cfg;
	const char *vm = c->vm[c->link[nic / 2].end[nic % 2]].name;
	const char *how = rest ? "and nobody moves" : "however all go on";

	if (mask & (uint32_t)LASTING_SEND << nic)
		say(t, CLAUSE_EXT_SEND, nic, "%s has a frame to send, %s", vm,
		    how);
	if (mask & (uint32_t)LASTING_PARK << nic)
		say(t, CLAUSE_EXT_PARK, nic, "a send of %s stays parked, %s",
		    vm, how);
}

void lasting_report(const struct world *w, uint16_t mask, bool rest,
		    void (*report)(void *to, const struct finding *f), void *to)
{
	struct teller t = {w, report, to};

	for (uint32_t nic = 0; nic < nics(w); nic++)
		nic_report(&t, mask, nic, rest);
	if (rest || !(mask & LASTING_STEPS))
		return;
	if (mask & LASTING_GIFT)
		say(&t, CLAUSE_EXT_GIFT_ENDS, 0,
		    "slots are given to and fro without a packet");
	else
		say(&t, CLAUSE_EXT_SETTLED, 0,
		    "all go on for ever without a packet");
}
