/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Behind an effect, the next answer is a function of the one before and of what
 * the effect writes there, and of what is read for the first time.
 */
#include "sim/explore/cache/successor_cache.h"

#include "sim/explore/cache/cache_fixture.h"

static struct cache_fixture f;
static struct successors s;

static void begin(void)
{
	cache_fixture_open(&f);
	CU_ASSERT_FATAL(successors_open(&s, &f.a, false));
}

static void end(void)
{
	successors_close(&s);
	cache_fixture_close(&f);
}

static void state(uint64_t v0, uint64_t v3, uint32_t out[CACHE_COMPONENTS])
{
	const uint64_t value[CACHE_VARIABLES] = {v0, 0, 0, v3};

	cache_fixture_state(&f, value, out);
}

/* The answer to @q behind @effect, which was answered @from before it. */
static uint64_t next(uint32_t q, uint32_t from, uint32_t effect,
		     const uint32_t *behind)
{
	const struct effect_row *r;
	uint32_t change = 0;

	effect_index_renew(&s.effect_index);
	r = effect_index_get(&s.effect_index, effect);
	CU_ASSERT_FATAL(r->parts + r->moves > 0);
	if (q >= CACHE_PARTS) /* its place among those that are met */
		for (change = r->parts;
		     effect_row_numbers(r)[change] != q - CACHE_PARTS;)
			change++;
	return successor_answer(&s, q, from, r,
				successor_key(from, r->change[change]), behind);
}

static void components_follow(void)
{
	uint32_t here[CACHE_COMPONENTS], behind[CACHE_COMPONENTS];
	uint32_t out[CACHE_COMPONENTS], effect;

	begin();
	state(0, 9, here);
	state(5, 9, behind);
	effect = cache_fixture_effect(&f, 0, 5, 0);
	effect_index_renew(&s.effect_index);
	for (uint32_t again = 0; again < 2; again++) {
		memcpy(out, here, sizeof out);
		successor_interned(&s, here,
				   effect_index_get(&s.effect_index, effect),
				   out);
		CU_ASSERT_EQUAL(memcmp(out, behind, sizeof out), 0);
	}
	end();
}

static void answers_follow(void)
{
	uint32_t here[CACHE_COMPONENTS], behind[CACHE_COMPONENTS];
	uint32_t effect, from, to;

	begin();
	state(0, 0, here);
	state(5, 0, behind);
	effect = cache_fixture_effect(&f, 0, 5, 0);
	for (uint32_t q = 0; q < CACHE_QUERIES; q++) {
		from = cache_fixture_tell(&f, q, here, 1 << 0, 100 + q);
		to = cache_fixture_tell(&f, q, behind, 1 << 0, 200 + q);
		CU_ASSERT_NOT_EQUAL(from, to);
		CU_ASSERT_EQUAL(next(q, from, effect, behind), to);
		CU_ASSERT_EQUAL(next(q, from, effect, behind), to);
	}
	end();
}

/* Behind it, variable 3 matters, which nobody had looked at before. */
static void first_reads_join_the_key(void)
{
	uint32_t here[CACHE_COMPONENTS], behind[2][CACHE_COMPONENTS];
	uint32_t effect, from, to[2];

	begin();
	state(0, 0, here);
	effect = cache_fixture_effect(&f, 0, 5, 0);
	from = cache_fixture_tell(&f, 1, here, 1 << 0, 100);
	for (uint32_t i = 0; i < 2; i++) {
		state(5, i, behind[i]);
		to[i] = cache_fixture_tell(&f, 1, behind[i], 1 << 0 | 1 << 3,
					   200 + i);
	}
	CU_ASSERT_NOT_EQUAL(to[0], to[1]);
	for (uint32_t again = 0; again < 2; again++)
		for (uint32_t i = 0; i < 2; i++)
			CU_ASSERT_EQUAL(next(1, from, effect, behind[i]),
					to[i]);
	end();
}

static const struct unit_case cases[] = {
	{"components follow", components_follow},
	{"answers follow", answers_follow},
	{"first reads join the key", first_reads_join_the_key},
};

UNIT_MAIN("successor_cache", cases)
