/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Capture files in memory: pcap and pcapng, any byte order, micro- or
 * nanoseconds, gzip or not, "-" for standard input, through libpcap.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Memory that a capture may take when nothing else is said: 2 GiB. */
#define CAPTURE_LIMIT (UINT64_C(1) << 31)

/* A longer span is not kept: its gaps are cut to a second. About 53 days. */
#define CAPTURE_SPAN_MAX_PS (UINT64_C(1) << 62)

enum {
	CAPTURE_FRAME_MAX = 262144, /* captured bytes, and padded ones */
};

struct capture_packet {
	const uint8_t *bytes;
	uint64_t time_ps; /* since the first packet, never decreasing */
	uint32_t len;     /* bytes held, after padding or not */
	uint32_t wire_len;
};

struct capture {
	struct capture_packet *packet;
	uint64_t count;
	uint64_t bytes;     /* sum of len */
	int linktype;       /* as libpcap names it, before conversion */
	const char *format; /* "pcap", "pcapng" */
	bool gzip, swapped, nanoseconds;
	uint64_t snapped;      /* packets cut by the snap length */
	uint64_t converted;    /* packets that got an Ethernet header */
	uint64_t backwards;    /* time stamps that went back */
	uint64_t cut_gaps;     /* gaps longer than the limit */
	uint64_t gap_limit_ps; /* the limit; 0: none */
	uint64_t wire_bytes;   /* sum of wire_len */
	uint64_t zeros;        /* bytes of padding */
	uint32_t frame_min, frame_max;
	bool damaged;      /* an error came after count good packets */
	char problem[256]; /* libpcap's words for it */
	void *store;       /* owned */
};

struct capture_options {
	bool pad; /* zero-fill snapped packets to their wire length */
	uint64_t max_gap_ps; /* 0: keep all gaps */
	uint64_t limit;      /* bytes of memory; 0: CAPTURE_LIMIT */
};

/*
 * Reads all of @file. False with a message in @error if it cannot be opened or
 * is no capture; a file that breaks off returns true with damaged set and the
 * good packets. Stamps that go back are held at the latest one before, unless
 * they go back by more than the gap limit: then time goes on from there.
 */
bool capture_read(const char *file, const struct capture_options *options,
		  struct capture *out, char *error, uint32_t size);
void capture_free(struct capture *c);

/*
 * Writes what is known about @c, read from @file, for people to read. False:
 * memory ran out on the way.
 */
bool capture_describe(const struct capture *c, const char *file, FILE *out);

#endif
