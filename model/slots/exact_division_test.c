/* SPDX-License-Identifier: BSD-3-Clause */
/* Against division, for numbers of every kind. */
#include "model/slots/exact_division.h"

#include "model/unit.h"

static const uint32_t numbers[] = {
	1,    2,    3,     12,    64,       192,         2048,
	2112, 4160, 65535, 65600, 1u << 31, 0x80000001u, UINT32_MAX};

static void check(uint32_t n, uint64_t at)
{
	struct exact_division m;
	uint64_t q;

	exact_division_init(&m, n);
	q = exact_division_which(m, at);
	if (at % n == 0)
		CU_ASSERT_EQUAL(q, at / n);
	if (at % n)
		CU_ASSERT(q > UINT64_MAX / n);
}

static void as_division_says(void)
{
	uint64_t at = 1;

	for (uint32_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		uint32_t n = numbers[i];

		for (uint64_t q = 0; q < 1000; q++) {
			check(n, q * n);
			check(n, q * n + 1);
			check(n, q * n + n - 1);
		}
		check(n, UINT64_MAX / n * n);
		check(n, UINT64_MAX);
		for (uint32_t k = 0; k < 1000; k++) {
			at = at * UINT64_C(6364136223846793005) + 1;
			check(n, at);
			check(n, at / n * n);
		}
	}
}

static const struct unit_case cases[] = {
	{"as division says", as_division_says},
};

UNIT_MAIN("multiple", cases)
