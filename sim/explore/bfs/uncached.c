/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/uncached.h"

#include "sim/explore/sut/footprint.h"

/* Nothing says which moves commute. */
static bool uncached_open(struct expand *e)
{
	e->opt.reduce = false;
	return true;
}

/* Nothing is kept of its own. */
static void uncached_close(struct expand *e)
{
	(void)e;
}

static bool uncached_grow(struct expand *e)
{
	(void)e;
	return true;
}

static struct expand_kept uncached_kept(const struct expand *e)
{
	(void)e;
	return (struct expand_kept){0};
}

static uint64_t digest_now(struct expand *e)
{
	return e->opt.raw ? cache_raw_now(&e->cache) : sut_digest(e->cache.s);
}

static void uncached_first(struct expand *e, struct waiting *out)
{
	out->digest = digest_now(e);
}

/* A state that nobody has seen is written down, as it is in memory. */
static void arrival_fill(struct expand *e, struct arrival *to)
{
	struct transition_cache *a = &e->cache;

	to->rests = sut_quiescent(a->s);
	for (uint32_t q = 0; q < a->queries; q++)
		to->number[q] = 0;
	cache_interned_now(a, to->number + a->queries);
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

/* Does move @m, if it can happen; what is written is seen, to be undone. */
static bool move_try(struct transition_cache *a, uint32_t m)
{
	bool can = sut_can(a->s, m);

	if (!can)
		return false;
	footprint_begin();
	sut_do(a->s, m);
	footprint_end();
	a->learnt |= sut_learn(a->s);
	return true;
}

/* All that state @w leads to; the words that it takes. */
static uint64_t state_expand(struct expand *e, const struct waiting *w,
			     uint32_t n, uint64_t *out)
{
	struct transition_cache *a = &e->cache;
	struct looked *l = (struct looked *)out;

	l->transitions = l->arrivals = 0;
	out += sizeof *l / 8;
	working_state_show(&a->working_state, w->number + a->queries);
	for (uint32_t m = 0; m < a->s->moves; m++) {
		struct arrival *to = (struct arrival *)out;

		if (!move_try(a, m))
			continue;
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

static uint64_t uncached_states(struct expand *e, uint64_t first,
				uint32_t count, uint32_t n, uint64_t *out)
{
	uint64_t words = 0;

	(void)first;
	for (uint32_t i = 0; i < count && !expand_stops(e); i++)
		words += state_expand(e, e->here[i], n + i, out + words);
	return words;
}

const struct expand_ops uncached_ops = {
	.size = sizeof(struct expand),
	.open = uncached_open,
	.close = uncached_close,
	.grow = uncached_grow,
	.first = uncached_first,
	.states = uncached_states,
	.kept = uncached_kept,
};
