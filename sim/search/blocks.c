/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/blocks.h"

#include <stdlib.h>

enum {
	BLOCK_CELLS = 16, /* at most, unless there are too many blocks */
	BLOCKS = BLOCKS_MAX - CELLS_LATER / BLOCK_CELLS /* for cells so far */
};

/* Orders cells so that those that the same moves write are together. */
static void cells_sort(struct blocks *b, uint32_t cells,
		       const uint64_t *writers)
{
	for (uint32_t i = 0; i < cells; i++) {
		uint32_t at = i;

		while (at && writers[b->cell[at - 1]] > writers[i]) {
			b->cell[at] = b->cell[at - 1];
			at--;
		}
		b->cell[at] = (uint16_t)i;
	}
}

/* Cuts them into blocks of at most @most; false: these are too many. */
static bool cut(struct blocks *b, uint32_t cells, const uint64_t *writers,
		uint32_t most)
{
	uint32_t begin = 0;

	b->count = 0;
	for (uint32_t i = 0; i <= cells; i++) {
		bool other = i == cells || i - begin == most ||
			     (writers &&
			      writers[b->cell[i]] != writers[b->cell[begin]]);

		if (i == begin || !other)
			continue;
		if (b->count == BLOCKS)
			return false;
		b->first[b->count++] = (uint16_t)begin;
		begin = i;
	}
	return true;
}

/* Blocks for what may still come. */
static void later_add(struct blocks *b, uint32_t cells)
{
	for (uint32_t i = cells; i < cells + CELLS_LATER; i++) {
		if ((i - cells) % BLOCK_CELLS == 0)
			b->first[b->count++] = (uint16_t)i;
		b->cell[i] = (uint16_t)i;
	}
	b->first[b->count] = (uint16_t)(cells + CELLS_LATER);
}

static void places_find(struct blocks *b)
{
	for (uint32_t n = 0; n < b->count; n++)
		for (uint32_t i = b->first[n]; i < b->first[n + 1]; i++) {
			uint32_t at = blocks_size(b, n) + i - b->first[n];

			b->of[b->cell[i]] = (uint8_t)n;
			b->place[b->cell[i]] = n << 16 | at;
		}
}

bool blocks_open(struct blocks *b, uint32_t cells, const uint64_t *writers)
{
	uint32_t most = cells + CELLS_LATER;

	*b = (struct blocks){0};
	b->cell = calloc(most, sizeof *b->cell);
	b->of = calloc(most, sizeof *b->of);
	b->place = calloc(most, sizeof *b->place);
	if (!b->cell || !b->of || !b->place)
		return false;
	cells_sort(b, cells, writers);
	if (!cut(b, cells, writers, BLOCK_CELLS) &&
	    !cut(b, cells, writers, cells))
		cut(b, cells, NULL, (cells + BLOCKS - 1) / BLOCKS);
	later_add(b, cells);
	places_find(b);
	return true;
}

void blocks_close(struct blocks *b)
{
	free(b->cell);
	free(b->of);
	free(b->place);
	*b = (struct blocks){0};
}
