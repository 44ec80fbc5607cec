/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A capture as sources: who sends what to whom, and when. All that can be
 * worked out beforehand is, so that playing a packet is copying a row.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/traffic/direction.h"
#include "sim/traffic/frame.h"
#include "sim/traffic/source.h"

enum {
	GSO_TCPV4 = 1, /* virtio's numbers */
	GSO_TCPV6 = 4,
	GSO_FRAME_MIN = 1514 + 8 + 1, /* longer than the longest tagged frame */
	GSO_SIZE = 1448,
	TCP_CHECKSUM = 16,
};

/* One capture on its way to become sources. */
struct replay {
	struct source_list *l;
	const struct scenario *sc;
	const struct traffic_config *traffic;
	const struct capture *c;
	struct direction d;
	struct source_packet *packet; /* of all sources, pair by pair */
	uint32_t count[VM_MAX][VM_MAX];
	uint32_t filled[VM_MAX][VM_MAX]; /* next free place in packet */
	uint64_t full;                   /* packets that are not empty */
};

static bool is_rate(const struct traffic_config *t)
{
	return t->pace == PACE_RATE && t->rate;
}

static uint64_t scaled(const struct traffic_config *t, uint64_t ps)
{
	unsigned __int128 wide = ps;

	if (t->pace == PACE_ASAP || t->pace == PACE_RATE)
		return 0;
	if (t->pace == PACE_SCALED && t->scale_percent)
		wide = wide * 100 / t->scale_percent;
	return wide < UINT64_MAX ? (uint64_t)wide : UINT64_MAX;
}

/* The @place-th packet's time in a pass. */
static void set_due(const struct replay *r, struct source_packet *p,
		    uint64_t time_ps, uint64_t place)
{
	unsigned __int128 wide = (unsigned __int128)place * SECOND_PS;

	p->due = scaled(r->traffic, time_ps);
	p->rest = 0;
	if (is_rate(r->traffic)) {
		p->due = (uint64_t)(wide / r->traffic->rate);
		p->rest = (uint64_t)(wide % r->traffic->rate);
	}
}

/* A frame that no wire carries was put together by an offload: say which. */
static void set_offload(struct source_packet *p)
{
	struct frame f;

	if (p->len < GSO_FRAME_MIN)
		return;
	frame_parse(p->bytes, p->len, &f);
	if (f.protocol != FRAME_TCP || f.fragment || !f.data ||
	    f.data >= p->len)
		return;
	assert(f.data <= UINT16_MAX && f.l4 < f.data);
	p->gso_type = f.ip_version == 4 ? GSO_TCPV4 : GSO_TCPV6;
	p->hdr_len = (uint16_t)f.data;
	p->gso_size = p->len - f.data < GSO_SIZE ? (uint16_t)(p->len - f.data)
						 : GSO_SIZE;
	p->csum_start = (uint16_t)f.l4;
	p->csum_offset = TCP_CHECKSUM;
}

/* VMs that packet @i goes to, as bits. */
static uint32_t receivers(const struct replay *r, uint64_t i)
{
	const struct world_config *w = &r->sc->world;
	uint32_t from = r->d.from[i];
	uint32_t all = 0;

	if (r->d.to[i] != DIRECTION_ALL)
		return 1u << r->d.to[i];
	for (uint32_t k = 0; k < w->links; k++) {
		if (w->link[k].end[0] == from)
			all |= 1u << w->link[k].end[1];
		else if (w->link[k].end[1] == from)
			all |= 1u << w->link[k].end[0];
	}
	return all;
}

static void count_packets(struct replay *r)
{
	uint32_t sum = 0;

	for (uint64_t i = 0; i < r->c->count; i++) {
		uint32_t all = receivers(r, i);

		if (r->c->packet[i].len == 0)
			continue;
		r->full++;
		for (uint32_t to = 0; to < VM_MAX; to++)
			r->count[r->d.from[i]][to] += all >> to & 1;
	}
	for (uint32_t from = 0; from < VM_MAX; from++)
		for (uint32_t to = 0; to < VM_MAX; to++) {
			r->filled[from][to] = sum;
			sum += r->count[from][to];
		}
}

static void fill_packets(struct replay *r)
{
	uint64_t place = 0;

	for (uint64_t i = 0; i < r->c->count; i++) {
		const struct capture_packet *c = &r->c->packet[i];
		uint32_t all = receivers(r, i);
		struct source_packet p = {.bytes = c->bytes,
					  .len = c->len,
					  .copied = (all & (all - 1)) != 0};

		if (c->len == 0)
			continue;
		p.hash = XXH3_64bits(c->bytes, c->len);
		set_due(r, &p, c->time_ps, place++);
		set_offload(&p);
		for (uint32_t to = 0; to < VM_MAX; to++)
			if (all >> to & 1)
				r->packet[r->filled[r->d.from[i]][to]++] = p;
	}
	assert(place == r->full);
}

/* The pace that all sources of the capture share. */
static struct source paced(const struct replay *r)
{
	const struct capture *c = r->c;
	struct source s = {.rate = 1};
	uint64_t span;

	if (is_rate(r->traffic)) {
		source_set_rate(&s, r->full, r->traffic->rate);
	} else if (c->count > 1) {
		span = c->packet[c->count - 1].time_ps;
		s.period = scaled(r->traffic, span + span / (c->count - 1));
	}
	return s;
}

static bool add_sources(struct replay *r)
{
	uint32_t repeat = r->traffic->repeat ? r->traffic->repeat : 1;
	struct source s = paced(r);

	s.packet = r->packet;
	for (uint32_t from = 0; from < VM_MAX; from++)
		for (uint32_t to = 0; to < VM_MAX; to++) {
			s.pass = r->count[from][to];
			if (!s.pass)
				continue;
			s.from = (uint8_t)from;
			s.to = (uint8_t)to;
			s.total = (uint64_t)s.pass * repeat;
			if (!source_add(r->l, &s))
				return false;
			s.packet += s.pass;
		}
	return true;
}

static bool make_packets(struct replay *r)
{
	uint64_t sum = 0;

	count_packets(r);
	for (uint32_t i = 0; i < VM_MAX * VM_MAX; i++)
		sum += (&r->count[0][0])[i];
	r->packet = calloc(sum + 1, sizeof *r->packet);
	if (!r->packet)
		return source_fail(r->l, EXIT_UNREADABLE, "%s: out of memory",
				   r->traffic->pcap);
	fill_packets(r);
	return add_sources(r);
}

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
	if (r->full < c->count)
		source_notice(r->l, file, "%" PRIu64 " empty frames left out",
			      c->count - r->full);
}

static void tell_times(struct replay *r)
{
	const char *file = r->traffic->pcap;
	const struct capture *c = r->c;

	if (r->traffic->pace != PACE_RECORDED &&
	    r->traffic->pace != PACE_SCALED)
		return;
	if (c->backwards)
		source_notice(r->l, file,
			      "%" PRIu64 " time stamps went back; "
			      "held at the one before",
			      c->backwards);
	if (c->cut_gaps)
		source_notice(r->l, file,
			      "%" PRIu64 " gaps cut to %" PRIu64 " us%s",
			      c->cut_gaps, c->gap_limit_ps / 1000000,
			      r->traffic->max_gap_ps
				      ? ""
				      : ", as they add up to over 53 days");
}

static void tell_directions(struct replay *r)
{
	const char *file = r->traffic->pcap;
	const char *first = r->sc->world.vm[0].name;
	uint64_t count = r->c->count;

	if (r->d.one_way)
		source_notice(r->l, file,
			      "only one side sends: %" PRIu64
			      " frames taken as %s's",
			      count, first);
	else if (r->d.by == DIRECTION_AUTO && count)
		source_notice(r->l, file,
			      "cannot tell which side sends: "
			      "%" PRIu64 " frames taken as %s's",
			      count, first);
	else if (r->d.by_guess || r->d.by_mac)
		source_notice(r->l, file,
			      "direction by %s leaves %" PRIu64
			      " frames open: %" PRIu64 " decided by MAC, "
			      "%" PRIu64 " taken as %s's",
			      direction_name(r->d.by),
			      r->d.by_mac + r->d.by_guess, r->d.by_mac,
			      r->d.by_guess, first);
}

static bool fail_one_endpoint(struct replay *r)
{
	enum direction_by better = direction_best(&r->d, r->c->count);
	enum direction_by asked = r->traffic->direction_by;
	uint64_t ends = r->d.tally[asked].endpoints;

	return source_fail(r->l, EXIT_BAD_SCENARIO,
			   "%s: cannot tell direction by %s: %s; "
			   "try direction-by: %s",
			   r->traffic->pcap, direction_name(asked),
			   ends ? "one endpoint only" : "no endpoint",
			   direction_name(better));
}

static bool find_directions(struct replay *r)
{
	switch (direction_find(r->c, &r->sc->world, r->traffic->direction_by,
			       &r->d)) {
	case DIRECTION_FOUND:
		return true;
	case DIRECTION_ONE_ENDPOINT:
		return fail_one_endpoint(r);
	case DIRECTION_NO_MEMORY:
		break;
	}
	return source_fail(r->l, EXIT_UNREADABLE, "%s: out of memory",
			   r->traffic->pcap);
}

static bool read_capture(struct replay *r, struct capture *c)
{
	const struct traffic_config *t = r->traffic;
	struct capture_options options = {.pad = t->snapped == SNAPPED_PAD,
					  .max_gap_ps = t->max_gap_ps};

	if (!capture_read(t->pcap, &options, c, r->l->error, r->l->size)) {
		r->l->exit_code = EXIT_UNREADABLE;
		return false;
	}
	if (!c->damaged || t->damaged == DAMAGED_USE)
		return true;
	return source_fail(r->l, EXIT_UNREADABLE,
			   "%s: %s; %" PRIu64 " good packets before it",
			   t->pcap, c->problem, c->count);
}

bool replay_add(struct source_list *l, const struct scenario *sc, uint32_t n)
{
	struct replay r = {.l = l,
			   .sc = sc,
			   .traffic = &sc->traffic[n],
			   .c = &l->capture[n]};
	bool ok;

	assert(r.traffic->kind == TRAFFIC_PCAP && r.traffic->pcap);
	if (!read_capture(&r, &l->capture[n]) || !find_directions(&r))
		return false;
	ok = make_packets(&r);
	l->packets[n] = r.packet;
	if (ok) {
		tell_changes(&r);
		tell_times(&r);
		tell_directions(&r);
	}
	direction_free(&r.d);
	/* The rows are copied; only the bytes are still needed. */
	free(l->capture[n].packet);
	l->capture[n].packet = NULL;
	return ok;
}
