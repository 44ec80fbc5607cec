/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of a script into orders, and back. What they do is in script.c. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/guess.h"
#include "sim/scenario/schema.h"
#include "sim/script.h"

enum { WORDS_MAX = 16 };

struct words {
	char text[128];
	char *word[WORDS_MAX];
	uint32_t count;
};

/* A line as it is printed: what does not fit is cut off. */
struct line {
	char *at;
	size_t room; /* with the final NUL */
};

/* One verb: what follows it, and who may do it. */
struct verb {
	const char *name; /* one word or two */
	enum script_verb verb;
	bool (*parse)(struct script_op *op, const struct world_config *c,
		      const struct words *w, uint32_t at);
	void (*print)(const struct script_op *op, const struct world_config *c,
		      struct line *out);
	bool workers; /* not only VMs */
};

__attribute__((format(printf, 2, 3))) static void put(struct line *to,
						      const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(to->at, to->room, format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length >= to->room)
		length = (int)to->room - 1;
	to->at += length;
	to->room -= (size_t)length;
}

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

static uint32_t actor_index(const struct world_config *c, const char *name)
{
	char actor[2 * NAME_SIZE];

	for (uint32_t i = 0; i < c->vms + 2 * c->links; i++) {
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
	put(out, "%s ", actor);
}

static bool has_end(const struct link_config *l, uint32_t vm)
{
	return l->end[0] == vm || l->end[1] == vm;
}

uint32_t script_link(const struct world_config *c, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < c->links; i++)
		if (has_end(&c->link[i], from) &&
		    (to == NO_ACTOR || has_end(&c->link[i], to)))
			return i;
	return NO_ACTOR;
}

/*
 * Reads [on LINK] at word *@at, which is moved behind it: a link that @vm has.
 * What it is if none is named stands in *link.
 */
static bool on_link(uint32_t *link, const struct world_config *c, uint32_t vm,
		    const struct words *w, uint32_t *at)
{
	if (*at + 1 >= w->count || strcmp(w->word[*at], "on") != 0)
		return *link != NO_ACTOR;
	*at += 2;
	return number(w->word[*at - 1], link) && *link < c->links &&
	       has_end(&c->link[*link], vm);
}

static void put_on_link(uint32_t link, uint32_t unsaid, struct line *out)
{
	if (link != unsaid)
		put(out, " on %" PRIu32, link);
}

/* BYTES [to VM] [on LINK|any] [xN] */
static bool parse_send(struct script_op *op, const struct world_config *c,
		       const struct words *w, uint32_t at)
{
	bool any;

	op->to = NO_ACTOR;
	if (at == w->count || !number(w->word[at++], &op->value))
		return false;
	if (at + 1 < w->count && strcmp(w->word[at], "to") == 0) {
		op->to = vm_index(c, w->word[at + 1]);
		if (op->to == NO_ACTOR || op->to == op->actor)
			return false;
		at += 2;
	}
	op->link = script_link(c, op->actor, op->to);
	any = at + 1 < w->count && strcmp(w->word[at], "on") == 0 &&
	      strcmp(w->word[at + 1], "any") == 0;
	if (any)
		at += 2;
	else if (!on_link(&op->link, c, op->actor, w, &at))
		return false;
	if (at < w->count && w->word[at][0] == 'x' &&
	    number(w->word[at] + 1, &op->more))
		at++;
	if (op->link == NO_ACTOR ||
	    (op->to != NO_ACTOR && !has_end(&c->link[op->link], op->to)))
		return false;
	if (any)
		op->link = ANY_LINK;
	return at == w->count;
}

static void print_send(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	put(out, " %" PRIu32, op->value);
	if (op->to != NO_ACTOR)
		put(out, " to %s", c->vm[op->to].name);
	if (op->link == ANY_LINK)
		put(out, " on any");
	else
		put_on_link(op->link, script_link(c, op->actor, op->to), out);
	if (op->more != 1)
		put(out, " x%" PRIu32, op->more);
}

static bool parse_none(struct script_op *op, const struct world_config *c,
		       const struct words *w, uint32_t at)
{
	(void)op;
	(void)c;
	return at == w->count;
}

static void print_none(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	(void)op;
	(void)c;
	(void)out;
}

/* [N] */
static bool parse_count(struct script_op *op, const struct world_config *c,
			const struct words *w, uint32_t at)
{
	(void)c;
	return at == w->count ||
	       (at + 1 == w->count && number(w->word[at], &op->value));
}

static void print_count(const struct script_op *op,
			const struct world_config *c, struct line *out)
{
	(void)c;
	if (op->value != 1)
		put(out, " %" PRIu32, op->value);
}

/* [on LINK]; its first if none is named */
static bool parse_first_link(struct script_op *op, const struct world_config *c,
			     const struct words *w, uint32_t at)
{
	op->link = script_link(c, op->actor, NO_ACTOR);
	return on_link(&op->link, c, op->actor, w, &at) && at == w->count;
}

static void print_first_link(const struct script_op *op,
			     const struct world_config *c, struct line *out)
{
	put_on_link(op->link, script_link(c, op->actor, NO_ACTOR), out);
}

/* SLOT [on LINK] */
static bool parse_slot(struct script_op *op, const struct world_config *c,
		       const struct words *w, uint32_t at)
{
	op->link = script_link(c, op->actor, NO_ACTOR);
	return at < w->count && number(w->word[at++], &op->value) &&
	       on_link(&op->link, c, op->actor, w, &at) && at == w->count;
}

static void print_slot(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	put(out, " %" PRIu32, op->value);
	print_first_link(op, c, out);
}

/* SLOT BYTES [on LINK] */
static bool parse_tx(struct script_op *op, const struct world_config *c,
		     const struct words *w, uint32_t at)
{
	op->link = script_link(c, op->actor, NO_ACTOR);
	if (at + 1 >= w->count || !number(w->word[at], &op->value) ||
	    !number(w->word[at + 1], &op->more))
		return false;
	at += 2;
	return on_link(&op->link, c, op->actor, w, &at) && at == w->count;
}

static void print_tx(const struct script_op *op, const struct world_config *c,
		     struct line *out)
{
	put(out, " %" PRIu32 " %" PRIu32, op->value, op->more);
	print_first_link(op, c, out);
}

/* [LINK]; of a VM, one that it has, and its first if none is named */
static bool parse_link(struct script_op *op, const struct world_config *c,
		       const struct words *w, uint32_t at)
{
	op->link =
		op->actor == NO_ACTOR ? 0 : script_link(c, op->actor, NO_ACTOR);
	if (at < w->count && !number(w->word[at++], &op->link))
		return false;
	return at == w->count && op->link < c->links &&
	       (op->actor == NO_ACTOR ||
		has_end(&c->link[op->link], op->actor));
}

static void print_link(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	uint32_t first = op->actor == NO_ACTOR
				 ? NO_ACTOR
				 : script_link(c, op->actor, NO_ACTOR);

	if (op->link != first)
		put(out, " %" PRIu32, op->link);
}

/* FEATURE=on|off... */
static bool parse_accept(struct script_op *op, const struct world_config *c,
			 const struct words *w, uint32_t at)
{
	const struct schema_bits *bits =
		schema_find(&schema_vm, "features")->bits;
	uint32_t first = at;

	op->features = c->vm[op->actor].features;
	for (; at < w->count; at++) {
		char *equal = strchr(w->word[at], '=');
		const struct schema_bit *bit;
		uint64_t on;

		if (!equal || value_switch(equal + 1, &on) != VALUE_OK)
			return false;
		*equal = '\0';
		bit = schema_find_bit(bits, w->word[at]);
		if (!bit)
			return false;
		op->features &= ~(UINT64_C(1) << bit->bit);
		op->features |= on << bit->bit;
	}
	return at > first;
}

static void print_accept(const struct script_op *op,
			 const struct world_config *c, struct line *out)
{
	const struct schema_bits *bits =
		schema_find(&schema_vm, "features")->bits;
	uint64_t differ = op->features ^ c->vm[op->actor].features;

	/* What is as it was has to be said of one, or nothing were said. */
	if (differ == 0)
		differ = UINT64_C(1) << bits->bit[0].bit;
	for (uint32_t i = 0; i < bits->count; i++) {
		uint8_t bit = bits->bit[i].bit;

		if (differ >> bit & 1)
			put(out, " %s=%s", bits->bit[i].name,
			    op->features >> bit & 1 ? "on" : "off");
	}
}

/* WINDOW OFFSET WORD, or LINK OFFSET VALUE */
static bool parse_write(struct script_op *op, const struct world_config *c,
			const struct words *w, uint32_t at)
{
	bool poke = op->verb == SCRIPT_POKE;

	return at + 3 == w->count && number(w->word[at], &op->link) &&
	       number(w->word[at + 1], &op->value) &&
	       number(w->word[at + 2], &op->more) &&
	       (poke ? op->more <= UINT16_MAX
		     : op->link < c->links &&
				has_end(&c->link[op->link], op->actor));
}

static void print_write(const struct script_op *op,
			const struct world_config *c, struct line *out)
{
	(void)c;
	put(out, " %" PRIu32 " %" PRIu32 " %" PRIu32, op->link, op->value,
	    op->more);
}

/* What an actor does; a name of two words comes before one that begins it. */
static const struct verb verbs[] = {
	{"send", SCRIPT_SEND, parse_send, print_send, false},
	{"run", SCRIPT_RUN, parse_none, print_none, true},
	{"step", SCRIPT_STEP, parse_count, print_count, true},
	{"expire", SCRIPT_EXPIRE, parse_none, print_none, true},
	{"flush", SCRIPT_FLUSH, parse_count, print_count, true},
	{"reset rx", SCRIPT_RESET_RX, parse_link, print_link, false},
	{"reset tx", SCRIPT_RESET_TX, parse_link, print_link, false},
	{"reset", SCRIPT_RESET, parse_none, print_none, false},
	{"crash", SCRIPT_CRASH, parse_none, print_none, false},
	{"post", SCRIPT_POST, parse_slot, print_slot, false},
	{"tx", SCRIPT_TX, parse_tx, print_tx, false},
	{"touch", SCRIPT_TOUCH, parse_slot, print_slot, false},
	{"hand", SCRIPT_HAND, parse_tx, print_tx, false},
	{"give", SCRIPT_GIVE, parse_slot, print_slot, false},
	{"take", SCRIPT_TAKE, parse_first_link, print_first_link, false},
	{"lose kick", SCRIPT_LOSE_KICK, parse_link, print_link, false},
	{"lose call", SCRIPT_LOSE_CALL, parse_link, print_link, false},
	{"kick", SCRIPT_KICK, parse_link, print_link, false},
	{"call", SCRIPT_CALL, parse_link, print_link, false},
	{"accept", SCRIPT_ACCEPT, parse_accept, print_accept, false},
	{"poke", SCRIPT_POKE, parse_write, print_write, false},
	{"register", SCRIPT_REGISTER, parse_write, print_write, false},
	{.name = NULL},
};

/* N */
static bool parse_number(struct script_op *op, const struct world_config *c,
			 const struct words *w, uint32_t at)
{
	(void)c;
	return at + 1 == w->count && number(w->word[at], &op->value) &&
	       op->value > 0;
}

static void print_number(const struct script_op *op,
			 const struct world_config *c, struct line *out)
{
	(void)c;
	put(out, " %" PRIu32, op->value);
}

/* What befalls everybody. */
static const struct verb fates[] = {
	{"run", SCRIPT_RUN, parse_none, print_none, false},
	{"unpair", SCRIPT_UNPAIR, parse_link, print_link, false},
	{"pair", SCRIPT_PAIR, parse_link, print_link, false},
	{"heal", SCRIPT_HEAL, parse_none, print_none, false},
	{"again", SCRIPT_AGAIN, parse_number, print_number, false},
	{.name = NULL},
};

/* The verb at word *@at, which is moved behind it; NULL: there is none. */
static const struct verb *find_verb(const struct verb *v, const struct words *w,
				    uint32_t *at)
{
	char two[2 * NAME_SIZE] = "";

	if (*at == w->count)
		return NULL;
	if (*at + 1 < w->count)
		snprintf(two, sizeof two, "%s %s", w->word[*at],
			 w->word[*at + 1]);
	for (; v->name; v++) {
		bool both = strcmp(v->name, two) == 0;

		if (!both && strcmp(v->name, w->word[*at]) != 0)
			continue;
		*at += both ? 2 : 1;
		return v;
	}
	return NULL;
}

static bool refuse_actor(const struct world_config *c, const char *word,
			 char *error, size_t size)
{
	struct guess g = guess_of(word);
	char near[80];

	for (uint32_t i = 0; i < c->vms; i++)
		guess_try(&g, c->vm[i].name);
	for (const struct verb *v = fates; v->name; v++)
		guess_try(&g, v->name);
	snprintf(error, size,
		 "no actor '%s': actors are VMs and workers such as "
		 "host0.%s%s",
		 word, c->vm[0].name, guess_words(&g, near, sizeof near));
	return false;
}

static bool refuse_verb(const struct words *w, char *error, size_t size)
{
	const char *word = w->count > 1 ? w->word[1] : "";
	struct guess g = guess_of(word);
	char near[80];
	size_t used;

	used = (size_t)snprintf(error, size, "'%s' does what?", w->word[0]);
	for (const struct verb *v = verbs; v->name && used < size; v++) {
		guess_try(&g, v->name);
		used += (size_t)snprintf(error + used, size - used, "%s %s",
					 v == verbs ? "" : ",", v->name);
	}
	if (g.best && used < size)
		snprintf(error + used, size - used, "%s",
			 guess_words(&g, near, sizeof near));
	return false;
}

bool script_parse(struct script_op *op, const struct world_config *c,
		  const char *text, char *error, size_t size)
{
	const struct verb *v;
	struct words w;
	uint32_t at = 0;

	*op = (struct script_op){.actor = NO_ACTOR, .value = 1, .more = 1};
	if (!split_words(&w, text)) {
		snprintf(error, size, "no step, or too many words");
		return false;
	}
	v = find_verb(fates, &w, &at);
	if (v) {
		op->verb = v->verb;
		if (v->parse(op, c, &w, at))
			return true;
		snprintf(error, size,
			 v->verb == SCRIPT_AGAIN
				 ? "'%s' takes a number of lines"
				 : "'%s' takes at most a link's number",
			 v->name);
		return false;
	}
	op->actor = actor_index(c, w.word[0]);
	if (op->actor == NO_ACTOR)
		return refuse_actor(c, w.word[0], error, size);
	at = 1;
	v = find_verb(verbs, &w, &at);
	if (!v)
		return refuse_verb(&w, error, size);
	op->verb = v->verb;
	if ((v->workers || op->actor < c->vms) && v->parse(op, c, &w, at))
		return true;
	snprintf(error, size, "'%s' cannot be done like this", v->name);
	return false;
}

void script_text(const struct script_op *op, const struct world_config *c,
		 char *out, size_t size)
{
	const struct verb *v = op->actor == NO_ACTOR ? fates : verbs;
	struct line to = {out, size};

	while (v->verb != op->verb)
		v++;
	out[0] = '\0';
	put_actor(op, c, &to);
	put(&to, "%s", v->name);
	v->print(op, c, &to);
}
