/* SPDX-License-Identifier: BSD-3-Clause */
/* pcapng as standards allow it and few write it, and where it breaks. */
#include "model/unit.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/capture/made_packets.h"

#define US UINT64_C(1000000)

enum { LEN = 60, RAW = 101, RADIOTAP = 127 };

static const struct made_frame a_to_b = {1, 2, 1, 2, 1000, 80, 0, 0};
static const struct made_frame b_to_a = {2, 1, 2, 1, 80, 1000, 0, 0};
static struct capture c;
static struct capture_packet *packet;
static char error[300];

static void open_as(const char *path, bool ok)
{
	struct capture_options options = {.pad = true};

	CU_ASSERT_EQUAL_FATAL(
		capture_open(path, &options, &c, error, sizeof error), ok);
	packet = ok ? made_packets(&c) : NULL;
}

static void let_go(void)
{
	made_forget(packet);
	capture_close(&c);
}

/* An interface block more, with stamps of 10^-@digits s and a snap length. */
static void add_interface(struct made *m, uint16_t linktype, uint32_t snaplen,
			  uint8_t digits, int64_t offset_s)
{
	made_32(m, 1);
	made_32(m, 40);
	made_number(m, linktype, 2);
	made_number(m, 0, 2);
	made_32(m, snaplen);
	made_number(m, 9, 2);
	made_number(m, 1, 2);
	made_number(m, digits, 1);
	made_zeros(m, 3);
	made_number(m, 14, 2);
	made_number(m, 8, 2);
	made_number(m, (uint64_t)offset_s, 8);
	made_32(m, 40);
}

static void add_packet(struct made *m, uint32_t interface, uint64_t stamp,
		       const struct made_frame *f, uint32_t skip)
{
	uint8_t frame[LEN];
	size_t at = m->len;
	uint8_t number[4];

	made_fill(f, frame, LEN);
	made_block(m, stamp, frame + skip, LEN - skip, LEN - skip);
	for (int i = 0; i < 4; i++)
		number[i] = (uint8_t)(interface >> 8 * (m->big ? 3 - i : i));
	memcpy(m->bytes + at + 8, number, 4);
}

/* Interfaces that differ in link type, snap length, unit and offset. */
static void interfaces_differ(void)
{
	for (int big = 0; big < 2; big++) {
		struct made m = made_pcapng(big, 1, 6);

		add_interface(&m, RAW, 96, 9, 0);
		add_interface(&m, 1, 0, 3, 1);
		add_packet(&m, 0, 2000000, &a_to_b, 0);
		add_packet(&m, 1, 2000001000, &b_to_a, 14);
		add_packet(&m, 2, 1001, &a_to_b, 0);
		open_as(made_save(&m, "a"), true);
		CU_ASSERT_FALSE(c.damaged);
		CU_ASSERT_EQUAL_FATAL(c.count, 3);
		CU_ASSERT_EQUAL(c.linktypes, 2);
		CU_ASSERT_EQUAL(c.linktype[1].packets, 1);
		CU_ASSERT_EQUAL(c.converted, 1);
		CU_ASSERT_EQUAL(c.big_endian, big);
		CU_ASSERT_EQUAL(packet[1].time_ps, 1 * US);
		CU_ASSERT_EQUAL(packet[1].len, LEN);
		CU_ASSERT_EQUAL(packet[2].time_ps, 1000 * US);
		let_go();
	}
}

static void sections_differ(void)
{
	struct made m = made_pcapng(false, 1, 6);
	struct made other = made_pcapng(true, RAW, 9);

	add_packet(&m, 0, 1, &a_to_b, 0);
	add_packet(&other, 0, 5000, &b_to_a, 14);
	made_put(&m, other.bytes, other.len);
	free(other.bytes);
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_FALSE(c.damaged);
	CU_ASSERT_TRUE(c.mixed_endian);
	CU_ASSERT_EQUAL_FATAL(c.count, 2);
	CU_ASSERT_EQUAL(packet[1].time_ps, 4 * US);
	CU_ASSERT_EQUAL(packet[1].bytes[35], 80);
	let_go();
}

/* Of no use, but in nobody's way. */
static void what_is_not_used_does_not_matter(void)
{
	struct made m = made_pcapng(false, RADIOTAP, 6);

	add_interface(&m, 1, 65535, 6, 0);
	add_packet(&m, 1, 1, &a_to_b, 0);
	made_32(&m, 0x0bad); /* a block that nobody knows */
	made_32(&m, 16);
	made_32(&m, 0);
	made_32(&m, 16);
	add_packet(&m, 1, 2, &b_to_a, 0);
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_FALSE(c.damaged);
	CU_ASSERT_EQUAL(c.count, 2);
	CU_ASSERT_EQUAL(c.left_out, 0);
	let_go();
}

static void what_cannot_be_ethernet_is_left_out(void)
{
	struct made m = made_pcapng(false, RADIOTAP, 6);

	add_packet(&m, 0, 0, &a_to_b, 0);
	add_interface(&m, 1, 65535, 6, 0);
	open_as(made_save_part(&m, "a", m.len), false);
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "IEEE802_11_RADIO"));
	add_packet(&m, 1, 1, &a_to_b, 0);
	add_packet(&m, 0, 2, &a_to_b, 0);
	add_packet(&m, 1, 3, &b_to_a, 0);
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_EQUAL_FATAL(c.count, 2);
	CU_ASSERT_EQUAL(c.left_out, 2);
	CU_ASSERT_EQUAL(packet[1].time_ps, 2 * US);
	let_go();
}

/* A simple packet has no stamp, and is cut at the snap length. */
static void simple_packets(void)
{
	struct made m = made_pcapng(false, 1, 6);
	uint8_t frame[64] = {[0] = 2, [63] = 9};

	memcpy(m.bytes + 28 + 12, "\100\0\0\0", 4);
	add_packet(&m, 0, 7, &a_to_b, 0);
	add_packet(&m, 0, 9, &a_to_b, 0);
	made_32(&m, 3);
	made_32(&m, 16 + 64);
	made_32(&m, 100);
	made_put(&m, frame, 64);
	made_32(&m, 16 + 64);
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_EQUAL_FATAL(c.count, 3);
	CU_ASSERT_EQUAL(c.backwards, 0);
	CU_ASSERT_EQUAL(packet[2].time_ps, 2 * US);
	CU_ASSERT_EQUAL(packet[2].len, 100);
	CU_ASSERT_EQUAL(packet[2].held, 64);
	CU_ASSERT_EQUAL(packet[2].bytes[63], 9);
	let_go();
}

/* The unit may be any power of ten or two. */
static void units(void)
{
	static const struct {
		uint8_t unit;
		uint64_t count, ps;
	} of[] = {{0, 1, 1000000 * US},    {12, 7, 7},
		  {15, 9000, 9},           {31, UINT64_MAX, 1},
		  {127, UINT64_MAX, 0},    {0x80, 1, 1000000 * US},
		  {0x81, 3, 1500000 * US}, {0xff, UINT64_MAX, 0}};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct made m = made_pcapng(false, 1, of[i].unit);

		add_packet(&m, 0, 0, &a_to_b, 0);
		add_packet(&m, 0, of[i].count, &a_to_b, 0);
		open_as(made_save(&m, "a"), true);
		CU_ASSERT_EQUAL_FATAL(c.count, 2);
		CU_ASSERT_EQUAL(packet[1].time_ps, of[i].ps);
		let_go();
	}
}

static void expect_bad(struct made *m, uint64_t good, const char *words)
{
	open_as(made_save(m, "a"), true);
	CU_ASSERT_TRUE(c.damaged);
	CU_ASSERT_EQUAL(c.count, good);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.problem, words));
	let_go();
}

/* What is wrong is told with the packet and the byte. */
static void where_it_breaks(void)
{
	struct made m = made_pcapng(false, 1, 6);

	add_packet(&m, 3, 1, &a_to_b, 0);
	expect_bad(&m, 0,
		   "packet 1, byte 60: it is of interface 3, and its "
		   "section has 1");
	m = made_pcapng(false, 1, 6);
	add_packet(&m, 0, 1, &a_to_b, 0);
	add_packet(&m, 0, 1, &a_to_b, 0);
	m.bytes[152 + 20] = 61; /* captured bytes */
	expect_bad(&m, 1,
		   "packet 2, byte 152: it claims to hold 61 bytes in a "
		   "block of 92");
	m = made_pcapng(false, 1, 6);
	add_packet(&m, 0, 1, &a_to_b, 0);
	m.bytes[m.len - 4]++;
	expect_bad(&m, 0, "a block of 92 bytes says 93 at its end");
	m = made_pcapng(false, 1, 6);
	made_32(&m, 6);
	made_32(&m, 4);
	made_32(&m, 4);
	expect_bad(&m, 0, "packet 1, byte 60: a block of 4 bytes");
	m = made_pcapng(false, 1, 6);
	made_32(&m, 0x0a0d0d0a);
	made_zeros(&m, 24);
	expect_bad(&m, 0, "a section of unknown byte order");
}

/* Cut anywhere, and with any byte changed: packets, or words. */
static void lies_and_cuts(void)
{
	struct made m = made_pcapng(false, 1, 9);
	size_t len;

	add_interface(&m, RAW, 0, 0x8a, -1);
	add_packet(&m, 0, 5, &a_to_b, 0);
	add_packet(&m, 1, 6, &b_to_a, 14);
	for (len = 28; len < m.len; len++) {
		open_as(made_save_part(&m, "a", len), true);
		CU_ASSERT(c.count <= 1);
		CU_ASSERT_EQUAL(c.damaged, len != 28 && len != 60 &&
						   len != 100 && len != 192);
		let_go();
	}
	for (size_t at = 0; at < m.len; at++)
		for (int bit = 0; bit < 8; bit += 3) {
			struct capture_options options = {.pad = false};

			m.bytes[at] ^= (uint8_t)(1 << bit);
			if (capture_open(made_save_part(&m, "a", m.len),
					 &options, &c, error, sizeof error)) {
				packet = made_packets(&c);
				CU_ASSERT(c.count <= 2);
				let_go();
			}
			m.bytes[at] ^= (uint8_t)(1 << bit);
		}
	free(m.bytes);
}

static void overlong_packets_are_counted(void)
{
	struct made m = made_plain();
	uint8_t frame[LEN] = {0};

	made_record(&m, 1, 0, frame, LEN, 20);
	made_record(&m, 1, 0, frame, LEN, LEN);
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_EQUAL(c.overlong, 1);
	CU_ASSERT_EQUAL(c.wire_bytes, 2 * LEN);
	CU_ASSERT_EQUAL(c.bytes, 2 * LEN);
	let_go();
}

/* Writers of long ago: lengths the other way round, longer headers. */
static void old_kinds_of_pcap(void)
{
	struct made m = made_pcap(0xa1b2cd34, true, 1);
	uint8_t frame[LEN] = {[59] = 5};

	for (int i = 0; i < 2; i++) {
		made_32(&m, 1);
		made_32(&m, 0);
		made_32(&m, LEN);
		made_32(&m, LEN);
		made_zeros(&m, 8);
		made_put(&m, frame, LEN);
	}
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_EQUAL_FATAL(c.count, 2);
	CU_ASSERT_EQUAL(packet[1].bytes[59], 5);
	let_go();
	m = made_plain();
	m.bytes[6] = 2; /* version 2.2 */
	made_32(&m, 1);
	made_32(&m, 0);
	made_32(&m, 100);
	made_32(&m, LEN);
	made_put(&m, frame, LEN);
	open_as(made_save(&m, "a"), true);
	CU_ASSERT_EQUAL_FATAL(c.count, 1);
	CU_ASSERT_EQUAL(packet[0].held, LEN);
	CU_ASSERT_EQUAL(packet[0].wire_len, 100);
	let_go();
}

static void cleans_up(void)
{
	static const char *const names[] = {"a", NULL};

	made_clean(names);
	CU_ASSERT_NOT_EQUAL(access(made_folder(), F_OK), 0);
}

static const struct unit_case cases[] = {
	{"interfaces differ", interfaces_differ},
	{"sections differ", sections_differ},
	{"what is not used does not matter", what_is_not_used_does_not_matter},
	{"what cannot be Ethernet is left out",
	 what_cannot_be_ethernet_is_left_out},
	{"simple packets", simple_packets},
	{"units", units},
	{"where it breaks", where_it_breaks},
	{"lies and cuts", lies_and_cuts},
	{"overlong packets are counted", overlong_packets_are_counted},
	{"old kinds of pcap", old_kinds_of_pcap},
	{"cleans up", cleans_up},
};

UNIT_MAIN("record", cases)
