/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Capture files: pcap and pcapng, any byte order, any unit of time, packed by
 * gzip, bzip2, xz or zstd or not, "-" for standard input. A capture is gone
 * through once when it is opened; its packets are read again, by any number of
 * readers, without being held: memory does not grow with the file.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_CAPTURE_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/traffic/capture/record.h"

/*
 * The longest span that can be played: 200 days. 64 bits hold 213 days of
 * picoseconds; what is set to wait at the end needs the rest.
 */
#define CAPTURE_SPAN_MAX_PS (200 * UINT64_C(86400000000000000))

enum {
	CAPTURE_FRAME_MAX = 262144, /* captured bytes, and padded ones */
	CAPTURE_LINKTYPES = 16,     /* kinds that are told apart */
};

struct capture_packet {
	const uint8_t *bytes; /* held of them; until the next packet */
	uint64_t time_ps;     /* since the first packet, never decreasing */
	uint32_t held;        /* the rest up to len are zeros */
	uint32_t len;         /* after padding or not */
	uint32_t wire_len;
};

/* How many packets are of one link type, as libpcap numbers them. */
struct capture_linktype {
	int type;
	uint64_t packets;
};

struct capture {
	uint64_t count;
	uint64_t empty; /* of them, those without a byte: they are not sent */
	uint64_t bytes; /* sum of len */
	struct capture_linktype linktype[CAPTURE_LINKTYPES];
	uint32_t linktypes; /* of linktype; 1 at least in a pcap file */
	const char *format; /* "pcap", "pcapng" */
	enum packing packing;
	bool big_endian, mixed_endian, nanoseconds;
	uint64_t snapped;      /* packets cut by the snap length */
	uint64_t overlong;     /* with more bytes than on the wire; all count */
	uint64_t left_out;     /* of link types that cannot become Ethernet */
	uint64_t converted;    /* packets that got an Ethernet header */
	uint64_t backwards;    /* time stamps that went back */
	uint64_t cut_gaps;     /* gaps longer than the limit */
	uint64_t gap_limit_ps; /* the limit; 0: none */
	uint64_t span_ps;    /* the time of the last packet; UINT64_MAX: more */
	uint64_t wire_bytes; /* sum of wire_len */
	uint64_t zeros;      /* bytes of padding */
	uint32_t frame_min, frame_max;
	bool damaged;      /* an error came after count good packets */
	char problem[256]; /* what, in which packet and at which byte */
	bool pad;
	__int128 first_ps;     /* the first stamp */
	struct stream *stream; /* owned */
};

struct capture_options {
	bool pad; /* zero-fill snapped packets to their wire length */
	uint64_t max_gap_ps; /* 0: keep all gaps */
};

/*
 * Goes through all of @file. False with a message in @error if it cannot be
 * opened or is no capture; a file that breaks off returns true with damaged set
 * and counts the good packets. Stamps that go back are held at the latest one
 * before, unless they go back by more than the gap limit: then time goes on
 * from there.
 */
bool capture_open(const char *file, const struct capture_options *options,
		  struct capture *out, char *error, uint32_t size);
void capture_close(struct capture *c);

/* Closes the file; what is known stays. */
void capture_let_go(struct capture *c);

/* How stamps become times, one packet after the other. */
struct capture_clock {
	__int128 limit; /* of gaps; 0: none */
	__int128 zero;  /* the stamp that is time 0 */
	__int128 last;
	uint64_t backwards, cut_gaps;
};

/* Where somebody stands who reads a capture. */
struct capture_reader {
	const struct capture *c;
	struct record_reader records;
	struct capture_clock clock;
	uint64_t at; /* packets read */
};

/* Begins before the first packet. False: out of memory, nothing to end. */
bool capture_begin(struct capture_reader *r, const struct capture *c);

/*
 * From now on gaps of @c above @max_gap_ps (0: none) are cut to that; sums of
 * its times are made anew. False: out of memory.
 */
bool capture_limit_gaps(struct capture *c, uint64_t max_gap_ps);
void capture_end(struct capture_reader *r);
void capture_rewind(struct capture_reader *r);

/*
 * The next packet. False behind the last one; at is then less than the count
 * only if the file was changed since it was opened, or cannot be read.
 */
bool capture_next(struct capture_reader *r, struct capture_packet *out);

/* Writes all len bytes of a packet. */
void capture_copy(const struct capture_packet *p, uint8_t *to);

enum { CAPTURE_HEAD_MAX = 20480 }; /* no headers reach farther */

/*
 * The beginning of a packet, as far as headers may reach, *len bytes; @room of
 * CAPTURE_HEAD_MAX bytes is used where zeros are to be added.
 */
const uint8_t *capture_head(const struct capture_packet *p, uint8_t *room,
			    uint32_t *len);

#endif
