/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When each half notifies the other, and what it does to be told: both forms
 * of suppression, at every place of the index.
 */
#include "conformance/case/ring_expect.h"

/* The driver half exposes @count buffers and decides. */
static bool kicks(struct ring_bench *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		ring_bench_add(b, 1, i);
	return vq_driver_kick_wanted(&b->driver);
}

/* The device half uses @count buffers that the raw driver offers; decides. */
static bool calls(struct ring_bench *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		ring_bench_offer(b, (uint16_t)i, 0);
		ring_bench_look(b);
		expect_chain(b, 1, 0, 0);
		vq_device_used(&b->device, b->chain.head, 0);
	}
	vq_device_publish(&b->device);
	ring_bench_look(b);
	return vq_device_call_wanted(&b->device);
}

static void kick_by_flag(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8, .start = 65534);

	CU_ASSERT_FALSE(kicks(b, 0));
	CU_ASSERT_TRUE(kicks(b, 1));
	CU_ASSERT_FALSE(kicks(b, 0)); /* nothing new */
	raw_ring_put_used_flags(&b->raw, 1);
	CU_ASSERT_FALSE(kicks(b, 2));
	raw_ring_put_used_flags(&b->raw, 0);
	CU_ASSERT_TRUE(kicks(b, 1));
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_KICK), 2);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_NO_KICK), 1);
	ring_bench_close(b);
}

/* Without EVENT_IDX the event word is not consulted. */
static void kick_by_flag_only(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8);

	raw_ring_put_avail_event(&b->raw, 5);
	CU_ASSERT_TRUE(kicks(b, 1));
	raw_ring_put_used_flags(&b->raw, 1);
	raw_ring_put_avail_event(&b->raw, 1);
	CU_ASSERT_FALSE(kicks(b, 1));
	ring_bench_close(b);
}

/* With EVENT_IDX the flags are not consulted, and bits 1 to 15 never. */
static void kick_by_event_only(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8, .event_idx = true);

	raw_ring_put_used_flags(&b->raw, 0xffff);
	CU_ASSERT_TRUE(kicks(b, 1));
	raw_ring_put_used_flags(&b->raw, 0);
	CU_ASSERT_FALSE(kicks(b, 1));
	ring_bench_close(b);
}

static void unknown_flags_mute_nothing(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8);

	raw_ring_put_used_flags(&b->raw, 0xfffe);
	CU_ASSERT_TRUE(kicks(b, 1));
	ring_bench_close(b);
}

/* Entries @start and on, @count at once, with the event at @event. */
static bool kicks_from(uint16_t start, uint32_t count, uint16_t event)
{
	struct ring_bench *b =
		BENCH_DRIVER(.size = 8, .start = start, .event_idx = true);
	bool kick;

	raw_ring_put_avail_event(&b->raw, event);
	kick = kicks(b, count);
	ring_bench_close(b);
	return kick;
}

static void kick_by_event(void)
{
	CU_ASSERT_FALSE(kicks_from(10, 3, 9));
	CU_ASSERT_TRUE(kicks_from(10, 3, 10));
	CU_ASSERT_TRUE(kicks_from(10, 3, 12));
	CU_ASSERT_FALSE(kicks_from(10, 3, 13));
}

static void kick_by_event_at_the_wrap(void)
{
	CU_ASSERT_FALSE(kicks_from(65534, 4, 65533));
	CU_ASSERT_TRUE(kicks_from(65534, 4, 65534));
	CU_ASSERT_TRUE(kicks_from(65534, 4, 65535));
	CU_ASSERT_TRUE(kicks_from(65534, 4, 0));
	CU_ASSERT_TRUE(kicks_from(65534, 4, 1));
	CU_ASSERT_FALSE(kicks_from(65534, 4, 2));
	CU_ASSERT_TRUE(kicks_from(65535, 1, 65535));
	CU_ASSERT_FALSE(kicks_from(65535, 1, 0));
}

static void call_by_flag(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8, .start = 65534);

	CU_ASSERT_FALSE(calls(b, 0));
	CU_ASSERT_TRUE(calls(b, 1));
	CU_ASSERT_FALSE(calls(b, 0));
	raw_ring_put_avail_flags(&b->raw, 1);
	CU_ASSERT_FALSE(calls(b, 2));
	raw_ring_put_avail_flags(&b->raw, 0);
	CU_ASSERT_TRUE(calls(b, 1));
	raw_ring_put_avail_flags(&b->raw, 0xfffe);
	raw_ring_put_used_event(&b->raw, 0x1234);
	CU_ASSERT_TRUE(calls(b, 1));
	ring_bench_close(b);
}

static bool calls_from(uint16_t start, uint32_t count, uint16_t event)
{
	struct ring_bench *b =
		BENCH_DEVICE(.size = 8, .start = start, .event_idx = true);
	bool call;

	raw_ring_put_avail_flags(&b->raw, 0xffff); /* not consulted */
	raw_ring_put_used_event(&b->raw, event);
	call = calls(b, count);
	ring_bench_close(b);
	return call;
}

static void call_by_event(void)
{
	CU_ASSERT_FALSE(calls_from(10, 3, 9));
	CU_ASSERT_TRUE(calls_from(10, 3, 10));
	CU_ASSERT_TRUE(calls_from(10, 3, 12));
	CU_ASSERT_FALSE(calls_from(10, 3, 13));
	CU_ASSERT_TRUE(calls_from(65535, 3, 1));
	CU_ASSERT_FALSE(calls_from(65535, 3, 2));
}

/* The driver mutes and unmutes calls, and finds what came in between. */
static void driver_asks(void)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8);
	uint16_t head = ring_bench_add(b, 1, 7);

	vq_driver_calls_off(&b->driver);
	vq_driver_calls_off(&b->driver);
	CU_ASSERT_EQUAL(raw_ring_avail_flags(&b->raw), 1);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_AVAIL_FLAGS), 1);
	vq_driver_calls_on(&b->driver);
	CU_ASSERT_FALSE(vq_driver_pending(&b->driver));
	CU_ASSERT_EQUAL(raw_ring_avail_flags(&b->raw), 0);
	ring_bench_used(b, head, 0);
	ring_bench_used_idx(b);
	vq_driver_calls_on(&b->driver);
	CU_ASSERT_TRUE(vq_driver_pending(&b->driver));
	expect_take(b, 7, 0);
	ring_bench_close(b);
}

static void driver_asks_by_event(void)
{
	struct ring_bench *b =
		BENCH_DRIVER(.size = 8, .start = 65535, .event_idx = true);
	uint16_t head = ring_bench_add(b, 1, 7);

	vq_driver_calls_off(&b->driver);
	CU_ASSERT_EQUAL(raw_ring_avail_flags(&b->raw), 0);
	ring_bench_used(b, head, 0);
	ring_bench_used_idx(b);
	expect_take(b, 7, 0);
	vq_driver_calls_on(&b->driver);
	CU_ASSERT_FALSE(vq_driver_pending(&b->driver));
	CU_ASSERT_EQUAL(raw_ring_used_event(&b->raw), 0);
	CU_ASSERT_EQUAL(raw_ring_avail_flags(&b->raw), 0);
	ring_bench_close(b);
}

static void device_asks(void)
{
	struct ring_bench *b = BENCH_DEVICE(.size = 8);

	vq_device_kicks_off(&b->device);
	vq_device_kicks_off(&b->device);
	CU_ASSERT_EQUAL(raw_ring_used_flags(&b->raw), 1);
	CU_ASSERT_EQUAL(ring_bench_events(b, EV_USED_FLAGS), 1);
	CU_ASSERT_TRUE(vq_device_kicks_on(&b->device));
	CU_ASSERT_FALSE(vq_device_pending(&b->device));
	CU_ASSERT_EQUAL(raw_ring_used_flags(&b->raw), 0);
	ring_bench_offer(b, 0, 1);
	CU_ASSERT_TRUE(vq_device_kicks_on(&b->device));
	CU_ASSERT_TRUE(vq_device_pending(&b->device));
	ring_bench_look(b);
	expect_chain(b, 1, 0, 1);
	ring_bench_close(b);
}

static void device_asks_by_event(void)
{
	struct ring_bench *b =
		BENCH_DEVICE(.size = 8, .start = 65535, .event_idx = true);

	ring_bench_offer(b, 0, 1);
	expect_chain(b, 1, 0, 1);
	vq_device_kicks_off(&b->device);
	CU_ASSERT(ring_bench_quiet(b));
	CU_ASSERT_TRUE(vq_device_kicks_on(&b->device));
	CU_ASSERT_FALSE(vq_device_pending(&b->device));
	CU_ASSERT_EQUAL(raw_ring_avail_event(&b->raw), 0);
	CU_ASSERT_EQUAL(raw_ring_used_flags(&b->raw), 0);
	ring_bench_close(b);
}

static const struct unit_case cases[] = {
	{"kick by flag", kick_by_flag},
	{"kick by flag only", kick_by_flag_only},
	{"kick by event only", kick_by_event_only},
	{"unknown flags mute nothing", unknown_flags_mute_nothing},
	{"kick by event", kick_by_event},
	{"kick by event at the wrap", kick_by_event_at_the_wrap},
	{"call by flag", call_by_flag},
	{"call by event", call_by_event},
	{"the driver asks", driver_asks},
	{"the driver asks by event", driver_asks_by_event},
	{"the device asks", device_asks},
	{"the device asks by event", device_asks_by_event},
};

UNIT_MAIN("split_notice", cases)
