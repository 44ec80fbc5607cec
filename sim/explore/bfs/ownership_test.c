/* SPDX-License-Identifier: BSD-3-Clause */
/* Who claims a state first by order has it, whoever was faster. */
#include "sim/explore/bfs/ownership.h"

#include "model/unit.h"

enum { MANY = 10000 };

static struct owner *owner_make(struct ownership *c)
{
	struct owner *owner = ownership_at(c, ownership_next(c));

	ownership_made(c);
	return owner;
}

static void lowest_order_wins(void)
{
	struct ownership ownership;
	struct owner *c;

	CU_ASSERT_TRUE_FATAL(ownership_open(&ownership, false));
	ownership_begin(&ownership);
	c = owner_make(&ownership);
	CU_ASSERT_TRUE(owner_take(c, 1, 20));
	CU_ASSERT_FALSE(owner_take(c, 1, 30));
	CU_ASSERT_TRUE(owner_take(c, 1, 10));
	CU_ASSERT_FALSE(owner_won(c, 1, 20));
	CU_ASSERT_TRUE(owner_won(c, 1, 10));
	ownership_close(&ownership);
}

/* A round that was given up leaves nothing that counts. */
static void round_begins_again(void)
{
	struct ownership ownership;
	struct owner *c;

	CU_ASSERT_TRUE_FATAL(ownership_open(&ownership, false));
	ownership_begin(&ownership);
	c = owner_make(&ownership);
	CU_ASSERT_TRUE(owner_take(c, 1, 10));
	CU_ASSERT_TRUE(owner_take(c, 2, 20));
	CU_ASSERT_TRUE(owner_won(c, 2, 20));
	CU_ASSERT_FALSE(owner_won(c, 1, 10));
	ownership_close(&ownership);
}

/* A number that was not used is the next again; two workers share none. */
static void numbers_are_given_once(void)
{
	struct ownership one, other;

	CU_ASSERT_TRUE_FATAL(ownership_open(&one, false));
	ownership_begin(&one);
	other = one;
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t mine = ownership_next(&one);

		CU_ASSERT_NOT_EQUAL(mine, 0);
		CU_ASSERT_EQUAL(ownership_next(&one), mine);
		ownership_made(&one);
		CU_ASSERT_NOT_EQUAL(ownership_next(&one), mine);
		CU_ASSERT_NOT_EQUAL(ownership_next(&other), mine);
		CU_ASSERT_NOT_EQUAL(ownership_next(&other),
				    ownership_next(&one));
	}
	ownership_close(&one);
}

/* What was found on earlier frontiers has no claim on this one. */
static void turning_leaves_the_layer(void)
{
	struct ownership ownership;
	uint32_t before, now;

	CU_ASSERT_TRUE_FATAL(ownership_open(&ownership, false));
	ownership_begin(&ownership);
	before = ownership_next(&ownership);
	owner_make(&ownership)->order = OWNER_PLACED;
	CU_ASSERT_TRUE(owner_placed(ownership_at(&ownership, before)));
	ownership_turn(&ownership);
	ownership_begin(&ownership);
	CU_ASSERT_PTR_NULL(ownership_at(&ownership, before));
	now = ownership_next(&ownership);
	CU_ASSERT_TRUE(now > before);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ownership_at(&ownership, now));
	CU_ASSERT_FALSE(owner_placed(ownership_at(&ownership, now)));
	ownership_close(&ownership);
}

/* Moves sleep in a state that sleep on each way to it, for one frontier. */
static void sleep_is_kept_for_a_layer(void)
{
	struct ownership ownership;
	struct owner *c;
	uint32_t number[3];

	CU_ASSERT_TRUE_FATAL(ownership_open(&ownership, false));
	ownership_begin(&ownership);
	for (uint32_t i = 0; i < 3; i++) {
		c = owner_make(&ownership);
		number[i] = ownership_number(&ownership, c);
		owner_wake(c, ~(UINT64_C(7) << i));
		owner_wake(c, ~(UINT64_C(14) << i));
	}
	ownership_turn(&ownership);
	ownership_begin(&ownership);
	for (uint32_t i = 0; i < 3; i++) {
		owner_wake(owner_make(&ownership), UINT64_MAX);
		CU_ASSERT_EQUAL(ownership_sleep_set(&ownership, number[i]),
				UINT64_C(6) << i);
	}
	ownership_close(&ownership);
}

static const struct unit_case cases[] = {
	{"the lowest order wins", lowest_order_wins},
	{"a round begins again", round_begins_again},
	{"numbers are given once", numbers_are_given_once},
	{"turning leaves the layer", turning_leaves_the_layer},
	{"sleep is kept for a layer", sleep_is_kept_for_a_layer},
};

UNIT_MAIN("claims", cases)
