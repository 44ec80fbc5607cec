/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Endpoints become VMs, and links say who can be reached. A frame that the
 * chosen way does not tell goes by the MAC that other frames explained.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/direction/direction.h"
#include "sim/traffic/direction/endpoint_classifier.h"
#include "sim/traffic/direction/flow_table.h"
#include "sim/traffic/direction/frame.h"

enum { MAC_OF_SEVERAL = 0xff };

_Static_assert(VM_MAX <= 64, "a word has one bit for each receiver");
_Static_assert((int)VM_MAX < (int)MAC_OF_SEVERAL &&
		       (int)VM_MAX < (int)DIRECTION_ALL,
	       "a byte tells a VM from what is none");

/* Of the directions of packets, so much is held in memory: 4 MiB. */
#define WAY_MEMORY (UINT64_C(1) << 22)

/* One search for directions. */
struct search {
	struct walker *w;
	const struct world_config *world;
	struct direction *out;
	struct endpoint_classifier
		classifier; /* of out->by, once it has learned */
	struct flow_table macs;
	bool keep;
};

const char *direction_name(enum direction_by by)
{
	static const char *const names[] = {"auto", "mac", "ip", "port"};

	assert(by <= DIRECTION_PORT);
	return names[by];
}

/* Whether @by tells enough: a tenth may stay open. */
static bool tells(const struct direction *d, enum direction_by by,
		  uint64_t packets)
{
	return d->tally[by].endpoints >= 2 &&
	       d->tally[by].decided >= packets - packets / 10;
}

static uint32_t other_end(const struct link_config *link, uint32_t vm)
{
	return link->end[link->end[0] == vm];
}

static const struct link_config *link_of(const struct world_config *w,
					 uint32_t vm)
{
	for (uint32_t i = 0; i < w->links; i++)
		if (w->link[i].end[0] == vm || w->link[i].end[1] == vm)
			return &w->link[i];
	return NULL;
}

static bool joined(const struct world_config *w, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < w->links; i++)
		if ((w->link[i].end[0] == a && w->link[i].end[1] == b) ||
		    (w->link[i].end[0] == b && w->link[i].end[1] == a))
			return true;
	return false;
}

/* The VM that a frame leaving VM @from is for; @to is its address, if known. */
static uint8_t receiver(const struct endpoint_classifier *t,
			const struct world_config *w, const struct frame *f,
			uint32_t from, const struct key *to)
{
	uint32_t n = to ? flow_table_find(&t->ends, to) : FLOW_NONE;
	const struct link_config *link = link_of(w, from);

	assert(link);
	if (w->vms == 2)
		return (uint8_t)(1 - from);
	if (n != FLOW_NONE && n % w->vms != from && joined(w, from, n % w->vms))
		return (uint8_t)(n % w->vms);
	if (f->mac_to && f->mac_to[0] & 1)
		return DIRECTION_ALL;
	return (uint8_t)other_end(link, from);
}

uint64_t direction_receivers(const struct world_config *w, uint32_t from,
			     uint32_t to)
{
	uint64_t all = 0;

	if (to != DIRECTION_ALL)
		return UINT64_C(1) << to;
	for (uint32_t k = 0; k < w->links; k++) {
		if (w->link[k].end[0] == from)
			all |= UINT64_C(1) << w->link[k].end[1];
		else if (w->link[k].end[1] == from)
			all |= UINT64_C(1) << w->link[k].end[0];
	}
	return all;
}

/* Marks each MAC that sends decided frames with its VM + 1. */
static bool learn_macs(struct search *s)
{
	struct flow_table *macs = &s->macs;
	struct frame f;
	struct key from, to, mac;

	walker_rewind(s->w);
	while (walker_next(s->w, &f)) {
		uint8_t vm;
		uint32_t n;

		if (!endpoint_ends(&s->classifier, &f, &from, &to))
			continue;
		n = flow_table_find(&s->classifier.ends, &from);
		if (n == FLOW_NONE)
			continue; /* the file changed; its count will tell */
		vm = (uint8_t)(n % s->world->vms);
		mac = endpoint_mac_key(f.mac_from);
		n = flow_table_add(macs, &mac);
		if (n == FLOW_NONE)
			return false;
		if (macs->mark[n] && macs->mark[n] != vm + 1)
			macs->mark[n] = MAC_OF_SEVERAL;
		else
			macs->mark[n] = (uint8_t)(vm + 1);
	}
	return !s->w->failed;
}

/* The sender of a frame whose ends do not tell. */
static uint8_t fall_back(const struct flow_table *macs, const struct frame *f,
			 struct direction *out)
{
	if (f->mac_from) {
		struct key k = endpoint_mac_key(f->mac_from);
		uint32_t n = flow_table_find(macs, &k);

		if (n != FLOW_NONE && macs->mark[n] != MAC_OF_SEVERAL) {
			out->by_mac++;
			return (uint8_t)(macs->mark[n] - 1);
		}
	}
	out->by_guess++;
	return 0;
}

static void place(const struct endpoint_classifier *t,
		  const struct world_config *w, uint32_t n, struct placed *out)
{
	endpoint_name(t, &t->ends.key[n], out->name, sizeof out->name);
	out->vm = (uint8_t)(n % w->vms);
}

/* One more packet from endpoint @a to @b, which may be FLOW_NONE. */
static void torn_add(const struct endpoint_classifier *t,
		     const struct world_config *w, struct placement *p,
		     uint32_t a, uint32_t b)
{
	struct torn one = {.packets = 1, .alone = b == FLOW_NONE};

	p->torn_packets++;
	place(t, w, a, &one.end[0]);
	if (!one.alone)
		place(t, w, b, &one.end[1]);
	for (uint32_t i = 0; i < p->torn_shown; i++) {
		struct torn *k = &p->torn[i];
		bool back = strcmp(k->end[0].name, one.end[1].name) == 0;

		if (strcmp(k->end[back].name, one.end[0].name) == 0 &&
		    strcmp(k->end[!back].name, one.end[1].name) == 0) {
			k->packets++;
			return;
		}
	}
	if (p->torn_shown < TORN_MAX)
		p->torn[p->torn_shown++] = one;
}

/* Whether the links of @w forward what endpoint @from says to endpoint @to. */
static void links_check(const struct endpoint_classifier *t,
			const struct world_config *w, struct direction *d,
			const struct frame *f, uint32_t from,
			const struct key *to)
{
	uint32_t m = flow_table_find(&t->ends, to);

	if (w->vms == 2)
		return;
	if (!link_of(w, from % w->vms))
		torn_add(t, w, &d->placement, from, FLOW_NONE);
	else if (m != FLOW_NONE && !joined(w, from % w->vms, m % w->vms))
		torn_add(t, w, &d->placement, from, m);
	else if (m == FLOW_NONE && !(f->mac_to && f->mac_to[0] & 1))
		d->placement.strays++;
}

/* What endpoint @n sends, and whether that can arrive. */
static void note_endpoint(struct search *s, const struct frame *f, uint32_t n,
			  const struct key *to)
{
	links_check(&s->classifier, s->world, s->out, f, n, to);
	if (n < PLACED_MAX)
		s->out->placement.end[n].packets += s->w->packet.len > 0;
}

/* The VM that a frame leaves, and in way[1] the one that it is for. */
static void tell_frame(struct search *s, const struct frame *f, uint8_t way[2])
{
	struct key from, to;
	uint32_t n = FLOW_NONE, vm;
	bool known = endpoint_ends(&s->classifier, f, &from, &to);

	if (known)
		n = flow_table_find(&s->classifier.ends, &from);
	if (n != FLOW_NONE)
		note_endpoint(s, f, n, &to);
	vm = n != FLOW_NONE ? n % s->world->vms
			    : fall_back(&s->macs, f, s->out);
	if (!link_of(s->world, vm))
		vm = s->world->link[0].end[0];
	way[0] = (uint8_t)vm;
	way[1] = receiver(&s->classifier, s->world, f, vm, known ? &to : NULL);
}

/* One frame more. */
static void count_frame(struct search *s, const uint8_t way[2])
{
	struct direction *d = s->out;
	uint64_t to = direction_receivers(s->world, way[0], way[1]);

	d->frames[way[0]]++;
	d->bytes[way[0]] += s->w->packet.wire_len;
	d->full++;
	for (; to; to &= to - 1)
		++*direction_sent(d, way[0], (uint32_t)__builtin_ctzll(to));
}

static void give_places(const struct endpoint_classifier *t,
			const struct world_config *w, struct placement *p)
{
	p->endpoints = t->ends.count;
	while (p->shown < PLACED_MAX && p->shown < t->ends.count) {
		place(t, w, p->shown, &p->end[p->shown]);
		p->shown++;
	}
}

/* Frames that can tell and are to be told: empty ones are not sent. */
static uint64_t full(const struct capture *c)
{
	return c->count - c->empty;
}

static bool give_directions(struct search *s)
{
	struct direction *d = s->out;
	struct frame f;
	uint8_t way[2];

	walker_rewind(s->w);
	while (walker_next(s->w, &f)) {
		way[0] = s->world->link[0].end[0];
		way[1] = s->world->link[0].end[1];
		if (s->w->packet.len) {
			tell_frame(s, &f, way);
			count_frame(s, way);
		}
		if (s->keep && !spool_add(&d->way, way, sizeof way))
			return false;
	}
	give_places(&s->classifier, s->world, &d->placement);
	return !s->w->failed;
}

/* True if one MAC sends, and no address that is sent to ever sends. */
static bool is_one_way(const struct direction *d, uint64_t packets)
{
	const struct direction_tally *mac = &d->tally[DIRECTION_MAC];
	const struct direction_tally *ip = &d->tally[DIRECTION_IP];

	return packets && mac->endpoints == 1 && mac->decided == packets &&
	       ip->decided == packets && !ip->replies;
}

/* Has @by looked at; the search then tells by it. */
static bool learn(struct search *s, enum direction_by by)
{
	endpoint_classifier_free(&s->classifier);
	s->classifier = (struct endpoint_classifier){.by = by};
	return endpoint_learn(&s->classifier, s->w, &s->out->tally[by]);
}

/*
 * Whether a way is to be tried: where only some of the packets had Ethernet
 * headers, one host has two MACs, and these tell less than anything else.
 */
static bool is_sound(const struct capture *c, enum direction_by by)
{
	return by != DIRECTION_MAC || !c->converted || c->converted == c->count;
}

/* Looks at one way after the other, up to one that tells. */
static bool learn_best(struct search *s)
{
	const struct capture *c = s->w->reader.c;
	struct direction *d = s->out;

	for (enum direction_by by = DIRECTION_MAC; by <= DIRECTION_PORT; by++) {
		if (!learn(s, by))
			return false;
		if (by == DIRECTION_IP &&
		    d->tally[DIRECTION_MAC].endpoints == 1 &&
		    !endpoint_count_replies(&s->classifier, s->w,
					    &d->tally[by]))
			return false;
		d->one_way = by == DIRECTION_IP && is_one_way(d, full(c));
		if (d->one_way)
			break;
		if (tells(d, by, full(c)) && is_sound(c, by)) {
			d->by = by;
			return true;
		}
	}
	d->by = DIRECTION_AUTO;
	if (!d->one_way && tells(d, DIRECTION_MAC, full(c))) {
		d->by = DIRECTION_MAC;
		d->tally[d->by] = (struct direction_tally){0};
	}
	return learn(s, d->by);
}

/* False: the file changed, or memory is out. */
static bool find(struct search *s)
{
	const struct direction *d = s->out;
	uint64_t decided = d->tally[d->by].decided;

	if (d->by != DIRECTION_AUTO && decided < full(s->w->reader.c) &&
	    !learn_macs(s))
		return false;
	return give_directions(s);
}

static enum direction_answer search(struct search *s, enum direction_by by)
{
	const struct capture *c = s->w->reader.c;
	bool ok;

	s->out->by = by;
	ok = by == DIRECTION_AUTO ? learn_best(s) : learn(s, by);
	if (ok && by != DIRECTION_AUTO && full(c) &&
	    s->out->tally[by].endpoints < 2)
		return DIRECTION_ONE_ENDPOINT;
	if (ok && find(s))
		return DIRECTION_FOUND;
	return s->w->failed ? DIRECTION_CHANGED : DIRECTION_NO_MEMORY;
}

enum direction_answer direction_find(const struct capture *c,
				     const struct world_config *world,
				     enum direction_by by, bool keep,
				     struct direction *out)
{
	struct search s = {.world = world, .out = out, .keep = keep};
	enum direction_answer answer = DIRECTION_NO_MEMORY;

	assert(world->vms >= 2 && world->links >= 1);
	*out = (struct direction){
		.by = by,
		.vms = world->vms,
		.sent = calloc((size_t)world->vms * world->vms,
			       sizeof *out->sent),
	};
	spool_begin(&out->way, WAY_MEMORY);
	s.w = walker_begin(c);
	if (out->sent && s.w)
		answer = search(&s, by);
	walker_end(s.w);
	endpoint_classifier_free(&s.classifier);
	flow_table_free(&s.macs);
	if (answer != DIRECTION_FOUND)
		direction_free(out);
	return answer;
}

void direction_free(struct direction *d)
{
	spool_end(&d->way);
	free(d->sent);
	d->sent = NULL;
}

enum direction_by direction_advice(const struct capture *c)
{
	struct direction d = {.by = DIRECTION_AUTO};
	struct search s = {.w = walker_begin(c), .out = &d};
	bool ok = s.w != NULL;

	for (enum direction_by by = DIRECTION_MAC; ok && by <= DIRECTION_PORT;
	     by++)
		ok = learn(&s, by);
	walker_end(s.w);
	endpoint_classifier_free(&s.classifier);
	for (enum direction_by by = DIRECTION_MAC; ok && by <= DIRECTION_PORT;
	     by++)
		if (tells(&d, by, full(c)))
			return by;
	return DIRECTION_AUTO;
}

void direction_begin(struct direction_reader *r, const struct direction *d)
{
	r->d = d;
	r->at = 0;
	r->left = r->held = 0;
}

bool direction_next(struct direction_reader *r, uint8_t *from, uint8_t *to)
{
	const uint8_t *way;
	int64_t got;

	if (!r->left) {
		got = spool_read(&r->d->way, 2 * r->at, r->part,
				 sizeof r->part);
		if (got < 2)
			return false;
		r->held = r->left = (uint32_t)got / 2;
	}
	way = r->part + 2 * (size_t)(r->held - r->left);
	*from = way[0];
	*to = way[1];
	r->left--;
	r->at++;
	return true;
}
