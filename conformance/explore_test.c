/* SPDX-License-Identifier: BSD-3-Clause */
/* Canonical forms of small worlds of every kind (explore_check.h). */
#include "conformance/explore_check.h"

static void drivers_begin(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "explore: {sends: 1}\n");
}

static void endless_traffic(void)
{
	/* The same again and again, with other numbers. */
	struct checked found = check("    ring: {size: 2, event-idx: off}\n"
				     "    bar: {slots: 2, slot-size: 128}\n"
				     "    private-rx: 0\n"
				     "    fallback: off\n"
				     "script: [run]\n"
				     "explore: {endless: on}\n");

	CU_ASSERT(found.merged > 300);
}

static void event_index(void)
{
	check("    ring: {size: 4, event-idx: on, start: 65533}\n"
	      "    bar: {slots: 4, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 60 x7, run]\n"
	      "explore: {endless: on}\n");
}

static void private_buffers(void)
{
	check("    ring: {size: 4}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 2\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on}\n");
}

static void copies_only(void)
{
	check("    path: copy\n"
	      "    ring: {size: 2}\n"
	      "    private-rx: 2\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on}\n");
}

static void mirrored_rings(void)
{
	check("    path: vhost-pci\n"
	      "    ring: {size: 2}\n"
	      "    private-rx: 2\n"
	      "script: [run, a send 60 x9, b send 60 x9, run]\n"
	      "explore: {endless: on}\n");
	check("    path: vhost-pci\n"
	      "    ring: {size: 2, event-idx: off, start: 65535}\n"
	      "    private-rx: 2\n"
	      "explore: {sends: 1, resets: 2, crashes: 1}\n");
}

static void resets(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 60, a step 5]\n"
	      "explore: {sends: 1, resets: 2, crashes: 1, unpairs: 1}\n");
}

static void resets_of_queues(void)
{
	check("    ring: {size: 2, reset: on}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 60 x3, a step 5]\n"
	      "explore: {endless: on, queue-resets: 3}\n");
	check("    path: copy\n"
	      "    ring: {size: 4, reset: on, indirect: on, event-idx: off}\n"
	      "    private-rx: 3\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {sends: 2, queue-resets: 3, resets: 1, unpairs: 1}\n");
	check("    ring: {size: 4, reset: on}\n"
	      "    bar: {slots: 3, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: {queue-reset: off}\n"
	      "script: [run]\n"
	      "explore: {endless: on, queue-resets: 2}\n");
}

static void several_slots_a_frame(void)
{
	check("    ring: {size: 4, indirect: on}\n"
	      "    bar: {slots: 4, slot-size: 64}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 90 x3, run]\n"
	      "explore: {endless: on, bytes: 90}\n");
}

static void the_old_rules(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 3, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: 2015\n"
	      "script: [run]\n"
	      "explore: {endless: on, resets: 1}\n");
}

static void lies(void)
{
	check("    ring: {size: 4}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: {hold-map: off}\n"
	      "script: [run]\n"
	      "explore:\n"
	      "  endless: on\n"
	      "  lies: 2\n"
	      "  overlook: [EXT-ONE-OWNER, EXT-TOUCH]\n");
}

/* States behind a broken rule are states like any others. */
static void what_is_overlooked(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: {post-before-send: off, one-outcome: off}\n"
	      "script: [run]\n"
	      "explore: {endless: on, overlook: [EXT-POST-FIRST]}\n");
}

static void whole_moves(void)
{
	/* Few abstract states, and all that came before makes no difference. */
	struct checked found = check_steps(
		"burst: 1\n", "    ring: {size: 4}\n"
			      "    bar: {slots: 3, slot-size: 128}\n"
			      "    private-rx: 0\n"
			      "    fallback: off\n"
			      "    gifts: {low: 1, batch: 1}\n"
			      "script: [run]\n"
			      "explore: {grain: slot}\n");

	CU_ASSERT(found.merged > 1000);
	CU_ASSERT_EQUAL(found.swapped, 0);
}

/* How often slots had changed places, by @alloc, with slots of @size bytes. */
static uint32_t swapped(const char *alloc, uint32_t size, const char *more)
{
	char rest[1024];

	snprintf(rest, sizeof rest,
		 "    ring: {size: 4}\n"
		 "    bar: {slots: 4, slot-size: %u}\n"
		 "    private-rx: 0\n"
		 "    fallback: off\n"
		 "    alloc: %s\n"
		 "    gifts: {low: 2, batch: 2}\n"
		 "%s",
		 size, alloc, more);
	return check_steps("step: burst\nburst: 1\n", rest).swapped;
}

static const char *const endless = "script: [run]\n"
				   "explore: {endless: on}\n";

static void slots_change_places(void)
{
	static const char *const resets =
		"script: [run]\n"
		"explore: {endless: on, resets: 2, unpairs: 1}\n";

	CU_ASSERT(swapped("fifo", 128, endless) > 0);
	CU_ASSERT(swapped("lifo", 128, endless) > 0);
	CU_ASSERT(swapped("fifo", 64, endless) > 300); /* two a frame */
	CU_ASSERT(swapped("lifo", 64, endless) > 300);
	CU_ASSERT(swapped("fifo", 64, resets) > 300);
	CU_ASSERT(swapped("fifo", 64,
			  "  - ends: [b, a]\n"
			  "    private-size: 128\n"
			  "    ring: {size: 2}\n"
			  "    bar: {slots: 2, slot-size: 128}\n"
			  "    private-rx: 0\n"
			  "script: [run]\n"
			  "explore: {sends: 2, resets: 1}\n") > 0);
}

/* Where a slot's number says more than which it is. */
static void slots_with_numbers(void)
{
	CU_ASSERT_EQUAL(swapped("address", 64, endless), 0);
	CU_ASSERT_EQUAL(swapped("fifo", 64,
				"    rules: {epoch: off}\n"
				"script: [run]\n"
				"explore: {endless: on, resets: 2}\n"),
			0);
	CU_ASSERT_EQUAL(swapped("fifo", 128,
				"script: [run]\n"
				"explore: {endless: on, lies: 99}\n"),
			0);
}

static const struct unit_case cases[] = {
	{"drivers begin", drivers_begin},
	{"endless traffic", endless_traffic},
	{"event index", event_index},
	{"private buffers", private_buffers},
	{"copies only", copies_only},
	{"mirrored rings", mirrored_rings},
	{"resets, crashes, partings", resets},
	{"resets of queues", resets_of_queues},
	{"several slots a frame", several_slots_a_frame},
	{"the old rules", the_old_rules},
	{"what is overlooked", what_is_overlooked},
	{"whole moves", whole_moves},
	{"slots change places", slots_change_places},
	{"slots with numbers", slots_with_numbers},
	{"lies", lies},
};

UNIT_MAIN("explore", cases)
