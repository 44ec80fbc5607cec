/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/court/court.h"

#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h> /* the same values by the widest vectors here */
#else
#include <xxhash.h>
#endif

#include "sim/watch/event_digest.h"

enum { ARENA_ALIGN = 64 };

bool court_digests(struct court *c)
{
	if (!c->digest)
		c->digest = XXH3_createState();
	return c->digest;
}

void court_free(struct court *c)
{
	XXH3_freeState(c->digest);
	c->digest = NULL;
}

uint64_t court_digest(const struct court *c)
{
	assert(c->digest);
	return XXH3_64bits_digest(c->digest);
}

static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	struct court *c = listener;

	if (c->digest)
		event_digest_add(c->digest, ev, places);
	if (c->hear)
		c->hear(c->hears, ev, places);
	audience_tell(&c->audience, ev, places);
	if (c->guard)
		c->setup.guard->watch(c->guard, ev, places);
}

static void keep(struct court *c, const struct finding *f)
{
	struct violation *v = &c->setup.room[c->kept++];

	v->finding = *f;
	v->history_lines = 0;
	snprintf(v->actor, sizeof v->actor, "%s",
		 history_actor(c->w, f->event.actor));
	if (c->setup.stories && !history_tell(c->w, v))
		c->untold = true;
}

void court_report(struct court *c, const struct finding *f)
{
	bool early;

	assert(f->clause > CLAUSE_NONE && f->clause < CLAUSE_COUNT);
	early = c->found < c->setup.most || !c->broken[f->clause];
	clause_list_add(&c->clauses, f->clause);
	if (c->setup.excuses && c->setup.excuses(c->setup.to, f)) {
		clause_list_add(&c->excused, f->clause);
		return;
	}
	c->found++;
	c->broken[f->clause] = true;
	if (early && c->kept < c->setup.rooms)
		keep(c, f);
}

static void on_finding(void *to, const struct finding *f)
{
	court_report(to, f);
}

size_t court_size(const struct court_setup *setup,
		  const struct world_config *cfg)
{
	size_t size = 0;

	for (uint32_t i = 0; i < setup->referees; i++)
		size += setup->referee[i]->size(cfg) + ARENA_ALIGN;
	if (setup->guard)
		size += setup->guard->referee->size(cfg) + ARENA_ALIGN;
	return size;
}

static void referees_create(struct court *c, struct world *w)
{
	const struct court_setup *setup = &c->setup;
	struct referee_setup s = {
		.config = w->cfg,
		.map = &w->map,
		.report = on_finding,
		.to = c,
	};

	for (uint32_t i = 0; i < setup->referees; i++) {
		const struct referee_ops *ops = setup->referee[i];

		s.arena = setup->rewound && ops->canon ? &w->state : &w->extra;
		c->referee[i] = ops->create(&s);
		audience_join(&c->audience, ops->subscriptions, c->referee[i]);
	}
	s.arena = &w->extra;
	if (setup->guard)
		c->guard = setup->guard->referee->create(&s);
}

void court_begin(struct court *c, const struct court_setup *setup,
		 struct world *w)
{
	struct XXH3_state_s *digest = c->digest;

	assert(setup->referees <= REFEREES_MAX);
	assert(setup->room || !setup->rooms);
	assert(w->probe->head == 0);
	*c = (struct court){.setup = *setup, .w = w, .digest = digest};
	if (digest)
		XXH3_64bits_reset(digest);
	audience_init(&c->audience);
	if (setup->counts)
		audience_join(&c->audience, setup->counts, setup->counter);
	referees_create(c, w);
	w->probe->flush = on_flush;
	w->probe->listener = c;
}

static struct progress_judges judges_of(struct court *c)
{
	return (struct progress_judges){c->setup.referee, c->setup.referees,
					on_finding, c};
}

void court_unended(struct court *c, const struct unended *u)
{
	const struct progress_judges judges = judges_of(c);

	progress_tell(c->w, u, &judges);
}

void court_lasts(struct court *c, uint16_t mask)
{
	const struct progress_judges judges = judges_of(c);

	progress_report(c->w, mask, &judges);
}

/* Frames that drivers took from applications, and neither sent nor refused. */
static void taken_tell(struct court *c, const struct app *app,
		       const uint64_t *answered, uint64_t now)
{
	for (uint32_t nic = 0; nic < nic_count(&c->w->cfg->numbers); nic++) {
		const struct unended u = {.kind = UNENDED_TAKEN,
					  .nic = nic,
					  .at_rest = true,
					  .now = now,
					  .taken = app->nic[nic].seq,
					  .done = answered[nic]};

		if (u.taken != u.done)
			court_unended(c, &u);
	}
}

void court_owed(struct court *c, uint64_t now)
{
	for (uint32_t i = 0; i < c->setup.referees; i++)
		if (c->setup.referee[i]->finish)
			c->setup.referee[i]->finish(c->referee[i], now);
}

void court_rest(struct court *c, const struct app *app,
		const uint64_t *answered, uint64_t now)
{
	const struct progress_judges judges = judges_of(c);
	uint64_t before = c->found;

	court_owed(c, now);
	if (c->found == before && answered)
		taken_tell(c, app, answered, now);
	if (c->found == before)
		progress_rest(c->w, app, now, &judges);
}

void court_canon(const struct court *c, uint32_t q, struct canon *f)
{
	for (uint32_t i = 0; i < c->setup.referees; i++)
		if (c->setup.referee[i]->canon)
			c->setup.referee[i]->canon(c->referee[i], q, f);
}
