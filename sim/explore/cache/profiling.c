/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/cache/profiling.h"

#include <stdlib.h>
#include <string.h>

#include "sim/explore/sut/footprint.h"
#include "sim/explore/cache/profiling_walk.h"

enum {
	/* The first walk ends when nothing new was written for so long. */
	MOVES_KNOWN = 1 << 11,
	MOVES_MOST = 1 << 17,
	MOVES_A_WALK = 1024,
	FOLDS_EVERY = 16,
	SAMPLE_EVERY = PROFILING_STEPS / PROFILING_STATES,
	VARIABLES_MORE = 1024 /* that walks can find; sets have room for them */
};

/* Of what the footprint saw while query @q was asked, or move @m done. */
struct listener {
	uint32_t every; /* steps, moves that cannot happen are told of */
	void (*asked)(struct profiling *v, uint32_t q);
	void (*moved)(struct profiling *v, uint32_t m, uint32_t step);
};

static void on_asked_first(struct profiling *v, uint32_t q)
{
	(void)q;
	variables_cut(v->variables);
}

static void on_moved_first(struct profiling *v, uint32_t m, uint32_t step)
{
	(void)m;
	(void)step;
	variables_cut(v->variables);
}

static void set_narrow(const struct profiling *v, uint64_t *sets, uint32_t q)
{
	for (uint32_t i = 0; i < v->set_words; i++)
		sets[(size_t)q * v->set_words + i] &= v->read.set[i];
}

static void on_asked(struct profiling *v, uint32_t q)
{
	v->read.count = 0;
	memset(v->read.set, 0, v->set_words * sizeof *v->read.set);
	variables_read(v->variables, &v->read);
	set_narrow(v, v->first, q);
	if (q < sut_canons(v->s))
		set_narrow(v, v->always, q);
}

/* What variables hold, now and then. */
static void state_sample(struct profiling *v, uint32_t state)
{
	for (uint32_t i = 0; i < v->variables->count; i++)
		v->held[(size_t)i * PROFILING_STATES + state] =
			trie_mix(i, variables_now(v->variables, i));
}

static void on_moved(struct profiling *v, uint32_t m, uint32_t step)
{
	variables_take(v->variables);
	on_asked(v, query_move(v->s, m));
	set_narrow(v, v->always, query_move(v->s, m));
	memset(v->set, 0, v->set_words * sizeof *v->set);
	variables_written(v->variables, v->set);
	for (uint32_t i = 0; i < v->set_words; i++)
		for (uint64_t w = v->set[i]; w; w &= w - 1) {
			uint32_t variable = 64 * i + set_lowest(w);

			set_add(&v->written[(size_t)variable * PROFILING_WORDS],
				step);
		}
	if (step % SAMPLE_EVERY == 0)
		state_sample(v, step / SAMPLE_EVERY);
}

static void canons_ask(struct profiling *v, const struct listener *to)
{
	uint64_t out[CANON_WORDS_MAX];
	uint32_t last = sut_canons(v->s) - 1;

	for (uint32_t part = 0; part <= last; part++) {
		footprint_begin();
		sut_canon(v->s, part, out);
		if (part == last)
			sut_quiescent(v->s);
		footprint_end();
		to->asked(v, part);
	}
}

/* Moves that can happen, and how many. */
static uint32_t moves_ask(struct profiling *v, const struct listener *to,
			  uint32_t step, uint8_t *can)
{
	uint32_t n = 0;
	bool tell = step % to->every == 0;

	for (uint32_t m = 0; m < v->s->moves; m++) {
		bool possible;

		if (tell)
			footprint_begin();
		possible = sut_can(v->s, m);
		footprint_end();
		if (possible)
			can[n++] = (uint8_t)m;
		else if (tell)
			to->asked(v, query_move(v->s, m));
	}
	return n;
}

/* True: a word has changed that never did before. */
static bool move_do(struct profiling *v, const struct listener *to, uint32_t m,
		    uint32_t step)
{
	bool learnt;

	footprint_begin();
	sut_do(v->s, m);
	footprint_end();
	learnt = footprint_sees() ? sut_learn_written(v->s) : sut_learn(v->s);
	to->moved(v, m, step);
	return learnt;
}

/* One more move, or a new beginning. */
static bool walk_on(struct profiling *v, const struct listener *to,
		    struct walk *way, uint32_t step)
{
	uint8_t can[MOVES_MAX];
	bool learnt = false;
	uint32_t n;

	if (step % MOVES_A_WALK == 0)
		sut_rewind(v->s);
	if (step % FOLDS_EVERY == 0)
		canons_ask(v, to);
	n = moves_ask(v, to, step, can);
	if (n)
		learnt = move_do(v, to, walk_pick(way, can, n), step);
	if (!n || sut_broken(v->s))
		sut_rewind(v->s);
	return learnt;
}

/* Which words change, and how they are touched. */
static void words_find(struct profiling *v)
{
	static const struct listener to = {FOLDS_EVERY, on_asked_first,
					   on_moved_first};
	struct walk way = {.rng = {1}};

	for (uint32_t i = 0, known = 0; i < MOVES_MOST && known < MOVES_KNOWN;
	     i++)
		known = walk_on(v, &to, &way, i) ? 0 : known + 1;
	sut_rewind(v->s);
	variables_take(v->variables);
}

/* Which variables are read and written. */
static void sets_find(struct profiling *v)
{
	static const struct listener to = {1, on_asked, on_moved};
	struct walk way = {.rng = {2}};

	for (uint32_t i = 0; i < PROFILING_STEPS; i++)
		walk_on(v, &to, &way, i);
	sut_rewind(v->s);
}

/* What was never asked always reads nothing, as far as is known. */
static void unasked_clear(const struct profiling *v, uint64_t *sets)
{
	for (uint32_t q = 0; q < queries(v->s); q++) {
		uint64_t *set = &sets[(size_t)q * v->set_words];

		if (set[0] == UINT64_MAX)
			memset(set, 0, v->set_words * sizeof *set);
	}
}

static bool memory_take(struct profiling *v)
{
	uint32_t variables = v->variables->count + VARIABLES_MORE;
	size_t words = set_words(variables), sets = queries(v->s) * words;

	v->set_words = (uint32_t)words;
	v->first = malloc(sets * sizeof *v->first);
	v->always = malloc(sets * sizeof *v->always);
	v->written =
		calloc((size_t)variables * PROFILING_WORDS, sizeof *v->written);
	v->held = calloc((size_t)variables * PROFILING_STATES, sizeof *v->held);
	v->set = calloc(words, sizeof *v->set);
	v->read.variable = calloc(variables, sizeof *v->read.variable);
	v->read.set = calloc(words, sizeof *v->read.set);
	if (!v->first || !v->always || !v->written || !v->held || !v->set ||
	    !v->read.variable || !v->read.set)
		return false;
	memset(v->first, 0xff, sets * sizeof *v->first);
	memset(v->always, 0xff, sets * sizeof *v->always);
	return true;
}

bool profiling_make(struct profiling *v, struct sut *s,
		    struct variables *variables)
{
	*v = (struct profiling){.s = s, .variables = variables};
	words_find(v);
	if (!memory_take(v))
		return false;
	if (footprint_sees())
		sets_find(v);
	unasked_clear(v, v->first);
	unasked_clear(v, v->always);
	return true;
}

void profiling_free(struct profiling *v)
{
	free(v->first);
	free(v->always);
	free(v->written);
	free(v->held);
	free(v->set);
	free(v->read.variable);
	free(v->read.set);
}
