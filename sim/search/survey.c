/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/survey.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"
#include "sim/search/walk.h"

enum {
	/* The first walk ends when nothing new was written for so long. */
	MOVES_KNOWN = 1 << 11,
	MOVES_MOST = 1 << 17,
	MOVES_A_WALK = 1024,
	FOLDS_EVERY = 16,
	SAMPLE_EVERY = SURVEY_STEPS / SURVEY_STATES,
	CELLS_MORE = 1024 /* that walks can find; sets have room for them */
};

/* Of what the footprint saw while question @q was asked, or move @m done. */
struct listener {
	uint32_t every; /* steps, moves that cannot happen are told of */
	void (*asked)(struct survey *v, uint32_t q);
	void (*moved)(struct survey *v, uint32_t m, uint32_t step);
};

static void on_asked_first(struct survey *v, uint32_t q)
{
	(void)q;
	cells_cut(v->cells);
}

static void on_moved_first(struct survey *v, uint32_t m, uint32_t step)
{
	(void)m;
	(void)step;
	cells_cut(v->cells);
}

static void set_narrow(const struct survey *v, uint64_t *sets, uint32_t q)
{
	for (uint32_t i = 0; i < v->set_words; i++)
		sets[(size_t)q * v->set_words + i] &= v->read.set[i];
}

static void on_asked(struct survey *v, uint32_t q)
{
	v->read.count = 0;
	memset(v->read.set, 0, v->set_words * sizeof *v->read.set);
	cells_read(v->cells, &v->read);
	set_narrow(v, v->first, q);
	if (q < subject_folds(v->s))
		set_narrow(v, v->always, q);
}

/* What cells hold, now and then. */
static void state_sample(struct survey *v, uint32_t state)
{
	for (uint32_t i = 0; i < v->cells->count; i++)
		v->held[(size_t)i * SURVEY_STATES + state] =
			memo_mix(i, cells_now(v->cells, i));
}

static void on_moved(struct survey *v, uint32_t m, uint32_t step)
{
	cells_take(v->cells);
	on_asked(v, question_move(v->s, m));
	set_narrow(v, v->always, question_move(v->s, m));
	memset(v->set, 0, v->set_words * sizeof *v->set);
	cells_written(v->cells, v->set);
	for (uint32_t i = 0; i < v->set_words; i++)
		for (uint64_t w = v->set[i]; w; w &= w - 1) {
			uint32_t cell = 64 * i + set_lowest(w);

			set_add(&v->written[(size_t)cell * SURVEY_WORDS], step);
		}
	if (step % SAMPLE_EVERY == 0)
		state_sample(v, step / SAMPLE_EVERY);
}

static void folds_ask(struct survey *v, const struct listener *to)
{
	uint64_t out[FOLD_WORDS_MAX];
	uint32_t last = subject_folds(v->s) - 1;

	for (uint32_t part = 0; part <= last; part++) {
		footprint_begin();
		subject_fold(v->s, part, out);
		if (part == last)
			subject_rests(v->s);
		footprint_end();
		to->asked(v, part);
	}
}

/* Moves that can happen, and how many. */
static uint32_t moves_ask(struct survey *v, const struct listener *to,
			  uint32_t step, uint8_t *can)
{
	uint32_t n = 0;
	bool tell = step % to->every == 0;

	for (uint32_t m = 0; m < v->s->moves; m++) {
		bool possible;

		if (tell)
			footprint_begin();
		possible = subject_can(v->s, m);
		footprint_end();
		if (possible)
			can[n++] = (uint8_t)m;
		else if (tell)
			to->asked(v, question_move(v->s, m));
	}
	return n;
}

/* True: a word has changed that never did before. */
static bool move_do(struct survey *v, const struct listener *to, uint32_t m,
		    uint32_t step)
{
	bool learnt;

	footprint_begin();
	subject_do(v->s, m);
	footprint_end();
	learnt = footprint_sees() ? subject_learn_written(v->s)
				  : subject_learn(v->s);
	to->moved(v, m, step);
	return learnt;
}

/* One more move, or a new beginning. */
static bool walk_on(struct survey *v, const struct listener *to,
		    struct walk *way, uint32_t step)
{
	uint8_t can[MOVES_MAX];
	bool learnt = false;
	uint32_t n;

	if (step % MOVES_A_WALK == 0)
		subject_rewind(v->s);
	if (step % FOLDS_EVERY == 0)
		folds_ask(v, to);
	n = moves_ask(v, to, step, can);
	if (n)
		learnt = move_do(v, to, walk_pick(way, can, n), step);
	if (!n || v->s->findings)
		subject_rewind(v->s);
	return learnt;
}

/* Which words change, and how they are touched. */
static void words_find(struct survey *v)
{
	static const struct listener to = {FOLDS_EVERY, on_asked_first,
					   on_moved_first};
	struct walk way = {.dice = {1}};

	for (uint32_t i = 0, known = 0; i < MOVES_MOST && known < MOVES_KNOWN;
	     i++)
		known = walk_on(v, &to, &way, i) ? 0 : known + 1;
	subject_rewind(v->s);
	cells_take(v->cells);
}

/* Which cells are read and written. */
static void sets_find(struct survey *v)
{
	static const struct listener to = {1, on_asked, on_moved};
	struct walk way = {.dice = {2}};

	for (uint32_t i = 0; i < SURVEY_STEPS; i++)
		walk_on(v, &to, &way, i);
	subject_rewind(v->s);
}

/* What was never asked always reads nothing, as far as is known. */
static void unasked_clear(const struct survey *v, uint64_t *sets)
{
	for (uint32_t q = 0; q < questions(v->s); q++) {
		uint64_t *set = &sets[(size_t)q * v->set_words];

		if (set[0] == UINT64_MAX)
			memset(set, 0, v->set_words * sizeof *set);
	}
}

static bool memory_take(struct survey *v)
{
	uint32_t cells = v->cells->count + CELLS_MORE;
	size_t words = set_words(cells), sets = questions(v->s) * words;

	v->set_words = (uint32_t)words;
	v->first = malloc(sets * sizeof *v->first);
	v->always = malloc(sets * sizeof *v->always);
	v->written = calloc((size_t)cells * SURVEY_WORDS, sizeof *v->written);
	v->held = calloc((size_t)cells * SURVEY_STATES, sizeof *v->held);
	v->set = calloc(words, sizeof *v->set);
	v->read.cell = calloc(cells, sizeof *v->read.cell);
	v->read.set = calloc(words, sizeof *v->read.set);
	if (!v->first || !v->always || !v->written || !v->held || !v->set ||
	    !v->read.cell || !v->read.set)
		return false;
	memset(v->first, 0xff, sets * sizeof *v->first);
	memset(v->always, 0xff, sets * sizeof *v->always);
	return true;
}

bool survey_make(struct survey *v, struct subject *s, struct cells *cells)
{
	*v = (struct survey){.s = s, .cells = cells};
	words_find(v);
	if (!memory_take(v))
		return false;
	if (footprint_sees())
		sets_find(v);
	unasked_clear(v, v->first);
	unasked_clear(v, v->always);
	return true;
}

void survey_free(struct survey *v)
{
	free(v->first);
	free(v->always);
	free(v->written);
	free(v->held);
	free(v->set);
	free(v->read.cell);
	free(v->read.set);
}
