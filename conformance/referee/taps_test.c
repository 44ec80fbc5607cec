/* SPDX-License-Identifier: BSD-3-Clause */
/* Queues of taps, one lie a case. */
#include "conformance/referee/taps.h"

#include "conformance/referee_harness.h"

enum { HOST = 2, PEER_HOST = 3, LEN = 76, ROOM = 2 };

static void begin(struct referee_harness *h)
{
	harness_prepare(h);
	h->config.link[0].tap_queue = ROOM;
	harness_open(h, &taps_referee);
}

static void close(struct referee_harness *h)
{
	harness_silent(h);
	harness_close(h);
}

/* A frame of NIC @from comes for NIC @to. */
static void in(struct referee_harness *h, uint32_t from, uint32_t to,
	       uint32_t len)
{
	TELL(h, .kind = EV_TAP_IN, .actor = (actor_id)(HOST + from),
	     .queue = queue_of_nic(to, NET_RX), .a = from, .len = len);
}

static void out(struct referee_harness *h, uint32_t from, uint32_t to,
		uint32_t len, bool delivered)
{
	TELL(h, .kind = EV_TAP_OUT, .actor = (actor_id)(HOST + to),
	     .queue = queue_of_nic(to, NET_RX), .a = from, .len = len,
	     .b = delivered);
}

static void reset(struct referee_harness *h, uint32_t nic)
{
	TELL(h, .kind = EV_STATUS, .actor = (actor_id)nic,
	     .queue = queue_of_nic(nic, NET_RX));
}

static void all_is_as_it_should_be(void)
{
	struct referee_harness h;

	begin(&h);
	in(&h, 0, 1, LEN);
	in(&h, 0, 1, LEN + 1);
	in(&h, 1, 0, LEN);
	out(&h, 0, 1, LEN, true);
	in(&h, 0, 1, LEN + 2);
	out(&h, 0, 1, LEN + 1, true);
	out(&h, 1, 0, LEN, true);
	reset(&h, 1);
	out(&h, 0, 1, LEN + 2, false);
	in(&h, 0, 1, LEN);
	out(&h, 0, 1, LEN, true);
	close(&h);
}

static void frames_go_back(void)
{
	struct referee_harness h;

	begin(&h);
	in(&h, 0, 0, LEN);
	harness_finds(&h, CLAUSE_TAP_SELF, HOST);
	close(&h);
}

static void one_too_many(void)
{
	struct referee_harness h;

	begin(&h);
	for (uint32_t i = 0; i < ROOM; i++)
		in(&h, 0, 1, LEN);
	harness_silent(&h);
	in(&h, 0, 1, LEN);
	harness_finds(&h, CLAUSE_TAP_BOUND, HOST);
	close(&h);
}

static void a_later_one_leaves(void)
{
	struct referee_harness h;

	begin(&h);
	in(&h, 0, 1, LEN);
	in(&h, 0, 1, LEN + 1);
	out(&h, 0, 1, LEN + 1, true);
	harness_finds(&h, CLAUSE_TAP_ORDER, PEER_HOST);
	close(&h);
}

static void one_leaves_twice(void)
{
	struct referee_harness h;

	begin(&h);
	in(&h, 0, 1, LEN);
	out(&h, 0, 1, LEN, true);
	out(&h, 0, 1, LEN, true);
	harness_finds(&h, CLAUSE_TAP_ORDER, PEER_HOST);
	close(&h);
}

static void one_outlives_its_driver(void)
{
	struct referee_harness h;

	begin(&h);
	in(&h, 0, 1, LEN);
	reset(&h, 0); /* who sent it */
	reset(&h, 1);
	out(&h, 0, 1, LEN, true);
	harness_finds(&h, CLAUSE_TAP_FRESH, PEER_HOST);
	close(&h);
}

static const struct unit_case cases[] = {
	{"all is as it should be", all_is_as_it_should_be},
	{"frames go back", frames_go_back},
	{"one too many", one_too_many},
	{"a later one leaves", a_later_one_leaves},
	{"one leaves twice", one_leaves_twice},
	{"one outlives its driver", one_outlives_its_driver},
};

UNIT_MAIN("taps", cases)
