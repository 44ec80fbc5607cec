/* SPDX-License-Identifier: BSD-3-Clause */
/* Effects depend on each other where one changes what the other touches. */
#include "sim/explore/cache/dependence.h"

#include "sim/explore/cache/cache_fixture.h"

static struct cache_fixture f;
static struct dependence d;

static void begin(void)
{
	cache_fixture_open(&f);
	CU_ASSERT_FATAL(dependence_open(&d, &f.a, false));
}

static void end(void)
{
	dependence_close(&d);
	cache_fixture_close(&f);
}

/* Whether they are where variables hold @a, @b, 0 and 0, asked both ways. */
static bool depend(uint64_t a, uint64_t b, uint32_t one, uint32_t other)
{
	const uint64_t value[CACHE_VARIABLES] = {a, b};
	uint32_t state[CACHE_COMPONENTS];
	bool said;

	cache_fixture_state(&f, value, state);
	said = dependence_at(&d, state, one, other);
	CU_ASSERT_EQUAL(dependence_at(&d, state, other, one), said);
	CU_ASSERT_EQUAL(dependence_at(&d, state, one, other), said);
	return said;
}

static void apart_they_commute(void)
{
	uint32_t one, other;

	begin();
	one = cache_fixture_effect(&f, 0, 5, 0);
	other = cache_fixture_effect(&f, 2, 7, 1 << 3);
	CU_ASSERT_FALSE(depend(0, 0, one, other));
	CU_ASSERT_FALSE(depend(5, 1, one, other));
	end();
}

/* What is read matters, as long as it is not as it will be already. */
static void a_read_hangs_on_what_is_there(void)
{
	uint32_t writer, reader;

	begin();
	writer = cache_fixture_effect(&f, 0, 5, 0);
	reader = cache_fixture_effect(&f, 2, 7, 1 << 0);
	CU_ASSERT_TRUE(depend(0, 0, writer, reader));
	CU_ASSERT_TRUE(depend(4, 5, writer, reader));
	CU_ASSERT_FALSE(depend(5, 0, writer, reader));
	end();
}

static void two_writes_of_one_word(void)
{
	uint32_t one, other, same;

	begin();
	one = cache_fixture_effect(&f, 1, 5, 0);
	other = cache_fixture_effect(&f, 1, 6, 0);
	same = cache_fixture_effect(&f, 1, 5, 1 << 3);
	CU_ASSERT_TRUE(depend(0, 5, one, other));
	CU_ASSERT_TRUE(depend(0, 0, one, same));
	CU_ASSERT_FALSE(depend(0, 5, one, same));
	end();
}

static const struct unit_case cases[] = {
	{"apart they commute", apart_they_commute},
	{"a read hangs on what is there", a_read_hangs_on_what_is_there},
	{"two writes of one word", two_writes_of_one_word},
};

UNIT_MAIN("dependence", cases)
