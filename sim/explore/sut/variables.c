/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/variables.h"

#include <stdlib.h>
#include <string.h>

#include "sim/explore/sut/footprint.h"
#include "sim/explore/store/set.h"

bool variables_open(struct variables *c, const struct sut *s)
{
	size_t words = s->w.state.size / FOOTPRINT_WORD;

	*c = (struct variables){.s = s};
	c->variable = calloc(VARIABLES_MAX, sizeof *c->variable);
	c->first_of = calloc(words + 1, sizeof *c->first_of);
	c->cut = calloc(words, sizeof *c->cut);
	return c->variable && c->first_of && c->cut;
}

void variables_close(struct variables *c)
{
	free(c->variable);
	free(c->first_of);
	free(c->cut);
	*c = (struct variables){0};
}

/* Bytes at which a run of @bytes begins, or which it ends before. */
static uint8_t edges(uint8_t bytes)
{
	return (uint8_t)(bytes ^ bytes << 1);
}

void variables_cut(struct variables *c)
{
	const struct footprint *f = &footprint;

	for (uint32_t i = 0; i < f->count; i++) {
		uint32_t word = f->touched[i];

		c->cut[word] |= edges(f->read[word]) | edges(f->written[word]);
	}
}

/* Byte i is the i-th in memory, wherever the machine has it in a number. */
static uint64_t mask_of(uint8_t bytes)
{
	uint8_t byte[FOOTPRINT_WORD];
	uint64_t mask;

	for (uint32_t i = 0; i < FOOTPRINT_WORD; i++)
		byte[i] = bytes >> i & 1 ? 0xff : 0;
	memcpy(&mask, byte, sizeof mask);
	return mask;
}

/* Bytes [@from, @to) of a word. */
static void trial_add(struct variables *c, uint32_t word, uint32_t from,
		      uint32_t to)
{
	uint8_t bytes = (uint8_t)((1u << to) - (1u << from));

	assert(c->count < VARIABLES_MAX);
	c->variable[c->count++] =
		(struct variable){c->s->word[word], c->s->word_first[word],
				  mask_of(bytes), bytes};
}

static void word_take(struct variables *c, uint32_t word)
{
	uint8_t cut = c->cut[sut_word_at(c->s, word)];
	uint32_t from = 0;

	for (uint32_t to = 1; to < FOOTPRINT_WORD; to++)
		if (cut >> to & 1) {
			trial_add(c, word, from, to);
			from = to;
		}
	trial_add(c, word, from, FOOTPRINT_WORD);
}

void variables_take(struct variables *c)
{
	for (; c->words < c->s->words; c->words++) {
		word_take(c, c->words);
		c->first_of[c->words + 1] = (uint16_t)c->count;
	}
}

/* Some bytes are read, or not all of those that are written are its own. */
static bool is_read(const struct variable *c, uint8_t read, uint8_t written)
{
	uint8_t mine = c->bytes & written;

	return c->bytes & read || (mine && mine != c->bytes);
}

void variables_read(const struct variables *c, struct trie_reads *out)
{
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t at = footprint.touched[i], word = c->s->number_of[at];

		if (word >= c->words)
			continue;
		for (uint32_t n = c->first_of[word]; n < c->first_of[word + 1];
		     n++)
			if (is_read(&c->variable[n], footprint.read[at],
				    footprint.written[at])) {
				out->variable[out->count++] = (uint16_t)n;
				set_add(out->set, n);
			}
	}
}

void variables_written(const struct variables *c, uint64_t *set)
{
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t at = footprint.touched[i], word = c->s->number_of[at];

		if (word >= c->words || !footprint.written[at])
			continue;
		for (uint32_t n = c->first_of[word]; n < c->first_of[word + 1];
		     n++)
			if (c->variable[n].bytes & footprint.written[at])
				set_add(set, n);
	}
}

void variables_undo(const struct variables *c, const uint64_t *image)
{
	uint64_t *base = (uint64_t *)c->s->w.state.base;

	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t at = footprint.touched[i], word = c->s->number_of[at];

		if (!footprint.written[at] || word == WORD_NEVER)
			continue;
		base[at] = c->s->state_first[at];
		if (word >= c->words)
			continue;
		for (uint32_t n = c->first_of[word]; n < c->first_of[word + 1];
		     n++)
			base[at] ^= image[n];
	}
}
