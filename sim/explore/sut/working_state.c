/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/working_state.h"

#include <stdlib.h>
#include <string.h>

#include "sim/explore/sut/footprint.h"

bool working_state_open(struct working_state *c, uint32_t variables)
{
	c->image = calloc(variables + 1, sizeof *c->image);
	c->lost = true;
	return c->image;
}

void working_state_close(struct working_state *c)
{
	free(c->image);
	*c = (struct working_state){0};
}

/* Begins anew with the first state, from which all others differ. */
static void find_again(struct working_state *c)
{
	sut_rewind(c->s);
	memset(c->image, 0, c->variables->count * sizeof *c->image);
	memset(c->loaded, 0, sizeof c->loaded);
	c->lost = false;
}

static void component_show(struct working_state *c, uint32_t component,
			   uint32_t number)
{
	const uint64_t *from = interned_get(c->interned, number);
	const struct components *b = c->components;

	for (uint32_t i = b->first[component]; i < b->first[component + 1];
	     i++) {
		uint32_t variable = b->variable[i];

		if (variable < c->variables->count &&
		    c->image[variable] != *from) {
			c->image[variable] = *from;
			variables_put(c->variables, variable, *from);
		}
		from++;
	}
	c->loaded[component] = number;
}

void working_state_show(struct working_state *c, const uint32_t *number)
{
	if (c->lost)
		find_again(c);
	for (uint32_t n = 0; n < c->components->count; n++)
		if (c->loaded[n] != number[n])
			component_show(c, n, number[n]);
}

/* Nobody saw what was written: all that is known may have been. */
static void all_undo(struct working_state *c)
{
	const struct sut *s = c->s;

	for (uint32_t i = 0; i < c->variables->count; i++)
		variables_put(c->variables, i, c->image[i]);
	for (uint32_t i = c->variables->words; i < s->words; i++) /* new ones */
		*s->word[i] = s->word_first[i];
}

void working_state_undo(struct working_state *c)
{
	if (footprint_sees())
		variables_undo(c->variables, c->image);
	else
		all_undo(c);
}
