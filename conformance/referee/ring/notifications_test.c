/* SPDX-License-Identifier: BSD-3-Clause */
/* Kicks and calls: owed, muted, moved by an event word; one lie a case. */
#include "conformance/ring_harness.h"

/* @count buffers become available. */
static void publish(struct ring_harness *r, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		rh_offer(r, first + i);
	rh_publish(r);
}

/* @count of them become used. */
static void use(struct ring_harness *r, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		rh_used(r, first + i, 0);
	rh_used_idx(r);
}

static void kick_owed(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	publish(&r, 0, 2);
	rh_no_kick(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_FLAG, RH_DRIVER);
	rh_close(&r);
}

static void kick_muted(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_device(&r, EV_USED_FLAGS, 1);
	publish(&r, 0, 1);
	rh_no_kick(&r);
	publish(&r, 1, 1);
	rh_kick(&r); /* SHOULD NOT, so no finding */
	rh_finish(&r);
	rh_close(&r);
}

/* The word counts as it stands when the driver decides. */
static void kick_unmuted_in_between(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_device(&r, EV_USED_FLAGS, 1);
	publish(&r, 0, 1);
	rh_device(&r, EV_USED_FLAGS, 0);
	rh_no_kick(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_FLAG, RH_DRIVER);
	publish(&r, 1, 1);
	rh_device(&r, EV_USED_FLAGS, 1);
	rh_no_kick(&r);
	rh_close(&r);
}

static void kick_never_decided(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	publish(&r, 0, 1);
	rh_finish(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_FLAG, RH_DRIVER);
	rh_close(&r);
}

static void kick_for_nothing(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_kick(&r);
	rh_no_kick(&r);
	rh_call(&r);
	rh_no_call(&r);
	rh_finish(&r);
	rh_close(&r);
}

static void kick_event(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .event_idx = true);
	rh_device(&r, EV_AVAIL_EVENT, 2);
	publish(&r, 0, 2); /* entries 0 and 1 */
	rh_no_kick(&r);
	rh_silent(&r);
	publish(&r, 2, 1);
	rh_no_kick(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_EVENT, RH_DRIVER);
	publish(&r, 3, 1);
	rh_no_kick(&r); /* the event is passed */
	rh_close(&r);
}

/* avail_event 65535: the last entry before the index is 0 again. */
static void kick_event_at_the_wrap(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .start = 65533, .event_idx = true);
	rh_device(&r, EV_AVAIL_EVENT, 65535);
	publish(&r, 0, 2);
	rh_no_kick(&r);
	rh_silent(&r);
	publish(&r, 2, 3);
	rh_no_kick(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_EVENT, RH_DRIVER);
	rh_device(&r, EV_AVAIL_EVENT, 2);
	publish(&r, 5, 1);
	rh_finish(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_EVENT, RH_DRIVER);
	rh_close(&r);
}

/* With EVENT_IDX the flags mute nothing; without, the event words do not. */
static void the_other_word_is_not_consulted(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_device(&r, EV_AVAIL_EVENT, 7);
	publish(&r, 0, 1);
	rh_no_kick(&r);
	rh_finds(&r, CLAUSE_SPLIT_KICK_FLAG, RH_DRIVER);
	rh_close(&r);
}

static void call_owed(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	publish(&r, 0, 2);
	rh_kick(&r);
	use(&r, 0, 2);
	rh_no_call(&r);
	rh_finds(&r, CLAUSE_SPLIT_CALL_FLAG, RH_DEVICE);
	rh_close(&r);
}

static void call_muted(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_driver(&r, EV_AVAIL_FLAGS, 1);
	publish(&r, 0, 2);
	rh_kick(&r);
	use(&r, 0, 1);
	rh_no_call(&r);
	use(&r, 1, 1);
	rh_call(&r);
	rh_finds(&r, CLAUSE_SPLIT_CALL_MUTED, RH_DEVICE);
	rh_driver(&r, EV_AVAIL_FLAGS, 0);
	publish(&r, 2, 1);
	rh_kick(&r);
	use(&r, 2, 1);
	rh_call(&r);
	rh_finish(&r);
	rh_close(&r);
}

static void call_never_decided(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .event_idx = true);
	publish(&r, 0, 1);
	rh_kick(&r);
	use(&r, 0, 1);
	rh_finish(&r);
	rh_finds(&r, CLAUSE_SPLIT_CALL_EVENT, RH_DEVICE);
	rh_close(&r);
}

static void call_event(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .start = 65535, .event_idx = true);
	publish(&r, 0, 4);
	rh_kick(&r);
	rh_driver(&r, EV_USED_EVENT, 1);
	use(&r, 0, 2); /* elements 65535 and 0 */
	rh_no_call(&r);
	rh_silent(&r);
	use(&r, 2, 1);
	rh_no_call(&r);
	rh_finds(&r, CLAUSE_SPLIT_CALL_EVENT, RH_DEVICE);
	use(&r, 3, 1);
	rh_no_call(&r);
	rh_close(&r);
}

/* One decision covers all that was published since the last. */
static void call_for_several_publications(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .event_idx = true);
	publish(&r, 0, 3);
	rh_kick(&r);
	use(&r, 0, 1);
	use(&r, 1, 1);
	use(&r, 2, 1);
	rh_no_call(&r);
	rh_finds(&r, CLAUSE_SPLIT_CALL_EVENT, RH_DEVICE);
	rh_close(&r);
}

static void a_broken_queue_owes_nothing(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	publish(&r, 0, 1);
	rh_device(&r, EV_BROKEN, CLAUSE_SPLIT_HEAD);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DRIVER);
	rh_finish(&r);
	rh_close(&r);
}

static void flags_hold_nonsense(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_driver(&r, EV_AVAIL_FLAGS, 1);
	rh_driver(&r, EV_AVAIL_FLAGS, 0);
	rh_device(&r, EV_USED_FLAGS, 1);
	rh_device(&r, EV_USED_FLAGS, 0);
	rh_silent(&r);
	rh_driver(&r, EV_AVAIL_FLAGS, 2);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_FLAGS, RH_DRIVER);
	rh_device(&r, EV_USED_FLAGS, 3);
	rh_finds(&r, CLAUSE_SPLIT_USED_FLAGS, RH_DEVICE);
	rh_close(&r);
}

static void flags_beside_event_idx(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .event_idx = true);
	rh_driver(&r, EV_AVAIL_FLAGS, 0);
	rh_device(&r, EV_USED_FLAGS, 0);
	rh_silent(&r);
	rh_driver(&r, EV_AVAIL_FLAGS, 1);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_FLAGS, RH_DRIVER);
	rh_device(&r, EV_USED_FLAGS, 1);
	rh_finds(&r, CLAUSE_SPLIT_USED_FLAGS, RH_DEVICE);
	rh_close(&r);
}

static const struct unit_case cases[] = {
	{"flags hold nonsense", flags_hold_nonsense},
	{"flags beside EVENT_IDX", flags_beside_event_idx},
	{"a kick is owed", kick_owed},
	{"kicks are muted", kick_muted},
	{"kicks are unmuted in between", kick_unmuted_in_between},
	{"a kick is never decided on", kick_never_decided},
	{"notifications for nothing", kick_for_nothing},
	{"avail_event", kick_event},
	{"avail_event at the wrap", kick_event_at_the_wrap},
	{"the other word is not consulted", the_other_word_is_not_consulted},
	{"a call is owed", call_owed},
	{"calls are muted", call_muted},
	{"a call is never decided on", call_never_decided},
	{"used_event at the wrap", call_event},
	{"a call for several publications", call_for_several_publications},
	{"a broken queue owes nothing", a_broken_queue_owes_nothing},
};

UNIT_MAIN("notifications", cases)
