/* SPDX-License-Identifier: BSD-3-Clause */
#include <xxhash.h>

#include "model/unit.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/direction/direction.h"
#include "sim/traffic/tape.h"

#define US UINT64_C(1000000)

enum { CURSORS = 64 };

static const struct made_frame a_to_b = {1, 2, 1, 2, 1000, 80, 0, 0};
static const struct made_frame b_to_a = {2, 1, 2, 1, 80, 1000, 0, 0};

static struct scenario sc;
static struct tape *tape;
static struct tape_cursor cursor[CURSORS];
static struct app_packet packet;
static uint64_t due;
static char error[300];
static int exit_code;
static char *talk; /* what the last tape_open() said */
static char path[200];

/* @vms VMs in a row and one entry: the capture @file. */
static void begin(uint32_t vms, const char *file)
{
	memset(&sc, 0, sizeof sc);
	snprintf(path, sizeof path, "%s", file);
	sc.world.vms = vms;
	sc.world.links = vms - 1;
	for (uint32_t i = 0; i < vms; i++) {
		snprintf(sc.world.vm[i].name, NAME_SIZE, "vm%u", i + 1);
		sc.world.link[i].end[0] = (uint8_t)i;
		sc.world.link[i].end[1] = (uint8_t)(i + 1);
		sc.world.link[i].members = 2;
	}
	sc.traffics = 1;
	sc.traffic[0].kind = TRAFFIC_PCAP;
	sc.traffic[0].pcap = path;
	sc.traffic[0].repeat = 1;
}

static void try_open(void)
{
	size_t size;
	FILE *out;

	free(talk);
	talk = NULL;
	out = open_memstream(&talk, &size);
	exit_code = 0;
	tape = tape_open(&sc, out, error, sizeof error, &exit_code);
	fclose(out);
	memset(cursor, 0, sizeof cursor);
}

static void load(void)
{
	try_open();
	CU_ASSERT_PTR_NOT_NULL_FATAL(tape);
	CU_ASSERT_FATAL(tape_cursors(tape) <= CURSORS);
}

static void refused(int code, const char *words)
{
	try_open();
	CU_ASSERT_PTR_NULL(tape);
	CU_ASSERT_EQUAL(exit_code, code);
	CU_ASSERT_PTR_NOT_NULL(strstr(error, words));
	CU_ASSERT_STRING_EQUAL(talk, "");
}

static void said(const char *words)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(talk, words));
	CU_ASSERT_EQUAL(strncmp(talk, path, strlen(path)), 0);
}

static bool take(uint32_t from, uint32_t to)
{
	if (tape_peek(tape, cursor, from, to, &packet, &due) != APP_PACKET)
		return false;
	tape_take(tape, cursor, from, to);
	return true;
}

static void expect_due(uint32_t from, uint64_t when)
{
	CU_ASSERT_TRUE(take(from, 1 - from));
	CU_ASSERT_EQUAL(due, when);
}

static void end(void)
{
	CU_ASSERT_FALSE(take(0, 1));
	CU_ASSERT_FALSE(take(1, 0));
	tape_close(tape);
}

/* a at 0 us, b at 10, a at 20, a at 40. */
static const char *dialogue(void)
{
	struct made m = made_plain();

	made_packet(&m, 100, &a_to_b, 60);
	made_packet(&m, 110, &b_to_a, 1514);
	made_packet(&m, 120, &a_to_b, 60);
	made_packet(&m, 140, &a_to_b, 70);
	return made_save(&m, "a");
}

static void as_recorded(void)
{
	begin(2, dialogue());
	load();
	CU_ASSERT_STRING_EQUAL(talk, "");
	CU_ASSERT_EQUAL(tape_packets(tape), 4);
	expect_due(0, 0);
	expect_due(0, 20 * US);
	expect_due(0, 40 * US);
	CU_ASSERT_EQUAL(packet.seq, 2);
	CU_ASSERT_EQUAL(packet.len, 70);
	CU_ASSERT_EQUAL(packet.hash, XXH3_64bits(packet.bytes, 70));
	CU_ASSERT_EQUAL(packet.gso_type, 0);
	CU_ASSERT_FALSE(packet.copied);
	expect_due(1, 10 * US);
	end();
}

/* The second pass begins a mean gap (40 us / 3) after the end of the first. */
static void repeated(void)
{
	begin(2, dialogue());
	sc.traffic[0].repeat = 2;
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 8);
	expect_due(1, 10 * US);
	expect_due(1, 63333333);
	for (int i = 0; i < 3; i++)
		take(0, 1);
	expect_due(0, 53333333);
	expect_due(0, 73333333);
	expect_due(0, 93333333);
	end();
}

static void scaled(void)
{
	begin(2, dialogue());
	sc.traffic[0].pace = PACE_SCALED;
	sc.traffic[0].scale_percent = 300;
	load();
	expect_due(1, 3333333);
	expect_due(0, 0);
	expect_due(0, 6666666);
	take(0, 1);
	end();
}

/* The rate is that of the capture, not of each of its sides. */
static void at_a_rate(void)
{
	begin(2, dialogue());
	sc.traffic[0].pace = PACE_RATE;
	sc.traffic[0].rate = 3;
	sc.traffic[0].repeat = 2;
	load();
	expect_due(1, 333333333333);
	expect_due(1, 1666666666666);
	expect_due(0, 0);
	expect_due(0, 666666666666);
	expect_due(0, 1000000000000);
	expect_due(0, 1333333333333);
	expect_due(0, 2000000000000);
	expect_due(0, 2333333333333);
	end();
}

static void at_once(void)
{
	begin(2, dialogue());
	sc.traffic[0].pace = PACE_ASAP;
	sc.traffic[0].repeat = 3;
	load();
	for (int i = 0; i < 9; i++)
		expect_due(0, TAPE_ASAP);
	for (int i = 0; i < 3; i++)
		expect_due(1, TAPE_ASAP);
	end();
}

static void too_long_a_time(void)
{
	struct made m = made_plain();

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 4000000000, &b_to_a, 60);
	begin(2, made_save(&m, "a"));
	sc.traffic[0].repeat = 5000;
	refused(2, "200 days; give max-gap");
}

/* Gaps are kept as far as 64 bits of picoseconds go. */
static void days_between(uint32_t days)
{
	struct made m = made_plain();
	uint8_t frame[60];

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 10, &b_to_a, 60);
	made_fill(&a_to_b, frame, sizeof frame);
	made_record(&m, days * 86400, 0, frame, 60, 60);
	begin(2, made_save(&m, "a"));
}

static void long_gaps_are_kept(void)
{
	days_between(199);
	load();
	expect_due(0, 0);
	expect_due(1, 10 * US);
	expect_due(0, 199 * 86400 * (1000000 * US));
	end();
	days_between(201); /* beyond that they are cut to a day */
	load();
	expect_due(0, 0);
	expect_due(1, 10 * US);
	expect_due(0, 10 * US + 86400 * (1000000 * US));
	end();
	days_between(300);
	sc.traffic[0].max_gap_ps = 210 * 86400 * (1000000 * US);
	refused(2, "spans more than 200 days; give max-gap");
	days_between(300);
	sc.traffic[0].pace = PACE_ASAP;
	load();
	expect_due(0, TAPE_ASAP);
	expect_due(1, TAPE_ASAP);
	expect_due(0, TAPE_ASAP);
	end();
}

/* They are not sent, so they do not make the others' directions doubtful. */
static void empty_frames_tell_nothing(void)
{
	struct made m = made_plain();

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 10, &b_to_a, 60);
	for (int i = 0; i < 20; i++)
		made_record(&m, 0, 20, NULL, 0, 0);
	begin(2, made_save(&m, "a"));
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 2);
	CU_ASSERT_EQUAL(tape_replayed(tape, 0)->packets, 22);
	CU_ASSERT_EQUAL(tape_replayed(tape, 0)->empty, 20);
	CU_ASSERT_EQUAL(tape_replayed(tape, 0)->by_guess, 0);
	CU_ASSERT_STRING_EQUAL(tape_replayed(tape, 0)->direction, "mac");
	CU_ASSERT_EQUAL(tape_replayed(tape, 0)->notices, 1);
	said("20 empty frames left out");
	expect_due(0, 0);
	expect_due(1, 10 * US);
	end();
}

static const char *broken(void)
{
	struct made m = made_plain();
	const char *file;

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 1, &b_to_a, 60);
	made_packet(&m, 2, &b_to_a, 60);
	file = made_save_part(&m, "a", m.len - 1);
	free(m.bytes);
	return file;
}

static void damaged_file(void)
{
	begin(2, broken());
	refused(3, "packet 3, byte 176: the file is truncated within");
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "; 2 good packets before it"));
	sc.traffic[0].damaged = DAMAGED_USE;
	load();
	said("its 2 good packets are used");
	expect_due(0, 0);
	expect_due(1, US);
	end();
}

static void missing_file(void)
{
	begin(2, "/nonexistent/file");
	refused(3, "/nonexistent/file: No such file");
}

static void empty_capture(void)
{
	struct made m = made_plain();

	begin(2, made_save(&m, "a"));
	sc.traffic[0].direction_by = DIRECTION_IP;
	load();
	CU_ASSERT_STRING_EQUAL(talk, "");
	CU_ASSERT_EQUAL(tape_packets(tape), 0);
	end();
}

static void direction_that_does_not_tell(void)
{
	struct made m = made_plain();
	struct made_frame same = b_to_a;

	same.mac_from = 1;
	same.mac_to = 2;
	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 1, &same, 60);
	begin(2, made_save(&m, "a"));
	sc.traffic[0].direction_by = DIRECTION_MAC;
	refused(2, "cannot tell direction by mac: one endpoint only; "
		   "try direction-by: ip");
	sc.traffic[0].direction_by = DIRECTION_AUTO;
	load();
	expect_due(0, 0);
	expect_due(1, US);
	end();
}

static void nobody_knows_who_sends(void)
{
	struct made_frame self = {.mac_from = 1, .mac_to = 1};
	struct made m = made_plain();

	made_packet(&m, 0, &self, 60);
	made_packet(&m, 0, &self, 60);
	begin(2, made_save(&m, "a"));
	load();
	said(": cannot tell which side sends: 2 frames taken as vm1's\n");
	take(0, 1);
	take(0, 1);
	end();
}

static void only_one_side_sends(void)
{
	struct made m = made_plain();

	made_packet(&m, 0, &a_to_b, 60);
	begin(2, made_save(&m, "a"));
	load();
	said(": only one side sends: 1 frames taken as vm1's\n");
	take(0, 1);
	end();
}

static void odd_frames(void)
{
	struct made m = made_plain();
	uint8_t frame[60];

	made_fill(&a_to_b, frame, sizeof frame);
	made_record(&m, 9, 0, frame, 60, 90);
	made_record(&m, 8, 0, NULL, 0, 0);
	made_record(&m, 9, 5, frame, 10, 10); /* too short to have a sender */
	made_packet(&m, 9000007, &b_to_a, 65589);
	begin(2, made_save(&m, "a"));
	sc.traffic[0].direction_by = DIRECTION_MAC;
	load();
	said("1 of 4 frames were cut by the snap length; padded");
	said("1 empty frames left out");
	said("1 time stamps went back");
	said("direction by mac leaves 1 frames open");
	CU_ASSERT_EQUAL(tape_packets(tape), 3);
	expect_due(0, 0);
	CU_ASSERT_EQUAL(packet.len, 90);
	expect_due(0, 5 * US);
	expect_due(1, 7 * US);
	CU_ASSERT_EQUAL(packet.len, 65589);
	end();
	sc.traffic[0].snapped = SNAPPED_KEEP;
	sc.traffic[0].max_gap_ps = US;
	load();
	said("kept as cut");
	said("2 gaps cut to 1 us\n");
	expect_due(0, 0);
	CU_ASSERT_EQUAL(packet.len, 60);
	expect_due(0, US);
	expect_due(1, 2 * US);
	end();
}

static void offloaded_frames(void)
{
	struct made_frame tcp = {1, 2, 1, 2, 1000, 80, 6, 0x10};
	struct made m = made_plain();

	made_packet(&m, 0, &tcp, 1522);
	made_packet(&m, 0, &tcp, 1523);
	made_packet(&m, 0, &a_to_b, 9000); /* UDP */
	begin(2, made_save(&m, "a"));
	load();
	take(0, 1);
	CU_ASSERT_EQUAL(packet.gso_type, 0);
	take(0, 1);
	CU_ASSERT_EQUAL(packet.gso_type, 1);
	CU_ASSERT_EQUAL(packet.gso_size, 1448);
	CU_ASSERT_EQUAL(packet.hdr_len, 54);
	CU_ASSERT_EQUAL(packet.csum_start, 34);
	CU_ASSERT_EQUAL(packet.csum_offset, 16);
	take(0, 1);
	CU_ASSERT_EQUAL(packet.gso_type, 0);
	end();
}

static void offloaded_ipv6(void)
{
	uint8_t frame[1600] = {[0] = 2, [5] = 2, [6] = 2, [11] = 1};
	struct made m = made_plain();

	frame[12] = 0x86;
	frame[13] = 0xdd;
	frame[14] = 0x60;
	frame[20] = 6;
	frame[54 + 12] = 0x80; /* 32 bytes of TCP header */
	made_record(&m, 0, 0, frame, sizeof frame, sizeof frame);
	begin(2, made_save(&m, "a"));
	load();
	take(0, 1);
	CU_ASSERT_EQUAL(packet.gso_type, 4);
	CU_ASSERT_EQUAL(packet.hdr_len, 86);
	CU_ASSERT_EQUAL(packet.csum_start, 54);
	end();
}

/* 1 - 2 - 3: what VM 2 sends to all goes to both, as copies. */
static void broadcast_is_copied(void)
{
	struct made_frame shout = {.mac_from = 2, .mac_to = 0xff};
	struct made m = made_plain();

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 0, &b_to_a, 60);
	made_packet(&m, 3, &shout, 60);
	begin(3, made_save(&m, "a"));
	sc.traffic[0].direction_by = DIRECTION_MAC;
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 4);
	CU_ASSERT_TRUE(take(1, 2));
	CU_ASSERT_TRUE(packet.copied);
	CU_ASSERT_EQUAL(packet.to, 2);
	CU_ASSERT_EQUAL(due, 3 * US);
	CU_ASSERT_TRUE(take(1, 0));
	CU_ASSERT_FALSE(packet.copied);
	CU_ASSERT_TRUE(take(1, 0));
	CU_ASSERT_TRUE(packet.copied);
	CU_ASSERT_FALSE(take(1, 2));
	CU_ASSERT_TRUE(take(0, 1));
	end();
}

/* vm1 and vm3 talk, and only vm2 has a link to both. */
static void torn_conversations(void)
{
	const struct made_frame c_to_a = {.mac_from = 3, .mac_to = 1};
	struct made m = made_plain();

	made_packet(&m, 0, &a_to_b, 60);
	made_packet(&m, 0, &b_to_a, 60);
	made_packet(&m, 3, &c_to_a, 60);
	made_packet(&m, 4, &c_to_a, 60);
	begin(3, made_save(&m, "a"));
	sc.traffic[0].direction_by = DIRECTION_MAC;
	sc.traffic[0].line = 7;
	sc.traffic[0].column = 5;
	refused(2, ":7:5: error: ");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(error, ": 02:00:00:00:00:03 is vm3 and "
			      "02:00:00:00:00:01 is vm1, which no link "
			      "joins: 2 packets; there are links vm1 - vm2, "
			      "vm2 - vm3, and endpoint k of a capture lives "
			      "in VM k mod 3"));
	sc.world.links = 1; /* a link for a and b, none for c */
	refused(2, "02:00:00:00:00:03 is vm3, where no link ends: 2 packets");
	sc.world.vms = 2;
	load();
	CU_ASSERT_EQUAL(tape_placement(tape, 0)->endpoints, 3);
	CU_ASSERT_EQUAL(tape_placement(tape, 0)->end[2].vm, 0);
	CU_ASSERT_EQUAL(tape_placement(tape, 0)->end[2].packets, 2);
	tape_close(tape);
}

static void a_link_that_nothing_crosses(void)
{
	begin(3, dialogue());
	load();
	CU_ASSERT_PTR_NOT_NULL(
		strstr(talk, "no packet crosses link 1, vm2 - vm3: "));
	CU_ASSERT_PTR_NULL(strstr(talk, "crosses link 0"));
	tape_close(tape);
}

/* Both are of two parties: the third machine hears of neither. */
static void all_captures_on_one_link(void)
{
	begin(3, dialogue());
	sc.traffics = 2;
	sc.traffic[1] = sc.traffic[0];
	refused(2, "all 2 captures cross link 0, vm1 - vm2, and no other: ");
}

static void captures_and_generators_mix(void)
{
	begin(2, dialogue());
	sc.traffics = 2;
	sc.traffic[1] = (struct traffic_config){.kind = TRAFFIC_BURSTS,
						.bytes = 99,
						.packets = 2,
						.burst = 1,
						.gap_ps = 30 * US,
						.to = 1};
	load();
	expect_due(0, 0);
	CU_ASSERT_EQUAL(packet.len, 60);
	expect_due(0, 0);
	CU_ASSERT_EQUAL(packet.len, 99);
	expect_due(0, 20 * US);
	expect_due(0, 30 * US);
	CU_ASSERT_EQUAL(packet.len, 99);
	CU_ASSERT_EQUAL(packet.seq, 1);
	expect_due(0, 40 * US);
	expect_due(1, 10 * US);
	end();
}

static void cleans_up(void)
{
	static const char *const names[] = {"a", NULL};

	made_clean(names);
	free(talk);
	talk = NULL;
	CU_ASSERT_NOT_EQUAL(access(made_folder(), F_OK), 0);
}

static const struct unit_case cases[] = {
	{"as recorded", as_recorded},
	{"repeated", repeated},
	{"scaled", scaled},
	{"at a rate", at_a_rate},
	{"at once", at_once},
	{"too long a time", too_long_a_time},
	{"long gaps are kept", long_gaps_are_kept},
	{"empty frames tell nothing", empty_frames_tell_nothing},
	{"damaged file", damaged_file},
	{"missing file", missing_file},
	{"empty capture", empty_capture},
	{"direction that does not tell", direction_that_does_not_tell},
	{"nobody knows who sends", nobody_knows_who_sends},
	{"only one side sends", only_one_side_sends},
	{"odd frames", odd_frames},
	{"offloaded frames", offloaded_frames},
	{"offloaded IPv6", offloaded_ipv6},
	{"broadcast is copied", broadcast_is_copied},
	{"torn conversations", torn_conversations},
	{"a link that nothing crosses", a_link_that_nothing_crosses},
	{"all captures on one link", all_captures_on_one_link},
	{"captures and generators mix", captures_and_generators_mix},
	{"cleans up", cleans_up},
};

UNIT_MAIN("replay", cases)
