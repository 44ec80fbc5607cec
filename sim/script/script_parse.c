/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines of a script into orders, and back. Reading goes on behind a mistake, so
 * that all of a line are told at once. What orders do is in
 * play/script_do.c.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/path/path.h"
#include "sim/scenario/schema/schema.h"
#include "sim/script/script.h"
#include "sim/text/guess.h"

enum { WORDS_MAX = 16, NEAR = 80 };

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

/* A line as it is read. */
struct reading {
	struct script_op *op;
	const struct world_config *c;
	const struct verb *verb;
	struct words w;
	uint32_t at; /* next word */
	bool lacks;  /* that something has to follow was said */
	struct script_mistakes *m;
};

/* One verb: what follows it, and who may do it. */
struct verb {
	const char *name;  /* one word or two */
	const char *takes; /* what follows, as docs/SCENARIO.md spells it */
	enum script_verb verb;
	void (*read)(struct reading *r);
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

	w->count = 0;
	if (strlen(text) >= sizeof w->text)
		return false;
	strcpy(w->text, text);
	while ((word = strtok_r(rest, " \t", &rest))) {
		if (w->count == WORDS_MAX)
			return false;
		w->word[w->count++] = word;
	}
	return w->count > 0;
}

/* Something is wrong with words @first to @last. */
__attribute__((format(printf, 4, 5))) static void mistake(struct reading *r,
							  uint32_t first,
							  uint32_t last,
							  const char *format,
							  ...)
{
	const char *begin = r->w.word[first], *end = r->w.word[last];
	struct script_mistake *m = &r->m->list[r->m->count];
	va_list args;

	assert(first <= last && last < r->w.count);
	if (r->m->count == SCRIPT_MISTAKES_MAX)
		return;
	r->m->count++;
	m->at = (uint32_t)(begin - r->w.text);
	m->length = (uint32_t)(end + strlen(end) - begin);
	va_start(args, format);
	vsnprintf(m->text, sizeof m->text, format, args);
	va_end(args);
}

static bool more(const struct reading *r)
{
	return r->at < r->w.count;
}

/* Something has to follow and does not. */
static void mistake_lack(struct reading *r)
{
	if (!r->lacks)
		mistake(r, r->w.count - 1, r->w.count - 1, "'%s' takes %s",
			r->verb->name, r->verb->takes);
	r->lacks = true;
}

static bool is_number(const char *word, uint64_t *out)
{
	char *end;

	if (word[0] < '0' || word[0] > '9')
		return false;
	*out = strtoull(word, &end, 10); /* at most the largest */
	return *end == '\0';
}

/* @what of the verb, a number in @word, which is the @at-th or part of it. */
static bool take_number(struct reading *r, uint32_t at, const char *word,
			const char *what, uint32_t least, uint32_t most,
			uint32_t *out)
{
	uint64_t v;

	if (!is_number(word, &v)) {
		mistake(r, at, at, "%s needs a whole number, not '%.40s'", what,
			word);
		return false;
	}
	if (v < least || v > most) {
		mistake(r, at, at,
			"%s is %.40s, allowed are %" PRIu32 " to %" PRIu32,
			what, word, least, most);
		return false;
	}
	*out = (uint32_t)v;
	return true;
}

/* The next word, a number. */
static bool need_number(struct reading *r, const char *what, uint32_t least,
			uint32_t most, uint32_t *out)
{
	uint32_t at = r->at;

	if (!more(r)) {
		mistake_lack(r);
		return false;
	}
	r->at++;
	return take_number(r, at, r->w.word[at], what, least, most, out);
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

/* The first link of the VM that acts; false after a mistake: it has none. */
static bool first_link(struct reading *r)
{
	r->op->link = script_link(r->c, r->op->actor, NO_ACTOR);
	if (r->op->link != NO_ACTOR)
		return true;
	mistake(r, 0, 0, "no link ends at '%s'", r->c->vm[r->op->actor].name);
	return false;
}

/* LINK, where the VM that acts, if one does, has an end */
static void need_link(struct reading *r)
{
	struct script_op *op = r->op;
	uint32_t at = r->at, link;

	if (!need_number(r, "LINK", 0, r->c->links - 1, &link))
		return;
	op->link = link;
	if (op->actor != NO_ACTOR && !has_end(&r->c->link[link], op->actor))
		mistake(r, at, at, "link %" PRIu32 " does not end at '%s'",
			link, r->c->vm[op->actor].name);
}

/* [on LINK]; what it is if none is named stands in the order already */
static void read_on(struct reading *r)
{
	if (!more(r) || strcmp(r->w.word[r->at], "on") != 0)
		return;
	r->at++;
	need_link(r);
}

static void put_on_link(uint32_t link, uint32_t unsaid, struct line *out)
{
	if (link != unsaid)
		put(out, " on %" PRIu32, link);
}

/* [on LINK|any] of a send; true: any */
static bool read_on_any(struct reading *r)
{
	if (r->at + 1 < r->w.count && strcmp(r->w.word[r->at], "on") == 0 &&
	    strcmp(r->w.word[r->at + 1], "any") == 0) {
		r->at += 2;
		return true;
	}
	read_on(r);
	return false;
}

/* to VM */
static void read_to(struct reading *r)
{
	struct script_op *op = r->op;
	const char *name;
	struct guess g;
	char near[NEAR];

	if (++r->at == r->w.count) {
		mistake_lack(r);
		return;
	}
	name = r->w.word[r->at];
	op->to = vm_index(r->c, name);
	g = guess_of(name);
	for (uint32_t i = 0; i < r->c->vms; i++)
		guess_try(&g, r->c->vm[i].name);
	if (op->to == NO_ACTOR)
		mistake(r, r->at, r->at, "no vm is called '%.40s'%s", name,
			guess_words(&g, near, sizeof near));
	else if (op->to == op->actor)
		mistake(r, r->at, r->at, "'%s' sends to itself", name);
	else if (script_link(r->c, op->actor, op->to) == NO_ACTOR)
		mistake(r, r->at, r->at, "no link joins '%s' and '%s'",
			r->c->vm[op->actor].name, name);
	r->at++;
}

/* The link that was named ends at both. */
static void check_on(struct reading *r, uint32_t at)
{
	const struct script_op *op = r->op;

	if (op->to != NO_ACTOR && op->link < r->c->links &&
	    !has_end(&r->c->link[op->link], op->to))
		mistake(r, at, r->at - 1,
			"link %" PRIu32 " does not end at '%s'", op->link,
			r->c->vm[op->to].name);
}

/* BYTES [to VM] [on LINK|any] [xN] */
static void read_send(struct reading *r)
{
	struct script_op *op = r->op;
	uint32_t at;
	bool any;

	op->to = NO_ACTOR;
	first_link(r);
	need_number(r, "BYTES", 0, FRAME_MAX, &op->value);
	if (more(r) && strcmp(r->w.word[r->at], "to") == 0)
		read_to(r);
	if (r->m->count == 0)
		op->link = script_link(r->c, op->actor, op->to);
	at = r->at;
	any = read_on_any(r);
	if (r->at > at && r->m->count == 0)
		check_on(r, at);
	if (any)
		op->link = ANY_LINK;
	if (!more(r) || r->w.word[r->at][0] != 'x')
		return;
	take_number(r, r->at, r->w.word[r->at] + 1, "N of 'xN'", 1,
		    APP_SCRIPT_MAX, &op->more);
	r->at++;
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

static void read_none(struct reading *r)
{
	(void)r;
}

static void print_none(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	(void)op;
	(void)c;
	(void)out;
}

/* [N] */
static void read_count(struct reading *r)
{
	if (more(r))
		need_number(r, "N", 1, SCRIPT_STEPS_MAX, &r->op->value);
}

static void print_count(const struct script_op *op,
			const struct world_config *c, struct line *out)
{
	(void)c;
	if (op->value != 1)
		put(out, " %" PRIu32, op->value);
}

/* [on LINK]; its first if none is named */
static void read_first_link(struct reading *r)
{
	if (first_link(r))
		read_on(r);
}

static void print_first_link(const struct script_op *op,
			     const struct world_config *c, struct line *out)
{
	put_on_link(op->link, script_link(c, op->actor, NO_ACTOR), out);
}

/* The slot in word @at, once it is known of which link. */
static void check_slot(struct reading *r, uint32_t at)
{
	if (r->m->count == 0)
		take_number(r, at, r->w.word[at], "SLOT", 0,
			    r->c->link[r->op->link].bar.slots - 1,
			    &r->op->value);
}

/* SLOT [on LINK] */
static void read_slot(struct reading *r)
{
	uint32_t at = r->at;

	need_number(r, "SLOT", 0, UINT32_MAX, &r->op->value);
	read_first_link(r);
	check_slot(r, at);
}

static void print_slot(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	put(out, " %" PRIu32, op->value);
	print_first_link(op, c, out);
}

/* SLOT BYTES [on LINK] */
static void read_tx(struct reading *r)
{
	bool lies = r->op->verb == SCRIPT_TX;
	uint32_t at = r->at;

	need_number(r, "SLOT", 0, UINT32_MAX, &r->op->value);
	need_number(r, "BYTES", 0, lies ? UINT32_MAX : FRAME_MAX, &r->op->more);
	read_first_link(r);
	check_slot(r, at);
}

static void print_tx(const struct script_op *op, const struct world_config *c,
		     struct line *out)
{
	put(out, " %" PRIu32 " %" PRIu32, op->value, op->more);
	print_first_link(op, c, out);
}

/* [LINK]; of a VM, one that it has, and its first if none is named */
static void read_link(struct reading *r)
{
	r->op->link = 0;
	if (r->op->actor != NO_ACTOR && !first_link(r))
		return;
	if (more(r))
		need_link(r);
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

/* FEATURE=on|off */
static void read_feature(struct reading *r)
{
	const struct schema_bits *bits =
		schema_find(&schema_vm, "features")->bits;
	char *word = r->w.word[r->at], *equal = strchr(word, '=');
	const struct schema_bit *bit;
	struct guess g;
	char name[NAME_SIZE], near[NEAR];
	uint64_t on = 0;

	snprintf(name, sizeof name, "%.*s",
		 equal ? (int)(equal - word) : (int)strlen(word), word);
	bit = schema_find_bit(bits, name);
	g = guess_of(name);
	for (uint32_t i = 0; i < bits->count; i++)
		guess_try(&g, bits->bit[i].name);
	if (!bit)
		mistake(r, r->at, r->at, "no feature is called '%s'%s", name,
			guess_words(&g, near, sizeof near));
	else if (!equal || value_switch(equal + 1, &on) != VALUE_OK)
		mistake(r, r->at, r->at, "'%s' needs =on or =off", name);
	r->at++;
	if (!bit)
		return;
	r->op->features &= ~(UINT64_C(1) << bit->bit);
	r->op->features |= on << bit->bit;
}

/* FEATURE=on|off... */
static void read_accept(struct reading *r)
{
	r->op->features = r->c->vm[r->op->actor].features;
	if (!more(r))
		mistake_lack(r);
	while (more(r))
		read_feature(r);
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

/* The last window of @vm: RAM is 0, then BARs of slots and RAM of peers. */
static uint32_t last_window(const struct world_config *c, uint32_t vm)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->links; i++) {
		const struct path_ops *path = path_find(c->link[i].path);

		n += path->shared_bar && has_end(&c->link[i], vm);
		n += path->mirrored && c->link[i].end[1] == vm;
	}
	return n;
}

/* WINDOW OFFSET WORD */
static void read_poke(struct reading *r)
{
	struct script_op *op = r->op;
	uint32_t at = r->at + 1;

	need_number(r, "WINDOW", 0, last_window(r->c, op->actor), &op->link);
	if (need_number(r, "OFFSET", 0, UINT32_MAX, &op->value) &&
	    op->value % 2)
		mistake(r, at, at, "OFFSET is %" PRIu32 ", which is odd",
			op->value);
	need_number(r, "WORD", 0, UINT16_MAX, &op->more);
}

/* LINK OFFSET VALUE */
static void read_register(struct reading *r)
{
	need_link(r);
	need_number(r, "OFFSET", 0, UINT32_MAX, &r->op->value);
	need_number(r, "VALUE", 0, UINT32_MAX, &r->op->more);
}

static void print_write(const struct script_op *op,
			const struct world_config *c, struct line *out)
{
	(void)c;
	put(out, " %" PRIu32 " %" PRIu32 " %" PRIu32, op->link, op->value,
	    op->more);
}

#define COUNT      "[N]"
#define ON_LINK    "[LINK]"
#define SLOT       "SLOT [on LINK]"
#define SLOT_BYTES "SLOT BYTES [on LINK]"

/* What an actor does; a name of two words comes before one that begins it. */
static const struct verb verbs[] = {
	{"send", "BYTES [to VM] [on LINK|any] [xN]", SCRIPT_SEND, read_send,
	 print_send, false},
	{"run", "", SCRIPT_RUN, read_none, print_none, true},
	{"step", COUNT, SCRIPT_STEP, read_count, print_count, true},
	{"expire", "", SCRIPT_EXPIRE, read_none, print_none, true},
	{"flush", COUNT, SCRIPT_FLUSH, read_count, print_count, true},
	{"reset rx", ON_LINK, SCRIPT_RESET_RX, read_link, print_link, false},
	{"reset tx", ON_LINK, SCRIPT_RESET_TX, read_link, print_link, false},
	{"reset", "", SCRIPT_RESET, read_none, print_none, false},
	{"crash", "", SCRIPT_CRASH, read_none, print_none, false},
	{"post", SLOT, SCRIPT_POST, read_slot, print_slot, false},
	{"tx", SLOT_BYTES, SCRIPT_TX, read_tx, print_tx, false},
	{"touch", SLOT, SCRIPT_TOUCH, read_slot, print_slot, false},
	{"hand", SLOT_BYTES, SCRIPT_HAND, read_tx, print_tx, false},
	{"give", SLOT, SCRIPT_GIVE, read_slot, print_slot, false},
	{"take", "[on LINK]", SCRIPT_TAKE, read_first_link, print_first_link,
	 false},
	{"drop kick", ON_LINK, SCRIPT_DROP_KICK, read_link, print_link, false},
	{"drop call", ON_LINK, SCRIPT_DROP_CALL, read_link, print_link, false},
	{"kick", ON_LINK, SCRIPT_KICK, read_link, print_link, false},
	{"call", ON_LINK, SCRIPT_CALL, read_link, print_link, false},
	{"accept", "FEATURE=on|off...", SCRIPT_ACCEPT, read_accept,
	 print_accept, false},
	{"poke", "WINDOW OFFSET WORD", SCRIPT_POKE, read_poke, print_write,
	 false},
	{"register", "LINK OFFSET VALUE", SCRIPT_REGISTER, read_register,
	 print_write, false},
	{.name = NULL},
};

/* N */
static void read_lines(struct reading *r)
{
	need_number(r, "N", 1, UINT32_MAX, &r->op->value);
}

static void print_number(const struct script_op *op,
			 const struct world_config *c, struct line *out)
{
	(void)c;
	put(out, " %" PRIu32, op->value);
}

/* What befalls everybody. */
static const struct verb fates[] = {
	{"run", "", SCRIPT_RUN, read_none, print_none, false},
	{"unpair", ON_LINK, SCRIPT_UNPAIR, read_link, print_link, false},
	{"pair", ON_LINK, SCRIPT_PAIR, read_link, print_link, false},
	{"heal", "", SCRIPT_HEAL, read_none, print_none, false},
	{"repeat", "N", SCRIPT_REPEAT, read_lines, print_number, false},
	{.name = NULL},
};

/* The verb at the next word, which is passed; NULL: there is none. */
static const struct verb *take_verb(const struct verb *v, struct reading *r)
{
	const struct words *w = &r->w;
	char two[2 * NAME_SIZE] = "";

	if (!more(r))
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
		mistake(r, at, at, "'%s' is called '%s' now", renamed[i].old,
			renamed[i].verb);
		return true;
	}
	return false;
}

/* False if the word was meant for something that befalls everybody. */
static bool mistake_actor(struct reading *r)
{
	char name[VM_MAX + 2 * LINK_MAX][2 * NAME_SIZE], near[NEAR];
	const struct world_config *c = r->c;
	struct guess g = guess_of(r->w.word[0]);
	bool is_actor;

	if (mistake_renamed(r, 0))
		return false;
	for (uint32_t i = 0; i < c->vms + 2 * c->links; i++) {
		actor_name(c, i, name[i], sizeof name[i]);
		guess_try(&g, name[i]);
	}
	is_actor = g.best || r->w.count > 1;
	guess_verbs(&g, fates);
	if (g.best)
		is_actor = actor_index(c, g.best) != NO_ACTOR;
	mistake(r, 0, 0,
		"no actor '%.40s': actors are VMs and workers such as %s%s",
		r->w.word[0], name[c->vms], guess_words(&g, near, sizeof near));
	return is_actor;
}

static void mistake_verb(struct reading *r)
{
	uint32_t at = more(r) ? r->at : r->at - 1;
	struct guess g = guess_of(more(r) ? r->w.word[at] : "");
	char list[SCRIPT_MISTAKE], near[NEAR];
	struct line to = {list, sizeof list};

	if (more(r) && mistake_renamed(r, at))
		return;
	guess_verbs(&g, verbs);
	for (const struct verb *v = verbs; v->name; v++)
		put(&to, "%s%s", v == verbs ? "" : ", ", v->name);
	if (!more(r))
		mistake(r, at, at, "'%.40s' does what? %s", r->w.word[at],
			list);
	else
		mistake(r, at, at, "no verb '%.40s'%s%s", r->w.word[at],
			g.best ? "" : "; there are ",
			g.best ? guess_words(&g, near, sizeof near) : list);
}

/* What follows the verb, and nothing else. */
static void read_rest(struct reading *r)
{
	const struct verb *v = r->verb;

	r->op->verb = v->verb;
	v->read(r);
	if (more(r) && *v->takes)
		mistake(r, r->at, r->w.count - 1,
			"'%s' takes %s, and no '%.40s'", v->name, v->takes,
			r->w.word[r->at]);
	else if (more(r))
		mistake(r, r->at, r->w.count - 1, "nothing follows '%s'",
			v->name);
}

/* A machine may be called as a verb is: what follows tells which is meant. */
static bool begins_with_actor(struct reading *r)
{
	bool is_verb;

	if (r->w.count < 2 || actor_index(r->c, r->w.word[0]) == NO_ACTOR)
		return false;
	r->at = 1;
	is_verb = take_verb(verbs, r);
	r->at = 0;
	return is_verb;
}

static void read_line(struct reading *r)
{
	r->verb = begins_with_actor(r) ? NULL : take_verb(fates, r);
	if (r->verb) {
		read_rest(r);
		return;
	}
	r->op->actor = actor_index(r->c, r->w.word[0]);
	if (r->op->actor == NO_ACTOR && !mistake_actor(r))
		return;
	r->at = 1;
	r->verb = take_verb(verbs, r);
	if (!r->verb)
		mistake_verb(r);
	else if (r->op->actor == NO_ACTOR)
		return; /* whose links and slots it names is not known */
	else if (!r->verb->workers && r->op->actor >= r->c->vms)
		mistake(r, 1, r->at - 1, "'%s' is for VMs, not for workers",
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
	if (split_words(&r.w, text)) {
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
	    path_find(c->link[worker / 2].path)->forward)
		return NULL;
	return "the path of its link needs no worker";
}

/* Whoever works the rings of a peer has none there. */
static const char *queue_never(const struct script_op *op,
			       const struct link_config *l)
{
	if (path_find(l->path)->mirrored && l->end[1] == op->actor)
		return "it works its peer's rings there, and has none";
	return op->verb == SCRIPT_REGISTER || l->ring.reset
		       ? NULL
		       : "needs ring: {reset: on}";
}

static const char *slot_never(const struct link_config *l, bool chosen)
{
	if (!path_find(l->path)->shared_bar)
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
	const struct verb *v = op->actor == NO_ACTOR ? fates : verbs;
	struct line to = {out, size};

	while (v->verb != op->verb)
		v++;
	out[0] = '\0';
	put_actor(op, c, &to);
	put(&to, "%s", v->name);
	v->print(op, c, &to);
}
