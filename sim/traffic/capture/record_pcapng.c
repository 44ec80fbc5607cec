/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng: blocks, each with its length before and behind. Sections have a byte
 * order and interfaces of their own; an interface has a link type, a snap
 * length and a unit of time of its own. What is no packet is passed over.
 */
#include <inttypes.h>

#include "sim/traffic/capture/record_window.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	VERSION = 1,
	BLOCK_FRAME = 12, /* type, length, length again */
	SECTION_SIZE = 28,
	INTERFACE_SIZE = 20,
	PACKET_HEADER = 28,
	SIMPLE_HEADER = 12,
	OPTIONS_AT = 16, /* of an interface */
	OPTION_END = 0,
	OPTION_UNITS = 9,
	OPTION_OFFSET = 14,
	MICROSECONDS = 6, /* where no option says it */
	UNITS_BINARY = 0x80,
	PICOSECOND_DIGITS = 12,
	DIGITS_MOST = 31, /* more count nothing in 64 bits */
};

struct block {
	uint32_t type;
	uint32_t size; /* in all */
};

/* The length behind the block, for which the window must not move. */
static bool ends_well(struct record_reader *r, const struct block *b)
{
	uint64_t at = r->next + b->size - 4;
	uint8_t bytes[4];
	int64_t got;

	if (at >= r->base && at + 4 - r->base <= r->held) {
		memcpy(bytes, r->buffer + RECORD_FRONT + (at - r->base), 4);
	} else {
		got = stream_read(r->s, at, bytes, sizeof bytes);
		if (got != sizeof bytes) {
			record_cut(r, b->size);
			return false;
		}
	}
	if (record_32(r, bytes) == b->size)
		return true;
	record_bad(r,
		   "a block of %" PRIu32 " bytes says %" PRIu32 " at its end",
		   b->size, record_32(r, bytes));
	return false;
}

/* A section's byte order is known before its length can be read. */
static enum record_answer take_section(struct record_reader *r, uint8_t *p)
{
	bool first = r->next == 0, was = r->big;
	uint16_t major;

	for (int big = 0; big < 2; big++) {
		r->big = big;
		if (record_32(r, p + 8) == BYTE_ORDER_MAGIC)
			break;
	}
	if (record_32(r, p + 8) != BYTE_ORDER_MAGIC)
		return record_bad(r, "a section of unknown byte order");
	r->mixed |= !first && was != r->big;
	major = record_16(r, p + 12);
	if (major != VERSION)
		return record_bad(r, "pcapng of version %u is not known",
				  major);
	r->interfaces = 0;
	return RECORD_GOOD;
}

/* Looks at the block at next; anything but GOOD ends the reading. */
static enum record_answer take_block(struct record_reader *r, struct block *b)
{
	static const uint8_t section[4] = {0x0a, 0x0d, 0x0d, 0x0a};
	uint8_t *p = record_look(r, r->next, 8);
	uint32_t least = BLOCK_FRAME;

	if (!p && r->held == 0 && !r->problem[0] && !r->s->problem[0])
		return RECORD_END;
	if (!p)
		return record_cut(r, BLOCK_FRAME);
	if (memcmp(p, section, sizeof section) == 0) {
		least = SECTION_SIZE;
		p = record_look(r, r->next, SECTION_SIZE - 4);
		if (!p)
			return record_cut(r, SECTION_SIZE);
		if (take_section(r, p) != RECORD_GOOD)
			return RECORD_BAD;
	}
	b->type = record_32(r, p);
	b->size = record_32(r, p + 4);
	if (b->size < least || b->size % 4)
		return record_bad(r, "a block of %" PRIu32 " bytes", b->size);
	return ends_well(r, b) ? RECORD_GOOD : RECORD_BAD;
}

bool record_pcapng_begin(struct record_reader *r)
{
	struct block b = {0};
	enum record_answer answer = take_block(r, &b);

	if (answer == RECORD_GOOD)
		r->next += b.size;
	return answer == RECORD_GOOD;
}

static int64_t option_offset(const struct record_reader *r, const uint8_t *p)
{
	uint64_t high = record_32(r, p), low = record_32(r, p + 4);

	/* 64 bits in the section's order */
	return (int64_t)(r->big ? high << 32 | low : low << 32 | high);
}

/* Takes from the options what tells of times. False: one of them is cut. */
static bool take_options(struct record_reader *r, const struct block *b,
			 struct record_interface *i)
{
	uint64_t at = r->next + OPTIONS_AT, end = r->next + b->size - 4;

	while (at + 4 <= end) {
		const uint8_t *p = record_look(r, at, 4);
		uint16_t code, len;

		if (!p)
			return false;
		code = record_16(r, p);
		len = record_16(r, p + 2);
		if (code == OPTION_END || at + 4 + len > end)
			return code == OPTION_END;
		p = record_look(r, at, 4u + len);
		if (!p)
			return false;
		if (code == OPTION_UNITS && len == 1)
			i->units = p[4];
		if (code == OPTION_OFFSET && len == 8)
			i->offset_s = option_offset(r, p + 4);
		at += 4u + (len + 3u) / 4 * 4;
	}
	return true;
}

static enum record_answer take_interface(struct record_reader *r,
					 const struct block *b)
{
	struct record_interface i = {.units = MICROSECONDS};
	const uint8_t *p = record_look(r, r->next, OPTIONS_AT);

	if (b->size < INTERFACE_SIZE)
		return record_bad(r, "an interface of %" PRIu32 " bytes",
				  b->size);
	if (!p)
		return record_cut(r, b->size);
	i.linktype = record_linktype(record_16(r, p + 8));
	i.snaplen = record_32(r, p + 12);
	if (!take_options(r, b, &i))
		return record_bad(r, "an interface whose options go beyond "
				     "their block");
	if (!record_add_interface(r, &i))
		return record_bad(r, "out of memory");
	return RECORD_GOOD;
}

static __int128 picoseconds(const struct record_interface *i, uint64_t count)
{
	unsigned __int128 ps = count;
	uint32_t digits = i->units & (uint8_t)~UNITS_BINARY;

	if (i->units & UNITS_BINARY)
		return (__int128)(ps * 1000000000000 >> digits);
	if (digits > DIGITS_MOST)
		return 0;
	for (uint32_t d = digits; d < PICOSECOND_DIGITS; d++)
		ps *= 10;
	for (uint32_t d = PICOSECOND_DIGITS; d < digits; d++)
		ps /= 10;
	return (__int128)ps;
}

/* What both kinds of packets with a stamp share; numbers from @p on. */
static enum record_answer take_stamped(struct record_reader *r, uint32_t number,
				       const uint8_t *p, struct record *out)
{
	const struct record_interface *i;
	uint64_t count;

	if (number >= r->interfaces)
		return record_bad(r,
				  "it is of interface %" PRIu32
				  ", and its section has %" PRIu32,
				  number, r->interfaces);
	i = &r->interface[number];
	count = (uint64_t)record_32(r, p) << 32 | record_32(r, p + 4);
	out->ps = picoseconds(i, count) + (__int128)i->offset_s * 1000000000000;
	out->stamped = true;
	out->fine = i->units > MICROSECONDS;
	out->linktype = i->linktype;
	out->caplen = record_32(r, p + 8);
	out->len = record_32(r, p + 12);
	return RECORD_GOOD;
}

/* A packet that has nothing but its length: it came when the last one did. */
static enum record_answer take_simple(struct record_reader *r,
				      const struct block *b, const uint8_t *p,
				      struct record *out)
{
	uint32_t room = b->size - SIMPLE_HEADER - 4;

	if (!r->interfaces)
		return record_bad(r, "a packet before any interface");
	out->stamped = out->fine = false;
	out->ps = 0;
	out->linktype = r->interface->linktype;
	out->len = out->caplen = record_32(r, p + 8);
	if (r->interface->snaplen && out->caplen > r->interface->snaplen)
		out->caplen = r->interface->snaplen;
	if (out->caplen > room)
		out->caplen = room;
	return RECORD_GOOD;
}

/* The packet that block @b is. */
static enum record_answer take_packet(struct record_reader *r,
				      const struct block *b, struct record *out)
{
	bool simple = b->type == BLOCK_SIMPLE;
	uint32_t header = simple ? SIMPLE_HEADER : PACKET_HEADER;
	const uint8_t *p = record_look(r, r->next, header);
	enum record_answer answer;
	uint8_t *bytes;

	if (b->size < header + 4)
		return record_bad(r, "a packet in a block of %" PRIu32 " bytes",
				  b->size);
	if (!p)
		return record_cut(r, b->size);
	if (simple)
		answer = take_simple(r, b, p, out);
	else
		answer = take_stamped(r,
				      b->type == BLOCK_PACKET
					      ? record_16(r, p + 8)
					      : record_32(r, p + 8),
				      p + 12, out);
	if (answer != RECORD_GOOD)
		return answer;
	if (out->caplen > b->size - header - 4 ||
	    out->caplen > RECORD_BYTES_MAX)
		return record_bad(r,
				  "it claims to hold %" PRIu32
				  " bytes in a block of %" PRIu32,
				  out->caplen, b->size);
	bytes = record_look(r, r->next, header + out->caplen);
	if (!bytes)
		return record_cut(r, b->size);
	out->bytes = bytes + header;
	return RECORD_GOOD;
}

enum record_answer record_pcapng_next(struct record_reader *r,
				      struct record *out)
{
	for (;;) {
		struct block b = {0};
		enum record_answer answer = take_block(r, &b);
		bool packet =
			answer == RECORD_GOOD &&
			(b.type == BLOCK_ENHANCED || b.type == BLOCK_PACKET ||
			 b.type == BLOCK_SIMPLE);

		if (packet)
			answer = take_packet(r, &b, out);
		else if (answer == RECORD_GOOD && b.type == BLOCK_INTERFACE)
			answer = take_interface(r, &b);
		if (answer != RECORD_GOOD)
			return answer;
		r->next += b.size;
		if (packet)
			return RECORD_GOOD;
	}
}
