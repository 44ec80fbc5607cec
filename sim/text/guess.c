/* SPDX-License-Identifier: BSD-3-Clause */
/* Edit distance with swaps of neighbours, on words of bounded length. */
#include "sim/text/guess.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 48, FAR = 1000 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned guess_distance(const char *a, const char *b)
{
	unsigned row[3][WORD_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return FAR;
	for (size_t j = 0; j <= lb; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *now = row[i % 3];
		const unsigned *up = row[(i + 2) % 3];
		const unsigned *upper = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			now[j] = least(up[j], now[j - 1]) + 1;
			now[j] = least(now[j],
				       up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], upper[j - 2] + 1);
		}
	}
	return row[la % 3][lb];
}

/* A third of the word may be wrong, at most three letters. */
static unsigned tolerance(const char *word)
{
	return least(3, (unsigned)(strlen(word) + 2) / 3);
}

struct guess guess_of(const char *word)
{
	assert(word);
	return (struct guess){.word = word, .far = tolerance(word) + 1};
}

void guess_try(struct guess *g, const char *candidate)
{
	unsigned far = guess_distance(g->word, candidate);

	/* all letters replaced is no likeness */
	if (far < g->far && far < strlen(g->word)) {
		g->best = candidate;
		g->far = far;
	}
}

const char *guess_words(const struct guess *g, char *out, size_t size)
{
	assert(size > 0);
	out[0] = '\0';
	if (g->best)
		snprintf(out, size, "; did you mean '%s'?", g->best);
	return out;
}
