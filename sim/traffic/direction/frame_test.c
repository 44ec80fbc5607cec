/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>

#include "model/unit.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/direction/frame.h"

/* Parses a copy that ends where the frame ends, so that checkers see it. */
static struct frame parse(const uint8_t *bytes, uint32_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	struct frame f;

	assert(exact);
	if (len)
		memcpy(exact, bytes, len);
	frame_parse(exact, len, &f);
	CU_ASSERT(!f.l4 || f.l4 + 8 <= len);
	CU_ASSERT(f.data <= len);
	CU_ASSERT(!f.ip_to || f.ip_to + frame_ip_size(&f) <= exact + len);
	free(exact);
	return f;
}

static void tcp_over_ipv4(void)
{
	struct made_frame made = {.mac_from = 1,
				  .mac_to = 2,
				  .ip_from = 3,
				  .ip_to = 4,
				  .port_from = 40000,
				  .port_to = 80,
				  .protocol = 6,
				  .tcp_flags = FRAME_SYN};
	uint8_t bytes[60];
	struct frame f;

	made_fill(&made, bytes, sizeof bytes);
	f = parse(bytes, sizeof bytes);
	CU_ASSERT_EQUAL(f.ip_version, 4);
	CU_ASSERT_EQUAL(f.protocol, FRAME_TCP);
	CU_ASSERT_EQUAL(f.port_from, 40000);
	CU_ASSERT_EQUAL(f.port_to, 80);
	CU_ASSERT_EQUAL(f.l4, 34);
	CU_ASSERT_EQUAL(f.data, 54);
	CU_ASSERT_EQUAL(f.tcp_flags, FRAME_SYN);
	CU_ASSERT_FALSE(f.fragment);
}

static void two_tags_are_skipped(void)
{
	struct made_frame made = {.ip_from = 3, .ip_to = 4, .port_to = 53};
	uint8_t plain[60], tagged[68];
	struct frame f;

	made_fill(&made, plain, sizeof plain);
	memcpy(tagged, plain, 12);
	memcpy(tagged + 12, "\x88\xa8\0\1\x81\0\0\2", 8);
	memcpy(tagged + 20, plain + 12, 48);
	f = parse(tagged, sizeof tagged);
	CU_ASSERT_EQUAL(f.type, 0x0800);
	CU_ASSERT_EQUAL(f.port_to, 53);
	CU_ASSERT_EQUAL(f.l4, 42);
}

static void ipv6_extensions(uint8_t fragment_offset, struct frame *f)
{
	uint8_t bytes[54 + 8 + 8 + 8] = {[12] = 0x86, [13] = 0xdd, [14] = 0x60};

	bytes[20] = 0;  /* hop by hop */
	bytes[54] = 44; /* then a fragment header */
	bytes[62] = 17; /* then UDP */
	bytes[65] = fragment_offset;
	bytes[71] = 99; /* source port */
	*f = parse(bytes, sizeof bytes);
}

static void ipv6_first_fragment_has_ports(void)
{
	struct frame f;

	ipv6_extensions(1, &f); /* more will follow */
	CU_ASSERT_EQUAL(f.ip_version, 6);
	CU_ASSERT_TRUE(f.fragment);
	CU_ASSERT_EQUAL(f.l4, 70);
	CU_ASSERT_EQUAL(f.port_from, 99);
}

static void ipv6_later_fragment_has_none(void)
{
	struct frame f;

	ipv6_extensions(8, &f);
	CU_ASSERT_TRUE(f.fragment);
	CU_ASSERT_EQUAL(f.l4, 0);
}

static void ipv4_later_fragment_has_none(void)
{
	struct made_frame made = {.ip_from = 3, .ip_to = 4, .port_to = 53};
	uint8_t bytes[60];
	struct frame f;

	made_fill(&made, bytes, sizeof bytes);
	bytes[21] = 1;
	f = parse(bytes, sizeof bytes);
	CU_ASSERT_TRUE(f.fragment);
	CU_ASSERT_EQUAL(f.l4, 0);
}

/* Every cut and every value of every byte: nothing is read beyond the end. */
static void any_byte_may_lie(void)
{
	struct made_frame made = {.ip_from = 3, .ip_to = 4, .protocol = 6};
	uint8_t bytes[80];

	for (uint32_t len = 0; len <= sizeof bytes; len++)
		for (uint32_t at = 12; at < 64; at++)
			for (int value = 0; value < 256; value += 3) {
				made_fill(&made, bytes, sizeof bytes);
				bytes[at] = (uint8_t)value;
				parse(bytes, len);
			}
}

/* The same inside IPv6, whose extension headers chain. */
static void extensions_may_lie(void)
{
	static const uint8_t chain[] = {0, 43, 44, 60, 6, 17, 59, 255};
	uint8_t bytes[160] = {[12] = 0x86, [13] = 0xdd, [14] = 0x60};
	uint64_t rng = 1;

	for (int i = 0; i < 20000; i++) {
		for (uint32_t at = 20; at < sizeof bytes; at++) {
			rng = rng * 6364136223846793005 + 1442695040888963407;
			bytes[at] = chain[rng >> 61];
		}
		parse(bytes, (uint32_t)(rng >> 32) % (sizeof bytes + 1));
	}
}

static const struct unit_case cases[] = {
	{"TCP over IPv4", tcp_over_ipv4},
	{"two tags are skipped", two_tags_are_skipped},
	{"IPv6: the first fragment has ports", ipv6_first_fragment_has_ports},
	{"IPv6: a later fragment has none", ipv6_later_fragment_has_none},
	{"IPv4: a later fragment has none", ipv4_later_fragment_has_none},
	{"any byte may lie", any_byte_may_lie},
	{"extension headers may lie", extensions_may_lie},
};

UNIT_MAIN("frame", cases)
