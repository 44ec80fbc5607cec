/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "model/unit.h"
#include "sim/traffic/tape.h"

enum { CURSORS = 32 };

static struct scenario sc;
static struct tape *tape;
static struct tape_cursor cursor[CURSORS];
static struct app_packet packet;
static uint64_t due;
static char error[300];
static int exit_code;

/* Two VMs, a link, and @entries entries of 64 bytes from the first. */
static void begin(uint32_t entries)
{
	memset(&sc, 0, sizeof sc);
	sc.world.vms = 2;
	sc.world.links = 1;
	sc.world.link[0].end[1] = 1;
	sc.world.link[0].members = 2;
	sc.traffics = entries;
	for (uint32_t i = 0; i < entries; i++)
		sc.traffic[i] = (struct traffic_config){.kind = TRAFFIC_FIXED,
							.pace = PACE_ASAP,
							.repeat = 1,
							.bytes = 64,
							.packets = 10,
							.to = 1};
}

static void load(void)
{
	tape = tape_open(&sc, NULL, error, sizeof error, &exit_code);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tape);
	CU_ASSERT_FATAL(tape_cursors(tape) <= CURSORS);
	memset(cursor, 0, sizeof cursor);
}

static void refused(const char *words)
{
	exit_code = 0;
	tape = tape_open(&sc, NULL, error, sizeof error, &exit_code);
	CU_ASSERT_PTR_NULL(tape);
	CU_ASSERT_EQUAL(exit_code, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(error, words));
	tape_close(tape);
}

static bool peek(uint32_t from)
{
	return tape_peek(tape, cursor, from, 1 - from, &packet, &due) ==
	       APP_PACKET;
}

static bool take(uint32_t from)
{
	if (!peek(from))
		return false;
	tape_take(tape, cursor, from, 1 - from);
	return true;
}

static void as_soon_as_possible(void)
{
	begin(1);
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 10);
	for (uint64_t n = 0; n < 10; n++) {
		CU_ASSERT_TRUE(peek(0));
		CU_ASSERT_TRUE(take(0)); /* to look twice changes nothing */
		CU_ASSERT_EQUAL(packet.seq, n);
		CU_ASSERT_EQUAL(packet.bytes[48], n);
		CU_ASSERT_EQUAL(packet.to, 1);
		CU_ASSERT_EQUAL(due, TAPE_ASAP);
	}
	CU_ASSERT_FALSE(peek(0));
	CU_ASSERT_FALSE(peek(1));
	tape_close(tape);
}

/* Exactly floor(n * 10^12 / rate), however odd the rate. */
static void rates_are_exact(void)
{
	static const uint64_t rates[] = {1, 7, 999999999989, 1000000000000};

	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		begin(1);
		sc.traffic[0].pace = PACE_RATE;
		sc.traffic[0].rate = rates[i];
		sc.traffic[0].packets = 1000;
		load();
		for (uint64_t n = 0; n < 1000; n++) {
			unsigned __int128 t = n;

			take(0);
			CU_ASSERT_EQUAL(
				due, (uint64_t)(t * 1000000000000 / rates[i]));
		}
		tape_close(tape);
	}
}

static void bursts(void)
{
	begin(1);
	sc.traffic[0].kind = TRAFFIC_BURSTS;
	sc.traffic[0].burst = 3;
	sc.traffic[0].gap_ps = 1000;
	load();
	for (uint64_t n = 0; take(0); n++)
		CU_ASSERT_EQUAL(due, n / 3 * 1000);
	tape_close(tape);
}

static void repeat_multiplies(void)
{
	begin(1);
	sc.traffic[0].repeat = 5;
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 50);
	tape_close(tape);
	sc.traffic[0].packets = UINT64_MAX;
	load();
	CU_ASSERT(tape_packets(tape) >= UINT64_MAX - 1);
	tape_close(tape);
}

static void both_ways(void)
{
	uint64_t hash;

	begin(1);
	sc.traffic[0].both = true;
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 20);
	CU_ASSERT_EQUAL(tape_cursors(tape), 2);
	CU_ASSERT_TRUE(peek(0));
	hash = packet.hash;
	CU_ASSERT_TRUE(peek(1));
	CU_ASSERT_NOT_EQUAL(packet.hash, hash);
	CU_ASSERT_EQUAL(packet.to, 0);
	tape_close(tape);
}

/* Merged by due time; equal ones in the order of the scenario. */
static void sources_are_merged(void)
{
	static const uint8_t expected[] = {64, 100, 64, 64, 100, 64};

	begin(2);
	for (int i = 0; i < 2; i++) {
		sc.traffic[i].pace = PACE_RATE;
		sc.traffic[i].rate = 2 - (uint64_t)i;
		sc.traffic[i].packets = 4 - 2 * (uint64_t)i;
	}
	sc.traffic[1].bytes = 100;
	load();
	for (size_t i = 0; i < sizeof expected; i++) {
		CU_ASSERT_TRUE(take(0));
		CU_ASSERT_EQUAL(packet.len, expected[i]);
	}
	CU_ASSERT_FALSE(take(0));
	tape_close(tape);
}

static void ask(uint32_t window)
{
	begin(1);
	sc.traffic[0].kind = TRAFFIC_REQUEST_RESPONSE;
	sc.traffic[0].reply_bytes = 500;
	sc.traffic[0].window = window;
	sc.traffic[0].packets = 3;
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 6);
}

static void answers_follow_questions(void)
{
	ask(1);
	for (uint64_t n = 0; n < 3; n++) {
		CU_ASSERT_FALSE(peek(1));
		CU_ASSERT_TRUE(take(0));
		CU_ASSERT_EQUAL(packet.len, 64);
		CU_ASSERT_FALSE(peek(0));
		CU_ASSERT_FALSE(peek(1));
		tape_delivered(tape, cursor, 0, 1, 64);
		CU_ASSERT_TRUE(take(1));
		CU_ASSERT_EQUAL(packet.len, 500);
		CU_ASSERT_EQUAL(packet.seq, n);
		CU_ASSERT_FALSE(peek(1));
		tape_delivered(tape, cursor, 1, 0, 500);
	}
	CU_ASSERT_FALSE(peek(0));
	tape_close(tape);
}

static void window_limits_questions(void)
{
	ask(2);
	CU_ASSERT_TRUE(take(0) && take(0));
	CU_ASSERT_FALSE(peek(0));
	tape_delivered(tape, cursor, 0, 1, 64);
	CU_ASSERT_FALSE(peek(0));
	CU_ASSERT_TRUE(take(1));
	tape_delivered(tape, cursor, 1, 0, 500);
	CU_ASSERT_TRUE(take(0));
	tape_close(tape);
}

/* Deliveries of other lengths, or of more than was sent, earn nothing. */
static void false_deliveries_earn_nothing(void)
{
	ask(1);
	tape_delivered(tape, cursor, 0, 1, 64);
	CU_ASSERT_FALSE(peek(1));
	take(0);
	tape_delivered(tape, cursor, 0, 1, 65);
	CU_ASSERT_FALSE(peek(1));
	tape_delivered(tape, cursor, 0, 1, 64);
	tape_delivered(tape, cursor, 0, 1, 64);
	CU_ASSERT_TRUE(take(1));
	CU_ASSERT_FALSE(take(1));
	tape_close(tape);
}

/* An answer that turns up between peek and take does not take its place. */
static void taken_is_what_was_peeked(void)
{
	begin(2);
	sc.traffic[0].pace = PACE_RATE;
	sc.traffic[0].rate = 1;
	sc.traffic[1].kind = TRAFFIC_REQUEST_RESPONSE;
	sc.traffic[1].from = 1;
	sc.traffic[1].to = 0;
	sc.traffic[1].bytes = 200;
	sc.traffic[1].reply_bytes = 300;
	load();
	take(0);
	take(1);
	CU_ASSERT_TRUE(peek(0));
	CU_ASSERT_EQUAL(packet.len, 64);
	tape_delivered(tape, cursor, 1, 0, 200);
	tape_take(tape, cursor, 0, 1);
	CU_ASSERT_TRUE(take(0));
	CU_ASSERT_EQUAL(packet.len, 300);
	CU_ASSERT_TRUE(take(0));
	CU_ASSERT_EQUAL(packet.len, 64);
	CU_ASSERT_EQUAL(packet.seq, 2);
	tape_close(tape);
}

/* Cursors are all that changes: put back, the same packets come again. */
static void cursors_are_the_state(void)
{
	struct tape_cursor saved[CURSORS];
	uint64_t hash;

	begin(2);
	sc.traffic[1].kind = TRAFFIC_ONE_WAY;
	sc.traffic[1].pace = PACE_RATE;
	sc.traffic[1].rate = 3;
	load();
	for (int i = 0; i < 12; i++)
		take(0);
	memcpy(saved, cursor, sizeof saved);
	take(0);
	hash = packet.hash ^ due;
	while (take(0))
		continue;
	memcpy(cursor, saved, sizeof saved);
	take(0);
	CU_ASSERT_EQUAL(packet.hash ^ due, hash);
	tape_close(tape);
}

static void bad_entries_are_refused(void)
{
	begin(1);
	sc.traffic[0].bytes = 13;
	refused("traffic[0]: a frame of 13 bytes");
	begin(1);
	sc.traffic[0].pace = PACE_RATE;
	sc.traffic[0].rate = 1000000000001;
	refused("a rate of 1000000000001");
	begin(1);
	sc.traffic[0].to = 0;
	refused("no link joins");
	begin(1);
	sc.world.links = 0;
	refused("two VMs and a link");
	begin(2);
	sc.traffic[1].pace = PACE_RATE;
	sc.traffic[1].rate = 1;
	sc.traffic[1].packets = 86400 * 201;
	refused("traffic[1]: it lasts longer than 200 days");
	begin(1);
	sc.traffic[0].kind = TRAFFIC_BURSTS;
	sc.traffic[0].gap_ps = UINT64_MAX;
	sc.traffic[0].packets = UINT64_MAX;
	refused("200 days");
}

static void standard_input_is_read_once(void)
{
	char dash[] = "-";

	begin(2);
	for (int i = 0; i < 2; i++) {
		sc.traffic[i].kind = TRAFFIC_PCAP;
		sc.traffic[i].pcap = dash;
	}
	refused("it can be read once");
}

static void no_traffic_is_fine(void)
{
	begin(0);
	sc.world.links = 0;
	load();
	CU_ASSERT_EQUAL(tape_packets(tape), 0);
	CU_ASSERT_FALSE(peek(0));
	tape_delivered(tape, cursor, 0, 1, 64);
	tape_close(tape);
}

static const struct unit_case cases[] = {
	{"as soon as possible", as_soon_as_possible},
	{"rates are exact", rates_are_exact},
	{"bursts", bursts},
	{"repeat multiplies", repeat_multiplies},
	{"both ways", both_ways},
	{"sources are merged", sources_are_merged},
	{"answers follow questions", answers_follow_questions},
	{"a window limits questions", window_limits_questions},
	{"false deliveries earn nothing", false_deliveries_earn_nothing},
	{"taken is what was peeked", taken_is_what_was_peeked},
	{"cursors are the state", cursors_are_the_state},
	{"bad entries are refused", bad_entries_are_refused},
	{"standard input is read once", standard_input_is_read_once},
	{"no traffic is fine", no_traffic_is_fine},
};

UNIT_MAIN("tape", cases)
