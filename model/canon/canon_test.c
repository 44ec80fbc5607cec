/* SPDX-License-Identifier: BSD-3-Clause */
/* Slots without numbers: what a permutation changes, and what it must not. */
#include "model/canon/canon.h"

#include "model/unit.h"

enum { SLOTS = 3, BYTES = 256 };

/* One link's slots in two parts of a state: a queue, and a word for each. */
struct example {
	uint8_t queue[SLOTS];
	uint8_t word[SLOTS];
	uint8_t numbered; /* how many of the words name their slot's number */
};

static void example_canon(struct canon *f, const struct example *x,
			  uint32_t part)
{
	for (uint32_t k = 0; k < SLOTS && part == 0; k++)
		canon_slot(f, 0, x->queue[k]);
	for (uint32_t s = 0; s < SLOTS && part == 1; s++) {
		canon_of_slot(f, 0, s);
		canon_u8(f, x->word[s]);
		if (s < x->numbered)
			canon_slot(f, 0, (s + 1) % SLOTS);
		canon_of_end(f);
	}
}

static uint64_t digest(const struct example *x, uint32_t slots)
{
	struct canon f = {.slots = slots, .slot_first = {0, slots}};
	uint64_t sum[CANON_WORDS_MAX] = {0}, out[CANON_WORDS_MAX];
	uint8_t bytes[BYTES];

	for (uint32_t part = 0; part < 2; part++) {
		canon_begin(&f, bytes, sizeof bytes);
		example_canon(&f, x, part);
		canon_end(&f, part, out);
		for (uint32_t i = 0; i < canon_words(&f); i++)
			sum[i] += out[i];
	}
	return canon_slots_digest(&f, sum);
}

static void a_permutation_is_nothing(void)
{
	const struct example x = {{0, 1, 2}, {7, 8, 9}, 0};
	const struct example y = {{2, 0, 1}, {8, 9, 7}, 0};

	CU_ASSERT_EQUAL(digest(&x, SLOTS), digest(&y, SLOTS));
	CU_ASSERT_NOT_EQUAL(digest(&x, 0), digest(&y, 0));
}

/* The same queue and the same words, but not for the same slots. */
static void parts_belong_together(void)
{
	const struct example x = {{0, 1, 2}, {7, 8, 9}, 0};
	const struct example y = {{0, 1, 2}, {8, 7, 9}, 0};
	const struct example z = {{0, 1, 1}, {7, 8, 9}, 0};

	CU_ASSERT_NOT_EQUAL(digest(&x, SLOTS), digest(&y, SLOTS));
	CU_ASSERT_NOT_EQUAL(digest(&x, SLOTS), digest(&z, SLOTS));
}

/* Words of slots that look alike can be exchanged, others cannot. */
static void slots_that_are_alike(void)
{
	const struct example x = {{0, 0, 0}, {7, 8, 9}, 0};
	const struct example y = {{0, 0, 0}, {7, 9, 8}, 0};
	const struct example z = {{0, 0, 0}, {8, 7, 9}, 0};

	CU_ASSERT_EQUAL(digest(&x, SLOTS), digest(&y, SLOTS));
	CU_ASSERT_NOT_EQUAL(digest(&x, SLOTS), digest(&z, SLOTS));
}

/* What is said of one slot names another one that nothing orders. */
static void a_slot_that_is_named_out_of_order(void)
{
	const struct example x = {{0, 0, 0}, {7, 8, 8}, 1};
	const struct example y = {{0, 0, 0}, {7, 8, 8}, 0};
	const struct example z = {{2, 2, 2}, {8, 8, 7}, 1};

	CU_ASSERT_NOT_EQUAL(digest(&x, SLOTS), digest(&y, SLOTS));
	CU_ASSERT_NOT_EQUAL(digest(&x, SLOTS), digest(&z, SLOTS));
}

/* Names of one part say nothing in another; nonsense stays as it is. */
static void names_and_nonsense(void)
{
	struct canon f = {.slots = SLOTS, .slot_first = {0, SLOTS}};
	uint8_t bytes[BYTES];

	canon_begin(&f, bytes, sizeof bytes);
	canon_slot(&f, 0, 2);
	canon_slot(&f, 0, 0);
	canon_slot(&f, 0, 2);
	canon_slot(&f, 0, SLOTS);
	CU_ASSERT_EQUAL(f.slot_name[2], 1);
	CU_ASSERT_EQUAL(f.slot_name[0], 2);
	CU_ASSERT_EQUAL(f.slot_name[1], 0);
	CU_ASSERT_EQUAL(f.at - f.first, 3 * 2 + 5);
	canon_begin(&f, bytes, sizeof bytes);
	canon_of_slot(&f, 0, 1);
	canon_slot(&f, 0, 1);
	CU_ASSERT_EQUAL(bytes[0], CANON_SELF);
	canon_of_end(&f);
	CU_ASSERT_EQUAL(f.at, f.first);
	CU_ASSERT_EQUAL(f.slot_name[2], 0);
	CU_ASSERT_NOT_EQUAL(f.slot_said[1], 0);
}

/* Numbers are little-endian in a state, whatever the machine has. */
static void bytes_of_numbers(void)
{
	static const uint8_t want[] = {2,  1,  6,  5,  4, 3, 14,
				       13, 12, 11, 10, 9, 8, 7};
	struct canon f = {0};
	uint8_t bytes[BYTES];

	canon_begin(&f, bytes, sizeof bytes);
	canon_u16(&f, 0x0102);
	canon_u32(&f, 0x03040506);
	canon_u64(&f, UINT64_C(0x0708090a0b0c0d0e));
	CU_ASSERT_EQUAL_FATAL(f.at - f.first, sizeof want);
	CU_ASSERT_EQUAL(memcmp(bytes, want, sizeof want), 0);
}

static void digests_are_the_same_everywhere(void)
{
	const struct example x = {{0, 1, 2}, {7, 8, 9}, 0};

	CU_ASSERT_EQUAL(digest(&x, SLOTS), UINT64_C(0x264aaa61dd3b8f1d));
	CU_ASSERT_EQUAL(digest(&x, 0), UINT64_C(0x7f6a67b09ab835c));
}

static const struct unit_case cases[] = {
	{"a permutation is nothing", a_permutation_is_nothing},
	{"parts belong together", parts_belong_together},
	{"slots that are alike", slots_that_are_alike},
	{"a slot that is named out of order",
	 a_slot_that_is_named_out_of_order},
	{"names and nonsense", names_and_nonsense},
	{"bytes of numbers", bytes_of_numbers},
	{"digests are the same everywhere", digests_are_the_same_everywhere},
};

UNIT_MAIN("canon", cases)
