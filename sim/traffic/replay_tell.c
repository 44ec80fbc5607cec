/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/traffic/replay_tell.h"

#include <inttypes.h>
#include <stdarg.h>

enum { ERROR_WORDS = 800 };

/* What was done to the frames, so that nobody takes them for the recorded. */
static void tell_changes(struct replay *r)
{
	const char *file = r->traffic->pcap;
	const struct capture *c = r->c;

	if (c->damaged)
		source_notice(r->l, file,
			      "%s; its %" PRIu64 " good packets "
			      "are used",
			      c->problem, c->count);
	if (c->overlong)
		source_notice(r->l, file,
			      "%" PRIu64 " of %" PRIu64
			      " frames hold more than their length on the wire "
			      "says; all of it is sent and counted",
			      c->overlong, c->count);
	if (c->left_out)
		source_notice(r->l, file,
			      "%" PRIu64 " packets left out: their link types "
			      "cannot be made into Ethernet",
			      c->left_out);
	if (c->snapped)
		source_notice(r->l, file,
			      "%" PRIu64 " of %" PRIu64
			      " frames were cut by the snap length; %s",
			      c->snapped, c->count,
			      r->traffic->snapped == SNAPPED_PAD
				      ? "padded with zeros to their length"
				      : "kept as cut");
	if (c->converted)
		source_notice(r->l, file,
			      "%" PRIu64 " packets without Ethernet"
			      " header got one, with invented addresses",
			      c->converted);
	if (r->d->full < c->count)
		source_notice(r->l, file, "%" PRIu64 " empty frames left out",
			      c->count - r->d->full);
}

static void tell_times(struct replay *r)
{
	const char *file = r->traffic->pcap;
	const struct capture *c = r->c;

	if (!replay_keeps_time(r->traffic))
		return;
	if (c->backwards)
		source_notice(r->l, file,
			      "%" PRIu64 " time stamps went back; "
			      "held at the one before",
			      c->backwards);
	if (c->cut_gaps)
		source_notice(r->l, file,
			      "%" PRIu64 " gaps cut to %" PRIu64 " us",
			      c->cut_gaps, c->gap_limit_ps / 1000000);
}

static void tell_directions(struct replay *r)
{
	const char *file = r->traffic->pcap;
	const char *first = r->sc->world.vm[0].name;
	uint64_t count = r->d->full;

	if (r->d->one_way)
		source_notice(r->l, file,
			      "only one side sends: %" PRIu64
			      " frames taken as %s's",
			      count, first);
	else if (r->d->by == DIRECTION_AUTO && count)
		source_notice(r->l, file,
			      "cannot tell which side sends: "
			      "%" PRIu64 " frames taken as %s's",
			      count, first);
	else if (r->d->by_guess || r->d->by_mac)
		source_notice(r->l, file,
			      "direction by %s leaves %" PRIu64
			      " frames open: %" PRIu64 " decided by MAC, "
			      "%" PRIu64 " taken as %s's",
			      direction_name(r->d->by),
			      r->d->by_mac + r->d->by_guess, r->d->by_mac,
			      r->d->by_guess, first);
	if (r->d->placement.strays)
		source_notice(r->l, file,
			      "%" PRIu64 " frames are for addresses that send "
			      "nothing: they take the first link of their "
			      "sender",
			      r->d->placement.strays);
}

/* The same in figures. */
static void account(struct replay *r)
{
	const struct capture *c = r->c;
	const struct direction *d = r->d;
	struct replayed *o = &r->to->told;
	bool pads = r->traffic->snapped == SNAPPED_PAD;

	o->packets = c->count;
	o->left_out = c->left_out;
	o->empty = c->empty;
	o->padded = pads ? c->snapped : 0;
	o->cut = pads ? 0 : c->snapped;
	o->overlong = c->overlong;
	o->converted = c->converted;
	if (replay_keeps_time(r->traffic)) {
		o->held_back = c->backwards;
		o->gaps_cut = c->cut_gaps;
		o->gap_limit_ps = c->gap_limit_ps;
	}
	o->direction = d->by == DIRECTION_AUTO ? NULL : direction_name(d->by);
	o->one_way = d->one_way;
	o->by_mac = d->by_mac;
	o->by_guess = d->by_guess;
	o->damaged = c->damaged;
}

void replay_tell(struct replay *r)
{
	account(r);
	tell_changes(r);
	tell_times(r);
	tell_directions(r);
}

bool replay_fail_memory(struct replay *r)
{
	return source_fail(r->l, EXIT_UNREADABLE, "%s: out of memory",
			   r->traffic->pcap);
}

bool replay_fail_changed(struct replay *r)
{
	return source_fail(r->l, EXIT_UNREADABLE,
			   "%s: it changed while it was read",
			   r->traffic->pcap);
}

bool replay_fail_entry(struct replay *r, const char *format, ...)
{
	const struct traffic_config *t = r->traffic;
	char words[ERROR_WORDS], at[32] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	if (t->line)
		snprintf(at, sizeof at, ":%" PRIu32 ":%" PRIu32, t->line,
			 t->column);
	return source_fail(r->l, EXIT_BAD_SCENARIO, "%s%s: error: %s: %s",
			   r->sc->file ? r->sc->file : "-", at, t->pcap, words);
}

bool replay_fail_one_endpoint(struct replay *r)
{
	enum direction_by better = direction_advice(r->c);
	enum direction_by asked = r->traffic->direction_by;
	uint64_t ends = r->d->tally[asked].endpoints;

	return source_fail(r->l, EXIT_BAD_SCENARIO,
			   "%s: cannot tell direction by %s: %s; "
			   "try direction-by: %s",
			   r->traffic->pcap, direction_name(asked),
			   ends ? "one endpoint only" : "no endpoint",
			   direction_name(better));
}

/* " - " between names of ends, a comma between links. */
static void links_words(const struct world_config *w, char *out, size_t size)
{
	size_t used = 0;

	for (uint32_t i = 0; i < w->links && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s - %s",
					 i ? ", " : "",
					 w->vm[w->link[i].end[0]].name,
					 w->vm[w->link[i].end[1]].name);
}

static size_t torn_words(const struct world_config *w, const struct torn *t,
			 char *out, size_t size)
{
	const struct placed *a = &t->end[0], *b = &t->end[1];

	if (t->alone)
		return (size_t)snprintf(out, size,
					"%s is %s, where no link ends: "
					"%" PRIu64 " packets; ",
					a->name, w->vm[a->vm].name, t->packets);
	if (a->vm == b->vm)
		return (size_t)snprintf(
			out, size,
			"%s and %s are both %s: %" PRIu64 " packets; ", a->name,
			b->name, w->vm[a->vm].name, t->packets);
	return (size_t)snprintf(out, size,
				"%s is %s and %s is %s, which no link joins: "
				"%" PRIu64 " packets; ",
				a->name, w->vm[a->vm].name, b->name,
				w->vm[b->vm].name, t->packets);
}

bool replay_fail_torn(struct replay *r)
{
	const struct world_config *w = &r->sc->world;
	const struct placement *p = &r->d->placement;
	char words[400] = "", links[160];
	uint64_t left = p->torn_packets;
	size_t used = 0;

	for (uint32_t i = 0; i < p->torn_shown; i++) {
		if (used < sizeof words)
			used += torn_words(w, &p->torn[i], words + used,
					   sizeof words - used);
		left -= p->torn[i].packets;
	}
	links_words(w, links, sizeof links);
	return replay_fail_entry(
		r,
		"%s%s%sthere are links %s, and endpoint k of a "
		"capture lives in VM k mod %" PRIu32,
		words, used > sizeof words ? "...; " : "",
		left ? "and others; " : "", links, w->vms);
}
