/* SPDX-License-Identifier: BSD-3-Clause */
/* When frames of a capture are due. */
#include "sim/traffic/replay_fixture.h"

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

static const struct unit_case cases[] = {
	{"as recorded", as_recorded},
	{"repeated", repeated},
	{"scaled", scaled},
	{"at a rate", at_a_rate},
	{"at once", at_once},
	{"too long a time", too_long_a_time},
	{"long gaps are kept", long_gaps_are_kept},
};

UNIT_MAIN("replay pace", cases)
