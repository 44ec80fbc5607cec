/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/progress.h"

static uint32_t nics(const struct world *w)
{
	uint32_t all = nic_count(&w->cfg->numbers);

	return all <= PROGRESS_NICS ? all : 0;
}

void progress_mark(const struct world *w, const struct app *a,
		   struct progress_mark *m)
{
	for (uint32_t nic = 0; nic < nics(w); nic++) {
		const struct link *l =
			&w->link[nic_link(&w->cfg->numbers, nic)];
		const struct nic *n = &l->nic[nic_end(&w->cfg->numbers, nic)];

		m->taken[nic] = a->nic[nic].seq;
		m->arrived[nic] = a->nic[nic].arrived;
		m->forwarded[nic] =
			vq_device_given(l->path->deliver ? &n->rx : &n->tx);
	}
}

const char *progress_excuse(const struct world *w, uint32_t nic)
{
	uint32_t link = nic_link(&w->cfg->numbers, nic);
	const uint8_t *end = w->cfg->link[link].end;

	if (w->vm[end[nic_end(&w->cfg->numbers, nic)]].crashed)
		return "the sender died";
	if (w->vm[end[!nic_end(&w->cfg->numbers, nic)]].crashed)
		return "the receiver died";
	if (w->link[link].unpair_asked)
		return "the ends are unpaired";
	if (w->dropped[nic_id(&w->cfg->numbers, link, 0)].lost ||
	    w->dropped[nic_id(&w->cfg->numbers, link, 1)].lost)
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
		if (w->link[nic_link(&w->cfg->numbers, nic)]
			    .worker[nic_end(&w->cfg->numbers, nic)]
			    .parked)
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

void progress_tell(const struct world *w, const struct unended *u,
		   const struct progress_judges *judges)
{
	const struct referee_setup s = {.config = w->cfg,
					.map = &w->map,
					.report = judges->report,
					.to = judges->to};

	for (uint32_t i = 0; i < judges->referees; i++)
		if (judges->referee[i]->unended)
			judges->referee[i]->unended(&s, u);
}

/* @u is of @nic, which has a frame that waits, or a send that is parked. */
static void nic_tell(const struct world *w, struct unended u, bool waits,
		     bool parked, const struct progress_judges *judges)
{
	u.kind = UNENDED_SEND;
	if (waits)
		progress_tell(w, &u, judges);
	u.kind = UNENDED_PARK;
	if (parked)
		progress_tell(w, &u, judges);
}

void progress_report(const struct world *w, uint16_t mask,
		     const struct progress_judges *judges)
{
	struct unended u = {.now = w->probe->time};

	for (u.nic = 0; u.nic < nics(w); u.nic++)
		nic_tell(w, u, mask & (uint32_t)PROGRESS_SEND << u.nic,
			 mask & (uint32_t)PROGRESS_PARK << u.nic, judges);
	u.nic = 0;
	u.kind = mask & PROGRESS_GIFT ? UNENDED_GIFTS : UNENDED_STEPS;
	if (mask & PROGRESS_STEPS)
		progress_tell(w, &u, judges);
}

void progress_rest(const struct world *w, const struct app *a, uint64_t now,
		   const struct progress_judges *judges)
{
	struct unended u = {.now = now, .at_rest = true};

	for (u.nic = 0; u.nic < nic_count(&w->cfg->numbers); u.nic++)
		nic_tell(w, u,
			 app_waits(a, u.nic) && !progress_excuse(w, u.nic),
			 w->link[nic_link(&w->cfg->numbers, u.nic)]
				 .worker[nic_end(&w->cfg->numbers, u.nic)]
				 .parked,
			 judges);
}
