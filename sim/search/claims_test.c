/* SPDX-License-Identifier: BSD-3-Clause */
/* Who claims a state first by order has it, whoever was faster. */
#include "sim/search/claims.h"

#include "model/unit.h"

enum { MANY = 10000 };

static void lowest_order_wins(void)
{
	struct claims claims;
	struct claim *c;

	CU_ASSERT_TRUE_FATAL(claims_open(&claims, false));
	c = claims_add(&claims, 7);
	CU_ASSERT_PTR_EQUAL(claims_find(&claims, 7), c);
	CU_ASSERT_PTR_NULL(claims_find(&claims, 8));
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
	c = claims_add(&claims, 9);
	CU_ASSERT_TRUE(claim_take(c, 1, 10));
	CU_ASSERT_TRUE(claim_take(c, 2, 20));
	CU_ASSERT_TRUE(claim_won(c, 2, 20));
	CU_ASSERT_FALSE(claim_won(c, 1, 10));
	claims_close(&claims);
}

/* Claims are found again in a larger table, and not in a cleared one. */
static void growing_keeps_places(void)
{
	struct claims claims;
	uint64_t number;

	CU_ASSERT_TRUE_FATAL(claims_open(&claims, false));
	for (uint64_t i = 0; i < MANY; i++) {
		CU_ASSERT_TRUE_FATAL(claims_grow(&claims, 1));
		claims_add(&claims, i << 40)->order = CLAIM_PLACED | i;
	}
	for (uint64_t i = 0; i < MANY; i++) {
		struct claim *c = claims_find(&claims, i << 40);

		CU_ASSERT_PTR_NOT_NULL_FATAL(c);
		CU_ASSERT_TRUE(claim_placed(c, &number));
		CU_ASSERT_EQUAL(number, i);
	}
	claims_clear(&claims, MANY);
	for (uint64_t i = 0; i < MANY; i++)
		CU_ASSERT_PTR_NULL(claims_find(&claims, i << 40));
	claims_close(&claims);
}

static const struct unit_case cases[] = {
	{"the lowest order wins", lowest_order_wins},
	{"a round begins again", round_begins_again},
	{"growing keeps places", growing_keeps_places},
};

UNIT_MAIN("claims", cases)
