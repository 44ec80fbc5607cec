/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/cells.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"
#include "sim/search/set.h"

bool cells_open(struct cells *c, const struct subject *s)
{
	size_t words = s->w.state.size / FOOTPRINT_WORD;

	*c = (struct cells){.s = s};
	c->cell = calloc(CELLS_MAX, sizeof *c->cell);
	c->first_of = calloc(words + 1, sizeof *c->first_of);
	c->cut = calloc(words, sizeof *c->cut);
	return c->cell && c->first_of && c->cut;
}

void cells_close(struct cells *c)
{
	free(c->cell);
	free(c->first_of);
	free(c->cut);
	*c = (struct cells){0};
}

/* Bytes at which a run of @bytes begins, or which it ends before. */
static uint8_t edges(uint8_t bytes)
{
	return (uint8_t)(bytes ^ bytes << 1);
}

void cells_cut(struct cells *c)
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
static void cell_add(struct cells *c, uint32_t word, uint32_t from, uint32_t to)
{
	uint8_t bytes = (uint8_t)((1u << to) - (1u << from));

	assert(c->count < CELLS_MAX);
	c->cell[c->count++] =
		(struct cell){c->s->word[word], c->s->word_first[word],
			      mask_of(bytes), bytes};
}

static void word_take(struct cells *c, uint32_t word)
{
	uint8_t cut = c->cut[subject_word_at(c->s, word)];
	uint32_t from = 0;

	for (uint32_t to = 1; to < FOOTPRINT_WORD; to++)
		if (cut >> to & 1) {
			cell_add(c, word, from, to);
			from = to;
		}
	cell_add(c, word, from, FOOTPRINT_WORD);
}

void cells_take(struct cells *c)
{
	for (; c->words < c->s->words; c->words++) {
		word_take(c, c->words);
		c->first_of[c->words + 1] = (uint16_t)c->count;
	}
}

/* Some bytes are read, or not all of those that are written are its own. */
static bool is_read(const struct cell *c, uint8_t read, uint8_t written)
{
	uint8_t mine = c->bytes & written;

	return c->bytes & read || (mine && mine != c->bytes);
}

void cells_read(const struct cells *c, struct memo_reads *out)
{
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t at = footprint.touched[i], word = c->s->number_of[at];

		if (word >= c->words)
			continue;
		for (uint32_t n = c->first_of[word]; n < c->first_of[word + 1];
		     n++)
			if (is_read(&c->cell[n], footprint.read[at],
				    footprint.written[at])) {
				out->cell[out->count++] = (uint16_t)n;
				set_add(out->set, n);
			}
	}
}

void cells_written(const struct cells *c, uint64_t *set)
{
	for (uint32_t i = 0; i < footprint.count; i++) {
		uint32_t at = footprint.touched[i], word = c->s->number_of[at];

		if (word >= c->words || !footprint.written[at])
			continue;
		for (uint32_t n = c->first_of[word]; n < c->first_of[word + 1];
		     n++)
			if (c->cell[n].bytes & footprint.written[at])
				set_add(set, n);
	}
}

void cells_undo(const struct cells *c, const uint64_t *image)
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
