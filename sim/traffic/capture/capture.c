/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Records as packets: made into Ethernet, padded and laid out in time. What
 * opening finds out in one go through the file, readers rely on; should the
 * file change meanwhile they come to an early end, and to no harm.
 */
#include <assert.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/linktype.h"
#include "sim/traffic/capture/stream.h"

_Static_assert((int)ETHERNET_HEADER <= (int)RECORD_FRONT,
	       "a header fits before a record's bytes");

static const uint64_t microsecond_ps = UINT64_C(1000000);

/* One go through a file that is being opened. */
struct scan {
	struct capture *c;
	struct record_reader records;
	struct capture_clock clock;
	bool stamped; /* one had a stamp */
};

/* Stamps beyond 292 years from the first are held at that distance. */
static __int128 relative(const struct capture *c, __int128 ps)
{
	const __int128 most = (__int128)INT64_MAX * 1000;

	ps -= c->first_ps;
	if (ps > most)
		return most;
	return ps < -most ? -most : ps;
}

/* The time of a packet: @stamp goes on from the one before. */
static uint64_t stamp_next(struct capture_clock *k, __int128 stamp)
{
	__int128 time = stamp - k->zero;

	if (time < k->last) {
		k->backwards++;
		if (k->limit && k->last - time > k->limit)
			k->zero = stamp - k->last;
		time = k->last;
	} else if (k->limit && time - k->last > k->limit) {
		k->cut_gaps++;
		time = k->last + k->limit;
		k->zero = stamp - time;
	}
	k->last = time;
	return time < UINT64_MAX ? (uint64_t)time : UINT64_MAX;
}

static uint64_t stamp_now(const struct capture_clock *k)
{
	return k->last < UINT64_MAX ? (uint64_t)k->last : UINT64_MAX;
}

/* Bytes of a frame of which @held of @wire bytes are there. */
static uint32_t padded_len(bool pad, uint32_t held, uint32_t wire)
{
	if (!pad || held >= CAPTURE_FRAME_MAX)
		return held;
	return wire < CAPTURE_FRAME_MAX ? wire : CAPTURE_FRAME_MAX;
}

/* A record of a known link type as a packet, but for its time. */
static void take_record(const struct capture *c, const struct record *r,
			struct capture_packet *out)
{
	uint64_t wire = r->len > r->caplen ? r->len : r->caplen;
	uint8_t header[ETHERNET_HEADER];
	uint32_t skip;

	out->bytes = r->bytes;
	out->held = r->caplen;
	if (!linktype_is_ethernet(r->linktype)) {
		skip = linktype_convert(r->linktype, r->bytes, r->caplen,
					header);
		assert(skip <= r->caplen);
		memcpy(r->bytes + skip - ETHERNET_HEADER, header,
		       sizeof header);
		out->bytes = r->bytes + skip - ETHERNET_HEADER;
		out->held = r->caplen - skip + ETHERNET_HEADER;
		wire += ETHERNET_HEADER - (uint64_t)skip;
	}
	out->wire_len = wire < UINT32_MAX ? (uint32_t)wire : UINT32_MAX;
	out->len = padded_len(c->pad, out->held, out->wire_len);
	assert(out->len >= out->held);
}

static void count_packet(struct capture *c, const struct record *r,
			 const struct capture_packet *p)
{
	c->snapped += p->held < p->wire_len;
	c->empty += p->len == 0;
	c->overlong += r->len < r->caplen;
	c->converted += !linktype_is_ethernet(r->linktype);
	if (r->fine && !c->nanoseconds)
		c->nanoseconds = r->ps % (__int128)microsecond_ps != 0;
	if (c->count == 0 || p->len < c->frame_min)
		c->frame_min = p->len;
	if (p->len > c->frame_max)
		c->frame_max = p->len;
	c->zeros += p->len - p->held;
	c->bytes += p->len;
	c->wire_bytes += p->wire_len;
	c->count++;
}

static void count_linktype(struct capture *c, int type, uint64_t packets)
{
	for (uint32_t i = 0; i < c->linktypes; i++)
		if (c->linktype[i].type == type) {
			c->linktype[i].packets += packets;
			return;
		}
	if (c->linktypes == CAPTURE_LINKTYPES)
		return;
	c->linktype[c->linktypes++] = (struct capture_linktype){type, packets};
}

static void scan_time(struct scan *s, const struct record *r)
{
	if (!r->stamped)
		return;
	if (!s->stamped)
		s->c->first_ps = r->ps;
	s->stamped = true;
	stamp_next(&s->clock, relative(s->c, r->ps));
}

static void scan_record(struct scan *s, const struct record *r)
{
	struct capture_packet p;

	count_linktype(s->c, r->linktype, 1);
	if (!linktype_is_known(r->linktype)) {
		s->c->left_out++;
		return;
	}
	take_record(s->c, r, &p);
	count_packet(s->c, r, &p);
	scan_time(s, r);
}

static void take_clock(struct capture *c, const struct capture_clock *k)
{
	c->gap_limit_ps = (uint64_t)k->limit;
	c->backwards = k->backwards;
	c->cut_gaps = k->cut_gaps;
	c->span_ps = stamp_now(k);
}

static void scan_all(struct scan *s)
{
	struct capture *c = s->c;
	enum record_answer answer;
	struct record r;

	if (s->records.format == RECORD_PCAP)
		count_linktype(c, s->records.interface->linktype, 0);
	c->format = s->records.format == RECORD_PCAP ? "pcap" : "pcapng";
	c->big_endian = s->records.big;
	c->nanoseconds = s->records.nanoseconds;
	while ((answer = record_next(&s->records, &r)) == RECORD_GOOD)
		scan_record(s, &r);
	c->mixed_endian = s->records.mixed;
	c->damaged = answer == RECORD_BAD;
	if (c->damaged)
		snprintf(c->problem, sizeof c->problem, "%s",
			 s->records.problem);
	take_clock(c, &s->clock);
}

/* False if there is something, and nothing of it can become Ethernet. */
static bool is_usable(const struct capture *c, const char *file, char *error,
		      uint32_t size)
{
	int type = c->linktypes ? c->linktype[0].type : 0;
	const char *name = pcap_datalink_val_to_name(type);

	if (c->count || !c->linktypes ||
	    (linktype_is_known(type) && !c->left_out))
		return true;
	snprintf(error, size,
		 "%s: link type %d (%s) cannot be made into Ethernet", file,
		 type, name ? name : "unknown");
	return false;
}

static bool scan(struct capture *c, const struct capture_options *options,
		 const char *file, char *error, uint32_t size)
{
	struct scan s = {.c = c,
			 .clock = {.limit = (__int128)options->max_gap_ps}};
	bool ok = record_begin(&s.records, c->stream);

	if (!ok)
		snprintf(error, size, "%s: %s", file, s.records.problem);
	else
		scan_all(&s);
	record_end(&s.records);
	return ok && is_usable(c, file, error, size);
}

bool capture_open(const char *file, const struct capture_options *options,
		  struct capture *out, char *error, uint32_t size)
{
	*out = (struct capture){.pad = options->pad};
	out->stream = malloc(sizeof *out->stream);
	if (!out->stream) {
		snprintf(error, size, "%s: out of memory", file);
		return false;
	}
	if (!stream_open(out->stream, file, error, size)) {
		free(out->stream);
		out->stream = NULL;
		return false;
	}
	out->packing = out->stream->packing;
	if (scan(out, options, file, error, size))
		return true;
	capture_close(out);
	return false;
}

void capture_let_go(struct capture *c)
{
	if (c->stream)
		stream_close(c->stream);
	free(c->stream);
	c->stream = NULL;
}

void capture_close(struct capture *c)
{
	capture_let_go(c);
	*c = (struct capture){.stream = NULL};
}

bool capture_begin(struct capture_reader *r, const struct capture *c)
{
	*r = (struct capture_reader){
		.c = c, .clock = {.limit = (__int128)c->gap_limit_ps}};
	if (record_begin(&r->records, c->stream))
		return true;
	record_end(&r->records);
	return false;
}

void capture_end(struct capture_reader *r)
{
	record_end(&r->records);
}

bool capture_limit_gaps(struct capture *c, uint64_t max_gap_ps)
{
	struct capture_reader r;
	struct capture_packet p;

	c->gap_limit_ps = max_gap_ps;
	if (!capture_begin(&r, c))
		return false;
	while (capture_next(&r, &p))
		;
	take_clock(c, &r.clock);
	capture_end(&r);
	return true;
}

void capture_rewind(struct capture_reader *r)
{
	r->at = 0;
	r->clock = (struct capture_clock){.limit = r->clock.limit};
	record_rewind(&r->records);
}

bool capture_next(struct capture_reader *r, struct capture_packet *out)
{
	struct record record;

	if (r->at == r->c->count)
		return false;
	do
		if (record_next(&r->records, &record) != RECORD_GOOD)
			return false;
	while (!linktype_is_known(record.linktype));
	take_record(r->c, &record, out);
	out->time_ps = record.stamped ? stamp_next(&r->clock,
						   relative(r->c, record.ps))
				      : stamp_now(&r->clock);
	r->at++;
	return true;
}

void capture_copy(const struct capture_packet *p, uint8_t *to)
{
	if (p->held)
		memcpy(to, p->bytes, p->held);
	memset(to + p->held, 0, p->len - p->held);
}

const uint8_t *capture_head(const struct capture_packet *p, uint8_t *room,
			    uint32_t *len)
{
	*len = p->len < CAPTURE_HEAD_MAX ? p->len : CAPTURE_HEAD_MAX;
	if (p->held >= *len)
		return p->bytes;
	if (p->held)
		memcpy(room, p->bytes, p->held);
	memset(room + p->held, 0, *len - p->held);
	return room;
}
