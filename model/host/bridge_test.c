/* SPDX-License-Identifier: BSD-3-Clause */
/* What a bridge learns, how much of it, and where frames go by that. */
#include "model/host/bridge.h"

#include "model/unit.h"

struct frame {
	uint8_t macs[MACS_SIZE];
};

static struct frame frame_of(uint8_t to, uint8_t from)
{
	return (struct frame){{2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from}};
}

static uint64_t goes(struct bridge *b, uint8_t to, uint8_t from, uint32_t port)
{
	struct frame f = frame_of(to, from);

	return bridge_ports(b, f.macs, port);
}

static void unknown_goes_to_all_others(void)
{
	struct bridge b = {.ports = 4};

	CU_ASSERT_EQUAL(goes(&b, 9, 1, 0), 0xe);
	CU_ASSERT_EQUAL(goes(&b, 9, 2, 2), 0xb);
	b = (struct bridge){.ports = BRIDGE_PORTS_MAX};
	CU_ASSERT_EQUAL(goes(&b, 9, 1, 63), UINT64_MAX >> 1);
}

static void known_goes_to_one(void)
{
	struct bridge b = {.ports = 4};

	goes(&b, 9, 1, 0);
	CU_ASSERT_EQUAL(goes(&b, 1, 2, 2), 1);
	CU_ASSERT_EQUAL(goes(&b, 2, 1, 0), 4);
	CU_ASSERT_EQUAL(goes(&b, 1, 3, 0), 0); /* it is there already */
}

static void machines_move(void)
{
	struct bridge b = {.ports = 3};

	goes(&b, 9, 1, 0);
	goes(&b, 9, 1, 2);
	CU_ASSERT_EQUAL(goes(&b, 1, 2, 1), 4);
}

static void groups_are_no_machine(void)
{
	struct bridge b = {.ports = 3};
	struct frame f = frame_of(9, 1);

	f.macs[MAC_SIZE] = 3;
	bridge_ports(&b, f.macs, 0);
	CU_ASSERT_EQUAL(bridge_lookup(&b, f.macs + MAC_SIZE), BRIDGE_UNKNOWN);
	memset(f.macs, 0xff, MAC_SIZE);
	CU_ASSERT_EQUAL(bridge_ports(&b, f.macs, 1), 5);
}

/* However many there are, it remembers so many; the first are forgotten. */
static void memory_is_bounded(void)
{
	struct bridge b = {.ports = 2};
	uint8_t mac[MAC_SIZE] = {2};
	uint32_t known = 0;

	for (uint32_t i = 0; i < 4096; i++) {
		mac[4] = (uint8_t)(i >> 8);
		mac[5] = (uint8_t)i;
		bridge_learn(&b, mac, i & 1);
		CU_ASSERT_EQUAL(bridge_lookup(&b, mac), i & 1);
	}
	for (uint32_t i = 0; i < 4096; i++) {
		mac[4] = (uint8_t)(i >> 8);
		mac[5] = (uint8_t)i;
		known += bridge_lookup(&b, mac) != BRIDGE_UNKNOWN;
	}
	CU_ASSERT_EQUAL(known, BRIDGE_BUCKETS * BRIDGE_WAYS);
	mac[4] = mac[5] = 0;
	CU_ASSERT_EQUAL(bridge_lookup(&b, mac), BRIDGE_UNKNOWN);
}

static uint32_t form_of(const struct bridge *b, uint8_t *at, uint32_t size)
{
	struct canon f = {.at = at};

	canon_begin(&f, at, size);
	bridge_canon(b, &f);
	return (uint32_t)(f.at - at);
}

static void forms_tell_all_that_is_known(void)
{
	struct bridge b = {.ports = 2};
	uint8_t none[64], one[64], moved[64];
	uint32_t size;

	CU_ASSERT_EQUAL(form_of(&b, none, sizeof none), 1);
	goes(&b, 9, 1, 0);
	size = form_of(&b, one, sizeof one);
	goes(&b, 9, 1, 1);
	CU_ASSERT_EQUAL(form_of(&b, moved, sizeof moved), size);
	CU_ASSERT_NOT_EQUAL(memcmp(one, moved, size), 0);
}

static const struct unit_case cases[] = {
	{"unknown goes to all others", unknown_goes_to_all_others},
	{"known goes to one", known_goes_to_one},
	{"machines move", machines_move},
	{"groups are no machine", groups_are_no_machine},
	{"memory is bounded", memory_is_bounded},
	{"forms tell all that is known", forms_tell_all_that_is_known},
};

UNIT_MAIN("bridge", cases)
