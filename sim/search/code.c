/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/code.h"

#include <stdlib.h>
#include <string.h>

#include "sim/search/footprint.h"

bool code_open(struct code *c, uint32_t cells)
{
	c->image = calloc(cells + 1, sizeof *c->image);
	c->lost = true;
	return c->image;
}

void code_close(struct code *c)
{
	free(c->image);
	*c = (struct code){0};
}

/* Begins anew with the first state, from which all others differ. */
static void find_again(struct code *c)
{
	subject_rewind(c->s);
	memset(c->image, 0, c->cells->count * sizeof *c->image);
	memset(c->loaded, 0, sizeof c->loaded);
	c->lost = false;
}

static void block_show(struct code *c, uint32_t block, uint32_t number)
{
	const uint64_t *from = contents_get(c->contents, number);
	const struct blocks *b = c->blocks;

	for (uint32_t i = b->first[block]; i < b->first[block + 1]; i++) {
		uint32_t cell = b->cell[i];

		if (cell < c->cells->count && c->image[cell] != *from) {
			c->image[cell] = *from;
			cells_put(c->cells, cell, *from);
		}
		from++;
	}
	c->loaded[block] = number;
}

void code_show(struct code *c, const uint32_t *number)
{
	if (c->lost)
		find_again(c);
	for (uint32_t n = 0; n < c->blocks->count; n++)
		if (c->loaded[n] != number[n])
			block_show(c, n, number[n]);
}

/* Nobody saw what was written: all that is known may have been. */
static void all_undo(struct code *c)
{
	const struct subject *s = c->s;

	for (uint32_t i = 0; i < c->cells->count; i++)
		cells_put(c->cells, i, c->image[i]);
	for (uint32_t i = c->cells->words; i < s->words; i++) /* new ones */
		*s->word[i] = s->word_first[i];
}

void code_undo(struct code *c)
{
	if (footprint_sees())
		cells_undo(c->cells, c->image);
	else
		all_undo(c);
}
