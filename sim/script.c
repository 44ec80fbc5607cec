/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/slot_move.h"

enum { WORDS_MAX = 8, STEPS_MAX = 1000000 };

struct words {
	char text[128];
	char *word[WORDS_MAX];
	uint32_t count;
};

static bool split_words(struct words *w, const char *text)
{
	char *rest = w->text, *word;

	if (strlen(text) >= sizeof w->text)
		return false;
	strcpy(w->text, text);
	w->count = 0;
	while ((word = strtok_r(rest, " \t", &rest))) {
		if (w->count == WORDS_MAX)
			return false;
		w->word[w->count++] = word;
	}
	return w->count > 0;
}

static bool number(const char *word, uint32_t *out)
{
	char *end;
	unsigned long v;

	if (word[0] < '0' || word[0] > '9')
		return false;
	v = strtoul(word, &end, 10);
	*out = (uint32_t)v;
	return *end == '\0' && v <= UINT32_MAX;
}

static uint32_t vm_index(const struct world_config *c, const char *name)
{
	for (uint32_t i = 0; i < c->vms; i++)
		if (strcmp(c->vm[i].name, name) == 0)
			return i;
	return NO_ACTOR;
}

/* "vm1", or "host0.vm1": the worker that serves what vm1 sends on link 0. */
static uint32_t actor_index(const struct world_config *c, const char *name)
{
	char worker[2 * NAME_SIZE];
	uint32_t vm = vm_index(c, name);

	if (vm != NO_ACTOR)
		return actor_guest(vm);
	for (uint32_t i = 0; i < 2 * c->links; i++) {
		uint32_t end = c->link[i / 2].end[i % 2];

		snprintf(worker, sizeof worker, "host%u.%s", i / 2,
			 c->vm[end].name);
		if (strcmp(worker, name) == 0)
			return actor_host(c, i / 2, i % 2);
	}
	return NO_ACTOR;
}

static const struct {
	const char *name;
	enum script_verb verb;
} verbs[] = {
	{"send", SCRIPT_SEND},   {"run", SCRIPT_RUN},
	{"step", SCRIPT_STEP},   {"expire", SCRIPT_EXPIRE},
	{"reset", SCRIPT_RESET}, {"crash", SCRIPT_CRASH},
	{"post", SCRIPT_POST},   {"tx", SCRIPT_TX},
	{"touch", SCRIPT_TOUCH}, {"hand", SCRIPT_HAND},
	{"give", SCRIPT_GIVE},   {"take", SCRIPT_TAKE},
};

static bool find_verb(const char *word, struct script_op *op)
{
	for (uint32_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, word) == 0) {
			op->verb = verbs[i].verb;
			return true;
		}
	return false;
}

/* The first link that joins @from with @to (NO_ACTOR: with anyone). */
static uint32_t link_between(const struct world_config *c, uint32_t from,
			     uint32_t to)
{
	for (uint32_t i = 0; i < c->links; i++)
		for (uint32_t end = 0; end < 2; end++)
			if (c->link[i].end[end] == from &&
			    (to == NO_ACTOR || c->link[i].end[!end] == to))
				return i;
	return NO_ACTOR;
}

/* VM send BYTES [to VM] [xN] */
static bool parse_send(struct script_op *op, const struct world_config *c,
		       const struct words *w)
{
	uint32_t i = 3;

	op->more = 1;
	op->to = NO_ACTOR;
	if (w->count < 3 || !number(w->word[2], &op->value))
		return false;
	if (i + 1 < w->count && strcmp(w->word[i], "to") == 0) {
		op->to = vm_index(c, w->word[i + 1]);
		if (op->to == NO_ACTOR)
			return false;
		i += 2;
	}
	if (i < w->count && w->word[i][0] == 'x' &&
	    number(w->word[i] + 1, &op->more))
		i++;
	op->link = link_between(c, op->actor, op->to);
	return i == w->count && op->link != NO_ACTOR;
}

static bool parse_actor(struct script_op *op, const struct world_config *c,
			const struct words *w)
{
	uint32_t numbers = w->count - 2;

	op->more = op->value = 1;
	op->link = 0;
	switch (op->verb) {
	case SCRIPT_SEND:
		return op->actor < c->vms && parse_send(op, c, w);
	case SCRIPT_STEP:
		return numbers == 0 ||
		       (numbers == 1 && number(w->word[2], &op->value));
	case SCRIPT_RUN:
	case SCRIPT_EXPIRE:
		return numbers == 0;
	case SCRIPT_RESET:
	case SCRIPT_CRASH:
		return numbers == 0 && op->actor < c->vms;
	case SCRIPT_POST:
	case SCRIPT_TOUCH:
	case SCRIPT_GIVE:
		op->link = link_between(c, op->actor, NO_ACTOR);
		return numbers == 1 && op->link != NO_ACTOR &&
		       number(w->word[2], &op->value);
	case SCRIPT_TAKE:
		op->link = link_between(c, op->actor, NO_ACTOR);
		return numbers == 0 && op->link != NO_ACTOR;
	case SCRIPT_TX:
	case SCRIPT_HAND:
		op->link = link_between(c, op->actor, NO_ACTOR);
		return numbers == 2 && op->link != NO_ACTOR &&
		       number(w->word[2], &op->value) &&
		       number(w->word[3], &op->more);
	default:
		return false;
	}
}

/* run | pair [LINK] | unpair [LINK] */
static bool parse_all(struct script_op *op, const struct world_config *c,
		      const struct words *w)
{
	op->actor = NO_ACTOR;
	op->link = 0;
	if (strcmp(w->word[0], "run") == 0) {
		op->verb = SCRIPT_RUN;
		return w->count == 1;
	}
	op->verb = w->word[0][0] == 'p' ? SCRIPT_PAIR : SCRIPT_UNPAIR;
	return w->count == 1 ||
	       (w->count == 2 && number(w->word[1], &op->link) &&
		op->link < c->links);
}

bool script_parse(struct script_op *op, const struct world_config *c,
		  const char *text, char *error, size_t size)
{
	struct words w;

	memset(op, 0, sizeof *op);
	if (!split_words(&w, text)) {
		snprintf(error, size, "no step, or too many words");
		return false;
	}
	if (strcmp(w.word[0], "run") == 0 || strcmp(w.word[0], "pair") == 0 ||
	    strcmp(w.word[0], "unpair") == 0) {
		if (parse_all(op, c, &w))
			return true;
		snprintf(error, size, "'%s' takes at most a link's number",
			 w.word[0]);
		return false;
	}
	op->actor = actor_index(c, w.word[0]);
	if (op->actor == NO_ACTOR) {
		snprintf(error, size,
			 "no actor '%s': actors are VMs and workers such as "
			 "host0.%s",
			 w.word[0], c->vm[0].name);
		return false;
	}
	if (w.count < 2 || !find_verb(w.word[1], op)) {
		snprintf(error, size,
			 "'%s' does what? send, run, step, expire, reset, "
			 "crash, post, tx, touch, hand, give or "
			 "take",
			 w.word[0]);
		return false;
	}
	if (parse_actor(op, c, &w))
		return true;
	snprintf(error, size, "'%s' cannot be done like this", w.word[1]);
	return false;
}

/* Steps one actor now, whether or not others come first. */
static void step_now(struct scheduler *s, uint32_t a)
{
	struct actor *actor = &s->w->actor[a];

	if (actor->ready_ps > s->w->probe->time)
		s->w->probe->time = actor->ready_ps;
	schedule_step(s, a);
}

static bool run_actor(struct scheduler *s, uint32_t a, uint32_t steps)
{
	while (steps-- && s->w->actor[a].state == ACTOR_READY)
		step_now(s, a);
	return s->w->actor[a].state != ACTOR_READY;
}

static bool run_all(struct scheduler *s)
{
	for (uint32_t n = 0; n < STEPS_MAX; n++) {
		uint32_t a = schedule_next(s);

		if (a == NO_ACTOR)
			return true;
		schedule_step(s, a);
	}
	return false;
}

/* A signal that did not come from a step: wakes the actor at once. */
static void wake_now(struct scheduler *s, uint32_t a)
{
	struct actor *actor = &s->w->actor[a];

	if (actor->state == ACTOR_RESTING || actor->state == ACTOR_WAITING) {
		actor->state = ACTOR_READY;
		actor->ready_ps = s->w->probe->time;
	}
}

static void wake_signalled(struct scheduler *s)
{
	for (uint32_t a = 0; a < s->w->actors; a++)
		if (s->w->actor[a].signal->raised)
			wake_now(s, a);
}

static uint32_t nic_of(const struct world_config *c, uint32_t link, uint32_t vm)
{
	return 2 * link + (c->link[link].end[1] == vm);
}

/* What a driver must not do, done through its own rings all the same. */
static bool misbehave(const struct script_op *op, struct scheduler *s)
{
	struct port *p = world_port(s->w, op->actor, op->link);
	struct net_driver *d = p ? p->net : NULL;
	struct ring_seg seg;

	if (!d || !d->paired || op->value >= d->slots.slots)
		return false;
	s->w->probe->actor = (actor_id)op->actor;
	if (op->verb == SCRIPT_POST)
		return net_driver_lend(d, op->value);
	if (op->verb == SCRIPT_TOUCH) {
		memset(net_slot_bytes(d, op->value), 0x5a, 1);
		probe_emit(d->probe, EV_GUEST_WRITE, net_queue(d, 1), 0,
			   net_slot_gpa(d, op->value), 1, op->actor);
		return true;
	}
	d->note[op->value].seq = NO_SEQ;
	d->note[op->value].next = op->value;
	seg = (struct ring_seg){.gpa = net_slot_gpa(d, op->value),
				.len = op->more};
	return split_driver_add(&d->tx, &seg, 1, NET_COOKIE_SLOT | op->value);
}

static bool script_step(const struct script_op *op, struct scheduler *s,
			char *error, size_t size)
{
	uint32_t a = op->actor;

	for (uint32_t n = 0; n < op->value; n++) {
		if (s->w->actor[a].state != ACTOR_READY) {
			snprintf(error, size, "%s rests after %u steps",
				 s->w->actor[a].name, n);
			return false;
		}
		step_now(s, a);
	}
	return true;
}

static bool script_expire(const struct script_op *op, struct scheduler *s,
			  char *error, size_t size)
{
	struct actor *actor = &s->w->actor[op->actor];

	if (actor->state == ACTOR_DEAD || actor->timer_ps == 0) {
		snprintf(error, size, "%s waits for no timer", actor->name);
		return false;
	}
	actor->expired = true;
	step_now(s, op->actor);
	return true;
}

bool script_do(const struct script_op *op, struct scheduler *s, struct app *a,
	       char *error, size_t size)
{
	const struct world_config *c = s->w->cfg;
	bool done = true;

	switch (op->verb) {
	case SCRIPT_SEND:
		for (uint32_t n = 0; n < op->more && done; n++)
			done = app_script_send(
				a, nic_of(c, op->link, op->actor), op->value);
		wake_now(s, op->actor);
		break;
	case SCRIPT_RUN:
		done = op->actor == NO_ACTOR
			       ? run_all(s)
			       : run_actor(s, op->actor, STEPS_MAX);
		break;
	case SCRIPT_STEP:
		return script_step(op, s, error, size);
	case SCRIPT_EXPIRE:
		return script_expire(op, s, error, size);
	case SCRIPT_RESET:
		world_reset_vm(s->w, op->actor);
		break;
	case SCRIPT_CRASH:
		world_crash_vm(s->w, op->actor);
		break;
	case SCRIPT_UNPAIR:
		link_unpair(&s->w->link[op->link], REFUSED_ASKED);
		break;
	case SCRIPT_PAIR:
		link_pair(&s->w->link[op->link]);
		break;
	case SCRIPT_POST:
	case SCRIPT_TX:
	case SCRIPT_TOUCH:
		done = misbehave(op, s);
		wake_now(s, op->actor);
		break;
	case SCRIPT_HAND:
	case SCRIPT_GIVE:
	case SCRIPT_TAKE:
		done = slot_move_do(op, s->w, a);
		break;
	case SCRIPT_VERBS:
		break;
	}
	wake_signalled(s);
	probe_flush(s->w->probe);
	if (!done)
		snprintf(error, size, "this cannot be done now");
	return done;
}
