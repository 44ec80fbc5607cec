/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests only: a transition cache without a system under test. Four
 * variables lie in two components, and whatever is asked has been told before.
 */
#ifndef TWINRING_SIM_EXPLORE_CACHE_CACHE_FIXTURE_H
#define TWINRING_SIM_EXPLORE_CACHE_CACHE_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "model/unit.h"
#include "sim/explore/cache/transition_cache.h"

enum { CACHE_VARIABLES = 4, CACHE_COMPONENTS = 2, CACHE_SIZE = 2 };
enum { CACHE_PARTS = 1, CACHE_QUERIES = 3 };

struct cache_fixture {
	struct transition_cache a;
	struct cache_head head;
	uint64_t reads[CACHE_QUERIES];
	uint64_t content[2 * CACHE_SIZE];
	uint8_t of[CACHE_VARIABLES];
	uint32_t place[CACHE_VARIABLES];
};

static inline void cache_fixture_open(struct cache_fixture *f)
{
	const uint64_t none = 0;
	struct transition_cache *a = &f->a;

	memset(f, 0, sizeof *f);
	a->head = &f->head;
	a->reads = f->reads;
	a->content = f->content;
	a->set_words = 1;
	a->queries = CACHE_QUERIES;
	a->parts = CACHE_PARTS;
	a->components = (struct components){
		.count = CACHE_COMPONENTS, .of = f->of, .place = f->place};
	for (uint32_t b = 0; b <= CACHE_COMPONENTS; b++)
		a->components.first[b] = (uint16_t)(b * CACHE_SIZE);
	for (uint32_t v = 0; v < CACHE_VARIABLES; v++) {
		f->of[v] = (uint8_t)(v / CACHE_SIZE);
		f->place[v] = v / CACHE_SIZE << 16 | (CACHE_SIZE + v % 2);
	}
	CU_ASSERT_FATAL(interned_open(&a->interned, false));
	CU_ASSERT_FATAL(effects_open(&a->effects, 1, false));
	CU_ASSERT_FATAL(
		trie_open(&a->trie, CACHE_QUERIES, CACHE_VARIABLES, false));
	for (uint32_t q = 0; q < CACHE_QUERIES; q++)
		CU_ASSERT_FATAL(trie_begin(&a->trie, q, &none, &none));
}

static inline void cache_fixture_close(struct cache_fixture *f)
{
	trie_close(&f->a.trie);
	effects_close(&f->a.effects);
	interned_close(&f->a.interned);
}

/* What components hold where the variables hold @value: a state, in @out. */
static inline void cache_fixture_state(struct cache_fixture *f,
				       const uint64_t value[CACHE_VARIABLES],
				       uint32_t out[CACHE_COMPONENTS])
{
	for (uint32_t b = 0; b < CACHE_COMPONENTS; b++) {
		uint64_t words[2 * CACHE_SIZE];

		for (uint32_t i = 0; i < CACHE_SIZE; i++) {
			uint32_t v = b * CACHE_SIZE + i;

			words[i] = value[v];
			words[CACHE_SIZE + i] = trie_mix(v, value[v]);
		}
		out[b] = interned_put(&f->a.interned, b, words, 2 * CACHE_SIZE);
	}
}

/* The effect that writes @value to @count variables and reads @reads. */
static inline uint32_t cache_fixture_effects(struct cache_fixture *f,
					     uint16_t count,
					     const uint16_t *variable,
					     const uint64_t *value,
					     uint64_t reads)
{
	struct effect *e = calloc(effect_words(count, 1), sizeof(uint64_t));
	uint32_t number;

	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	e->writes = count;
	for (uint32_t i = 0; i < count; i++)
		set_add(&e->words[1], variable[i]);
	e->words[0] = reads | e->words[1];
	memcpy(&e->words[2], value, count * sizeof *value);
	memcpy(&e->words[2 + count], variable, count * sizeof *variable);
	number = effects_put(&f->a.effects, e);
	free(e);
	return number;
}

/* The same of one variable. */
static inline uint32_t cache_fixture_effect(struct cache_fixture *f,
					    uint16_t variable, uint64_t value,
					    uint64_t reads)
{
	return cache_fixture_effects(f, 1, &variable, &value, reads);
}

/* In @state, @q was answered @word after a look at the variables of @reads. */
static inline uint32_t cache_fixture_tell(struct cache_fixture *f, uint32_t q,
					  const uint32_t *state, uint64_t reads,
					  uint64_t word)
{
	const struct trie_state s = cache_state(&f->a, state);
	uint16_t variable[CACHE_VARIABLES];
	struct trie_reads read = {variable, 0, &reads};

	for (uint16_t v = 0; v < CACHE_VARIABLES; v++)
		if (set_has(&reads, v))
			variable[read.count++] = v;
	f->reads[q] |= reads;
	f->head.grown++;
	return trie_tell(&f->a.trie, q, &s, &read, word, 0, false);
}

#endif
