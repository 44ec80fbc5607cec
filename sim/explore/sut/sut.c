/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/sut.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/sut/footprint.h"
#include "sim/explore/sut/slot_canon.h"

/* What is to be overlooked is not held against a move. */
static bool overlooks(void *to, const struct finding *f)
{
	const struct scenario *sc = to;

	return clause_list_has(&sc->explore.overlook, f->clause);
}

static struct court_setup court_wanted(struct sut *s,
				       const struct referee_ops *const *ops,
				       uint32_t referees)
{
	return (struct court_setup){
		.referee = ops,
		.referees = referees,
		.rewound = true,
		.excuses = overlooks,
		.to = (void *)s->sc,
		.room = s->room,
		.rooms = FINDINGS_MAX,
		.most = FINDINGS_MAX,
	};
}

static bool world_begin(struct sut *s, const struct court_setup *wanted,
			const struct cost_model *price, char *error,
			size_t size)
{
	const struct world_config *c = &s->sc->world;
	struct world_setup setup = {
		.cfg = c,
		.app = &app_ops,
		.app_ctx = &s->app,
		.extra_state = app_size(c, NULL) + court_size(wanted, c) +
			       sizeof(struct env_budget) + 64,
		.extra_other = court_size(wanted, c),
	};

	if (!world_open(&s->w, &setup, error, size))
		return false;
	app_init(&s->app, c, NULL, s->w.probe, &s->w.state);
	s->env_budget = arena_new(&s->w.state, struct env_budget, 1);
	court_begin(&s->court, wanted, &s->w);
	s->sched = (struct scheduler){
		.w = &s->w, .price = price, .stepped = schedule_untold};
	return true;
}

/* From here on nothing takes time: orders are all there is. */
static void time_stop(struct sut *s)
{
	s->time = s->w.probe->time + 1; /* a timer at 0 is none */
	s->w.probe->time = s->time;
	for (uint32_t i = 0; i < s->w.actors; i++) {
		struct actor *a = &s->w.actor[i];

		a->ready_ps = a->busy_ps = a->core_ps = s->time;
		if (a->timer_ps)
			a->timer_ps = s->time;
	}
	s->sched.price = &s->no_price;
}

bool sut_build(struct sut *s, const struct scenario *sc,
	       const struct referee_ops *const *ops, uint32_t referees,
	       const struct cost_model *price, char *error, size_t size)
{
	struct court_setup wanted;

	*s = (struct sut){.sc = sc};
	wanted = court_wanted(s, ops, referees);
	return world_begin(s, &wanted, price, error, size);
}

void sut_numbers(struct sut *s, bool on)
{
	s->view.numbers = on;
	world_canon_names(&s->view, &s->canon);
}

bool sut_open(struct sut *s, const struct scenario *sc,
	      const struct referee_ops *const *ops, uint32_t referees,
	      const struct cost_model *price, char *error, size_t size)
{
	if (!sut_build(s, sc, ops, referees, price, error, size))
		return false;
	if (!world_canon_can(&sc->world, error, size) ||
	    !sut_moves_fit(sc, error, size) ||
	    (sc->explore.grain == GRAIN_SLOT &&
	     !slot_canon_can(sc, error, size)))
		return false;
	if (sc->traffics) {
		snprintf(error, size,
			 "%s: an exploration has packets of its own: leave "
			 "traffic out",
			 sc->file);
		return false;
	}
	s->form = malloc(CANON_BYTES_MAX);
	if (!s->form) {
		snprintf(error, size, "out of memory");
		return false;
	}
	if (!script_do_all(sc, &s->sched, &s->app, error, size))
		return false;
	s->begun_with = s->court.excused;
	time_stop(s);
	sut_places_find(s);
	sut_moves_list(s);
	s->view = (struct world_view){.w = &s->w, .app = &s->app};
	sut_numbers(s, sc->explore.grain == GRAIN_SLOT ||
			       world_canon_numbers(&s->w));
	if (!sut_places_keep(s)) {
		snprintf(error, size, "out of memory");
		return false;
	}
	if (footprint_sees() &&
	    !footprint_open(s->w.state.base, s->w.state.size)) {
		snprintf(error, size, "out of memory");
		return false;
	}
	return true;
}

void sut_close(struct sut *s)
{
	for (uint32_t i = 0; i < s->places; i++)
		free(s->place[i].first);
	free(s->word);
	free(s->word_first);
	free(s->state_first);
	free(s->number_of);
	free(s->form);
	footprint_close();
	world_close(&s->w);
}

uint16_t sut_broke(const struct sut *s)
{
	uint16_t clause = CLAUSE_NONE;

	if (sut_broken(s))
		clause = (uint16_t)sut_finding(s, 0)->clause;
	for (uint32_t i = 1; i < s->court.kept; i++)
		if (sut_finding(s, i)->clause != sut_finding(s, 0)->clause)
			clause |= BROKE_SEVERAL;
	return clause;
}

bool sut_quiescent(const struct sut *s)
{
	for (uint32_t a = 0; a < s->w.actors; a++)
		if (s->w.actor[a].state == ACTOR_READY ||
		    s->w.actor[a].state == ACTOR_WAITING)
			return false;
	return !world_stores_wait(&s->w);
}

void sut_finish(struct sut *s)
{
	court_forget(&s->court);
	court_rest(&s->court, &s->app, NULL, s->w.probe->time);
}
