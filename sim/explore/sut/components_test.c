/* SPDX-License-Identifier: BSD-3-Clause */
/* Each variable is in one component; those that go together are in the same. */
#include "sim/explore/sut/components.h"

#include <string.h>

#include "model/unit.h"
#include "sim/world/rng.h"

enum { STEPS = 128, STATES = 64, MANY = 900, WORDS = STEPS / 64 };

static uint64_t written[MANY * WORDS], held[MANY * STATES];

static struct components_sample sample_of(uint32_t variables)
{
	memset(written, 0, sizeof written);
	memset(held, 0, sizeof held);
	return (struct components_sample){.variables = variables,
					  .steps = STEPS,
					  .states = STATES,
					  .written = written,
					  .held = held};
}

/* Says all places, of so many variables, in components. */
static void check(const struct components *b, uint32_t variables)
{
	uint32_t seen = 0;

	CU_ASSERT_TRUE_FATAL(b->count > 0 && b->count <= COMPONENTS_MAX);
	for (uint32_t n = 0; n < b->count; n++) {
		uint32_t size = components_size(b, n);

		for (uint32_t i = 0; i < size; i++, seen++) {
			uint32_t variable = b->variable[b->first[n] + i];

			CU_ASSERT_TRUE_FATAL(variable <
					     variables + VARIABLES_LATER);
			CU_ASSERT_EQUAL(b->of[variable], n);
			CU_ASSERT_EQUAL(b->place[variable],
					n << 16 | (size + i));
		}
	}
	CU_ASSERT_EQUAL(seen, variables + VARIABLES_LATER);
}

/* Two by two, never with the others, and each pair has two contents. */
static void pairs_are_found(void)
{
	struct components_sample s = sample_of(6);
	struct components b;

	for (uint32_t variable = 0; variable < 6; variable++) {
		written[variable * WORDS] = UINT64_C(1) << variable / 2;
		for (uint32_t i = 0; i < STATES; i++)
			held[variable * STATES + i] =
				(i >> variable / 2 & 1) * UINT64_C(1) << 60;
	}
	CU_ASSERT_TRUE_FATAL(components_open(&b, &s));
	check(&b, 6);
	for (uint32_t variable = 0; variable < 6; variable += 2)
		CU_ASSERT_EQUAL(b.of[variable], b.of[variable + 1]);
	components_close(&b);
}

/* More than there can be components, or groups, and of all kinds. */
static void any_number_fits(void)
{
	struct rng d = {1};

	for (uint32_t variables = 0; variables <= MANY; variables += 300) {
		struct components_sample s = sample_of(variables);
		struct components b;

		for (uint32_t i = 0; i < variables * WORDS; i++)
			written[i] = rng_next(&d) & rng_next(&d);
		for (uint32_t i = 0; i < variables * STATES; i++)
			held[i] = rng_next(&d);
		CU_ASSERT_TRUE_FATAL(components_open(&b, &s));
		check(&b, variables);
		components_close(&b);
	}
}

static const struct unit_case cases[] = {
	{"pairs are found", pairs_are_found},
	{"any number fits", any_number_fits},
};

UNIT_MAIN("blocks", cases)
