/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/sut.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/explore/sut/slot_canon.h"
#include "sim/explore/sut/footprint.h"
#include "sim/play/macro_step.h"

enum {
	LIES = 3,
	LIE_BYTES = 72,
	LIE_SLOTS = 32,
	TEXT_SIZE = 128,
	STRETCH = 64
};

/* What is to be overlooked is not held against a move. */
static bool overlooks(void *to, const struct finding *f)
{
	const struct scenario *sc = to;

	return clause_list_has(&sc->explore.overlook, f->clause);
}

static void place_add(struct sut *s, uint8_t *from, uint8_t *to)
{
	uintptr_t first = (uintptr_t)from / sizeof(uint64_t);
	uintptr_t last =
		((uintptr_t)to + sizeof(uint64_t) - 1) / sizeof(uint64_t);

	if (from == to)
		return;
	assert(from < to && s->places < PLACES_MAX);
	s->place[s->places++] =
		(struct place){.at = (uint64_t *)(first * sizeof(uint64_t)),
			       .words = last - first};
}

/* All of the state but for memory of VMs without use, and scratch. */
static void places_find(struct sut *s)
{
	uint8_t *at = s->w.state.base;

	for (uint32_t i = 0; i < s->w.cfg->vms; i++) {
		struct vm *vm = &s->w.vm[i];

		place_add(s, at, vm->ram + vm->ram_used);
		at = vm->ram + vm->ram_size;
	}
	place_add(s, at, s->app.frame);
	at = s->app.frame + FRAME_MAX;
	place_add(s, at, s->w.state.base + s->w.state.used);
}

static uint32_t word_of(const struct sut *s, const uint64_t *at)
{
	return (uint32_t)(at - (const uint64_t *)s->w.state.base);
}

/* Keeps the first state; false: no memory. */
static bool places_keep(struct sut *s)
{
	size_t words = s->w.state.size / sizeof(uint64_t);

	s->word = calloc(words, sizeof *s->word);
	s->word_first = calloc(words, sizeof *s->word_first);
	s->state_first = calloc(words, sizeof *s->state_first);
	s->number_of = malloc(words * sizeof *s->number_of);
	if (!s->word || !s->word_first || !s->state_first || !s->number_of)
		return false;
	for (size_t i = 0; i < words; i++)
		s->number_of[i] = WORD_NEVER;
	for (uint32_t i = 0; i < s->places; i++) {
		struct place *p = &s->place[i];

		p->first = malloc(p->words * sizeof *p->first);
		if (!p->first)
			return false;
		memcpy(p->first, p->at, p->words * sizeof *p->first);
		memcpy(s->state_first + word_of(s, p->at), p->at,
		       p->words * sizeof *p->first);
		for (size_t k = 0; k < p->words; k++)
			s->number_of[word_of(s, p->at + k)] = WORD_NONE;
	}
	return true;
}

void sut_word_add(struct sut *s, uint32_t word)
{
	if (s->number_of[word] != WORD_NONE)
		return;
	s->number_of[word] = s->words;
	s->word[s->words] = (uint64_t *)s->w.state.base + word;
	s->word_first[s->words++] = s->state_first[word];
}

void sut_words_cut(struct sut *s, uint32_t words)
{
	while (s->words > words)
		s->number_of[sut_word_at(s, --s->words)] = WORD_NONE;
}

static bool word_learn(struct sut *s, const struct place *p, size_t i)
{
	uint32_t word = word_of(s, p->at + i);

	if (s->number_of[word] != WORD_NONE || p->at[i] == p->first[i])
		return false;
	sut_word_add(s, word);
	return true;
}

/* A stretch at a time: most of it never changes. */
static bool place_learn(struct sut *s, const struct place *p)
{
	bool learnt = false;

	for (size_t i = 0; i < p->words; i += STRETCH) {
		size_t n =
			p->words - i < STRETCH ? p->words - i : (size_t)STRETCH;

		if (memcmp(p->at + i, p->first + i, n * sizeof *p->at) == 0)
			continue;
		for (size_t k = i; k < i + n; k++)
			learnt |= word_learn(s, p, k);
	}
	return learnt;
}

bool sut_learn(struct sut *s)
{
	bool learnt = false;

	for (uint32_t i = 0; i < s->places; i++)
		learnt |= place_learn(s, &s->place[i]);
	return learnt;
}

bool sut_learn_written(struct sut *s)
{
	const uint64_t *base = (const uint64_t *)s->w.state.base;
	bool learnt = false;

	for (uint32_t n = 0; n < footprint.count; n++) {
		uint32_t word = footprint.touched[n];

		if (!footprint.written[word] || s->number_of[word] != WORD_NONE)
			continue;
		if (s->state_first[word] == base[word])
			continue;
		sut_word_add(s, word);
		learnt = true;
	}
	return learnt;
}

void sut_rewind(struct sut *s)
{
	for (uint32_t i = 0; i < s->places; i++)
		memcpy(s->place[i].at, s->place[i].first,
		       s->place[i].words * sizeof(uint64_t));
}

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

static void moves_list(struct sut *s)
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
	    !lies_fit(sc, error, size) || !moves_fit(sc, error, size) ||
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
	places_find(s);
	moves_list(s);
	s->view = (struct world_view){.w = &s->w, .app = &s->app};
	sut_numbers(s, sc->explore.grain == GRAIN_SLOT ||
			       world_canon_numbers(&s->w));
	if (!places_keep(s)) {
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

bool sut_can_at_rest(const struct sut *s, uint32_t m)
{
	enum script_verb verb = s->move[m].op.verb;

	return verb != SCRIPT_STEP && verb != SCRIPT_EXPIRE &&
	       verb != SCRIPT_FLUSH;
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

void sut_save(const struct sut *s, uint64_t *to)
{
	for (uint32_t i = 0; i < s->words; i++)
		to[i] = *s->word[i] ^ s->word_first[i];
}

void sut_restore(struct sut *s, const uint64_t *from)
{
	for (uint32_t i = 0; i < s->words; i++)
		*s->word[i] = from[i] ^ s->word_first[i];
}

/*
 * Whoever lies names a slot by its number, and sends what lies in it, whoever
 * left it there.
 */
static void slots_canon(const struct sut *s, struct canon *f)
{
	for (uint32_t i = 0; i < s->w.cfg->links; i++) {
		canon_link_number(f, i);
		canon_counts(f, nic_id(&s->w.cfg->numbers, i, 0),
			     s->w.cfg->link[i].members);
		canon_bytes(f, s->w.link[i].region,
			    (uint32_t)bar_bytes(&s->w.link[i].slots));
	}
}

static void env_budget_canon(const struct sut *s, struct canon *f)
{
	const struct env_budget *h = s->env_budget;

	canon_u8(f, (uint8_t)h->resets);
	canon_u8(f, (uint8_t)h->queue_resets);
	canon_u8(f, (uint8_t)h->crashes);
	canon_u8(f, (uint8_t)h->unpairs);
	canon_u8(f, (uint8_t)h->lies);
	if (h->lies < s->sc->explore.lies)
		slots_canon(s, f);
}

static bool coarse(const struct sut *s)
{
	return s->sc->explore.grain == GRAIN_SLOT;
}

uint32_t sut_canons(const struct sut *s)
{
	return coarse(s) ? 1 : world_canons(s->w.cfg);
}

static void queue_canon(struct sut *s, uint32_t q)
{
	struct canon *f = &s->canon;

	court_canon(&s->court, q, f);
	if (queue_is_tx(q))
		canon_u8(f, (uint8_t)s->env_budget->sends[queue_nic(q)]);
}

/* What @part says: all of a state, if that is coarse. */
static void part_canon(struct sut *s, uint32_t part)
{
	struct canon *f = &s->canon;

	if (coarse(s)) {
		slot_canon(&s->w, f);
		return;
	}
	world_canon(&s->view, part, f);
	if (part < world_queues(s->w.cfg))
		queue_canon(s, part);
	else
		env_budget_canon(s, f);
}

void sut_canon(struct sut *s, uint32_t part, uint64_t *out)
{
	struct canon *f = &s->canon;

	canon_begin(f, s->form, CANON_BYTES_MAX);
	if (queue_is_used(part))
		part_canon(s, part);
	canon_end(f, part, out);
}

uint64_t sut_digest(struct sut *s)
{
	uint64_t sum[CANON_WORDS_MAX] = {0}, out[CANON_WORDS_MAX];

	for (uint32_t part = 0; part < sut_canons(s); part++) {
		sut_canon(s, part, out);
		for (uint32_t i = 0; i < canon_words(&s->canon); i++)
			sum[i] += out[i];
	}
	return canon_slots_digest(&s->canon, sum);
}

uint64_t sut_digest_raw(const struct sut *s)
{
	uint64_t digest = 0;

	for (uint32_t i = 0; i < s->places; i++)
		digest = XXH3_64bits_withSeed(
			s->place[i].at, s->place[i].words * sizeof(uint64_t),
			digest);
	return digest;
}

void sut_move_text(const struct sut *s, uint32_t n, char *out, size_t size)
{
	script_text(&s->move[n].op, &s->sc->world, out, size);
}
