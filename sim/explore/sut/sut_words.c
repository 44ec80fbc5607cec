/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/sut.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/explore/sut/footprint.h"

enum { STRETCH = 64 }; /* words that are compared at once */

static void place_add(struct sut *s, uint8_t *from, uint8_t *to)
{
	uintptr_t first = (uintptr_t)from / sizeof(uint64_t);
	uintptr_t last =
		((uintptr_t)to + sizeof(uint64_t) - 1) / sizeof(uint64_t);

	if (from == to)
		return;
	assert(from < to && s->places < PLACES_MAX);
	s->place[s->places++] =
		(struct place){.at = (uint64_t *)(first * sizeof(uint64_t)),
			       .words = last - first};
}

/* All of the state but for memory of VMs without use, and scratch. */
void sut_places_find(struct sut *s)
{
	uint8_t *at = s->w.state.base;

	for (uint32_t i = 0; i < s->w.cfg->vms; i++) {
		struct vm *vm = &s->w.vm[i];

		place_add(s, at, vm->ram + vm->ram_used);
		at = vm->ram + vm->ram_size;
	}
	place_add(s, at, s->app.frame);
	at = s->app.frame + FRAME_MAX;
	place_add(s, at, s->w.state.base + s->w.state.used);
}

static uint32_t word_of(const struct sut *s, const uint64_t *at)
{
	return (uint32_t)(at - (const uint64_t *)s->w.state.base);
}

/* Keeps the first state; false: no memory. */
bool sut_places_keep(struct sut *s)
{
	size_t words = s->w.state.size / sizeof(uint64_t);

	s->word = calloc(words, sizeof *s->word);
	s->word_first = calloc(words, sizeof *s->word_first);
	s->state_first = calloc(words, sizeof *s->state_first);
	s->number_of = malloc(words * sizeof *s->number_of);
	if (!s->word || !s->word_first || !s->state_first || !s->number_of)
		return false;
	for (size_t i = 0; i < words; i++)
		s->number_of[i] = WORD_NEVER;
	for (uint32_t i = 0; i < s->places; i++) {
		struct place *p = &s->place[i];

		p->first = malloc(p->words * sizeof *p->first);
		if (!p->first)
			return false;
		memcpy(p->first, p->at, p->words * sizeof *p->first);
		memcpy(s->state_first + word_of(s, p->at), p->at,
		       p->words * sizeof *p->first);
		for (size_t k = 0; k < p->words; k++)
			s->number_of[word_of(s, p->at + k)] = WORD_NONE;
	}
	return true;
}

void sut_word_add(struct sut *s, uint32_t word)
{
	if (s->number_of[word] != WORD_NONE)
		return;
	s->number_of[word] = s->words;
	s->word[s->words] = (uint64_t *)s->w.state.base + word;
	s->word_first[s->words++] = s->state_first[word];
}

void sut_words_cut(struct sut *s, uint32_t words)
{
	while (s->words > words)
		s->number_of[sut_word_at(s, --s->words)] = WORD_NONE;
}

static bool word_learn(struct sut *s, const struct place *p, size_t i)
{
	uint32_t word = word_of(s, p->at + i);

	if (s->number_of[word] != WORD_NONE || p->at[i] == p->first[i])
		return false;
	sut_word_add(s, word);
	return true;
}

/* A stretch at a time: most of it never changes. */
static bool place_learn(struct sut *s, const struct place *p)
{
	bool learnt = false;

	for (size_t i = 0; i < p->words; i += STRETCH) {
		size_t n =
			p->words - i < STRETCH ? p->words - i : (size_t)STRETCH;

		if (memcmp(p->at + i, p->first + i, n * sizeof *p->at) == 0)
			continue;
		for (size_t k = i; k < i + n; k++)
			learnt |= word_learn(s, p, k);
	}
	return learnt;
}

bool sut_learn(struct sut *s)
{
	bool learnt = false;

	for (uint32_t i = 0; i < s->places; i++)
		learnt |= place_learn(s, &s->place[i]);
	return learnt;
}

bool sut_learn_written(struct sut *s)
{
	const uint64_t *base = (const uint64_t *)s->w.state.base;
	bool learnt = false;

	for (uint32_t n = 0; n < footprint.count; n++) {
		uint32_t word = footprint.touched[n];

		if (!footprint.written[word] || s->number_of[word] != WORD_NONE)
			continue;
		if (s->state_first[word] == base[word])
			continue;
		sut_word_add(s, word);
		learnt = true;
	}
	return learnt;
}

void sut_rewind(struct sut *s)
{
	for (uint32_t i = 0; i < s->places; i++)
		memcpy(s->place[i].at, s->place[i].first,
		       s->place[i].words * sizeof(uint64_t));
}

void sut_save(const struct sut *s, uint64_t *to)
{
	for (uint32_t i = 0; i < s->words; i++)
		to[i] = *s->word[i] ^ s->word_first[i];
}

void sut_restore(struct sut *s, const uint64_t *from)
{
	for (uint32_t i = 0; i < s->words; i++)
		*s->word[i] = from[i] ^ s->word_first[i];
}

uint64_t sut_digest_raw(const struct sut *s)
{
	uint64_t digest = 0;

	for (uint32_t i = 0; i < s->places; i++)
		digest = XXH3_64bits_withSeed(
			s->place[i].at, s->place[i].words * sizeof(uint64_t),
			digest);
	return digest;
}
