/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks across keys; each points at the key that gives way. */
#include "sim/scenario/scenario_check.h"

#include <assert.h>
#include <string.h>

#include "model/path/path.h"
#include "sim/script/script.h"
#include "sim/text/utf8.h"

enum { ONE_WAY_LEAST = 60 };

struct check {
	const struct scenario *sc;
	yaml_document_t *doc;
	struct diag *diag;
};

/* The value of @key in @map, or @map itself where a default stands. */
static int inside(struct check *c, int map, const char *key)
{
	int value = document_type(c->doc, map) == YAML_MAPPING_NODE
			    ? document_value(c->doc, map, key)
			    : 0;

	return value ? value : map;
}

/* Entry @i of list @key of the scenario. */
static int entry(struct check *c, const char *key, uint32_t i)
{
	return document_item(c->doc, document_value(c->doc, 1, key), i);
}

/* The entry that link @i of the world stands in. */
static int entry_of_link(struct check *c, uint32_t i)
{
	return i < c->sc->listed_links
		       ? entry(c, "links", i)
		       : entry(c, "networks", i - c->sc->listed_links);
}

static struct diag_place place(struct check *c, int node)
{
	return document_place(c->doc, node);
}

static void check_names(struct check *c)
{
	const struct world_config *w = &c->sc->world;

	for (uint32_t i = 0; i < w->vms; i++) {
		for (uint32_t j = 0; j < i; j++) {
			if (strcmp(w->vm[i].name, w->vm[j].name) != 0)
				continue;
			diag_error(
				c->diag,
				place(c, inside(c, entry(c, "vms", i), "name")),
				"a second vm is called '%s'", w->vm[i].name);
			break;
		}
	}
}

/* A path takes so many members, whatever the form that names them. */
static void check_members(struct check *c, const struct link_config *l,
			  int link)
{
	const struct path_ops *p = path_find(l->path);
	int members = inside(c, link, "members");
	char most[24] = "";

	if (l->members >= p->members_min && l->members <= p->members_max)
		return;
	if (members == link)
		members = inside(c, link, "ends");
	if (p->members_min != p->members_max)
		snprintf(most, sizeof most, " to %u", p->members_max);
	diag_error(c->diag, place(c, members),
		   "'%s' takes %u%s members, this network has %u", p->name,
		   p->members_min, most, l->members);
}

/* Where the NICs of a world become more than there can be. */
static bool check_nics(struct check *c)
{
	const struct world_config *w = &c->sc->world;
	uint32_t nics = 0, i = 0;

	for (; i < w->links && nics + w->link[i].members <= NIC_MAX; i++)
		nics += w->link[i].members;
	if (i == w->links)
		return true;
	diag_error(c->diag, place(c, inside(c, entry_of_link(c, i), "members")),
		   "with these %u members there are more than %u NICs",
		   w->link[i].members, NIC_MAX);
	return false;
}

static void check_bar(struct check *c, const struct bar_config *b, int link)
{
	int map = inside(c, link, "bar");

	if (b->stride < b->slot_size)
		diag_error(c->diag, place(c, inside(c, map, "stride")),
			   "'stride' is %u, below a slot-size of %u", b->stride,
			   b->slot_size);
	else if ((uint64_t)b->slots * b->stride > BAR_SIZE_MAX)
		diag_error(c->diag, place(c, inside(c, map, "slots")),
			   "%u slots of stride %u are more than 4 GiB",
			   b->slots, b->stride);
}

static void check_gifts(struct check *c, const struct link_config *l, int link)
{
	uint32_t half = l->bar.slots > 1 ? l->bar.slots / 2 : 1;
	int map = inside(c, link, "gifts");

	if (l->gifts.low > half)
		diag_error(c->diag, place(c, inside(c, map, "low")),
			   "'low' is %u, more than half of %u slots",
			   l->gifts.low, l->bar.slots);
}

static bool is_linked(const struct world_config *w, uint8_t a, uint8_t b)
{
	for (uint32_t i = 0; i < w->links; i++)
		if (link_joins(&w->link[i], a) && link_joins(&w->link[i], b))
			return true;
	return false;
}

static void check_generator(struct check *c, const struct traffic_config *t,
			    int map)
{
	const struct world_config *w = &c->sc->world;
	struct diag_place to = place(c, inside(c, map, "to"));

	if (t->from == t->to)
		diag_error(c->diag, to, "'from' and 'to' are both '%s'",
			   w->vm[t->to].name);
	else if (!is_linked(w, t->from, t->to))
		diag_error(c->diag, to, "no link joins '%s' and '%s'",
			   w->vm[t->from].name, w->vm[t->to].name);
	if (t->pace == PACE_RECORDED || t->pace == PACE_SCALED)
		diag_error(c->diag, place(c, inside(c, map, "pace")),
			   "'pace' is for a generator one of rate, asap");
	if (t->kind == TRAFFIC_ONE_WAY && t->bytes < ONE_WAY_LEAST)
		diag_error(c->diag, place(c, inside(c, map, "bytes")),
			   "'bytes' is %u, one-way sends at least %u", t->bytes,
			   ONE_WAY_LEAST);
}

/* The first link of @vm; as many as there are: it has none. */
static uint32_t link_first(const struct world_config *w, uint32_t vm)
{
	uint32_t i = 0;

	while (i < w->links && !link_joins(&w->link[i], vm))
		i++;
	return i;
}

/* Whether @link is one on which @f can strike @vm, which is an end of it. */
static bool link_suits(const struct world_config *w,
		       const struct fault_config *f, uint32_t vm, uint32_t link)
{
	const struct link_config *l = &w->link[link];
	const struct path_ops *path = path_find(l->path);

	if (f->kind == FAULT_LIE)
		return path_has_slots(path) && link == link_first(w, vm);
	if (f->kind == FAULT_QUEUE_RESET)
		return l->ring.reset &&
		       path_driver(path, l->end[1] == vm)->reset_queue;
	return true;
}

/* Whether @f can strike @vm on any of the links that it may mean. */
static bool vm_suits(const struct world_config *w, const struct fault_config *f,
		     uint32_t vm)
{
	if (f->has_who && f->who != vm)
		return false;
	for (uint32_t i = 0; i < w->links; i++)
		if ((!f->has_link || f->link == i) &&
		    link_joins(&w->link[i], vm) && link_suits(w, f, vm, i))
			return true;
	return false;
}

/* Whether @vm dies of an entry that strikes before @f does. */
static bool is_dead_by(const struct scenario *sc, const struct fault_config *f,
		       uint32_t vm)
{
	for (const struct fault_config *c = sc->fault;
	     f->has_at && c < sc->fault + sc->faults; c++)
		if (c->kind == FAULT_CRASH && c->has_at && c->has_who &&
		    c->who == vm &&
		    (c->at_ps < f->at_ps || (c->at_ps == f->at_ps && c < f)))
			return true;
	return false;
}

/* Of one that strikes nobody: which key makes it so, and why. */
static void fault_cannot(struct check *c, const struct fault_config *f, int map,
			 bool suits)
{
	const struct world_config *w = &c->sc->world;

	if (suits)
		diag_error(c->diag, place(c, inside(c, map, "at")),
			   "whom this could strike has crashed by then");
	else if (f->has_who && link_first(w, f->who) == w->links)
		diag_error(c->diag, place(c, inside(c, map, "who")),
			   "'%s' has no link: this cannot strike it",
			   w->vm[f->who].name);
	else if (f->kind == FAULT_LIE)
		diag_error(c->diag, place(c, inside(c, map, "kind")),
			   "'lie' needs a VM whose first link has path "
			   "shared-buffers, and means that link");
	else
		diag_error(c->diag, place(c, inside(c, map, "kind")),
			   "'queue-reset' needs a link with ring.reset on, and "
			   "an end with rings of its own");
}

/* What never strikes says nothing of what it would have broken. */
static void check_strikes(struct check *c, const struct fault_config *f,
			  int map)
{
	const struct world_config *w = &c->sc->world;
	bool suits = false;

	if (f->has_at && f->times > 1)
		diag_error(c->diag, place(c, inside(c, map, "times")),
			   "'times' is %u, but 'at' comes once", f->times);
	for (uint32_t vm = 0; vm < w->vms; vm++) {
		if (!vm_suits(w, f, vm))
			continue;
		suits = true;
		if (!is_dead_by(c->sc, f, vm))
			return;
	}
	fault_cannot(c, f, map, suits);
}

/* A fault has one way to say when, and a link that its VM has. */
static void check_fault(struct check *c, const struct fault_config *f, int map)
{
	const struct world_config *w = &c->sc->world;
	const uint8_t *end = f->link < w->links ? w->link[f->link].end : NULL;

	if (f->has_at + f->has_every + f->has_one_in != 1)
		diag_error(c->diag, place(c, map),
			   "a fault needs one of 'at', 'every' and 'one-in'");
	if (f->has_link && !end)
		diag_error(c->diag, place(c, inside(c, map, "link")),
			   "'link' is %u, there are %u links", f->link,
			   w->links);
	else if (f->has_link && f->has_who &&
		 !link_joins(&w->link[f->link], f->who))
		diag_error(c->diag, place(c, inside(c, map, "link")),
			   "link %u does not end at '%s'", f->link,
			   w->vm[f->who].name);
	else
		check_strikes(c, f, map);
}

/* Standard input gives its bytes once. */
static void check_stdin(struct check *c)
{
	bool used = strcmp(c->sc->file, "-") == 0;

	for (uint32_t i = 0; i < c->sc->traffics; i++) {
		const char *pcap = c->sc->traffic[i].pcap;

		if (!pcap || strcmp(pcap, "-") != 0)
			continue;
		if (used)
			diag_error(c->diag,
				   place(c, inside(c, entry(c, "traffic", i),
						   "pcap")),
				   "standard input is already taken");
		used = true;
	}
}

static uint32_t characters(const char *text, size_t size)
{
	uint32_t count = 0, code;

	for (size_t at = 0; at < size; count++)
		at += utf8_next(text + at, size - at, &code);
	return count;
}

/*
 * The place of some bytes of the text of @node. Where the file spells the text
 * otherwise, on several lines or with escapes, it is that of the whole.
 */
static struct diag_place place_inside(struct check *c, int node, uint32_t at,
				      uint32_t length)
{
	struct diag_place p = place(c, node);
	const char *text = document_text(c->doc, node);
	bool plain = document_is_plain(c->doc, node);

	if (p.set || p.length != characters(text, strlen(text)) + 2 * !plain)
		return p;
	p.column += characters(text, at) + !plain;
	p.length = characters(text + at, length);
	return p;
}

static void check_again(struct check *c, const struct script_op *op,
			uint32_t line, int node)
{
	if (op->verb == SCRIPT_REPEAT && op->value > line)
		diag_error(c->diag, place(c, node),
			   "'repeat %u' has %u lines before it", op->value,
			   line);
}

static void check_line(struct check *c, uint32_t line, int node)
{
	const char *text = c->sc->script[line].text, *why;
	struct script_mistakes m;
	struct script_op op;

	if (!script_read(&op, &c->sc->world, text, &m)) {
		for (uint32_t i = 0; i < m.count; i++)
			diag_error(c->diag,
				   place_inside(c, node, m.list[i].at,
						m.list[i].length),
				   "%s", m.list[i].text);
		return;
	}
	check_again(c, &op, line, node);
	why = script_never(&op, &c->sc->world);
	if (why)
		diag_error(c->diag, place(c, node), "'%s': %s", text, why);
}

void scenario_check(const struct scenario *sc, yaml_document_t *doc,
		    struct diag *diag)
{
	struct check c = {.sc = sc, .doc = doc, .diag = diag};

	assert(sc->world.links > 0 && sc->world.vms > 1);
	check_names(&c);
	if (!check_nics(&c))
		return; /* what names them cannot be looked at */
	for (uint32_t i = 0; i < sc->world.links; i++) {
		const struct link_config *l = &sc->world.link[i];
		int at = entry_of_link(&c, i);

		check_members(&c, l, at);
		check_bar(&c, &l->bar, at);
		check_gifts(&c, l, at);
	}
	for (uint32_t i = 0; i < sc->traffics; i++)
		if (sc->traffic[i].kind != TRAFFIC_PCAP)
			check_generator(&c, &sc->traffic[i],
					entry(&c, "traffic", i));
	for (uint32_t i = 0; i < sc->faults; i++)
		check_fault(&c, &sc->fault[i], entry(&c, "faults", i));
	for (uint32_t i = 0; i < sc->script_lines; i++)
		check_line(&c, i, entry(&c, "script", i));
	check_stdin(&c);
	if (sc->traffics == 0 && sc->script_lines == 0 && !sc->has_explore)
		diag_error(diag, document_place(doc, 1),
			   "needs traffic or script");
}
