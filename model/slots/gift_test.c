/* SPDX-License-Identifier: BSD-3-Clause */
/* When slots are given back: each policy, and that gifts come to rest. */
#include "model/slots/gift.h"

#include "model/unit.h"

#define VIEW(mine, lent, asked) ((struct gift_view){mine, lent, asked})

static uint32_t count(enum gift_policy policy, uint32_t low, uint32_t batch,
		      struct gift_view v)
{
	struct gift_config g = {policy, low, batch, false};

	return gift_count(&g, &v);
}

static void none_gives_nothing(void)
{
	for (uint32_t mine = 0; mine < 50; mine++)
		CU_ASSERT_EQUAL(count(GIFT_NONE, 50, 50, VIEW(mine, 0, true)),
				0);
}

static void immediate_gives_half_the_excess(void)
{
	CU_ASSERT_EQUAL(count(GIFT_IMMEDIATE, 0, 0, VIEW(8, 0, false)), 4);
	CU_ASSERT_EQUAL(count(GIFT_IMMEDIATE, 0, 0, VIEW(6, 3, false)), 1);
	CU_ASSERT_EQUAL(count(GIFT_IMMEDIATE, 0, 0, VIEW(5, 4, false)), 0);
	CU_ASSERT_EQUAL(count(GIFT_IMMEDIATE, 0, 0, VIEW(2, 0, false)), 1);
	CU_ASSERT_EQUAL(count(GIFT_IMMEDIATE, 0, 0, VIEW(1, 0, false)), 0);
}

static void watermark_waits_until_it_is_low(void)
{
	CU_ASSERT_EQUAL(count(GIFT_WATERMARK, 3, 2, VIEW(20, 3, false)), 0);
	CU_ASSERT_EQUAL(count(GIFT_WATERMARK, 3, 2, VIEW(20, 2, false)), 2);
	CU_ASSERT_EQUAL(count(GIFT_WATERMARK, 3, 9, VIEW(20, 2, false)), 9);
	CU_ASSERT_EQUAL(count(GIFT_WATERMARK, 3, 99, VIEW(20, 2, false)), 9);
	/* Nothing lent is low, whatever the mark. */
	CU_ASSERT_EQUAL(count(GIFT_WATERMARK, 0, 1, VIEW(4, 0, false)), 1);
}

static void credit_gives_when_asked(void)
{
	CU_ASSERT_EQUAL(count(GIFT_CREDIT, 3, 2, VIEW(20, 0, false)), 0);
	CU_ASSERT_EQUAL(count(GIFT_CREDIT, 3, 2, VIEW(20, 0, true)), 2);
	CU_ASSERT_EQUAL(count(GIFT_CREDIT, 3, 2, VIEW(3, 1, true)), 1);
	CU_ASSERT_EQUAL(count(GIFT_CREDIT, 3, 2, VIEW(2, 1, true)), 0);
}

static void check_share(enum gift_policy policy, uint32_t k)
{
	for (uint32_t mine = 0; mine < 40; mine++)
		for (uint32_t lent = 0; lent < 40; lent++) {
			uint32_t n =
				count(policy, k, k, VIEW(mine, lent, true));

			CU_ASSERT(n <= mine);
			CU_ASSERT(n == 0 || mine - n >= lent + n);
		}
}

static void never_beyond_an_equal_share(void)
{
	for (int policy = 0; policy < GIFT_POLICIES; policy++)
		for (uint32_t k = 1; k < 80; k += 13)
			check_share((enum gift_policy)policy, k);
}

/* Two drivers that always ask and do nothing but give. */
static uint32_t gifts_until_rest(enum gift_policy policy, uint32_t held[2],
				 uint32_t low, uint32_t batch, uint32_t first)
{
	uint32_t gifts = 0, quiet = 0;

	for (uint32_t turn = first; quiet < 2 && gifts < 1000; turn ^= 1) {
		struct gift_view v = {held[turn], held[!turn], true};
		uint32_t n = count(policy, low, batch, v);

		held[turn] -= n;
		held[!turn] += n;
		gifts += n;
		quiet = n ? 0 : quiet + 1;
	}
	return gifts;
}

/* One pool of @slots of which driver 0 has @a, for every mark and batch. */
static void check_rest(enum gift_policy policy, uint32_t slots, uint32_t a)
{
	for (uint32_t low = 0; low <= slots; low++)
		for (uint32_t batch = 1; batch <= slots; batch++) {
			uint32_t held[2] = {a, slots - a};
			uint32_t gifts = gifts_until_rest(policy, held, low,
							  batch, a & 1);

			CU_ASSERT(gifts <= slots / 2);
			CU_ASSERT_EQUAL(held[0] + held[1], slots);
		}
}

/* However few slots there are and whoever has them: gifts do not swing. */
static void gifts_come_to_rest(void)
{
	for (int policy = 0; policy < GIFT_POLICIES; policy++)
		for (uint32_t slots = 2; slots <= 9; slots++)
			for (uint32_t a = 0; a <= slots; a++)
				check_rest((enum gift_policy)policy, slots, a);
}

/* With the odd one given, too, they never rest where there is one. */
static void an_odd_slot_swings(void)
{
	struct gift_config g = {GIFT_IMMEDIATE, .odd = true};

	CU_ASSERT_EQUAL(gift_count(&g, &VIEW(2, 1, false)), 1);
	CU_ASSERT_EQUAL(gift_count(&g, &VIEW(5, 0, false)), 3);
	CU_ASSERT_EQUAL(gift_count(&g, &VIEW(2, 2, false)), 0);
	CU_ASSERT_EQUAL(gift_count(&g, &VIEW(4, 0, false)), 2);
	g.policy = GIFT_NONE;
	CU_ASSERT_EQUAL(gift_count(&g, &VIEW(2, 1, false)), 0);
}

/* One pool of which driver 0 has nothing, for one mark and batch. */
static void check_floor(const struct gift_config *g, uint32_t slots)
{
	uint32_t held[2] = {0, slots};

	gifts_until_rest(g->policy, held, g->low, g->batch, 1);
	CU_ASSERT(held[0] >= gift_floor(g, slots));
	CU_ASSERT(gift_floor(g, slots) <= slots / 2);
}

/* What a sender counts on is what its peer's policy does give in the end. */
static void the_floor_is_kept(void)
{
	for (int policy = 0; policy < GIFT_POLICIES; policy++)
		for (uint32_t slots = 2; slots <= 24; slots++)
			for (uint32_t low = 0; low <= slots; low++)
				for (uint32_t k = 1; k <= slots; k++)
					check_floor(
						&(struct gift_config){
							(enum gift_policy)
								policy,
							low, k, false},
						slots);
}

static void a_floor_of_none_is_nothing(void)
{
	struct gift_config g = {GIFT_NONE, 8, 8, false};

	CU_ASSERT_EQUAL(gift_floor(&g, 64), 0);
}

static const struct unit_case cases[] = {
	{"none gives nothing", none_gives_nothing},
	{"immediate gives half the excess", immediate_gives_half_the_excess},
	{"watermark waits until it is low", watermark_waits_until_it_is_low},
	{"credit gives when asked", credit_gives_when_asked},
	{"never beyond an equal share", never_beyond_an_equal_share},
	{"gifts come to rest", gifts_come_to_rest},
	{"an odd slot swings", an_odd_slot_swings},
	{"the floor is kept", the_floor_is_kept},
	{"a floor of none is nothing", a_floor_of_none_is_nothing},
};

UNIT_MAIN("gift", cases)
