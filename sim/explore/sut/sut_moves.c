/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/sut.h"

#include <stdio.h>

#include "sim/explore/sut/slot_canon.h"
#include "sim/play/macro_step.h"

enum { LIES = 3, LIE_BYTES = 72, LIE_SLOTS = 32, TEXT_SIZE = 128 };

static void move_add(struct sut *s, enum script_verb verb, uint32_t actor,
		     uint32_t link)
{
	assert(s->moves < MOVES_MAX);
	s->move[s->moves++] = (struct move){
		.op = {.verb = verb,
		       .actor = actor,
		       .link = link,
		       .value = 1,
		       .more = 1},
	};
}

static void slot_move_add(struct sut *s, enum script_verb verb, uint32_t vm,
			  uint32_t slot)
{
	move_add(s, verb, vm, 0);
	s->move[s->moves - 1].op.value = slot;
	s->move[s->moves - 1].op.more = s->sc->explore.bytes;
}

/* All that can be done with a slot at once. */
static void slot_moves_list(struct sut *s)
{
	const struct link_config *l = &s->sc->world.link[0];

	for (uint32_t end = 0; end < 2; end++) {
		for (uint32_t slot = 0; slot < l->bar.slots; slot++) {
			slot_move_add(s, SCRIPT_HAND, l->end[end], slot);
			slot_move_add(s, SCRIPT_GIVE, l->end[end], slot);
		}
		slot_move_add(s, SCRIPT_TAKE, l->end[end], 0);
		move_add(s, SCRIPT_STEP, actor_host(&s->sc->world, 0, end), 0);
	}
}

/* A lie is told on the first link of a VM. */
static bool nic_first(const struct world_config *c, uint32_t nic)
{
	uint32_t vm = nic_vm(c, nic);

	for (uint32_t i = 0; i < nic; i++)
		if (nic_vm(c, i) == vm)
			return false;
	return true;
}

/* Each lie that a driver could tell about a slot. */
static void lies_list(struct sut *s, uint32_t nic)
{
	static const enum script_verb verbs[] = {SCRIPT_POST, SCRIPT_TX,
						 SCRIPT_TOUCH};
	const struct world_config *c = &s->sc->world;
	const uint32_t link = nic_link(&c->numbers, nic);
	const struct link_config *l = &c->link[link];

	for (uint32_t slot = 0; slot < l->bar.slots; slot++)
		for (uint32_t i = 0; i < LIES; i++) {
			move_add(s, verbs[i], nic_vm(c, nic), link);
			s->move[s->moves - 1].op.value = slot;
			s->move[s->moves - 1].op.more = LIE_BYTES;
		}
}

/* Only the oldest store may leave, or any. */
static uint32_t flushes(const struct world_config *c)
{
	static const uint32_t most[] = {
		[MEMORY_SC] = 0, [MEMORY_TSO] = 1, [MEMORY_PSO] = STORES_MAX};

	return most[c->memory];
}

static void flushes_list(struct sut *s, uint32_t actor)
{
	for (uint32_t k = 0; k < flushes(&s->sc->world); k++) {
		move_add(s, SCRIPT_FLUSH, actor, 0);
		s->move[s->moves - 1].op.value = k + 1;
	}
}

/* At most; only with pso there are ever too many. */
static bool moves_fit(const struct scenario *sc, char *error, size_t size)
{
	const struct world_config *c = &sc->world;
	uint32_t actors = actor_count(c);
	uint32_t lies = sc->explore.lies ? 2 * LIES * LIE_SLOTS : 0;

	if (c->memory != MEMORY_PSO ||
	    actors * (2 + flushes(c)) + 2 * c->vms + 8 * c->links + lies <=
		    MOVES_MAX)
		return true;
	snprintf(error, size, "%s: too many moves with memory: pso", sc->file);
	return false;
}

/* Lies are about each slot, and what lies in it matters. */
static bool lies_fit(const struct scenario *sc, char *error, size_t size)
{
	uint64_t slots = 0, bytes = 0;

	for (uint32_t i = 0; i < sc->world.links; i++) {
		const struct bar_config *b = &sc->world.link[i].bar;

		slots += b->slots;
		bytes += (uint64_t)b->slots * b->stride;
	}
	if (sc->explore.lies == 0 ||
	    (slots <= LIE_SLOTS && bytes <= CANON_BYTES_MAX / 2))
		return true;
	snprintf(error, size,
		 "%s: with explore.lies there may be at most %d slots of "
		 "together %d bytes",
		 sc->file, LIE_SLOTS, CANON_BYTES_MAX / 2);
	return false;
}

bool sut_moves_fit(const struct scenario *sc, char *error, size_t size)
{
	return lies_fit(sc, error, size) && moves_fit(sc, error, size);
}

void sut_moves_list(struct sut *s)
{
	const struct world_config *c = &s->sc->world;
	const struct explore_config *e = &s->sc->explore;

	if (e->grain == GRAIN_SLOT) {
		slot_moves_list(s);
		return;
	}
	for (uint32_t a = 0; a < s->w.actors; a++) {
		move_add(s, SCRIPT_STEP, a, 0);
		move_add(s, SCRIPT_EXPIRE, a, 0);
		flushes_list(s, a);
	}
	for (uint32_t nic = 0; nic < nic_count(&c->numbers); nic++) {
		if (!e->sends && !e->endless)
			continue;
		move_add(s, SCRIPT_SEND, nic_vm(c, nic),
			 nic_link(&c->numbers, nic));
		s->move[s->moves - 1].nic = nic;
		s->move[s->moves - 1].op.value = e->bytes;
		s->move[s->moves - 1].op.to =
			nic_vm(c, nic_beyond(&c->numbers, nic));
	}
	for (uint32_t nic = 0; nic < nic_count(&c->numbers) && e->lies; nic++)
		if (nic_first(c, nic))
			lies_list(s, nic);
	for (uint32_t nic = 0; nic < nic_count(&c->numbers) && e->queue_resets;
	     nic++) {
		move_add(s, SCRIPT_RESET_RX, nic_vm(c, nic),
			 nic_link(&c->numbers, nic));
		move_add(s, SCRIPT_RESET_TX, nic_vm(c, nic),
			 nic_link(&c->numbers, nic));
	}
	for (uint32_t vm = 0; vm < c->vms; vm++) {
		if (e->resets)
			move_add(s, SCRIPT_RESET, vm, 0);
		if (e->crashes)
			move_add(s, SCRIPT_CRASH, vm, 0);
	}
	for (uint32_t i = 0; i < c->links && e->unpairs; i++) {
		move_add(s, SCRIPT_UNPAIR, NO_ACTOR, i);
		move_add(s, SCRIPT_PAIR, NO_ACTOR, i);
	}
}

static bool vm_runs(const struct sut *s, uint32_t vm)
{
	return !s->w.vm[vm].crashed;
}

static bool can_reset_queue(const struct sut *s, const struct move *m)
{
	const struct guest_driver *d =
		world_driver(&s->w, m->op.actor, m->op.link);

	return vm_runs(s, m->op.actor) && d->ops->can_reset_queue &&
	       s->env_budget->queue_resets < s->sc->explore.queue_resets &&
	       d->ops->can_reset_queue(d);
}

static bool can_send(const struct sut *s, const struct move *m)
{
	const struct explore_config *e = &s->sc->explore;

	return vm_runs(s, m->op.actor) &&
	       (e->endless || s->env_budget->sends[m->nic] < e->sends) &&
	       s->app.nic[m->nic].script.count < e->waiting;
}

bool sut_can(const struct sut *s, uint32_t n)
{
	const struct explore_config *e = &s->sc->explore;
	const struct move *m = &s->move[n];

	switch (m->op.verb) {
	case SCRIPT_STEP:
		return s->w.actor[m->op.actor].state == ACTOR_READY &&
		       (e->grain == GRAIN_STEP ||
			slot_waits(&s->w, m->op.actor - s->w.cfg->vms));
	case SCRIPT_HAND:
	case SCRIPT_GIVE:
	case SCRIPT_TAKE:
		return macro_step_can(&m->op, &s->w);
	case SCRIPT_EXPIRE:
		return actor_can_expire(&s->w.actor[m->op.actor]);
	case SCRIPT_FLUSH:
		return store_may_leave(s->w.stores, m->op.actor,
				       m->op.value - 1);
	case SCRIPT_SEND:
		return can_send(s, m);
	case SCRIPT_RESET:
		return vm_runs(s, m->op.actor) &&
		       s->env_budget->resets < e->resets;
	case SCRIPT_RESET_RX:
	case SCRIPT_RESET_TX:
		return can_reset_queue(s, m);
	case SCRIPT_CRASH:
		return vm_runs(s, m->op.actor) &&
		       s->env_budget->crashes < e->crashes;
	case SCRIPT_UNPAIR:
		return !s->w.link[m->op.link].unpair_asked &&
		       s->env_budget->unpairs < e->unpairs;
	case SCRIPT_PAIR:
		return s->w.link[m->op.link].unpair_asked;
	case SCRIPT_POST:
	case SCRIPT_TX:
	case SCRIPT_TOUCH:
		return vm_runs(s, m->op.actor) &&
		       s->env_budget->lies < e->lies &&
		       script_can_misbehave(&m->op, &s->w);
	default:
		return false;
	}
}

static void note_env_budget(struct sut *s, const struct move *m)
{
	struct env_budget *h = s->env_budget;

	/* Others' counts are left alone: who writes nothing is in no way. */
	if (m->op.verb == SCRIPT_SEND && !s->sc->explore.endless)
		h->sends[m->nic]++;
	if (m->op.verb == SCRIPT_RESET)
		h->resets++;
	if (m->op.verb == SCRIPT_RESET_RX || m->op.verb == SCRIPT_RESET_TX)
		h->queue_resets++;
	if (m->op.verb == SCRIPT_CRASH)
		h->crashes++;
	if (m->op.verb == SCRIPT_UNPAIR)
		h->unpairs++;
	if (m->op.verb == SCRIPT_POST || m->op.verb == SCRIPT_TX ||
	    m->op.verb == SCRIPT_TOUCH)
		h->lies++;
}

bool sut_can_at_rest(const struct sut *s, uint32_t m)
{
	enum script_verb verb = s->move[m].op.verb;

	return verb != SCRIPT_STEP && verb != SCRIPT_EXPIRE &&
	       verb != SCRIPT_FLUSH;
}

void sut_do(struct sut *s, uint32_t n)
{
	const struct move *m = &s->move[n];
	char error[TEXT_SIZE];
	bool done;

	assert(sut_can(s, n));
	court_forget(&s->court);
	note_env_budget(s, m);
	done = script_do(&m->op, &s->sched, &s->app, error, sizeof error);
	assert(done);
	(void)done;
	s->w.probe->time = s->time;
}

void sut_move_text(const struct sut *s, uint32_t n, char *out, size_t size)
{
	script_text(&s->move[n].op, &s->sc->world, out, size);
}
