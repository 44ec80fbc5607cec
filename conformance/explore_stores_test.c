/* SPDX-License-Identifier: BSD-3-Clause */
/* Canonical forms of worlds in which stores wait (explore_check.h). */
#include "conformance/explore_check.h"

static void stores_in_order(void)
{
	check("    ring: {size: 2, event-idx: off}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "memory: tso\n"
	      "script: [run]\n"
	      "explore: {endless: on}\n");
	check("    path: copy\n"
	      "    ring: {size: 4, start: 65533, reset: on}\n"
	      "    private-rx: 2\n"
	      "memory: tso\n"
	      "barriers: {driver-kick: off, device-sleep: off}\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on, resets: 1, queue-resets: 1}\n");
}

static void stores_of_a_mirror(void)
{
	check("    path: vhost-pci\n"
	      "    ring: {size: 2, event-idx: off}\n"
	      "    private-rx: 2\n"
	      "memory: tso\n"
	      "script: [run]\n"
	      "explore: {endless: on, resets: 1, crashes: 1}\n");
	check("    path: vhost-pci\n"
	      "    ring: {size: 4, start: 65533}\n"
	      "    private-rx: 2\n"
	      "memory: pso\n"
	      "barriers: {device-sleep: off}\n"
	      "script: [run, a send 60 x3, run]\n"
	      "explore: {endless: on, resets: 1}\n");
}

static void stores_in_any_order(void)
{
	check("    path: copy\n"
	      "    ring: {size: 2}\n"
	      "    private-rx: 2\n"
	      "memory: pso\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on}\n");
	check("    ring: {size: 4, event-idx: off, indirect: on, start: "
	      "65533, reset: on}\n"
	      "    bar: {slots: 4, slot-size: 64}\n"
	      "    private-rx: 0\n"
	      "memory: pso\n"
	      "barriers: {driver-sleep: off, device-call: off}\n"
	      "script: [run, a send 90 x3, run]\n"
	      "explore: {endless: on, bytes: 90, resets: 1, queue-resets: "
	      "1}\n");
}

static const struct unit_case cases[] = {
	{"stores in order", stores_in_order},
	{"stores of a mirror", stores_of_a_mirror},
	{"stores in any order", stores_in_any_order},
};

UNIT_MAIN("explore stores", cases)
