/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The records of a capture file, pcap or pcapng, one after the other. Our own
 * reader, and not libpcap's: that one refuses a pcapng file whose interfaces
 * differ in link type or snap length, or whose sections differ in byte order;
 * it cannot say at which byte a file breaks, and it cannot share a file among
 * readers that stand at different places. No packaged library does.
 *
 * No number of the file is believed before it is checked, and none decides how
 * much memory is taken.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_RECORD_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/traffic/capture/stream.h"

enum {
	RECORD_BYTES_MAX = 262144, /* captured ones, as libpcap has it */
	RECORD_FRONT = 16, /* bytes before a record's that may be overwritten */
};

/* One packet as the file has it. */
struct record {
	uint8_t *bytes;  /* until the next call; RECORD_FRONT before are ours */
	__int128 ps;     /* since 1970, where stamped */
	uint32_t caplen; /* bytes that are there */
	uint32_t len;    /* on the wire, as the file says */
	int linktype;    /* libpcap's DLT_ number */
	bool stamped;
	bool fine; /* ps counts less than microseconds */
};

/* An interface of a pcapng section; a pcap file has one. */
struct record_interface {
	int linktype;
	uint32_t snaplen; /* 0: none */
	uint8_t units;    /* if_tsresol: 10^-n seconds, with bit 7 2^-n */
	int64_t offset_s; /* if_tsoffset */
};

enum record_format { RECORD_PCAP, RECORD_PCAPNG };

struct record_reader {
	const struct stream *s;
	uint8_t *buffer; /* RECORD_FRONT, then bytes of s from base on */
	uint64_t base;
	uint32_t held;  /* bytes of s in buffer */
	uint32_t room;  /* for them */
	uint64_t next;  /* where the next record begins */
	uint64_t count; /* packets so far */
	enum record_format format;
	bool big;            /* endian: the file, or the section */
	bool mixed;          /* both kinds of sections were seen */
	bool nanoseconds;    /* pcap */
	uint8_t header_size; /* pcap: of a record */
	uint8_t lengths;     /* pcap: enum record_lengths */
	struct record_interface *interface;
	uint32_t interfaces, interface_room;
	char problem[200]; /* after RECORD_BAD: what, and where */
};

enum record_lengths { LENGTHS_PLAIN, LENGTHS_MAYBE_SWAPPED, LENGTHS_SWAPPED };

enum record_answer { RECORD_GOOD, RECORD_END, RECORD_BAD };

/*
 * Begins at the first record of @s, which must stay. False with words in
 * problem if it is no capture; the caller ends it in any case.
 */
bool record_begin(struct record_reader *r, const struct stream *s);
void record_end(struct record_reader *r);

/* Back to where record_begin() left it, after which it cannot fail. */
void record_rewind(struct record_reader *r);

/* After RECORD_END and RECORD_BAD it must not be called again. */
enum record_answer record_next(struct record_reader *r, struct record *out);

#endif
