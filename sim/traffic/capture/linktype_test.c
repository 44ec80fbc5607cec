/* SPDX-License-Identifier: BSD-3-Clause */
#include <pcap/pcap.h>

#include "model/unit.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/capture/linktype.h"

static uint8_t header[ETHERNET_HEADER];

static uint32_t convert(int type, const void *bytes, uint32_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	uint32_t skip;

	assert(exact);
	memcpy(exact, bytes, len);
	skip = linktype_convert(type, exact, len, header);
	CU_ASSERT(skip <= len);
	free(exact);
	return skip;
}

static void check(const char *expected)
{
	CU_ASSERT_EQUAL(memcmp(header, expected, ETHERNET_HEADER), 0);
}

static void ipv4(uint8_t *to)
{
	memset(to, 0, 20);
	to[0] = 0x45;
	memcpy(to + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
}

static void raw_ip(void)
{
	uint8_t ip[20];

	ipv4(ip);
	CU_ASSERT_EQUAL(convert(DLT_RAW, ip, 20), 0);
	check("\2\0\x0a\0\0\2\2\0\x0a\0\0\1\x08\0");
}

static void groups_keep_group_addresses(void)
{
	uint8_t ip[40] = {[0] = 0x45};

	memset(ip + 16, 0xff, 4);
	convert(DLT_RAW, ip, 20);
	CU_ASSERT_EQUAL(memcmp(header, "\xff\xff\xff\xff\xff\xff", 6), 0);
	memcpy(ip + 16, "\xe0\x81\2\3", 4);
	convert(DLT_RAW, ip, 20);
	CU_ASSERT_EQUAL(memcmp(header, "\1\0\x5e\1\2\3", 6), 0);
	ip[0] = 0x60;
	memcpy(ip + 24, "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\xfb", 16);
	convert(DLT_RAW, ip, 40);
	CU_ASSERT_EQUAL(memcmp(header, "\x33\x33\0\0\0\xfb", 6), 0);
	CU_ASSERT_EQUAL(memcmp(header + 12, "\x86\xdd", 2), 0);
}

static void an_ipv6_host_keeps_its_mac(void)
{
	uint8_t ip[40] = {[0] = 0x60, [8] = 0xfd, [23] = 1, [24] = 0xfd};
	uint8_t first[6];

	ip[39] = 2;
	convert(DLT_IPV6, ip, 40);
	memcpy(first, header + 6, 6);
	CU_ASSERT_EQUAL(first[0] & 3, 2);
	CU_ASSERT_NOT_EQUAL(memcmp(first, header, 6), 0);
	ip[23] = 2; /* now from the other one to the first */
	ip[39] = 1;
	convert(DLT_IPV6, ip, 40);
	CU_ASSERT_EQUAL(memcmp(first, header, 6), 0);
}

static void cooked(void)
{
	uint8_t sll[36] = "\0\4\0\1\0\6\xaa\xbb\xcc\xdd\xee\xff\0\0\x08\0";
	uint8_t sll2[40] = "\x08\0\0\0\0\0\0\1\0\1\4\6\xaa\xbb\xcc\xdd\xee\xff";

	ipv4(sll + 16);
	CU_ASSERT_EQUAL(convert(DLT_LINUX_SLL, sll, sizeof sll), 16);
	check("\2\0\x0a\0\0\2\2\0\x0a\0\0\1\x08\0");
	ipv4(sll2 + 20);
	CU_ASSERT_EQUAL(convert(DLT_LINUX_SLL2, sll2, sizeof sll2), 20);
	check("\2\0\x0a\0\0\2\2\0\x0a\0\0\1\x08\0");
}

static void cooked_without_ip_uses_its_address(void)
{
	uint8_t arp[44] = "\0\1\0\1\0\6\xaa\xbb\xcc\xdd\xee\xff\0\0\x08\6";

	CU_ASSERT_EQUAL(convert(DLT_LINUX_SLL, arp, sizeof arp), 16);
	check("\xff\xff\xff\xff\xff\xff\xaa\xbb\xcc\xdd\xee\xff\x08\6");
}

static void loopback(void)
{
	uint8_t null[24] = {2};

	ipv4(null + 4);
	CU_ASSERT_EQUAL(convert(DLT_NULL, null, sizeof null), 4);
	check("\2\0\x0a\0\0\2\2\0\x0a\0\0\1\x08\0");
	CU_ASSERT_EQUAL(convert(DLT_LOOP, null, sizeof null), 4);
}

static void every_cut_is_safe(void)
{
	static const int types[] = {DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_RAW,
				    DLT_IPV4,      DLT_IPV6,       DLT_NULL,
				    DLT_LOOP};
	uint8_t bytes[64];

	for (size_t t = 0; t < sizeof types / sizeof *types; t++)
		for (int value = 0; value < 256; value++)
			for (uint32_t len = 0; len <= sizeof bytes; len++) {
				memset(bytes, value, sizeof bytes);
				convert(types[t], bytes, len);
			}
	CU_PASS("no byte beyond the end was read");
}

static void others_are_unknown(void)
{
	CU_ASSERT_TRUE(linktype_is_ethernet(DLT_EN10MB));
	CU_ASSERT_FALSE(linktype_is_known(DLT_IEEE802_11));
	CU_ASSERT_FALSE(linktype_is_known(-1));
}

static const struct unit_case cases[] = {
	{"raw IP", raw_ip},
	{"groups keep group addresses", groups_keep_group_addresses},
	{"an IPv6 host keeps its MAC", an_ipv6_host_keeps_its_mac},
	{"cooked", cooked},
	{"cooked without IP uses its address",
	 cooked_without_ip_uses_its_address},
	{"loopback", loopback},
	{"every cut is safe", every_cut_is_safe},
	{"others are unknown", others_are_unknown},
};

UNIT_MAIN("linktype", cases)
