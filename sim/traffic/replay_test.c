/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of a capture: its frames, who sends them, and what is said. */
#include "sim/traffic/replay_fixture.h"

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
