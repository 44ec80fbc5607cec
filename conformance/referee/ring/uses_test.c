/* SPDX-License-Identifier: BSD-3-Clause */
/* Used elements, stored, shown and taken, one lie a case. */
#include "conformance/ring_harness.h"

static void used_as_it_should_be(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .start = 65530);
	rh_rounds(&r, 8);
	rh_close(&r);
}

static void used_id_outside(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 8, 0);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DEVICE);
	rh_used(&r, UINT32_MAX, 0);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DEVICE);
	rh_close(&r);
}

static void used_id_never_exposed(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 1, 0);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DEVICE);
	rh_close(&r);
}

static void used_id_names_a_member(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 2, 60, 0, 0);
	rh_chain(&r, 1, 2, 12, RH_NEXT);
	rh_publish(&r);
	rh_used(&r, 2, 0);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DEVICE);
	rh_close(&r);
}

static void used_twice(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 0, 0);
	rh_used(&r, 0, 0);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DEVICE);
	rh_close(&r);
}

static void used_len_too_long(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 0, 101);
	rh_finds(&r, CLAUSE_SPLIT_USED_LEN, RH_DEVICE);
	rh_chain(&r, 1, 1, 100, 0);
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 1, 1); /* nothing of it is writable */
	rh_finds(&r, CLAUSE_SPLIT_USED_LEN, RH_DEVICE);
	rh_close(&r);
}

static void used_at_the_wrong_place(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	r.used_written = 1;
	rh_used(&r, 0, 0);
	rh_finds(&r, CLAUSE_SPLIT_USED_ORDER, RH_DEVICE);
	rh_close(&r);
}

static void used_idx_runs_ahead(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 0, 0);
	rh_device(&r, EV_USED_IDX, 2);
	rh_finds(&r, CLAUSE_SPLIT_USED_ORDER, RH_DEVICE);
	rh_close(&r);
}

static void used_idx_goes_back(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 0, 0);
	rh_used_idx(&r);
	rh_device(&r, EV_USED_IDX, 0);
	rh_finds(&r, CLAUSE_SPLIT_USED_ORDER, RH_DEVICE);
	rh_take(&r, 0, 0); /* it was visible */
	rh_close(&r);
}

static void taken_before_it_is_visible(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_exposed(&r);
	rh_used(&r, 0, 0);
	rh_take(&r, 0, 0);
	rh_finds(&r, CLAUSE_SPLIT_USED_TAKE, RH_DRIVER);
	rh_close(&r);
}

static void taken_otherwise_than_stored(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 0);
	rh_offer(&r, 1);
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 0, 5);
	rh_used(&r, 1, 5);
	rh_used_idx(&r);
	rh_call(&r);
	rh_take(&r, 0, 6);
	rh_finds(&r, CLAUSE_SPLIT_USED_TAKE, RH_DRIVER);
	rh_take(&r, 1, 5);
	rh_silent(&r);
	rh_take(&r, 1, 5);
	rh_finds(&r, CLAUSE_SPLIT_USED_TAKE, RH_DRIVER);
	rh_close(&r);
}

static void taken_out_of_order(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 0);
	rh_offer(&r, 1);
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 0, 5);
	rh_used(&r, 1, 5);
	rh_used_idx(&r);
	rh_call(&r);
	rh_take(&r, 1, 5);
	rh_finds(&r, CLAUSE_SPLIT_USED_TAKE, RH_DRIVER);
	rh_close(&r);
}

static const struct unit_case cases[] = {
	{"used as it should be", used_as_it_should_be},
	{"used id outside of the table", used_id_outside},
	{"used id never exposed", used_id_never_exposed},
	{"used id names a member", used_id_names_a_member},
	{"used twice", used_twice},
	{"used len too long", used_len_too_long},
	{"used at the wrong place", used_at_the_wrong_place},
	{"used idx runs ahead", used_idx_runs_ahead},
	{"used idx goes back", used_idx_goes_back},
	{"taken before it is visible", taken_before_it_is_visible},
	{"taken otherwise than stored", taken_otherwise_than_stored},
	{"taken out of order", taken_out_of_order},
};

UNIT_MAIN("uses", cases)
