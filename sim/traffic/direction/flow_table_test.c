/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/unit.h"
#include "sim/traffic/direction/flow_table.h"

static struct key key_of(uint32_t n)
{
	return (struct key){{(uint8_t)n, (uint8_t)(n >> 8),
			     (uint8_t)(n >> 16), [39] = (uint8_t)(n % 7)}};
}

static void empty_set_finds_nothing(void)
{
	struct flow_table s = {.count = 0};
	struct key k = key_of(1);

	CU_ASSERT_EQUAL(flow_table_find(&s, &k), FLOW_NONE);
	flow_table_free(&s);
}

static void numbers_follow_the_order_of_adding(void)
{
	struct flow_table s = {.count = 0};

	for (uint32_t n = 0; n < 10000; n++) {
		struct key k = key_of(n * 3);

		CU_ASSERT_EQUAL_FATAL(flow_table_add(&s, &k), n);
		CU_ASSERT_EQUAL(s.mark[n], 0);
		s.mark[n] = (uint8_t)n;
		CU_ASSERT_EQUAL_FATAL(flow_table_add(&s, &k), n);
	}
	for (uint32_t n = 0; n < 30000; n++) {
		struct key k = key_of(n);

		CU_ASSERT_EQUAL_FATAL(flow_table_find(&s, &k),
				      n % 3 ? FLOW_NONE : n / 3);
	}
	for (uint32_t n = 0; n < 10000; n++)
		CU_ASSERT_EQUAL(s.mark[n], (uint8_t)n);
	flow_table_free(&s);
}

static const struct unit_case cases[] = {
	{"an empty set finds nothing", empty_set_finds_nothing},
	{"numbers follow the order of adding",
	 numbers_follow_the_order_of_adding},
};

UNIT_MAIN("keyset", cases)
