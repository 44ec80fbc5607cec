/* SPDX-License-Identifier: BSD-3-Clause */
/* The climb of the status register, and its falls. */
#include "model/virtio/device_fixture.h"

static struct heard h;

enum { UP_TO_DRIVER = STATUS_ACKNOWLEDGE | STATUS_DRIVER };

static uint8_t write_status(uint8_t value)
{
	device_write_status(&h.dev, value);
	return h.dev.status;
}

static void at_power_on(void)
{
	heard_open(&h, 0);
	CU_ASSERT_EQUAL(h.dev.status, 0);
	CU_ASSERT_EQUAL(h.dev.accepted, 0);
	CU_ASSERT_EQUAL(h.dev.config_vector, NO_VECTOR);
	for (uint32_t q = 0; q < NET_QUEUES; q++) {
		CU_ASSERT_FALSE(h.dev.queue[q].enabled);
		CU_ASSERT_EQUAL(h.dev.queue[q].area.size, 256);
		CU_ASSERT_EQUAL(h.dev.queue[q].vector, NO_VECTOR);
	}
}

static void the_climb(void)
{
	heard_open(&h, 0);
	CU_ASSERT_EQUAL(write_status(STATUS_ACKNOWLEDGE), STATUS_ACKNOWLEDGE);
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER), UP_TO_DRIVER);
	h.dev.accepted = HEARD_OFFERED;
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_FEATURES_OK),
			UP_TO_DRIVER | STATUS_FEATURES_OK);
	CU_ASSERT_EQUAL(h.oks, 0);
	CU_ASSERT_FALSE(device_live(&h.dev));
	write_status(UP_TO_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
	CU_ASSERT(device_live(&h.dev));
	CU_ASSERT_EQUAL(h.oks, 1);
	/* Written again it is not news. */
	write_status(UP_TO_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
	CU_ASSERT_EQUAL(h.oks, 1);
	CU_ASSERT_EQUAL(h.now, h.before);
}

static void features_that_were_not_offered(void)
{
	heard_open(&h, 0);
	h.dev.accepted = FEATURE_BIT(F_NET_MTU);
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_FEATURES_OK),
			UP_TO_DRIVER);
	/* Whoever does not look goes no further. */
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_FEATURES_OK |
				     STATUS_DRIVER_OK),
			UP_TO_DRIVER);
	CU_ASSERT_EQUAL(h.oks, 0);
	h.dev.accepted = 0;
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_FEATURES_OK),
			UP_TO_DRIVER | STATUS_FEATURES_OK);
}

static void features_without_what_they_need(void)
{
	heard_open(&h, 0);
	h.dev.accepted = FEATURE_BIT(F_NET_HOST_TSO4);
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_FEATURES_OK),
			UP_TO_DRIVER);
}

static void driver_ok_needs_features_ok(void)
{
	heard_open(&h, 0);
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_DRIVER_OK),
			UP_TO_DRIVER);
	CU_ASSERT_EQUAL(h.oks, 0);
}

static void go_live(void)
{
	heard_open(&h, 0);
	h.dev.accepted = HEARD_OFFERED;
	h.dev.queue[1].enabled = true;
	h.dev.queue[1].area.desc = 0x1000;
	write_status(UP_TO_DRIVER | STATUS_FEATURES_OK);
	write_status(UP_TO_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
}

static void a_reset_forgets(void)
{
	go_live();
	CU_ASSERT_EQUAL(write_status(0), 0);
	CU_ASSERT_EQUAL(h.resets, 1);
	CU_ASSERT_EQUAL(h.now, 0);
	CU_ASSERT(h.before & STATUS_DRIVER_OK);
	CU_ASSERT_EQUAL(h.dev.accepted, 0);
	CU_ASSERT_FALSE(h.dev.queue[1].enabled);
	CU_ASSERT_EQUAL(h.dev.queue[1].area.desc, 0);
	CU_ASSERT_EQUAL(h.dev.queue[1].area.size, 256);
}

static void failed_is_shown(void)
{
	heard_open(&h, 0);
	CU_ASSERT_EQUAL(write_status(UP_TO_DRIVER | STATUS_FAILED),
			UP_TO_DRIVER | STATUS_FAILED);
}

/* It stands until a reset, whatever the driver writes, and is told once. */
static void needs_reset_stands(void)
{
	go_live();
	h.dev.config_vector = 0;
	device_needs_reset(&h.dev);
	CU_ASSERT(h.dev.status & STATUS_NEEDS_RESET);
	CU_ASSERT_EQUAL(h.interrupts, 1);
	CU_ASSERT_EQUAL(h.vector, 0);
	device_needs_reset(&h.dev);
	CU_ASSERT_EQUAL(h.interrupts, 1);
	write_status(UP_TO_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK);
	CU_ASSERT(h.dev.status & STATUS_NEEDS_RESET);
	CU_ASSERT_EQUAL(h.oks, 1);
	CU_ASSERT_EQUAL(write_status(0), 0);
}

static void a_device_at_rest_does_not_interrupt(void)
{
	uint8_t generation;

	heard_open(&h, 0);
	generation = h.dev.generation;
	device_config_changed(&h.dev);
	device_needs_reset(&h.dev);
	CU_ASSERT_EQUAL(h.interrupts, 0);
	CU_ASSERT_NOT_EQUAL(h.dev.generation, generation);
}

/* Any values in any order: never live without features, never stuck. */
static void any_writes(void)
{
	uint32_t state = 1;

	heard_open(&h, 0);
	for (uint32_t i = 0; i < 100000; i++) {
		state = state * 1664525 + 1013904223;
		if (state >> 28 == 0)
			h.dev.accepted = state;
		write_status((uint8_t)(state >> 16));
		CU_ASSERT(!device_live(&h.dev) ||
			  h.dev.status & STATUS_FEATURES_OK);
	}
	CU_ASSERT_EQUAL(write_status(0), 0);
}

static const struct unit_case cases[] = {
	{"at power on", at_power_on},
	{"the climb", the_climb},
	{"features that were not offered", features_that_were_not_offered},
	{"features without what they need", features_without_what_they_need},
	{"DRIVER_OK needs FEATURES_OK", driver_ok_needs_features_ok},
	{"a reset forgets", a_reset_forgets},
	{"FAILED is shown", failed_is_shown},
	{"NEEDS_RESET stands", needs_reset_stands},
	{"a device at rest does not interrupt",
	 a_device_at_rest_does_not_interrupt},
	{"any writes", any_writes},
};

UNIT_MAIN("device", cases)
