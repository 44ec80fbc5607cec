/* SPDX-License-Identifier: BSD-3-Clause */
/* Rounds by the book, quiet, status and resets, one lie a case. */
#include "conformance/ring_harness.h"

static void by_the_book(void)
{
	static const struct ring_config ring[] = {
		{.size = 1},
		{.size = 2, .start = 65530},
		{.size = 8, .start = 65000, .event_idx = true},
		{.size = 256, .indirect = true},
		{.size = 32768, .start = 40000},
	};
	struct ring_harness r;

	for (unsigned k = 0; k < sizeof ring / sizeof *ring; k++) {
		rh_open(&r, ring[k]);
		for (uint32_t i = 0; i < 70000; i++)
			rh_round(&r, i % ring[k].size);
		rh_finish(&r);
		rh_close(&r);
	}
}

static void full_and_out_of_order(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 32768, .start = 60000);
	rh_rounds(&r, 32768);
	rh_close(&r);
}

static void quiet_before_driver_ok(void)
{
	struct ring_harness r;

	harness_prepare(&r.h);
	harness_open(&r.h, &ringwatch_referee);
	rh_rewind(&r);
	rh_status(&r, 0, 0);
	rh_status(&r, 11, 0);
	rh_offer(&r, 0);
	rh_publish(&r);
	rh_device(&r, EV_AVAIL_EVENT, 0);
	rh_silent(&r);
	rh_used(&r, 0, 0);
	rh_finds(&r, CLAUSE_DEV_QUIET, RH_DEVICE);
	rh_used_idx(&r);
	rh_finds(&r, CLAUSE_DEV_QUIET, RH_DEVICE);
	rh_call(&r);
	rh_finds(&r, CLAUSE_DEV_QUIET, RH_DEVICE);
	rh_close(&r);
}

static void quiet_after_a_reset(void)
{
	static const enum event_kind loud[] = {EV_USED, EV_USED_IDX,
					       EV_USED_NOTIFICATION,
					       EV_USED_FLAGS, EV_AVAIL_EVENT};
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_status(&r, 0, 15);
	for (unsigned i = 0; i < sizeof loud / sizeof *loud; i++) {
		rh_device(&r, loud[i], 0);
		rh_finds(&r, CLAUSE_DEV_RESET_QUIET, RH_DEVICE);
	}
	rh_rewind(&r);
	rh_climb(&r);
	rh_round(&r, 0); /* the queue began anew */
	rh_finish(&r);
	rh_close(&r);
}

static void status_falls(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_status(&r, 11, 15);
	rh_finds(&r, CLAUSE_STATUS_CLIMB, RH_DRIVER);
	rh_status(&r, 15, 0x4b); /* NEEDS_RESET is not the driver's bit */
	rh_close(&r);
}

static void after_a_crash_nothing_is_owed(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 0);
	rh_publish(&r);
	TELL(&r.h, .kind = EV_CRASH, .actor = RH_DRIVER, .queue = 0);
	rh_finish(&r);
	rh_close(&r);
}

/* This queue by itself: asked for, done, enabled again. */
static void reset_asked(struct ring_harness *r)
{
	rh_driver(r, EV_QUEUE_ASKED, 0);
}

static void reset_done(struct ring_harness *r)
{
	rh_device(r, EV_QUEUE_RESET, 0);
}

static void enabled(struct ring_harness *r)
{
	rh_driver(r, EV_QUEUE_ENABLED, 0);
	rh_rewind(r);
}

/*
 * What is used while it lasts can be taken afterwards; what is not is offered
 * again, and positions begin anew.
 */
static void a_queue_is_reset(struct ring_harness *r)
{
	rh_offer(r, 0);
	rh_offer(r, 1);
	rh_publish(r);
	rh_kick(r);
	reset_asked(r);
	rh_used(r, 1, 100);
	rh_used_idx(r);
	reset_done(r);
	rh_take(r, 1, 100);
	enabled(r);
	rh_offer(r, 0);
	rh_publish(r);
	rh_kick(r);
	rh_used(r, 0, 100);
	rh_used_idx(r);
	rh_call(r);
	rh_take(r, 0, 100);
}

static void queue_resets_by_the_book(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 4, .start = 65534);
	for (int i = 0; i < 5; i++) {
		a_queue_is_reset(&r);
		rh_silent(&r);
		rh_round(&r, 3);
	}
	rh_status(&r, 0, 15); /* of the device, where a queue is away */
	rh_finish(&r);
	rh_close(&r);
}

static void quiet_after_a_queue_reset(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	reset_asked(&r);
	reset_done(&r);
	rh_used(&r, 0, 5);
	rh_finds(&r, CLAUSE_QRESET_QUIET, RH_DEVICE);
	rh_used_idx(&r);
	rh_finds(&r, CLAUSE_QRESET_QUIET, RH_DEVICE);
	rh_device(&r, EV_USED_FLAGS, 1);
	rh_finds(&r, CLAUSE_QRESET_QUIET, RH_DEVICE);
	rh_status(&r, 15, 15); /* says nothing about that queue */
	rh_call(&r);
	rh_finds(&r, CLAUSE_QRESET_MUTE, RH_DEVICE);
	rh_close(&r);
}

static void positions_survive_a_queue_reset(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_round(&r, 0);
	rh_round(&r, 1);
	reset_asked(&r);
	reset_done(&r);
	enabled(&r);
	rh_exposed(&r);
	r.used_written = 2; /* as if nothing had been */
	rh_used(&r, 0, 5);
	rh_finds(&r, CLAUSE_QRESET_DEFAULT, RH_DEVICE);
	rh_close(&r);
}

/* A stream that is not about rings passes by. */
static void other_events(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	for (int kind = EV_GUEST_READ; kind < EVENT_KINDS; kind++)
		if (kind != EV_STATUS && kind != EV_CRASH &&
		    kind != EV_QUEUE_ASKED && kind != EV_QUEUE_RESET &&
		    kind != EV_QUEUE_ENABLED && kind != EV_DROP)
			TELL(&r.h, .kind = (uint8_t)kind, .queue = 0xffff,
			     .a = UINT32_MAX);
	rh_close(&r);
}

/* What a device finds broken in memory, its driver did, whoever says so. */
static void the_device_names_its_driver(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_device(&r, EV_DROP, CLAUSE_NONE);
	rh_silent(&r);
	rh_device(&r, EV_DROP, CLAUSE_NET_TX_HDR);
	rh_finds(&r, CLAUSE_NET_TX_HDR, RH_DRIVER);
	rh_device(&r, EV_BROKEN, CLAUSE_SPLIT_REACH);
	rh_finds(&r, CLAUSE_SPLIT_REACH, RH_DRIVER);
	rh_close(&r);
}

/* What was seen as it happened is named once. */
static void a_driver_that_lied_is_named_once(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_chain(&r, 8, 1, 100, RH_WRITE);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DRIVER);
	rh_publish(&r);
	rh_device(&r, EV_BROKEN, CLAUSE_SPLIT_HEAD);
	rh_close(&r);
}

/* VM 1 mirrors the rings of VM 0, which has reset. */
static void a_mirror_after_a_reset(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_status(&r, 0, 15);
	TELL(&r.h, .kind = EV_USED_FLAGS, .actor = 1, .queue = RH_QUEUE,
	     .a = 1);
	rh_finds(&r, CLAUSE_EXT_MIRROR_STOP, 1);
	rh_device(&r, EV_USED_FLAGS, 1);
	rh_finds(&r, CLAUSE_DEV_RESET_QUIET, RH_DEVICE);
	rh_close(&r);
}

static const struct unit_case cases[] = {
	{"a mirror after a reset", a_mirror_after_a_reset},
	{"70000 rounds by the book", by_the_book},
	{"full and out of order", full_and_out_of_order},
	{"quiet before DRIVER_OK", quiet_before_driver_ok},
	{"quiet after a reset", quiet_after_a_reset},
	{"status falls", status_falls},
	{"after a crash nothing is owed", after_a_crash_nothing_is_owed},
	{"queue resets by the book", queue_resets_by_the_book},
	{"quiet after a queue reset", quiet_after_a_queue_reset},
	{"positions survive a queue reset", positions_survive_a_queue_reset},
	{"the device names its driver", the_device_names_its_driver},
	{"a driver that lied is named once", a_driver_that_lied_is_named_once},
	{"other events", other_events},
};

UNIT_MAIN("ringwatch", cases)
