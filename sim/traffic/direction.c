/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Endpoints become VMs, and links say who can be reached. A frame that the
 * chosen way does not tell goes by the MAC that other frames explained.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/direction.h"
#include "sim/traffic/frame.h"
#include "sim/traffic/keyset.h"
#include "sim/traffic/teller.h"

enum { MAC_OF_SEVERAL = 0xff };

const char *direction_name(enum direction_by by)
{
	static const char *const names[] = {"auto", "mac", "ip", "port"};

	assert(by <= DIRECTION_PORT);
	return names[by];
}

enum direction_by direction_best(const struct direction *d, uint64_t packets)
{
	for (enum direction_by by = DIRECTION_MAC; by <= DIRECTION_PORT; by++)
		if (d->tally[by].endpoints >= 2 &&
		    d->tally[by].decided >= packets - packets / 10)
			return by;
	return DIRECTION_AUTO;
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
static uint8_t receiver(const struct teller *t, const struct world_config *w,
			const struct frame *f, uint32_t from,
			const struct key *to)
{
	uint32_t n = to ? keyset_find(&t->ends, to) : KEYSET_NONE;
	const struct link_config *link = link_of(w, from);

	assert(link);
	if (w->vms == 2)
		return (uint8_t)(1 - from);
	if (n != KEYSET_NONE && n % w->vms != from &&
	    joined(w, from, n % w->vms))
		return (uint8_t)(n % w->vms);
	if (f->mac_to && f->mac_to[0] & 1)
		return DIRECTION_ALL;
	return (uint8_t)other_end(link, from);
}

/* Marks each MAC that sends decided frames with its VM + 1. */
static bool learn_macs(const struct teller *t, const struct world_config *w,
		       struct keyset *macs)
{
	struct frame f;
	struct key from, to, mac;

	for (uint64_t i = 0; i < t->c->count; i++) {
		uint8_t vm;
		uint32_t n;

		if (!teller_ends(t, i, &f, &from, &to))
			continue;
		n = keyset_find(&t->ends, &from);
		assert(n != KEYSET_NONE);
		vm = (uint8_t)(n % w->vms);
		mac = teller_mac_key(f.mac_from);
		n = keyset_add(macs, &mac);
		if (n == KEYSET_NONE)
			return false;
		if (macs->mark[n] && macs->mark[n] != vm + 1)
			macs->mark[n] = MAC_OF_SEVERAL;
		else
			macs->mark[n] = (uint8_t)(vm + 1);
	}
	return true;
}

/* The sender of a frame whose ends do not tell. */
static uint8_t fall_back(const struct keyset *macs, const struct frame *f,
			 struct direction *out)
{
	if (f->mac_from) {
		struct key k = teller_mac_key(f->mac_from);
		uint32_t n = keyset_find(macs, &k);

		if (n != KEYSET_NONE && macs->mark[n] != MAC_OF_SEVERAL) {
			out->by_mac++;
			return (uint8_t)(macs->mark[n] - 1);
		}
	}
	out->by_guess++;
	return 0;
}

static void give_directions(const struct teller *t,
			    const struct world_config *w,
			    const struct keyset *macs, struct direction *out)
{
	struct frame f;
	struct key from, to;

	for (uint64_t i = 0; i < t->c->count; i++) {
		uint32_t vm;
		bool known;

		known = teller_ends(t, i, &f, &from, &to);
		vm = known ? keyset_find(&t->ends, &from) % w->vms
			   : fall_back(macs, &f, out);
		if (!link_of(w, vm))
			vm = w->link[0].end[0];
		out->from[i] = (uint8_t)vm;
		out->to[i] = receiver(t, w, &f, vm, known ? &to : NULL);
	}
}

/* True if one MAC sends, and no address that is sent to ever sends. */
static bool is_one_way(const struct direction *d, uint64_t packets)
{
	const struct direction_tally *mac = &d->tally[DIRECTION_MAC];
	const struct direction_tally *ip = &d->tally[DIRECTION_IP];

	return packets && mac->endpoints == 1 && mac->decided == packets &&
	       ip->decided == packets && !ip->replies;
}

static bool tally_all(const struct capture *c, struct direction *out)
{
	for (enum direction_by by = DIRECTION_MAC; by <= DIRECTION_PORT; by++) {
		struct teller t = {.c = c, .by = by};
		bool ok = teller_learn(&t, &out->tally[by]);

		teller_free(&t);
		if (!ok)
			return false;
	}
	return true;
}

static bool find(const struct capture *c, const struct world_config *world,
		 struct direction *out)
{
	struct teller t = {.c = c, .by = out->by};
	struct direction_tally again = {0};
	struct keyset macs = {.count = 0};
	bool ok;

	out->from = calloc(c->count + 1, 1);
	out->to = calloc(c->count + 1, 1);
	ok = out->from && out->to && teller_learn(&t, &again) &&
	     learn_macs(&t, world, &macs);
	if (ok)
		give_directions(&t, world, &macs, out);
	keyset_free(&macs);
	teller_free(&t);
	return ok;
}

enum direction_answer direction_find(const struct capture *c,
				     const struct world_config *world,
				     enum direction_by by,
				     struct direction *out)
{
	assert(world->vms >= 2 && world->links >= 1);
	memset(out, 0, sizeof *out);
	if (!tally_all(c, out))
		return DIRECTION_NO_MEMORY;
	out->by = by;
	if (by == DIRECTION_AUTO) {
		out->one_way = is_one_way(out, c->count);
		if (!out->one_way)
			out->by = direction_best(out, c->count);
	} else if (c->count && out->tally[by].endpoints < 2) {
		return DIRECTION_ONE_ENDPOINT;
	}
	if (!find(c, world, out)) {
		direction_free(out);
		return DIRECTION_NO_MEMORY;
	}
	return DIRECTION_FOUND;
}

void direction_free(struct direction *d)
{
	free(d->from);
	free(d->to);
	d->from = d->to = NULL;
}
