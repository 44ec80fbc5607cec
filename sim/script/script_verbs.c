/* SPDX-License-Identifier: BSD-3-Clause */
/* The verbs of scripts: what follows each, read and printed. */
#include "sim/script/script_verbs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/path/path.h"
#include "sim/scenario/schema/schema.h"
#include "sim/text/guess.h"

static uint32_t vm_index(const struct world_config *c, const char *name)
{
	for (uint32_t i = 0; i < c->vms; i++)
		if (strcmp(c->vm[i].name, name) == 0)
			return i;
	return NO_ACTOR;
}

uint32_t script_link(const struct world_config *c, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < c->links; i++)
		if (link_joins(&c->link[i], from) &&
		    (to == NO_ACTOR || link_joins(&c->link[i], to)))
			return i;
	return NO_ACTOR;
}

/* The first link of the VM that acts; false after a mistake: it has none. */
static bool first_link(struct reading *r)
{
	r->op->link = script_link(r->c, r->op->actor, NO_ACTOR);
	if (r->op->link != NO_ACTOR)
		return true;
	reading_mistake(r, 0, 0, "no link ends at '%s'",
			r->c->vm[r->op->actor].name);
	return false;
}

/* LINK, where the VM that acts, if one does, has an end */
static void need_link(struct reading *r)
{
	struct script_op *op = r->op;
	uint32_t at = r->at, link;

	if (!reading_number(r, "LINK", 0, r->c->links - 1, &link))
		return;
	op->link = link;
	if (op->actor != NO_ACTOR && !link_joins(&r->c->link[link], op->actor))
		reading_mistake(r, at, at,
				"link %" PRIu32 " does not end at '%s'", link,
				r->c->vm[op->actor].name);
}

/* [on LINK]; what it is if none is named stands in the order already */
static void read_on(struct reading *r)
{
	if (!reading_more(r) || strcmp(r->w.word[r->at], "on") != 0)
		return;
	r->at++;
	need_link(r);
}

static void put_on_link(uint32_t link, uint32_t unsaid, struct line *out)
{
	if (link != unsaid)
		line_put(out, " on %" PRIu32, link);
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
		reading_lack(r);
		return;
	}
	name = r->w.word[r->at];
	op->to = vm_index(r->c, name);
	g = guess_of(name);
	for (uint32_t i = 0; i < r->c->vms; i++)
		guess_try(&g, r->c->vm[i].name);
	if (op->to == NO_ACTOR)
		reading_mistake(r, r->at, r->at, "no vm is called '%.40s'%s",
				name, guess_words(&g, near, sizeof near));
	else if (op->to == op->actor)
		reading_mistake(r, r->at, r->at, "'%s' sends to itself", name);
	else if (script_link(r->c, op->actor, op->to) == NO_ACTOR)
		reading_mistake(r, r->at, r->at, "no link joins '%s' and '%s'",
				r->c->vm[op->actor].name, name);
	r->at++;
}

/* The link that was named ends at both. */
static void check_on(struct reading *r, uint32_t at)
{
	const struct script_op *op = r->op;

	if (op->to != NO_ACTOR && op->link < r->c->links &&
	    !link_joins(&r->c->link[op->link], op->to))
		reading_mistake(r, at, r->at - 1,
				"link %" PRIu32 " does not end at '%s'",
				op->link, r->c->vm[op->to].name);
}

/* BYTES [to VM] [on LINK|any] [xN] */
static void read_send(struct reading *r)
{
	struct script_op *op = r->op;
	uint32_t at;
	bool any;

	op->to = NO_ACTOR;
	first_link(r);
	reading_number(r, "BYTES", 0, FRAME_MAX, &op->value);
	if (reading_more(r) && strcmp(r->w.word[r->at], "to") == 0)
		read_to(r);
	if (r->m->count == 0)
		op->link = script_link(r->c, op->actor, op->to);
	at = r->at;
	any = read_on_any(r);
	if (r->at > at && r->m->count == 0)
		check_on(r, at);
	if (any)
		op->link = ANY_LINK;
	if (!reading_more(r) || r->w.word[r->at][0] != 'x')
		return;
	reading_part(r, r->at, r->w.word[r->at] + 1, "N of 'xN'", 1,
		     APP_SCRIPT_MAX, &op->more);
	r->at++;
}

static void print_send(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	line_put(out, " %" PRIu32, op->value);
	if (op->to != NO_ACTOR)
		line_put(out, " to %s", c->vm[op->to].name);
	if (op->link == ANY_LINK)
		line_put(out, " on any");
	else
		put_on_link(op->link, script_link(c, op->actor, op->to), out);
	if (op->more != 1)
		line_put(out, " x%" PRIu32, op->more);
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
	if (reading_more(r))
		reading_number(r, "N", 1, SCRIPT_STEPS_MAX, &r->op->value);
}

static void print_count(const struct script_op *op,
			const struct world_config *c, struct line *out)
{
	(void)c;
	if (op->value != 1)
		line_put(out, " %" PRIu32, op->value);
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
		reading_part(r, at, r->w.word[at], "SLOT", 0,
			     r->c->link[r->op->link].bar.slots - 1,
			     &r->op->value);
}

/* SLOT [on LINK] */
static void read_slot(struct reading *r)
{
	uint32_t at = r->at;

	reading_number(r, "SLOT", 0, UINT32_MAX, &r->op->value);
	read_first_link(r);
	check_slot(r, at);
}

static void print_slot(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	line_put(out, " %" PRIu32, op->value);
	print_first_link(op, c, out);
}

/* SLOT BYTES [on LINK] */
static void read_tx(struct reading *r)
{
	bool lies = r->op->verb == SCRIPT_TX;
	uint32_t at = r->at;

	reading_number(r, "SLOT", 0, UINT32_MAX, &r->op->value);
	reading_number(r, "BYTES", 0, lies ? UINT32_MAX : FRAME_MAX,
		       &r->op->more);
	read_first_link(r);
	check_slot(r, at);
}

static void print_tx(const struct script_op *op, const struct world_config *c,
		     struct line *out)
{
	line_put(out, " %" PRIu32 " %" PRIu32, op->value, op->more);
	print_first_link(op, c, out);
}

/* [LINK]; of a VM, one that it has, and its first if none is named */
static void read_link(struct reading *r)
{
	r->op->link = 0;
	if (r->op->actor != NO_ACTOR && !first_link(r))
		return;
	if (reading_more(r))
		need_link(r);
}

static void print_link(const struct script_op *op, const struct world_config *c,
		       struct line *out)
{
	uint32_t first = op->actor == NO_ACTOR
				 ? NO_ACTOR
				 : script_link(c, op->actor, NO_ACTOR);

	if (op->link != first)
		line_put(out, " %" PRIu32, op->link);
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
		reading_mistake(r, r->at, r->at, "no feature is called '%s'%s",
				name, guess_words(&g, near, sizeof near));
	else if (!equal || value_switch(equal + 1, &on) != VALUE_OK)
		reading_mistake(r, r->at, r->at, "'%s' needs =on or =off",
				name);
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
	if (!reading_more(r))
		reading_lack(r);
	while (reading_more(r))
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
			line_put(out, " %s=%s", bits->bit[i].name,
				 op->features >> bit & 1 ? "on" : "off");
	}
}

/* The last window of @vm: RAM is 0, then BARs of slots and RAM of peers. */
static uint32_t last_window(const struct world_config *c, uint32_t vm)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->links; i++) {
		const struct link_config *l = &c->link[i];
		const struct path_ops *path = path_find(l->path);

		if (!link_joins(l, vm))
			continue;
		n += path->region != NULL;
		n += path_maps_peer(path, l->end[1] == vm);
	}
	return n;
}

/* WINDOW OFFSET WORD */
static void read_poke(struct reading *r)
{
	struct script_op *op = r->op;
	uint32_t at = r->at + 1;

	reading_number(r, "WINDOW", 0, last_window(r->c, op->actor), &op->link);
	if (reading_number(r, "OFFSET", 0, UINT32_MAX, &op->value) &&
	    op->value % 2)
		reading_mistake(r, at, at,
				"OFFSET is %" PRIu32 ", which is odd",
				op->value);
	reading_number(r, "WORD", 0, UINT16_MAX, &op->more);
}

/* LINK OFFSET VALUE */
static void read_register(struct reading *r)
{
	need_link(r);
	reading_number(r, "OFFSET", 0, UINT32_MAX, &r->op->value);
	reading_number(r, "VALUE", 0, UINT32_MAX, &r->op->more);
}

static void print_write(const struct script_op *op,
			const struct world_config *c, struct line *out)
{
	(void)c;
	line_put(out, " %" PRIu32 " %" PRIu32 " %" PRIu32, op->link, op->value,
		 op->more);
}

#define COUNT      "[N]"
#define ON_LINK    "[LINK]"
#define SLOT       "SLOT [on LINK]"
#define SLOT_BYTES "SLOT BYTES [on LINK]"

/* What an actor does; a name of two words comes before one that begins it. */
const struct verb script_verbs[] = {
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
	reading_number(r, "N", 1, UINT32_MAX, &r->op->value);
}

static void print_number(const struct script_op *op,
			 const struct world_config *c, struct line *out)
{
	(void)c;
	line_put(out, " %" PRIu32, op->value);
}

/* What befalls everybody. */
const struct verb script_fates[] = {
	{"run", "", SCRIPT_RUN, read_none, print_none, false},
	{"unpair", ON_LINK, SCRIPT_UNPAIR, read_link, print_link, false},
	{"pair", ON_LINK, SCRIPT_PAIR, read_link, print_link, false},
	{"heal", "", SCRIPT_HEAL, read_none, print_none, false},
	{"repeat", "N", SCRIPT_REPEAT, read_lines, print_number, false},
	{.name = NULL},
};
