/* SPDX-License-Identifier: BSD-3-Clause */
/* Packets in several receive buffers, before ringwatch. */
#include "conformance/referee/ring/ringwatch.h"
#include "conformance/referee_harness.h"

enum { RX = 0, DEVICE = 3, BUFFERS = 8, ROOM = 100, WRITE = 2 };

/* Eight buffers of a hundred bytes are out on the receive queue of VM 0. */
static void begin(struct referee_harness *h)
{
	harness_prepare(h);
	harness_open(h, &ringwatch_referee);
	TELL(h, .kind = EV_STATUS, .a = 15, .b = 11);
	for (uint32_t k = 0; k < BUFFERS; k++)
		TELL(h, .kind = EV_AVAILABLE, .a = k | 1 << 16, .addr = 0x1000,
		     .len = ROOM, .b = WRITE | k << 16);
	TELL(h, .kind = EV_AVAIL_IDX, .a = BUFFERS);
	TELL(h, .kind = EV_KICK, .a = BUFFERS);
	harness_silent(h);
}

static void close(struct referee_harness *h)
{
	harness_silent(h);
	harness_close(h);
}

static void header(struct referee_harness *h, uint32_t len, uint32_t buffers,
		   uint32_t size)
{
	TELL(h, .kind = EV_HEADER, .actor = DEVICE, .queue = RX, .len = len,
	     .b = size, .a = buffers << 16);
}

/* The buffer at position @at, which is head @at, gets @len bytes. */
static void used(struct referee_harness *h, uint32_t at, uint32_t len)
{
	TELL(h, .kind = EV_USED, .actor = DEVICE, .queue = RX, .a = at,
	     .len = len, .b = at);
}

static void shown(struct referee_harness *h, uint32_t index)
{
	TELL(h, .kind = EV_USED_IDX, .actor = DEVICE, .queue = RX, .a = index);
	TELL(h, .kind = EV_USED_NOTIFICATION, .actor = DEVICE, .queue = RX);
}

static void all_but_the_last_are_full(void)
{
	struct referee_harness h;

	begin(&h);
	used(&h, 0, 40);
	header(&h, 250, 3, 12);
	used(&h, 1, ROOM);
	used(&h, 2, ROOM);
	used(&h, 3, 50);
	used(&h, 4, 40);
	header(&h, 200, 2, 12);
	used(&h, 5, ROOM);
	used(&h, 6, ROOM);
	header(&h, 60, 1, 12); /* it says something else */
	used(&h, 7, 60);
	shown(&h, 8);
	close(&h);
}

static void one_is_not_full(void)
{
	struct referee_harness h;

	begin(&h);
	header(&h, 150, 2, 12);
	used(&h, 0, 90);
	harness_finds(&h, CLAUSE_NET_RX_FULL, DEVICE);
	used(&h, 1, 60);
	shown(&h, 2);
	close(&h);
}

static void there_are_more_than_it_says(void)
{
	struct referee_harness h;

	begin(&h);
	header(&h, 150, 1, 12);
	used(&h, 0, ROOM);
	used(&h, 1, 50);
	harness_finds(&h, CLAUSE_NET_RX_NUM, DEVICE);
	close(&h);
}

static void there_are_fewer_than_it_says(void)
{
	struct referee_harness h;

	begin(&h);
	header(&h, 80, 2, 12);
	used(&h, 0, 80);
	harness_finds(&h, CLAUSE_NET_RX_NUM, DEVICE);
	close(&h);
}

/* A header of ten bytes has no room for a number. */
static void what_is_not_said_is_not_wrong(void)
{
	struct referee_harness h;

	begin(&h);
	header(&h, 80, 2, 10);
	used(&h, 0, 80);
	shown(&h, 1);
	close(&h);
}

static void half_a_packet_is_visible(void)
{
	struct referee_harness h;

	begin(&h);
	header(&h, 150, 2, 12);
	used(&h, 0, ROOM);
	shown(&h, 1);
	harness_finds(&h, CLAUSE_NET_RX_TOGETHER, DEVICE);
	used(&h, 1, 50);
	shown(&h, 2);
	close(&h);
}

/* What was under way has ended with the queue. */
static void a_reset_ends_it(void)
{
	struct referee_harness h;

	begin(&h);
	header(&h, 150, 2, 12);
	used(&h, 0, ROOM);
	TELL(&h, .kind = EV_QUEUE_RESET, .actor = DEVICE, .queue = RX);
	TELL(&h, .kind = EV_QUEUE_ENABLED, .queue = RX);
	TELL(&h, .kind = EV_AVAILABLE, .a = 1 << 16, .addr = 0x1000,
	     .len = ROOM, .b = WRITE);
	TELL(&h, .kind = EV_AVAIL_IDX, .a = 1);
	used(&h, 0, 20);
	shown(&h, 1);
	close(&h);
}

static const struct unit_case cases[] = {
	{"all but the last are full", all_but_the_last_are_full},
	{"one is not full", one_is_not_full},
	{"there are more than it says", there_are_more_than_it_says},
	{"there are fewer than it says", there_are_fewer_than_it_says},
	{"what is not said is not wrong", what_is_not_said_is_not_wrong},
	{"half a packet is visible", half_a_packet_is_visible},
	{"a reset ends it", a_reset_ends_it},
};

UNIT_MAIN("span", cases)
