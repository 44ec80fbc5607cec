/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests only: a capture that was just made, played by a scenario. */
#ifndef TWINRING_SIM_TRAFFIC_REPLAY_FIXTURE_H
#define TWINRING_SIM_TRAFFIC_REPLAY_FIXTURE_H

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
static inline void begin(uint32_t vms, const char *file)
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

static inline void try_open(void)
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

static inline void load(void)
{
	try_open();
	CU_ASSERT_PTR_NOT_NULL_FATAL(tape);
	CU_ASSERT_FATAL(tape_cursors(tape) <= CURSORS);
}

static inline void refused(int code, const char *words)
{
	try_open();
	CU_ASSERT_PTR_NULL(tape);
	CU_ASSERT_EQUAL(exit_code, code);
	CU_ASSERT_PTR_NOT_NULL(strstr(error, words));
	CU_ASSERT_STRING_EQUAL(talk, "");
}

static inline void said(const char *words)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(talk, words));
	CU_ASSERT_EQUAL(strncmp(talk, path, strlen(path)), 0);
}

static inline bool take(uint32_t from, uint32_t to)
{
	if (tape_peek(tape, cursor, from, to, &packet, &due) != APP_PACKET)
		return false;
	tape_take(tape, cursor, from, to);
	return true;
}

static inline void expect_due(uint32_t from, uint64_t when)
{
	CU_ASSERT_TRUE(take(from, 1 - from));
	CU_ASSERT_EQUAL(due, when);
}

static inline void end(void)
{
	CU_ASSERT_FALSE(take(0, 1));
	CU_ASSERT_FALSE(take(1, 0));
	tape_close(tape);
}

/* a at 0 us, b at 10, a at 20, a at 40. */
static inline const char *dialogue(void)
{
	struct made m = made_plain();

	made_packet(&m, 100, &a_to_b, 60);
	made_packet(&m, 110, &b_to_a, 1514);
	made_packet(&m, 120, &a_to_b, 60);
	made_packet(&m, 140, &a_to_b, 70);
	return made_save(&m, "a");
}

#endif
