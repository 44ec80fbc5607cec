/* SPDX-License-Identifier: BSD-3-Clause */
/* Available entries and indexes, one lie a case. */
#include "conformance/ring_harness.h"

static void offered_as_it_should_be(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .start = 65530);
	rh_rounds(&r, 8);
	rh_close(&r);
}

static void avail_idx_goes_back(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 0);
	rh_offer(&r, 1);
	rh_publish(&r);
	rh_kick(&r);
	rh_driver(&r, EV_AVAIL_IDX, 1);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_FORWARD, RH_DRIVER);
	rh_used(&r, 1, 5); /* the device had seen it */
	rh_close(&r);
}

static void avail_idx_goes_back_over_zero(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .start = 65535);
	rh_offer(&r, 0);
	rh_offer(&r, 1);
	rh_publish(&r);
	rh_driver(&r, EV_AVAIL_IDX, 65535);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_FORWARD, RH_DRIVER);
	rh_close(&r);
}

static void avail_idx_runs_ahead(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 0);
	rh_driver(&r, EV_AVAIL_IDX, 2);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_ORDER, RH_DRIVER);
	rh_close(&r);
}

static void entry_at_the_wrong_place(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	r.written = 3;
	rh_offer(&r, 0);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_ORDER, RH_DRIVER);
	rh_close(&r);
}

static void some_of_what_was_written(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 0);
	rh_offer(&r, 1);
	rh_driver(&r, EV_AVAIL_IDX, 1);
	rh_driver(&r, EV_AVAIL_IDX, 1);
	rh_kick(&r);
	rh_used(&r, 0, 1);
	rh_silent(&r);
	rh_used(&r, 1, 1); /* written, not available */
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DEVICE);
	rh_close(&r);
}

static void published_before_the_reset_is_done(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_driver(&r, EV_QUEUE_ASKED, 0);
	rh_offer(&r, 1);
	rh_publish(&r);
	rh_finds(&r, CLAUSE_QRESET_CONFIRM, RH_DRIVER);
	rh_close(&r);
}

static const struct unit_case cases[] = {
	{"offered as it should be", offered_as_it_should_be},
	{"avail idx goes back", avail_idx_goes_back},
	{"avail idx goes back over zero", avail_idx_goes_back_over_zero},
	{"avail idx runs ahead", avail_idx_runs_ahead},
	{"entry at the wrong place", entry_at_the_wrong_place},
	{"some of what was written", some_of_what_was_written},
	{"published before the reset is done",
	 published_before_the_reset_is_done},
};

UNIT_MAIN("offers", cases)
