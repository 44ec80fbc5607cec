/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests only: whole worlds, told by their memory as it is. Nothing is left
 * out there that could matter, so what canonical forms, symmetry, reduction and
 * remembered answers leave out is held against it: states that have the same
 * canonical form must have the same future, and a search must find as many of
 * them, as many in which nobody moves, and the same broken rules.
 */
#ifndef TWINRING_CONFORMANCE_EXPLORE_WHOLE_H
#define TWINRING_CONFORMANCE_EXPLORE_WHOLE_H

#include <stdio.h>

#include "conformance/watched.h"
#include "model/unit.h"
#include "sim/explore/sut/sut.h"
#include "sim/scenario/scenario.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Digests, numbered in the order in which they came. */
struct whole_set {
	uint64_t *digest; /* 0: a free place */
	uint32_t *number;
	uint32_t size; /* a power of two */
	uint32_t count;
};

/* States with the same canonical form. */
struct whole_class {
	uint32_t states;   /* by memory as it is */
	bool known;        /* where moves lead to */
	uint64_t future[]; /* by move */
};

/* A state: words that are not as at first, two for each. */
struct whole_wait {
	uint32_t words;
	uint64_t *word; /* which one, and how it differs */
};

struct whole {
	struct sut s;
	struct whole_set raw, forms;
	struct whole_class **class; /* by number in forms */
	struct whole_wait *queue;
	uint32_t room, waits; /* of class and of queue */
	uint32_t most;        /* states of a class that are looked at */
	uint32_t rests, wrong;
	struct clause_list broken;
	uint64_t *here;  /* the state that is looked at */
	uint64_t *words; /* room for one that waits */
};

enum {
	WHOLE_FIRST = 1 << 16,
	WHOLE_WORDS = 1 << 13, /* of a snapshot */
	WHOLE_ALL = 0x7fffffff,
	WHOLE_PART = 40000, /* states that are looked at, if not all */
	WHOLE_TEXT = 2048,
	/* what a move may lead to that is no state */
	WHOLE_CANNOT = 0,
	WHOLE_BREAKS = 1
};

static inline void *whole_memory(void *old, size_t count, size_t size)
{
	void *p = realloc(old, count * size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	return p;
}

static inline void whole_set_open(struct whole_set *t, uint32_t size)
{
	*t = (struct whole_set){.digest = calloc(size, sizeof *t->digest),
				.number = calloc(size, sizeof *t->number),
				.size = size};
	CU_ASSERT_FATAL(t->digest && t->number);
}

static inline void whole_set_close(struct whole_set *t)
{
	free(t->digest);
	free(t->number);
}

static inline uint32_t whole_set_find(const struct whole_set *t,
				      uint64_t digest)
{
	uint32_t i = (uint32_t)digest & (t->size - 1);

	while (t->digest[i] && t->digest[i] != digest)
		i = (i + 1) & (t->size - 1);
	return i;
}

static inline void whole_set_grow(struct whole_set *t)
{
	struct whole_set more;

	whole_set_open(&more, 2 * t->size);
	for (uint32_t i = 0; i < t->size; i++) {
		uint32_t at;

		if (!t->digest[i])
			continue;
		at = whole_set_find(&more, t->digest[i]);
		more.digest[at] = t->digest[i];
		more.number[at] = t->number[i];
	}
	more.count = t->count;
	whole_set_close(t);
	*t = more;
}

/* The number of @digest, which may be new: then *fresh is set. */
static inline uint32_t whole_set_put(struct whole_set *t, uint64_t digest,
				     bool *fresh)
{
	uint32_t i;

	if (t->count >= t->size / 2)
		whole_set_grow(t);
	i = whole_set_find(t, digest);
	*fresh = !t->digest[i];
	if (*fresh) {
		t->digest[i] = digest;
		t->number[i] = t->count++;
	}
	return t->number[i];
}

/* Room for one class or one state that waits more. */
static inline void whole_room(struct whole *w)
{
	if (w->forms.count < w->room && w->waits < w->room)
		return;
	w->room = w->room ? 2 * w->room : WHOLE_FIRST;
	w->class = whole_memory(w->class, w->room, sizeof *w->class);
	w->queue = whole_memory(w->queue, w->room, sizeof *w->queue);
}

static inline struct whole_class *whole_class_of(struct whole *w,
						 uint64_t digest, bool *fresh)
{
	uint32_t n;

	whole_room(w);
	n = whole_set_put(&w->forms, digest, fresh);
	if (*fresh) {
		w->class[n] = calloc(1, sizeof **w->class +
						w->s.moves * sizeof(uint64_t));
		CU_ASSERT_PTR_NOT_NULL_FATAL(w->class[n]);
	}
	return w->class[n];
}

/* How the state in which the subject is differs from the first one, in @q. */
static inline void whole_save(struct whole *w, struct whole_wait *q)
{
	const struct sut *s = &w->s;
	uint32_t n = 0;

	CU_ASSERT_FATAL(s->words <= WHOLE_WORDS);
	q->word = w->words;
	for (uint32_t i = 0; i < s->words; i++) {
		uint64_t differs = *s->word[i] ^ s->word_first[i];

		if (!differs)
			continue;
		q->word[n++] = i;
		q->word[n++] = differs;
	}
	q->words = n;
}

static inline void whole_wait(struct whole *w, const struct whole_wait *state)
{
	size_t size = (state->words + 1) * sizeof *state->word;
	struct whole_wait *q;

	whole_room(w);
	q = &w->queue[w->waits++];
	*q = *state;
	q->word = whole_memory(NULL, 1, size);
	memcpy(q->word, state->word, state->words * sizeof *q->word);
}

static inline void whole_take(struct whole *w, uint32_t n)
{
	struct whole_wait *q = &w->queue[n];

	memset(w->here, 0, WHOLE_WORDS * sizeof *w->here);
	for (uint32_t k = 0; k < q->words; k += 2)
		w->here[q->word[k]] = q->word[k + 1];
	free(q->word);
	q->word = NULL;
	sut_restore(&w->s, w->here);
}

static inline void whole_broken(struct whole *w)
{
	for (uint32_t i = 0; i < w->s.court.kept; i++)
		clause_list_add(&w->broken, sut_finding(&w->s, i)->clause);
}

/* The subject is in a state that may be new. Its digest, or that it breaks. */
static inline uint64_t whole_arrive(struct whole *w)
{
	uint64_t digest = sut_digest(&w->s);
	struct whole_class *c;
	struct whole_wait state;
	bool fresh, anew;

	c = whole_class_of(w, digest, &anew);
	whole_save(w, &state);
	whole_set_put(&w->raw,
		      XXH3_64bits(state.word, state.words * sizeof *state.word),
		      &fresh);
	if (fresh && c->states < w->most) {
		c->states++;
		whole_wait(w, &state);
	} else {
		fresh = false;
	}
	if (!sut_quiescent(&w->s))
		return digest;
	w->rests += anew;
	sut_finish(&w->s);
	if (!sut_broken(&w->s))
		return digest;
	whole_broken(w);
	if (fresh)
		free(w->queue[--w->waits].word); /* no way goes on */
	return digest ^ WHOLE_BREAKS;
}

/* Where move @m leads to. */
static inline uint64_t whole_move(struct whole *w, uint32_t m)
{
	if (!sut_can(&w->s, m))
		return WHOLE_CANNOT;
	sut_do(&w->s, m);
	sut_learn(&w->s);
	if (!sut_broken(&w->s))
		return whole_arrive(w);
	whole_broken(w);
	return WHOLE_BREAKS;
}

static inline void whole_differs(struct whole *w, uint32_t m, uint64_t was,
				 uint64_t is)
{
	char text[SCRIPT_LINE];

	if (w->wrong++)
		return;
	sut_move_text(&w->s, m, text, sizeof text);
	printf("\n    canonical form are the same, and '%s' %s, %s ", text,
	       was == WHOLE_CANNOT   ? "cannot be"
	       : was == WHOLE_BREAKS ? "breaks a rule"
				     : "leads to one",
	       is == WHOLE_CANNOT   ? "cannot be"
	       : is == WHOLE_BREAKS ? "breaks a rule"
				    : "leads to another");
}

/* All moves of one state, and whether those like it have the same. */
static inline void whole_look(struct whole *w)
{
	uint64_t digest = sut_digest(&w->s);
	bool fresh;
	struct whole_class *c = whole_class_of(w, digest, &fresh);

	for (uint32_t m = 0; m < w->s.moves; m++) {
		uint64_t leads = whole_move(w, m);

		if (c->known && c->future[m] != leads)
			whole_differs(w, m, c->future[m], leads);
		c->future[m] = leads;
		if (leads != WHOLE_CANNOT)
			sut_restore(&w->s, w->here);
	}
	c->known = true;
}

/* Looks at what waits; false: at WHOLE_PART states, and there are more. */
static inline bool whole_walk(struct whole *w)
{
	uint32_t n = 0;

	while (n < w->waits && (w->most == WHOLE_ALL || n < WHOLE_PART)) {
		whole_take(w, n++);
		whole_look(w);
	}
	for (uint32_t i = n; i < w->waits; i++)
		free(w->queue[i].word);
	return n == w->waits;
}

static inline void whole_close(struct whole *w)
{
	for (uint32_t i = 0; i < w->forms.count; i++)
		free(w->class[i]);
	whole_set_close(&w->raw);
	whole_set_close(&w->forms);
	free(w->class);
	free(w->queue);
	free(w->here);
	free(w->words);
	sut_close(&w->s);
}

/* What a world came to. */
struct whole_count {
	uint32_t raw, forms, rests;
};

/* A search of the same world, complete, and what it found. */
static inline void whole_search(const struct scenario *sc,
				const struct whole *w)
{
	static const struct cost_model price;
	const struct search_options options = {.referee = watched_referees,
					       .referees = REFEREES,
					       .price = &price};
	struct search_result *r;
	char error[WHOLE_TEXT] = "";

	CU_ASSERT_FATAL(watched_search_scenario(sc, &options, &r, error,
						sizeof error) == SEARCH_DONE);
	CU_ASSERT(r->complete);
	CU_ASSERT_EQUAL(r->states, w->forms.count);
	CU_ASSERT_EQUAL(r->rests, w->rests);
	for (uint32_t i = 0; i < r->violations; i++)
		CU_ASSERT(clause_list_has(&w->broken,
					  r->violation[i].finding.clause));
	search_result_free(r);
}

/*
 * Looks at all of the world of @text; or at no more than @most states with the
 * same canonical form, where memory counts up without end or there are many.
 */
static inline struct whole_count whole_check(const char *text, uint32_t most)
{
	static const struct cost_model price;
	struct whole w = {.most = most};
	struct scenario *sc =
		scenario_parse("test", text, strlen(text), NULL, 0, stderr);
	char error[WHOLE_TEXT] = "";
	struct whole_count count;
	bool all;

	CU_ASSERT_PTR_NOT_NULL_FATAL(sc);
	CU_ASSERT_FATAL(sut_open(&w.s, sc, referees, REFEREES, &price, error,
				 sizeof error));
	whole_set_open(&w.raw, WHOLE_FIRST);
	whole_set_open(&w.forms, WHOLE_FIRST);
	w.here = whole_memory(NULL, WHOLE_WORDS, sizeof *w.here);
	w.words = whole_memory(NULL, 2 * WHOLE_WORDS, sizeof *w.words);
	sut_rewind(&w.s);
	whole_arrive(&w);
	all = whole_walk(&w);
	printf("\n    %u states by %s, %u by canonical form, %u at rest ",
	       w.raw.count, most == WHOLE_ALL ? "memory" : "some of it",
	       w.forms.count, w.rests);
	if (w.wrong)
		printf("\n    %u moves differ ", w.wrong);
	CU_ASSERT_EQUAL(w.wrong, 0);
	if (all)
		whole_search(sc, &w);
	count = (struct whole_count){w.raw.count, w.forms.count, w.rests};
	whole_close(&w);
	scenario_free(sc);
	return count;
}

#endif
