/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libpcap takes the records apart; here they are kept, padded, converted and
 * laid out in time. No number of the file is believed before it is checked.
 */
#include <assert.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/capture.h"
#include "sim/traffic/linktype.h"
#include "sim/traffic/stream.h"

enum { ALIGN = 8, FIRST_ROOM = 1 << 16, SECOND_NS = 1000000000 };

static const uint64_t second_ps = UINT64_C(1000000000000);

struct reader {
	struct capture *c;
	const struct capture_options *options;
	pcap_t *pcap;
	uint8_t *store;  /* all frames, one behind the other */
	uint64_t used;   /* of store */
	uint64_t room;   /* of store */
	uint64_t places; /* of c->packet */
	uint64_t limit;
	__int128 first_ns; /* stamp of the first packet */
	const char *refusal;
};

static uint64_t aligned(uint64_t bytes)
{
	return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

/* Room for @bytes more in the store and for one more packet. */
static bool make_room(struct reader *r, uint64_t bytes)
{
	uint64_t packets = (r->c->count + 1) * sizeof *r->c->packet;
	void *bigger;

	if (r->used + bytes + packets > r->limit) {
		r->refusal = "too much for memory; split it first";
		return false;
	}
	r->refusal = "out of memory";
	if (!r->store || r->used + bytes > r->room) {
		uint64_t room = 2 * (r->used + bytes) + FIRST_ROOM;

		bigger = realloc(r->store, room);
		if (!bigger)
			return false;
		r->store = bigger;
		r->room = room;
	}
	if (r->c->count == r->places) {
		uint64_t places = 2 * r->places + 256;

		bigger = realloc(r->c->packet, places * sizeof *r->c->packet);
		if (!bigger)
			return false;
		r->c->packet = bigger;
		r->places = places;
	}
	r->refusal = NULL;
	return true;
}

static __int128 stamp_ns(const struct timeval *ts)
{
	return (__int128)ts->tv_sec * SECOND_NS + ts->tv_usec;
}

/*
 * Nanoseconds since the first packet, signed, kept where the picoseconds will
 * be. Stamps beyond 292 years from it are held at that distance.
 */
static uint64_t relative_ns(struct reader *r, const struct timeval *ts)
{
	__int128 ns = stamp_ns(ts);

	if (r->c->count == 0)
		r->first_ns = ns;
	ns -= r->first_ns;
	if (ns > INT64_MAX)
		ns = INT64_MAX;
	if (ns < INT64_MIN)
		ns = INT64_MIN;
	return (uint64_t)(int64_t)ns;
}

static void count_packet(struct capture *c, const struct capture_packet *p,
			 uint32_t captured)
{
	if (captured < p->wire_len)
		c->snapped++;
	if (c->count == 0 || p->len < c->frame_min)
		c->frame_min = p->len;
	if (p->len > c->frame_max)
		c->frame_max = p->len;
	c->zeros += p->len - captured;
	c->bytes += p->len;
	c->wire_bytes += p->wire_len;
	c->count++;
}

/* Bytes to hold of a frame of which @captured of @wire bytes are there. */
static uint32_t held_len(const struct reader *r, uint32_t captured,
			 uint32_t wire)
{
	if (!r->options->pad || captured >= CAPTURE_FRAME_MAX)
		return captured;
	return wire < CAPTURE_FRAME_MAX ? wire : CAPTURE_FRAME_MAX;
}

static bool keep(struct reader *r, const struct pcap_pkthdr *h,
		 const uint8_t *bytes)
{
	struct capture *c = r->c;
	uint8_t header[ETHERNET_HEADER];
	bool convert = !linktype_is_ethernet(c->linktype);
	uint32_t front = convert ? ETHERNET_HEADER : 0;
	uint32_t skip = 0;
	uint64_t wire = h->len > h->caplen ? h->len : h->caplen;
	struct capture_packet p;
	uint32_t captured;
	uint8_t *to;

	if (convert)
		skip = linktype_convert(c->linktype, bytes, h->caplen, header);
	assert(skip <= h->caplen);
	captured = h->caplen - skip + front;
	wire += front - (uint64_t)skip;
	p.wire_len = wire < UINT32_MAX ? (uint32_t)wire : UINT32_MAX;
	p.len = held_len(r, captured, p.wire_len);
	assert(p.len >= captured);
	if (!make_room(r, aligned(p.len)))
		return false;

	to = r->store + r->used;
	if (front)
		memcpy(to, header, front);
	memcpy(to + front, bytes + skip, h->caplen - skip);
	memset(to + captured, 0, aligned(p.len) - captured);
	r->used += aligned(p.len);
	p.bytes = NULL; /* known when the store no longer moves */
	p.time_ps = relative_ns(r, &h->ts);
	c->packet[c->count] = p;
	c->converted += convert;
	c->nanoseconds |= h->ts.tv_usec % 1000 != 0;
	count_packet(c, &p, captured);
	return true;
}

static void damage(struct capture *c, const char *words)
{
	c->damaged = true;
	snprintf(c->problem, sizeof c->problem, "%s", words);
}

/* False if the packets do not fit; a broken file only ends them. */
static bool read_packets(struct reader *r, const struct stream *s)
{
	struct pcap_pkthdr *h;
	const uint8_t *bytes;
	int got;

	while ((got = pcap_next_ex(r->pcap, &h, &bytes)) == 1) {
		if (h->caplen > CAPTURE_FRAME_MAX) {
			damage(r->c, "a packet is longer than 262144 bytes");
			return true;
		}
		if (!keep(r, h, bytes))
			return false;
	}
	if (s->problem[0])
		damage(r->c, s->problem);
	else if (got != PCAP_ERROR_BREAK)
		damage(r->c, pcap_geterr(r->pcap));
	return true;
}

static void place_packets(struct reader *r)
{
	const uint8_t *at = r->store;

	for (uint64_t i = 0; i < r->c->count; i++) {
		r->c->packet[i].bytes = at;
		at += aligned(r->c->packet[i].len);
	}
	assert(!at || at == r->store + r->used);
}

/* Cuts gaps where the whole would not fit into the time that we count. */
static uint64_t gap_limit(const struct capture *c, uint64_t asked)
{
	if (asked)
		return asked;
	for (uint64_t i = 0; i < c->count; i++) {
		int64_t ns = (int64_t)c->packet[i].time_ps;

		if (ns > (int64_t)(CAPTURE_SPAN_MAX_PS / 1000))
			return second_ps;
	}
	return 0;
}

static void lay_out_times(struct capture *c, uint64_t asked)
{
	__int128 limit = c->gap_limit_ps = gap_limit(c, asked);
	__int128 zero = 0; /* the stamp that is time 0 */
	__int128 last = 0;

	for (uint64_t i = 0; i < c->count; i++) {
		struct capture_packet *p = &c->packet[i];
		__int128 stamp = (__int128)(int64_t)p->time_ps * 1000;
		__int128 time = stamp - zero;

		if (time < last) {
			c->backwards++;
			if (limit && last - time > limit)
				zero = stamp - last;
			time = last;
		} else if (limit && time - last > limit) {
			c->cut_gaps++;
			time = last + limit;
			zero = stamp - time;
		}
		last = time;
		p->time_ps = time < UINT64_MAX ? (uint64_t)time : UINT64_MAX;
	}
}

static bool read_header(struct reader *r, const struct stream *s)
{
	static const uint8_t section[4] = {0x0a, 0x0d, 0x0d, 0x0a};
	static const uint8_t nano[2][4] = {{0xa1, 0xb2, 0x3c, 0x4d},
					   {0x4d, 0x3c, 0xb2, 0xa1}};
	struct capture *c = r->c;

	c->gzip = s->gzip;
	c->format = memcmp(s->head, section, 4) == 0 ? "pcapng" : "pcap";
	c->nanoseconds = memcmp(s->head, nano[0], 4) == 0 ||
			 memcmp(s->head, nano[1], 4) == 0;
	c->swapped = pcap_is_swapped(r->pcap);
	c->linktype = pcap_datalink(r->pcap);
	return linktype_is_known(c->linktype);
}

static void refuse_linktype(const char *file, int type, char *error,
			    uint32_t size)
{
	const char *name = pcap_datalink_val_to_name(type);

	snprintf(error, size,
		 "%s: link type %d (%s) cannot be made into Ethernet", file,
		 type, name ? name : "unknown");
}

static bool read_all(struct reader *r, const char *file, struct stream *s,
		     char *error, uint32_t size)
{
	if (!read_header(r, s)) {
		refuse_linktype(file, r->c->linktype, error, size);
		return false;
	}
	if (!read_packets(r, s)) {
		snprintf(error, size, "%s: %s (%" PRIu64 " packets read)", file,
			 r->refusal, r->c->count);
		return false;
	}
	place_packets(r);
	lay_out_times(r->c, r->options->max_gap_ps);
	return true;
}

bool capture_read(const char *file, const struct capture_options *options,
		  struct capture *out, char *error, uint32_t size)
{
	struct reader r = {.c = out, .options = options};
	char words[PCAP_ERRBUF_SIZE] = "";
	struct stream s;
	bool ok;

	memset(out, 0, sizeof *out);
	r.limit = options->limit ? options->limit : CAPTURE_LIMIT;
	if (!stream_open(&s, file, error, size))
		return false;
	r.pcap = pcap_fopen_offline_with_tstamp_precision(
		s.file, PCAP_TSTAMP_PRECISION_NANO, words);
	if (!r.pcap) {
		snprintf(error, size, "%s: %s", file,
			 s.problem[0] ? s.problem : words);
		fclose(s.file);
		return false;
	}
	ok = read_all(&r, file, &s, error, size);
	out->store = r.store;
	pcap_close(r.pcap);
	if (!ok)
		capture_free(out);
	return ok;
}

void capture_free(struct capture *c)
{
	free(c->packet);
	free(c->store);
	memset(c, 0, sizeof *c);
}
