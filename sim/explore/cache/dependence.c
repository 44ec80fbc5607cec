/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/cache/dependence.h"

enum { BITS_FIRST = 14, BITS_MAX = 26 };

#define POOL_WORDS (UINT64_C(1) << 28)

/*
 * What to look at is two words for each variable that one effect writes and the
 * other touches: the variable, and what it holds behind that. While each of
 * them holds that already, neither is in the other's way. How many there are is
 * in the table, with where they begin.
 */
enum { COUNT_BITS = 18, COUNT_MASK = (1 << COUNT_BITS) - 1 };

bool dependence_open(struct dependence *c, const struct transition_cache *a,
		     bool shared)
{
	*c = (struct dependence){.a = a};
	return shared_pool_open(&c->pool, POOL_WORDS, shared) &&
	       table_open(&c->table, shared ? BITS_FIRST + 4 : BITS_FIRST,
			  BITS_MAX, shared);
}

void dependence_close(struct dependence *c)
{
	table_close(&c->table);
	shared_pool_close(&c->pool);
	*c = (struct dependence){0};
}

bool dependence_grow(struct dependence *c)
{
	return table_grow(&c->table);
}

/* Variables that @one writes and @other touches; how many. @out: NULL or room.
 */
static uint32_t variables_between(const struct dependence *c,
				  const struct effect *one,
				  const struct effect *other, uint64_t *out)
{
	uint32_t set = c->a->set_words, n = 0;
	const uint64_t *touches = effect_touches(other);
	const uint64_t *value = effect_values(one, set);
	const uint16_t *variable = effect_variables(one, set);

	for (uint32_t i = 0; i < one->writes; i++) {
		if (!set_has(touches, variable[i]))
			continue;
		if (out) {
			out[2 * n] = variable[i];
			out[2 * n + 1] = value[i];
		}
		n++;
	}
	return n;
}

/* 0: no memory. */
static uint64_t pair_learn(struct dependence *c, uint64_t key, uint32_t one,
			   uint32_t other)
{
	const struct effect *a = effects_get(&c->a->effects, one);
	const struct effect *b = effects_get(&c->a->effects, other);
	uint32_t ab = variables_between(c, a, b, NULL);
	uint32_t ba = variables_between(c, b, a, NULL);
	uint64_t at = shared_pool_take(&c->pool, 1 + 2 * (uint64_t)(ab + ba));

	if (at == UINT64_MAX)
		return 0;
	variables_between(c, a, b, &c->pool.word[at]);
	variables_between(c, b, a, &c->pool.word[at + 2 * ab]);
	return table_put(&c->table, key, (at + 1) << COUNT_BITS | (ab + ba));
}

bool dependence_at(struct dependence *c, const uint32_t *interned, uint32_t one,
		   uint32_t other)
{
	uint64_t key = dependence_key(one, other);
	uint64_t found = table_find(&c->table, key);
	const uint64_t *look;

	if (!found)
		found = pair_learn(c, key, one, other);
	if (!found)
		return true;
	look = &c->pool.word[(found >> COUNT_BITS) - 1];
	for (uint32_t n = found & COUNT_MASK; n; n--, look += 2)
		if (cache_variable(c->a, interned, (uint32_t)look[0]) !=
		    look[1])
			return true;
	return false;
}
