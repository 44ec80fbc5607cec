/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines of a script into orders, and back. Reading goes on behind a mistake, so
 * that all of a line are told at once. What orders do is in play/script_do.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/path/path.h"
#include "sim/scenario/schema/schema.h"
#include "sim/script/script_verbs.h"
#include "sim/text/guess.h"

static uint32_t actor_index(const struct world_config *c, const char *name)
{
	char actor[2 * NAME_SIZE];

	for (uint32_t i = 0; i < actor_count(c); i++) {
		actor_name(c, i, actor, sizeof actor);
		if (strcmp(actor, name) == 0)
			return i;
	}
	return NO_ACTOR;
}

static void put_actor(const struct script_op *op, const struct world_config *c,
		      struct line *out)
{
	char actor[2 * NAME_SIZE];

	if (op->actor == NO_ACTOR)
		return;
	actor_name(c, op->actor, actor, sizeof actor);
	line_put(out, "%s ", actor);
}

/* The verb at the next word, which is passed; NULL: there is none. */
static const struct verb *take_verb(const struct verb *v, struct reading *r)
{
	const struct words *w = &r->w;
	char two[2 * NAME_SIZE] = "";

	if (!reading_more(r))
		return NULL;
	if (r->at + 1 < w->count)
		snprintf(two, sizeof two, "%s %s", w->word[r->at],
			 w->word[r->at + 1]);
	for (; v->name; v++) {
		bool both = strcmp(v->name, two) == 0;

		if (!both && strcmp(v->name, w->word[r->at]) != 0)
			continue;
		r->at += both ? 2 : 1;
		return v;
	}
	return NULL;
}

static void guess_verbs(struct guess *g, const struct verb *v)
{
	for (; v->name; v++)
		guess_try(g, v->name);
}

/* Verbs that had another name once. */
static const struct renamed {
	const char *old, *verb;
} renamed[] = {
	{"again", "repeat"},
	{"lose", "drop"},
};

/* Whether the word at @at is such a verb: then that is said. */
static bool mistake_renamed(struct reading *r, uint32_t at)
{
	for (uint32_t i = 0; i < sizeof renamed / sizeof *renamed; i++) {
		if (strcmp(r->w.word[at], renamed[i].old) != 0)
			continue;
		reading_mistake(r, at, at, "'%s' is called '%s' now",
				renamed[i].old, renamed[i].verb);
		return true;
	}
	return false;
}

/* False if the word was meant for something that befalls everybody. */
static bool mistake_actor(struct reading *r)
{
	char name[ACTOR_MAX][2 * NAME_SIZE], near[NEAR];
	const struct world_config *c = r->c;
	struct guess g = guess_of(r->w.word[0]);
	bool is_actor;

	if (mistake_renamed(r, 0))
		return false;
	for (uint32_t i = 0; i < actor_count(c); i++) {
		actor_name(c, i, name[i], sizeof name[i]);
		guess_try(&g, name[i]);
	}
	is_actor = g.best || r->w.count > 1;
	guess_verbs(&g, script_fates);
	if (g.best)
		is_actor = actor_index(c, g.best) != NO_ACTOR;
	reading_mistake(
		r, 0, 0,
		"no actor '%.40s': actors are VMs and workers such as %s%s",
		r->w.word[0], name[c->vms], guess_words(&g, near, sizeof near));
	return is_actor;
}

static void mistake_verb(struct reading *r)
{
	uint32_t at = reading_more(r) ? r->at : r->at - 1;
	struct guess g = guess_of(reading_more(r) ? r->w.word[at] : "");
	char list[SCRIPT_MISTAKE], near[NEAR];
	struct line to = {list, sizeof list};

	if (reading_more(r) && mistake_renamed(r, at))
		return;
	guess_verbs(&g, script_verbs);
	for (const struct verb *v = script_verbs; v->name; v++)
		line_put(&to, "%s%s", v == script_verbs ? "" : ", ", v->name);
	if (!reading_more(r))
		reading_mistake(r, at, at, "'%.40s' does what? %s",
				r->w.word[at], list);
	else
		reading_mistake(r, at, at, "no verb '%.40s'%s%s", r->w.word[at],
				g.best ? "" : "; there are ",
				g.best ? guess_words(&g, near, sizeof near)
				       : list);
}

/* What follows the verb, and nothing else. */
static void read_rest(struct reading *r)
{
	const struct verb *v = r->verb;

	r->op->verb = v->verb;
	v->read(r);
	if (reading_more(r) && *v->takes)
		reading_mistake(r, r->at, r->w.count - 1,
				"'%s' takes %s, and no '%.40s'", v->name,
				v->takes, r->w.word[r->at]);
	else if (reading_more(r))
		reading_mistake(r, r->at, r->w.count - 1,
				"nothing follows '%s'", v->name);
}

/* A machine may be called as a verb is: what follows tells which is meant. */
static bool begins_with_actor(struct reading *r)
{
	bool is_verb;

	if (r->w.count < 2 || actor_index(r->c, r->w.word[0]) == NO_ACTOR)
		return false;
	r->at = 1;
	is_verb = take_verb(script_verbs, r);
	r->at = 0;
	return is_verb;
}

static void read_line(struct reading *r)
{
	r->verb = begins_with_actor(r) ? NULL : take_verb(script_fates, r);
	if (r->verb) {
		read_rest(r);
		return;
	}
	r->op->actor = actor_index(r->c, r->w.word[0]);
	if (r->op->actor == NO_ACTOR && !mistake_actor(r))
		return;
	r->at = 1;
	r->verb = take_verb(script_verbs, r);
	if (!r->verb)
		mistake_verb(r);
	else if (r->op->actor == NO_ACTOR)
		return; /* whose links and slots it names is not known */
	else if (!r->verb->workers && r->op->actor >= r->c->vms)
		reading_mistake(r, 1, r->at - 1,
				"'%s' is for VMs, not for workers",
				r->verb->name);
	else
		read_rest(r);
}

bool script_read(struct script_op *op, const struct world_config *c,
		 const char *text, struct script_mistakes *m)
{
	struct reading r = {.op = op, .c = c, .m = m};

	*op = (struct script_op){.actor = NO_ACTOR, .value = 1, .more = 1};
	m->count = 0;
	if (words_split(&r.w, text)) {
		read_line(&r);
		return m->count == 0;
	}
	m->list[m->count++] =
		(struct script_mistake){.length = (uint32_t)strlen(text),
					.text = "no step, or too many words"};
	return false;
}

bool script_parse(struct script_op *op, const struct world_config *c,
		  const char *text, char *error, size_t size)
{
	struct script_mistakes m;

	if (script_read(op, c, text, &m))
		return true;
	snprintf(error, size, "%s", m.list[0].text);
	return false;
}

static const char *actor_never(const struct script_op *op,
			       const struct world_config *c)
{
	uint32_t worker = op->actor - c->vms;

	if (op->actor == NO_ACTOR || op->actor < c->vms ||
	    path_has_workers(
		    path_find(c->link[nic_link(&c->numbers, worker)].path)))
		return NULL;
	return "the path of its link needs no worker";
}

/* Whoever works the rings of a peer has none there. */
static const char *queue_never(const struct script_op *op,
			       const struct link_config *l)
{
	const struct path_ops *path = path_find(l->path);
	bool registers = op->verb == SCRIPT_REGISTER;

	if (registers && path->registers)
		return NULL;
	if (path_driver(path, l->end[1] == op->actor)->reset_queue)
		return registers || l->ring.reset ? NULL
						  : "needs ring: {reset: on}";
	return path->registers ? "its device cannot reset a queue by itself"
			       : "it works its peer's rings there, and has "
				 "none";
}

static const char *slot_never(const struct link_config *l, bool chosen)
{
	if (!path_has_slots(path_find(l->path)))
		return "the path of its link has no slots";
	return chosen && l->alloc != ALLOC_FIFO ? "needs alloc: fifo" : NULL;
}

const char *script_never(const struct script_op *op,
			 const struct world_config *c)
{
	const struct link_config *l =
		&c->link[op->link < c->links ? op->link : 0];

	switch (op->verb) {
	case SCRIPT_FLUSH:
		return c->memory == MEMORY_SC ? "needs memory: tso or pso"
					      : actor_never(op, c);
	case SCRIPT_STEP:
	case SCRIPT_EXPIRE:
		return actor_never(op, c);
	case SCRIPT_RESET_RX:
	case SCRIPT_RESET_TX:
	case SCRIPT_REGISTER:
		return queue_never(op, l);
	case SCRIPT_POST:
	case SCRIPT_TX:
	case SCRIPT_TOUCH:
		return slot_never(l, false);
	case SCRIPT_HAND:
	case SCRIPT_GIVE:
	case SCRIPT_TAKE:
		return slot_never(l, true);
	default:
		return NULL;
	}
}

void script_text(const struct script_op *op, const struct world_config *c,
		 char *out, size_t size)
{
	const struct verb *v =
		op->actor == NO_ACTOR ? script_fates : script_verbs;
	struct line to = {out, size};

	while (v->verb != op->verb)
		v++;
	out[0] = '\0';
	put_actor(op, c, &to);
	line_put(&to, "%s", v->name);
	v->print(op, c, &to);
}
