/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The court of one world: who hears of its events, and what they find. Knows
 * how findings are kept, by what names and with what stories, and when referees
 * are asked what is still owed; not what is right, and not who moves the world.
 */
#ifndef TWINRING_SIM_COURT_COURT_H
#define TWINRING_SIM_COURT_COURT_H

#include "sim/court/event_history.h"
#include "sim/world/progress.h"

/* What is wanted of a court. */
struct court_setup {
	const struct referee_ops *const *referee;
	uint32_t referees;
	/* Those that keep something lie in the state, and go back with it. */
	bool rewound;
	const struct poisoner_ops *guard; /* NULL: nobody fences slots off */
	/* Who counts hears of each event before referees; NULL: nobody does. */
	const struct event_subscriptions *counts;
	void *counter;
	/* What is not held against the world; NULL: everything is. */
	bool (*excuses)(void *to, const struct finding *f);
	void *to;
	/* Room for the first @most findings, then the first of each clause. */
	struct violation *room;
	uint32_t rooms;
	uint32_t most;
	bool stories; /* they are kept with what led to them */
};

struct court {
	struct court_setup setup;
	const struct world *w;
	struct audience audience;
	void *referee[REFEREES_MAX];
	void *guard;
	struct XXH3_state_s *digest; /* NULL: nobody wants one */
	/* Hears of all events before anybody else; NULL: nobody does. */
	void (*hear)(void *to, const struct event *ev, uint32_t places);
	void *hears;
	uint64_t found;             /* findings that nothing excuses */
	uint32_t kept;              /* of them, in the room for them */
	bool broken[CLAUSE_COUNT];  /* by them */
	struct clause_list clauses; /* excused or not, as they came */
	struct clause_list excused; /* likewise */
	bool untold;                /* there was no memory for a story */
};

/* From now on it makes a digest of events, of each world anew; false: no
 * memory. A court is all zero at first. */
bool court_digests(struct court *c);

/* Bytes that court_begin() takes of each arena of a world, generously. */
size_t court_size(const struct court_setup *setup,
		  const struct world_config *cfg);

/*
 * Listens to @w, which has not moved yet. Nothing has been found; whoever hears
 * before the others is to be named after this.
 */
void court_begin(struct court *c, const struct court_setup *setup,
		 struct world *w);

/* Of all worlds that it had. */
void court_free(struct court *c);

/* Of all events that were handed on so far. */
uint64_t court_digest(const struct court *c);

/* What somebody else found counts as if a referee had. */
void court_report(struct court *c, const struct finding *f);

/* Findings are as if there had been none; what was excused is remembered. */
static inline void court_forget(struct court *c)
{
	if (!c->found && !c->clauses.count)
		return;
	c->found = c->kept = c->clauses.count = 0;
	memset(c->broken, 0, sizeof c->broken);
}

/* Tells referees of what does not end. */
void court_unended(struct court *c, const struct unended *u);

/* Likewise of what lasts for ever while all move, as progress_report() does. */
void court_lasts(struct court *c, uint16_t mask);

/* At rest at @now: referees say what is still owed. */
void court_owed(struct court *c, uint64_t now);

/*
 * The same; and if nobody knows why, they are told of frames that drivers took
 * and did not answer for (@answered, by NIC; NULL: nobody counted), and then of
 * what waits.
 */
void court_rest(struct court *c, const struct app *app,
		const uint64_t *answered, uint64_t now);

/* What referees keep of queue @q that a later finding can depend on. */
void court_canon(const struct court *c, uint32_t q, struct canon *f);

#endif
