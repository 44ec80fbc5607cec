/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Linux cooked captures (both versions), raw IP and BSD loopback. A header
 * that is not all there is taken for an empty one.
 */
#include <assert.h>
#include <pcap/pcap.h>
#include <string.h>

#include "sim/traffic/capture/linktype.h"

enum {
	SLL_HEADER = 16,
	SLL2_HEADER = 20,
	LOOP_HEADER = 4,
	COOKED_BROADCAST = 1,
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_LOCAL = 0x88b5, /* IEEE: for local experiments */
};

/* What a cooked header says about a packet. */
struct cooked {
	uint16_t type;
	uint16_t kind;
	uint16_t mac_len;
	const uint8_t *mac;
};

static uint16_t load16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

bool linktype_is_ethernet(int type)
{
	return type == DLT_EN10MB;
}

bool linktype_is_known(int type)
{
	switch (type) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_NULL:
	case DLT_LOOP:
		return true;
	}
	return false;
}

static void mac_of_ipv4(const uint8_t *ip, uint8_t mac[6])
{
	static const uint8_t everyone[4] = {255, 255, 255, 255};
	const uint8_t host[6] = {2, 0, ip[0], ip[1], ip[2], ip[3]};
	const uint8_t group[6] = {1, 0, 0x5e, ip[1] & 0x7f, ip[2], ip[3]};

	if (memcmp(ip, everyone, sizeof everyone) == 0)
		memset(mac, 0xff, 6);
	else
		memcpy(mac, (ip[0] & 0xf0) == 0xe0 ? group : host, 6);
}

/* 128 bits into 40: every address bit counts, and a host keeps its MAC. */
static void mac_of_ipv6(const uint8_t *ip, uint8_t mac[6])
{
	const uint8_t group[6] = {0x33, 0x33, ip[12], ip[13], ip[14], ip[15]};
	uint64_t mixed = 0;

	if (ip[0] == 0xff) {
		memcpy(mac, group, 6);
		return;
	}
	for (int i = 0; i < 16; i++)
		mixed = (mixed ^ ip[i]) * 0x100000001b3;
	mixed ^= mixed >> 29;
	mac[0] = 6;
	for (int i = 1; i < 6; i++)
		mac[i] = (uint8_t)(mixed >> 8 * i);
}

/* True if @ip begins an IP packet, whose header is then written. */
static bool header_of_ip(const uint8_t *ip, uint32_t len,
			 uint8_t header[ETHERNET_HEADER])
{
	uint16_t type;

	if (len >= 20 && ip[0] >> 4 == 4) {
		type = TYPE_IPV4;
		mac_of_ipv4(ip + 16, header);
		mac_of_ipv4(ip + 12, header + 6);
	} else if (len >= 40 && ip[0] >> 4 == 6) {
		type = TYPE_IPV6;
		mac_of_ipv6(ip + 24, header);
		mac_of_ipv6(ip + 8, header + 6);
	} else {
		return false;
	}
	header[12] = (uint8_t)(type >> 8);
	header[13] = (uint8_t)type;
	return true;
}

static uint32_t cooked_read(int type, const uint8_t *bytes, uint32_t len,
			    struct cooked *out)
{
	if (type == DLT_LINUX_SLL && len >= SLL_HEADER) {
		*out = (struct cooked){.type = load16(bytes + 14),
				       .kind = load16(bytes),
				       .mac_len = load16(bytes + 4),
				       .mac = bytes + 6};
		return SLL_HEADER;
	}
	if (type == DLT_LINUX_SLL2 && len >= SLL2_HEADER) {
		*out = (struct cooked){.type = load16(bytes),
				       .kind = bytes[10],
				       .mac_len = bytes[11],
				       .mac = bytes + 12};
		return SLL2_HEADER;
	}
	*out = (struct cooked){.type = TYPE_LOCAL};
	return len;
}

static uint32_t convert_cooked(int type, const uint8_t *bytes, uint32_t len,
			       uint8_t header[ETHERNET_HEADER])
{
	struct cooked c;
	uint32_t skip = cooked_read(type, bytes, len, &c);

	assert(skip <= len);
	if ((c.type == TYPE_IPV4 || c.type == TYPE_IPV6) &&
	    header_of_ip(bytes + skip, len - skip, header))
		return skip;
	if (c.kind == COOKED_BROADCAST)
		memset(header, 0xff, 6);
	if (c.mac_len == 6)
		memcpy(header + 6, c.mac, 6);
	header[12] = (uint8_t)(c.type >> 8);
	header[13] = (uint8_t)c.type;
	return skip;
}

uint32_t linktype_convert(int type, const uint8_t *bytes, uint32_t len,
			  uint8_t header[ETHERNET_HEADER])
{
	uint32_t skip = 0;

	assert(linktype_is_known(type) && !linktype_is_ethernet(type));
	memset(header, 0, ETHERNET_HEADER);
	header[0] = 2; /* whom nothing names: locally administered, not 0 */
	header[5] = 1;
	header[6] = 2;
	if (type == DLT_LINUX_SLL || type == DLT_LINUX_SLL2)
		return convert_cooked(type, bytes, len, header);
	if (type == DLT_NULL || type == DLT_LOOP)
		skip = len < LOOP_HEADER ? len : LOOP_HEADER;
	if (!header_of_ip(bytes + skip, len - skip, header)) {
		header[12] = TYPE_LOCAL >> 8;
		header[13] = TYPE_LOCAL & 0xff;
	}
	return skip;
}
