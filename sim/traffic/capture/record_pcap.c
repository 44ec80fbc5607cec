/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The classic format: a header for the file, then 16 or 24 bytes before each
 * packet. Old writers put the two lengths the other way round.
 */
#include <inttypes.h>

#include "sim/traffic/capture/record_window.h"

enum {
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	RECORD_HEADER_MODIFIED = 24, /* of a patched libpcap of 1999 */
	MICRO = 0xa1b2c3d4 & 0xffff, /* the low halves of the magic numbers */
	NANO = 0xa1b23c4d & 0xffff,
	MODIFIED = 0xa1b2cd34 & 0xffff,
	MAGIC_HIGH = 0xa1b2,
	VERSION = 2,
	VERSION_MINOR_MOST = 4,
	VERSION_DG_UX = 543,
	SNAPLEN_AT = 16,
	LINKTYPE_AT = 20,
	MICROSECOND_DIGITS = 6,
	NANOSECOND_DIGITS = 9,
};

static bool refuse(struct record_reader *r, const char *words)
{
	snprintf(r->problem, sizeof r->problem, "%s", words);
	return false;
}

/* Takes the byte order and the kind from the first four bytes. */
static bool take_magic(struct record_reader *r, const uint8_t *p)
{
	for (int big = 0; big < 2; big++) {
		uint32_t magic;

		r->big = big;
		magic = record_32(r, p);
		if (magic >> 16 != MAGIC_HIGH)
			continue;
		r->nanoseconds = (magic & 0xffff) == NANO;
		r->header_size = (magic & 0xffff) == MODIFIED
					 ? RECORD_HEADER_MODIFIED
					 : RECORD_HEADER;
		return r->nanoseconds || (magic & 0xffff) == MICRO ||
		       (magic & 0xffff) == MODIFIED;
	}
	return false;
}

static bool take_version(struct record_reader *r, const uint8_t *p)
{
	uint16_t major = record_16(r, p), minor = record_16(r, p + 2);

	if (major == VERSION && minor <= VERSION_MINOR_MOST)
		r->lengths = minor < 3    ? LENGTHS_SWAPPED
			     : minor == 3 ? LENGTHS_MAYBE_SWAPPED
					  : LENGTHS_PLAIN;
	else if (major == VERSION_DG_UX && minor == 0)
		r->lengths = LENGTHS_SWAPPED;
	else {
		snprintf(r->problem, sizeof r->problem,
			 "pcap of version %u.%u is not known", major, minor);
		return false;
	}
	return true;
}

bool record_pcap_begin(struct record_reader *r)
{
	struct record_interface i = {.linktype = 0};
	const uint8_t *p = record_look(r, 0, FILE_HEADER);

	if (!p && r->problem[0])
		return false;
	if (r->held < 4)
		return refuse(r, r->held ? "truncated: no capture has fewer "
					   "than 24 bytes"
					 : "truncated: the file is empty");
	if (!take_magic(r, r->buffer + RECORD_FRONT))
		return refuse(r, "unknown file format, neither pcap nor "
				 "pcapng; editcap or tshark may convert it");
	if (!p)
		return refuse(r, "truncated: a pcap file has 24 bytes at "
				 "least");
	if (!take_version(r, p + 4))
		return false;
	i.linktype = record_linktype(record_32(r, p + LINKTYPE_AT));
	i.snaplen = record_32(r, p + SNAPLEN_AT);
	i.units = r->nanoseconds ? NANOSECOND_DIGITS : MICROSECOND_DIGITS;
	r->next = FILE_HEADER;
	return record_add_interface(r, &i) || refuse(r, "out of memory");
}

static void take_lengths(const struct record_reader *r, const uint8_t *p,
			 struct record *out)
{
	uint32_t first = record_32(r, p), second = record_32(r, p + 4);
	bool swapped = r->lengths == LENGTHS_SWAPPED ||
		       (r->lengths == LENGTHS_MAYBE_SWAPPED && first > second);

	out->caplen = swapped ? second : first;
	out->len = swapped ? first : second;
}

/* Seconds and parts of a second since 1970. */
static __int128 stamp(const struct record_reader *r, const uint8_t *p)
{
	int64_t part = (int64_t)record_32(r, p + 4) *
		       (r->nanoseconds ? 1000 : 1000000);

	return (__int128)record_32(r, p) * 1000000000000 + part;
}

enum record_answer record_pcap_next(struct record_reader *r, struct record *out)
{
	uint32_t size = r->header_size;
	uint8_t *p = record_look(r, r->next, size);

	if (!p && r->held == 0 && !r->problem[0] && !r->s->problem[0])
		return RECORD_END;
	if (!p)
		return record_cut(r, size);
	take_lengths(r, p + 8, out);
	if (out->caplen > RECORD_BYTES_MAX)
		return record_bad(r,
				  "it claims to hold %" PRIu32
				  " bytes; at most %d are possible",
				  out->caplen, RECORD_BYTES_MAX);
	p = record_look(r, r->next, size + out->caplen);
	if (!p)
		return record_cut(r, (uint64_t)size + out->caplen);
	out->ps = stamp(r, p);
	out->stamped = true;
	out->fine = r->nanoseconds;
	out->linktype = r->interface->linktype;
	out->bytes = p + size;
	r->next += size + out->caplen;
	return RECORD_GOOD;
}
