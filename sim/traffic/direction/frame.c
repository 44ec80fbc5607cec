/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass from the outer header inwards, a function a layer. Each checks that
 * its header is there before it reads a byte of it.
 */
#include <assert.h>
#include <string.h>

#include "sim/traffic/direction/frame.h"

enum {
	ETHERNET = 14,
	VLAN_TAGS_MAX = 4,
	TYPE_VLAN = 0x8100,
	TYPE_QINQ = 0x88a8,
	TYPE_QINQ_OLD = 0x9100,
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	IPV6_HEADER = 40,
	EXTENSIONS_MAX = 8,
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	DESTINATION = 60,
};

struct reader {
	const uint8_t *bytes;
	uint32_t len;
	uint32_t at; /* <= len */
};

static bool has(const struct reader *r, uint32_t count)
{
	assert(r->at <= r->len);
	return r->len - r->at >= count;
}

static uint16_t load16(const struct reader *r, uint32_t offset)
{
	const uint8_t *p = r->bytes + r->at + offset;

	assert(has(r, offset + 2));
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void parse_tcp(struct reader *r, struct frame *f)
{
	uint32_t size;

	if (!has(r, 20))
		return;
	size = (uint32_t)(r->bytes[r->at + 12] >> 4) * 4;
	f->tcp_flags = r->bytes[r->at + 13];
	if (size >= 20 && has(r, size))
		f->data = r->at + size;
}

static void parse_l4(struct reader *r, struct frame *f)
{
	if (f->protocol != FRAME_TCP && f->protocol != FRAME_UDP)
		return;
	if (!has(r, 8))
		return;
	f->l4 = r->at;
	f->port_from = load16(r, 0);
	f->port_to = load16(r, 2);
	if (f->protocol == FRAME_TCP)
		parse_tcp(r, f);
}

static void parse_ipv4(struct reader *r, struct frame *f)
{
	const uint8_t *ip = r->bytes + r->at;
	uint32_t size;
	uint16_t piece;

	if (!has(r, 20) || ip[0] >> 4 != 4)
		return;
	size = (uint32_t)(ip[0] & 15) * 4;
	if (size < 20 || !has(r, size))
		return;
	piece = load16(r, 6);
	f->ip_version = 4;
	f->ip_from = ip + 12;
	f->ip_to = ip + 16;
	f->protocol = ip[9];
	f->fragment = piece & 0x3fff;
	r->at += size;
	if (!(piece & 0x1fff))
		parse_l4(r, f);
}

/* Moves over one extension header; false if there is none or no room. */
static bool skip_extension(struct reader *r, struct frame *f, bool *first)
{
	uint32_t size = 8;

	switch (f->protocol) {
	case HOP_BY_HOP:
	case ROUTING:
	case DESTINATION:
		if (has(r, 2))
			size = 8 * (r->bytes[r->at + 1] + 1u);
		break;
	case FRAGMENT:
		f->fragment = true;
		if (has(r, 4) && load16(r, 2) & 0xfff8)
			*first = false;
		break;
	default:
		return false;
	}
	if (!has(r, size)) {
		*first = false;
		return false;
	}
	f->protocol = r->bytes[r->at];
	r->at += size;
	return true;
}

static void parse_ipv6(struct reader *r, struct frame *f)
{
	const uint8_t *ip = r->bytes + r->at;
	bool first = true; /* the piece with the TCP or UDP header */

	if (!has(r, IPV6_HEADER) || ip[0] >> 4 != 6)
		return;
	f->ip_version = 6;
	f->ip_from = ip + 8;
	f->ip_to = ip + 24;
	f->protocol = ip[6];
	r->at += IPV6_HEADER;
	for (int i = 0; i < EXTENSIONS_MAX; i++)
		if (!first || !skip_extension(r, f, &first))
			break;
	if (first)
		parse_l4(r, f);
}

static bool is_tag(uint16_t type)
{
	return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
}

void frame_parse(const uint8_t *bytes, uint32_t len, struct frame *out)
{
	struct reader r = {.bytes = bytes, .len = len};

	memset(out, 0, sizeof *out);
	if (!has(&r, ETHERNET))
		return;
	out->mac_to = bytes;
	out->mac_from = bytes + 6;
	out->type = load16(&r, 12);
	r.at = ETHERNET;
	for (int i = 0; i < VLAN_TAGS_MAX && is_tag(out->type); i++) {
		if (!has(&r, 4))
			return;
		out->type = load16(&r, 2);
		r.at += 4;
	}
	if (out->type == TYPE_IPV4)
		parse_ipv4(&r, out);
	else if (out->type == TYPE_IPV6)
		parse_ipv6(&r, out);
}
