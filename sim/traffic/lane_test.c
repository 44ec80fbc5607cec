/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A capture that is too large to be held, played from windows: the same
 * packets as one that is held, wherever a cursor is set.
 */
#include <malloc.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "model/unit.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/tape.h"

enum {
	SMALL = 1200,
	WIDE = 65000,
	PACKETS = 1500,
	ROOM = 64,
	LEN_OF_HEAD = 60
};

static struct scenario sc;
static struct tape *tape;
static struct tape_cursor cursor[ROOM];
static struct app_packet packet;
static char path[200], error[300];

/* Frames of @wire bytes, most of them cut; every third comes back. */
static void save(uint32_t wire, uint32_t count)
{
	struct made m = made_plain();
	uint8_t frame[LEN_OF_HEAD];

	for (uint32_t i = 0; i < count; i++) {
		const struct made_frame there = {1, 2, 1, 2, 9, 80, 0, 0};
		const struct made_frame back = {2, 1, 2, 1, 80, 9, 0, 0};

		made_fill(i % 3 == 2 ? &back : &there, frame, sizeof frame);
		memcpy(frame + 44, &i, sizeof i);
		made_record(&m, i / 1000, i % 1000 * 1000, frame, sizeof frame,
			    i % 50 == 7 ? 0 : wire);
	}
	snprintf(path, sizeof path, "%s", made_save(&m, "a"));
}

static void load(uint32_t repeat)
{
	int code = 0;

	memset(&sc, 0, sizeof sc);
	sc.world.vms = 2;
	sc.world.links = 1;
	sc.world.link[0].end[1] = 1;
	sc.world.link[0].members = 2;
	sc.traffics = 1;
	sc.traffic[0].kind = TRAFFIC_PCAP;
	sc.traffic[0].pcap = path;
	sc.traffic[0].repeat = repeat;
	tape = tape_open(&sc, NULL, error, sizeof error, &code);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tape);
	memset(cursor, 0, sizeof cursor);
}

static uint32_t number_of(const struct app_packet *p)
{
	uint32_t i;

	memcpy(&i, p->bytes + 44, sizeof i);
	return i;
}

/* The next packet from VM @from is number @i of the file. */
static void expect(uint32_t from, uint32_t i, uint64_t base_ps)
{
	uint64_t due;

	CU_ASSERT_EQUAL_FATAL(
		tape_peek(tape, cursor, from, 1 - from, &packet, &due),
		APP_PACKET);
	CU_ASSERT_EQUAL_FATAL(number_of(&packet), i);
	CU_ASSERT_EQUAL(due, base_ps + i * UINT64_C(1000000000));
	CU_ASSERT_EQUAL(packet.len, i % 50 == 7 ? LEN_OF_HEAD : WIDE);
	CU_ASSERT_EQUAL(packet.hash, XXH3_64bits(packet.bytes, packet.len));
	tape_take(tape, cursor, from, 1 - from);
}

static void expect_pass(uint32_t from, uint64_t base_ps)
{
	for (uint32_t i = 0; i < PACKETS; i++)
		if ((i % 3 == 2) == (from == 1))
			expect(from, i, base_ps);
}

/* Bytes that the program holds. */
static size_t memory(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

/* 97 MB of frames in a file of 114 kB, played twice. */
static void all_of_it(void)
{
	uint64_t period = UINT64_C(1500000000000);

	save(WIDE, PACKETS);
	load(2);
	CU_ASSERT_EQUAL(tape_packets(tape), 2 * PACKETS);
	expect_pass(0, 0);
	expect_pass(1, 0);
	expect_pass(1, period);
	expect_pass(0, period);
	CU_ASSERT(memory() < (size_t)40 << 20);
	CU_ASSERT_FALSE(tape_problem(tape, error, sizeof error));
	tape_close(tape);
}

/* A cursor may be set back, near and far. */
static void set_back(void)
{
	struct tape_cursor begin[ROOM], middle[ROOM];

	save(WIDE, PACKETS);
	load(1);
	memcpy(begin, cursor, sizeof cursor);
	for (uint32_t i = 0; i < 900; i++)
		if (i % 3 != 2)
			expect(0, i, 0);
	memcpy(middle, cursor, sizeof cursor);
	expect(0, 900, 0);
	memcpy(cursor, middle, sizeof cursor);
	expect(0, 900, 0);
	memcpy(cursor, begin, sizeof cursor);
	expect(0, 0, 0);
	expect(1, 2, 0);
	memcpy(cursor, middle, sizeof cursor);
	expect(0, 900, 0);
	tape_close(tape);
}

/* Runs of packets go over the ends of blocks and of passes. */
static void in_runs(void)
{
	static uint8_t bytes[APP_BATCH_MAX][SMALL];
	uint32_t number[APP_BATCH_MAX];
	struct app_frame frame[APP_BATCH_MAX];
	uint64_t due[APP_BATCH_MAX];
	struct tape_order o = {.now = UINT64_MAX,
			       .to = {.base = bytes[0],
				      .number = number,
				      .stride = SMALL,
				      .room = SMALL,
				      .count = APP_BATCH_MAX},
			       .out = frame,
			       .due_ps = due};
	uint32_t count, at = 0;

	for (uint32_t k = 0; k < APP_BATCH_MAX; k++)
		number[k] = k;
	save(SMALL, 60000);
	load(2);
	while ((count = tape_fill(tape, cursor, 0, 1, &o)) > 0) {
		for (uint32_t k = 0; k < count; k++, at++) {
			uint32_t i = at % 40000, n;

			memcpy(&n, bytes[k] + 44, sizeof n);
			CU_ASSERT_EQUAL_FATAL(n, i / 2 * 3 + i % 2);
			CU_ASSERT_EQUAL(frame[k].hash,
					XXH3_64bits(bytes[k], frame[k].len));
		}
	}
	CU_ASSERT_EQUAL(at, 80000);
	tape_close(tape);
}

/* The file is cut short while it is played: its packets end, with words. */
static void the_file_changes(void)
{
	uint64_t due, count = 0;

	save(WIDE, PACKETS);
	load(1);
	expect(0, 0, 0);
	CU_ASSERT_EQUAL(truncate(path, 500), 0);
	while (tape_peek(tape, cursor, 0, 1, &packet, &due) == APP_PACKET) {
		tape_take(tape, cursor, 0, 1);
		count++;
	}
	while (tape_peek(tape, cursor, 1, 0, &packet, &due) == APP_PACKET)
		tape_take(tape, cursor, 1, 0);
	CU_ASSERT(count < PACKETS);
	CU_ASSERT_TRUE(tape_problem(tape, error, sizeof error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error, "changed while it was played"));
	tape_close(tape);
}

static void cleans_up(void)
{
	static const char *const names[] = {"a", NULL};

	made_clean(names);
	CU_ASSERT_NOT_EQUAL(access(made_folder(), F_OK), 0);
}

static const struct unit_case cases[] = {
	{"all of it", all_of_it}, {"set back", set_back},
	{"in runs", in_runs},     {"the file changes", the_file_changes},
	{"cleans up", cleans_up},
};

UNIT_MAIN("lane", cases)
