/* SPDX-License-Identifier: BSD-3-Clause */
/* Who claims a state first by order has it, whoever was faster. */
#include "sim/search/claims.h"

#include "model/unit.h"

enum { MANY = 10000 };

static struct claim *claim_make(struct claims *c)
{
	struct claim *claim = claims_at(c, claims_next(c));

	claims_made(c);
	return claim;
}

static void lowest_order_wins(void)
{
	struct claims claims;
	struct claim *c;

	CU_ASSERT_TRUE_FATAL(claims_open(&claims, false));
	claims_begin(&claims);
	c = claim_make(&claims);
	CU_ASSERT_TRUE(claim_take(c, 1, 20));
	CU_ASSERT_FALSE(claim_take(c, 1, 30));
	CU_ASSERT_TRUE(claim_take(c, 1, 10));
	CU_ASSERT_FALSE(claim_won(c, 1, 20));
	CU_ASSERT_TRUE(claim_won(c, 1, 10));
	claims_close(&claims);
}

/* A round that was given up leaves nothing that counts. */
static void round_begins_again(void)
{
	struct claims claims;
	struct claim *c;

	CU_ASSERT_TRUE_FATAL(claims_open(&claims, false));
	claims_begin(&claims);
	c = claim_make(&claims);
	CU_ASSERT_TRUE(claim_take(c, 1, 10));
	CU_ASSERT_TRUE(claim_take(c, 2, 20));
	CU_ASSERT_TRUE(claim_won(c, 2, 20));
	CU_ASSERT_FALSE(claim_won(c, 1, 10));
	claims_close(&claims);
}

/* A number that was not used is the next again; two workers share none. */
static void numbers_are_given_once(void)
{
	struct claims one, other;

	CU_ASSERT_TRUE_FATAL(claims_open(&one, false));
	claims_begin(&one);
	other = one;
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t mine = claims_next(&one);

		CU_ASSERT_NOT_EQUAL(mine, 0);
		CU_ASSERT_EQUAL(claims_next(&one), mine);
		claims_made(&one);
		CU_ASSERT_NOT_EQUAL(claims_next(&one), mine);
		CU_ASSERT_NOT_EQUAL(claims_next(&other), mine);
		CU_ASSERT_NOT_EQUAL(claims_next(&other), claims_next(&one));
	}
	claims_close(&one);
}

/* What was found on earlier layers has no claim on this one. */
static void turning_leaves_the_layer(void)
{
	struct claims claims;
	uint32_t before, now;

	CU_ASSERT_TRUE_FATAL(claims_open(&claims, false));
	claims_begin(&claims);
	before = claims_next(&claims);
	claim_make(&claims)->order = CLAIM_PLACED;
	CU_ASSERT_TRUE(claim_placed(claims_at(&claims, before)));
	claims_turn(&claims);
	claims_begin(&claims);
	CU_ASSERT_PTR_NULL(claims_at(&claims, before));
	now = claims_next(&claims);
	CU_ASSERT_TRUE(now > before);
	CU_ASSERT_PTR_NOT_NULL_FATAL(claims_at(&claims, now));
	CU_ASSERT_FALSE(claim_placed(claims_at(&claims, now)));
	claims_close(&claims);
}

/* Moves sleep in a state that sleep on each way to it, for one layer. */
static void sleep_is_kept_for_a_layer(void)
{
	struct claims claims;
	struct claim *c;
	uint32_t number[3];

	CU_ASSERT_TRUE_FATAL(claims_open(&claims, false));
	claims_begin(&claims);
	for (uint32_t i = 0; i < 3; i++) {
		c = claim_make(&claims);
		number[i] = claims_number(&claims, c);
		claim_wake(c, ~(UINT64_C(7) << i));
		claim_wake(c, ~(UINT64_C(14) << i));
	}
	claims_turn(&claims);
	claims_begin(&claims);
	for (uint32_t i = 0; i < 3; i++) {
		claim_wake(claim_make(&claims), UINT64_MAX);
		CU_ASSERT_EQUAL(claims_asleep(&claims, number[i]),
				UINT64_C(6) << i);
	}
	claims_close(&claims);
}

static const struct unit_case cases[] = {
	{"the lowest order wins", lowest_order_wins},
	{"a round begins again", round_begins_again},
	{"numbers are given once", numbers_are_given_once},
	{"turning leaves the layer", turning_leaves_the_layer},
	{"sleep is kept for a layer", sleep_is_kept_for_a_layer},
};

UNIT_MAIN("claims", cases)
