/* SPDX-License-Identifier: BSD-3-Clause */
/* Printed, loaded and printed again: the same bytes. */
#include "sim/scenario/scenario_unit.h"

#define BUSY                                                                  \
	"name: \"a: b #c \\\"d\\\" \\\\ é\"\n"                               \
	"seed: 0xffffffffffffffff\n"                                          \
	"profile: p/x.yaml\n"                                                 \
	"schedule: random\n"                                                  \
	"step: action\n"                                                      \
	"vms:\n"                                                              \
	" - {name: a, start: 1500us, guess: halves, rx-chain: 4}\n"           \
	" - {name: b-2, poll: on, features: {csum: off, hash-report: on}}\n"  \
	" - {name: \"-\"}\n"                                                  \
	"links:\n"                                                            \
	" - {ends: [a, b-2], rules: 2015, bar: {slots: 1}, park: 0}\n"        \
	" - {ends: [\"-\", a], path: copy, ring: {size: 1, start: 65535}}\n"  \
	"traffic:\n"                                                          \
	" - {pcap: x y.pcap, pace: scaled, scale: 0.05x, max-gap: 3ns}\n"     \
	" - {pcap: /-x, pace: rate, rate: 3M, damaged: use, snapped: keep}\n" \
	" - {pcap: \"-\", pace: asap}\n"                                      \
	" - {generate: bursts, from: a, to: b-2, burst: 5, gap: 1ps}\n"       \
	" - {generate: request-response, from: \"-\", to: a, window: 9}\n"    \
	" - {generate: imix, from: \"-\", to: a, both: on}\n"                 \
	" - {generate: one-way, from: \"-\", to: a, pace: rate, rate: 1}\n"   \
	"script: [b-2  send 5, \"- send 9\", \" run \", 'host1.- step', '']\n"

/* As above without the empty order, which is none. */
static char *busy(void)
{
	char *text = strdup(BUSY);

	strcpy(strstr(text, ", '']"), "]\n");
	return text;
}

static void same_again(const char *text)
{
	struct scenario *first = unit_load(text, NULL);
	char *once = unit_printed(first);
	struct scenario *second = unit_load(once, NULL);
	char *twice = unit_printed(second);

	unit_same(twice, once);
	CU_ASSERT_EQUAL(
		memcmp(&first->world, &second->world, sizeof first->world), 0);
	CU_ASSERT_EQUAL(
		memcmp(&first->expect, &second->expect, sizeof first->expect),
		0);
	CU_ASSERT_STRING_EQUAL(first->name, second->name);
	free(once);
	free(twice);
	scenario_free(first);
	scenario_free(second);
}

static void round_trip(void)
{
	char *text = busy();

	same_again(WHOLE);
	same_again(WHOLE "expect: {violations: none}\n");
	same_again(WHOLE "expect: {violations: [EXT-TOUCH, EXT-FIFO], lost: 1, "
			 "delivered: 2, host-bytes-copied: 3, "
			 "digest: 0000000000000001}\n");
	same_again(text);
	same_again(VMS
		   "networks: [{members: [vm2, vm1], path: copy}]\n" TRAFFIC);
	same_again(VMS "networks: [{members: [vm2, vm1]}, {members: [vm1, "
		       "vm2]}]\n" LINK TRAFFIC);
	free(text);
}

static bool prints(const char *text, const char *line)
{
	struct scenario *sc = unit_load(text, NULL);
	char *printed = unit_printed(sc);
	bool found = strstr(printed, line);

	if (!found)
		printf("\nno '%s' in:\n%s\n", line, printed);
	free(printed);
	scenario_free(sc);
	return found;
}

static void spellings(void)
{
	char *text = busy();

	CU_ASSERT_TRUE(prints(text, "name: \"a: b #c \\\"d\\\" \\\\ é\"\n"));
	CU_ASSERT_TRUE(prints(text, "\nseed: 18446744073709551615\n"));
	CU_ASSERT_TRUE(prints(text, "\n    start: 1500us\n"));
	CU_ASSERT_TRUE(prints(text, "\n      hash-report: on\n"));
	CU_ASSERT_TRUE(prints(text, "\n    ends: [a, b-2]\n"));
	CU_ASSERT_TRUE(prints(text, "\n      epoch: off\n"));
	CU_ASSERT_TRUE(prints(text, "\n  - pcap: x y.pcap\n"));
	CU_ASSERT_TRUE(prints(text, "\n    scale: 5%\n"));
	CU_ASSERT_TRUE(prints(text, "\n    rate: 3000000\n"));
	CU_ASSERT_TRUE(prints(text, "\n  - pcap: \"-\"\n"));
	CU_ASSERT_TRUE(prints(text, "\n  - \"- send 9\"\n  - \" run \"\n"));
	free(text);
	CU_ASSERT_TRUE(
		prints(VMS "networks: [{members: [vm2, vm1]}]\n" LINK TRAFFIC,
		       "\nnetworks:\n  - path: shared-buffers\n    "
		       "members: [vm2, vm1]\n    ring:\n"));
}

static void whole_text(void)
{
	struct scenario *sc = unit_load(WHOLE "expect: {lost: 0}\n", NULL);
	char *text = unit_printed(sc);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "traffic:\n"
					    "  - generate: fixed\n"
					    "    pace: asap\n"
					    "    repeat: 1\n"
					    "    bytes: 64\n"
					    "    packets: 1000\n"
					    "    from: vm1\n"
					    "    to: vm2\n"
					    "    both: off\n"
					    "expect:\n"
					    "  lost: 0\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "script"));
	free(text);
	scenario_free(sc);
}

static const struct unit_case cases[] = {
	{"what is printed loads to the same", round_trip},
	{"values are spelled so that they can be read", spellings},
	{"only keys that fit are printed", whole_text},
};

UNIT_MAIN("scenario_print", cases)
