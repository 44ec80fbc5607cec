/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/survey.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"

enum { STEPS = 4096, STEPS_A_WALK = 256, FOLDS_EVERY = 16 };

void survey_reads(const struct subject *s, uint64_t *set)
{
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t word = footprint.touched[i];
		uint32_t cell = s->cell_of[word];
		uint8_t written = footprint.written[word];

		/* What is left of a word goes on to the state behind. */
		if (cell < s->cells &&
		    (footprint.read[word] ||
		     (written && written != FOOTPRINT_WHOLE)))
			set[cell / 64] |= UINT64_C(1) << cell % 64;
	}
}

static void writers_note(struct survey *v, const struct subject *s, uint32_t m)
{
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t word = footprint.touched[i];

		if (footprint.written[word] && s->cell_of[word] < s->cells)
			v->writers[s->cell_of[word]] |= UINT64_C(1) << m % 64;
	}
}

/* Question @q was asked once more. */
static void always_note(struct survey *v, const struct subject *s, uint32_t q)
{
	uint64_t *always = &v->always[(size_t)q * v->set_words];

	memset(v->set, 0, v->set_words * sizeof *v->set);
	survey_reads(s, v->set);
	for (uint32_t i = 0; i < v->set_words; i++)
		always[i] &= v->set[i];
}

static uint32_t moves_now(const struct subject *s, uint8_t *can)
{
	uint32_t n = 0;

	for (uint32_t m = 0; m < s->moves; m++)
		if (subject_can(s, m))
			can[n++] = (uint8_t)m;
	return n;
}

static void folds_ask(struct survey *v, struct subject *s)
{
	uint64_t out[FOLD_WORDS_MAX];

	for (uint32_t part = 0; part < subject_folds(s); part++) {
		footprint_begin();
		subject_fold(s, part, out);
		footprint_end();
		always_note(v, s, question_fold(s, part));
	}
}

static void walk(struct survey *v, struct subject *s)
{
	struct dice dice = {2};
	uint8_t can[MOVES_MAX];

	for (uint32_t i = 0; i < STEPS; i++) {
		uint32_t n, m;

		if (i % STEPS_A_WALK == 0)
			subject_rewind(s);
		if (i % FOLDS_EVERY == 0)
			folds_ask(v, s);
		footprint_begin();
		n = moves_now(s, can);
		subject_rests(s);
		footprint_end();
		always_note(v, s, question_can(s));
		if (!n) {
			subject_rewind(s);
			continue;
		}
		m = can[dice_below(&dice, n)];
		footprint_begin();
		subject_do(s, m);
		footprint_end();
		subject_learn_written(s);
		writers_note(v, s, m);
		always_note(v, s, m);
		if (s->findings)
			subject_rewind(s);
	}
	subject_rewind(s);
}

/* What was never asked always reads nothing, as far as is known. */
static void unasked_clear(struct survey *v, const struct subject *s)
{
	size_t size = v->set_words * sizeof *v->always;

	for (uint32_t q = 0; q < questions(s); q++) {
		uint64_t *always = &v->always[(size_t)q * v->set_words];

		if (always[0] == UINT64_MAX)
			memset(always, 0, size);
	}
}

bool survey_make(struct survey *v, struct subject *s)
{
	/* Walks can find a few cells more; sets have room for them. */
	uint32_t cells = s->cells + 1024;
	size_t words = (cells + 63) / 64;

	*v = (struct survey){.set_words = (uint32_t)words};
	v->always = malloc(questions(s) * words * sizeof *v->always);
	v->writers = calloc(cells, sizeof *v->writers);
	v->set = calloc(words, sizeof *v->set);
	if (!v->always || !v->writers || !v->set)
		return false;
	memset(v->always, 0xff, questions(s) * words * sizeof *v->always);
	if (footprint_sees())
		walk(v, s);
	unasked_clear(v, s);
	return true;
}

void survey_free(struct survey *v)
{
	free(v->always);
	free(v->writers);
	free(v->set);
}
