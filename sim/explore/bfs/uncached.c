/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/uncached.h"

/* A state that nobody has seen is written down, as it is in memory. */
static void arrival_fill(struct expand *e, struct arrival *to)
{
	struct transition_cache *a = &e->cache;

	to->rests = sut_quiescent(a->s);
	for (uint32_t q = 0; q < a->queries; q++)
		to->number[q] = 0;
	cache_interned_now(a, to->number + a->queries);
}

static uint64_t digest_now(struct expand *e)
{
	return e->opt.raw ? cache_raw_now(&e->cache) : sut_digest(e->cache.s);
}

/* What is done is in memory. False: it led to nothing new. */
static bool arrive(struct expand *e, struct arrival *a)
{
	const struct sut *s = e->cache.s;

	a->clause = sut_broke(s);
	a->rests = a->owes = false;
	a->digest = 0;
	if (sut_broken(s))
		return true;
	a->digest = digest_now(e);
	if (!expand_claim(e, a, 0))
		return false;
	arrival_fill(e, a);
	return true;
}

uint64_t uncached_expand(struct expand *e, const struct waiting *w, uint32_t n,
			 uint64_t *out)
{
	struct transition_cache *a = &e->cache;
	struct looked *l = (struct looked *)out;

	l->transitions = l->arrivals = 0;
	out += sizeof *l / 8;
	working_state_show(&a->working_state, w->number + a->queries);
	for (uint32_t m = 0; m < a->s->moves; m++) {
		struct arrival *to = (struct arrival *)out;

		if (!sut_can(a->s, m))
			continue;
		sut_do(a->s, m);
		a->learnt |= sut_learn(a->s);
		to->move = (uint8_t)m;
		to->order = n << 8 | l->transitions;
		to->tried = (uint8_t)++l->transitions;
		if (!a->learnt && arrive(e, to)) {
			l->arrivals++;
			out += arrival_words(e);
		}
		working_state_undo(&a->working_state);
	}
	return (uint64_t)(out - (uint64_t *)l);
}
