/* SPDX-License-Identifier: BSD-3-Clause */
/* Which queries and components an effect may change, as far as was read. */
#include "sim/explore/cache/effect_index.h"

#include "sim/explore/cache/cache_fixture.h"

static struct cache_fixture f;
static struct effect_index index_of;

static void begin(void)
{
	cache_fixture_open(&f);
	CU_ASSERT_FATAL(effect_index_open(&index_of, &f.a));
}

static void end(void)
{
	effect_index_close(&index_of);
	cache_fixture_close(&f);
}

/* What is the same is kept once. */
static void effects_have_numbers(void)
{
	uint32_t one, other;
	const struct effect *e;

	begin();
	one = cache_fixture_effect(&f, 0, 5, 0);
	other = cache_fixture_effect(&f, 0, 6, 0);
	CU_ASSERT_NOT_EQUAL(one, 0);
	CU_ASSERT_NOT_EQUAL(one, other);
	CU_ASSERT_EQUAL(cache_fixture_effect(&f, 0, 5, 0), one);
	e = effects_get(&f.a.effects, other);
	CU_ASSERT_EQUAL(e->writes, 1);
	CU_ASSERT_EQUAL(effect_values(e, 1)[0], 6);
	CU_ASSERT_EQUAL(effect_variables(e, 1)[0], 0);
	end();
}

static void a_row_says_who_is_met(void)
{
	const struct effect_row *r;
	uint32_t effect;

	begin();
	f.reads[0] = 1 << 0 | 1 << 2; /* the part */
	f.reads[1] = 1 << 3;          /* moves */
	f.reads[2] = 1 << 2;
	f.head.grown++;
	effect_index_renew(&index_of);
	effect = cache_fixture_effect(&f, 2, 9, 0);
	r = effect_index_get(&index_of, effect);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(r->parts, 1);
	CU_ASSERT(r->last);
	CU_ASSERT_EQUAL(r->moves, 1);
	CU_ASSERT_EQUAL(r->components, 1);
	CU_ASSERT_EQUAL(effect_row_numbers(r)[0], 0);
	CU_ASSERT_EQUAL(effect_row_numbers(r)[1], 1); /* the second move */
	CU_ASSERT_EQUAL(effect_row_numbers(r)[2], 1); /* and component */
	for (uint32_t i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(r->change[i], trie_mix(2, 9));
	CU_ASSERT_PTR_EQUAL(effect_index_get(&index_of, effect), r);
	end();
}

/* What is written and not read is no change of what a query is told. */
static void a_change_is_of_what_is_read(void)
{
	static const uint16_t variable[] = {1, 3};
	static const uint64_t value[] = {4, 6};
	const struct effect_row *r;

	begin();
	f.reads[0] = 1 << 1;
	f.reads[1] = 1 << 3;
	f.reads[2] = 1 << 1 | 1 << 3;
	f.head.grown++;
	effect_index_renew(&index_of);
	r = effect_index_get(&index_of,
			     cache_fixture_effects(&f, 2, variable, value, 0));
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(r->parts, 1);
	CU_ASSERT_EQUAL(r->moves, 2);
	CU_ASSERT_EQUAL(r->components, 2);
	CU_ASSERT_EQUAL(r->change[0], trie_mix(1, 4));
	CU_ASSERT_EQUAL(r->change[1], trie_mix(3, 6));
	CU_ASSERT_EQUAL(r->change[2], trie_mix(1, 4) + trie_mix(3, 6));
	CU_ASSERT_EQUAL(r->change[3], trie_mix(1, 4));
	CU_ASSERT_EQUAL(r->change[4], trie_mix(3, 6));
	end();
}

/* A query that reads more later is met later, by the same effect. */
static void a_row_grows_with_what_is_read(void)
{
	const struct effect_row *r;
	uint32_t effect;

	begin();
	effect = cache_fixture_effect(&f, 1, 3, 0);
	effect_index_renew(&index_of);
	r = effect_index_get(&index_of, effect);
	CU_ASSERT_EQUAL(r->parts + r->moves, 0);
	CU_ASSERT_EQUAL(r->components, 1);
	f.reads[0] = f.reads[1] = f.reads[2] = 1 << 1;
	f.head.grown++;
	CU_ASSERT_PTR_EQUAL(effect_index_get(&index_of, effect), r);
	effect_index_renew(&index_of);
	r = effect_index_get(&index_of, effect);
	CU_ASSERT_EQUAL(r->parts, 1);
	CU_ASSERT_EQUAL(r->moves, 2);
	end();
}

static const struct unit_case cases[] = {
	{"effects have numbers", effects_have_numbers},
	{"a row says who is met", a_row_says_who_is_met},
	{"a change is of what is read", a_change_is_of_what_is_read},
	{"a row grows with what is read", a_row_grows_with_what_is_read},
};

UNIT_MAIN("effect_index", cases)
