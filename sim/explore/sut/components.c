/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/components.h"

#include <stdlib.h>
#include <string.h>

enum {
	GROUPS_MAX = 256,
	COMPONENTS_MADE =
		COMPONENTS_MAX - 1, /* the last is for what may still come */
	/* What it may cost that two are one: in variables of different
	   contents. */
	SLACK = 1000,
	SEEN_BITS = 12
};

/* Variables that go into one component. */
struct group {
	uint64_t *written;  /* in which steps one of them was */
	uint64_t *held;     /* by state: a number for what all of them held */
	uint32_t times;     /* that they were written */
	uint32_t variables; /* that it has */
	uint32_t kinds;     /* of what they held */
	bool gone;          /* into another one */
};

struct groups {
	const struct components_sample *sample;
	struct group group[GROUPS_MAX];
	uint32_t count;
	uint32_t words;    /* of a set of steps */
	uint64_t *written; /* room for all */
	uint64_t *held;
	uint8_t *of; /* by variable */
	/* by two of them, the lower first: how often both were written */
	uint32_t both[GROUPS_MAX][GROUPS_MAX];
	bool apart[GROUPS_MAX][GROUPS_MAX]; /* they would say more */
	uint64_t seen[1 << SEEN_BITS];
};

static uint32_t bits_both(const uint64_t *a, const uint64_t *b, uint32_t words)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < words; i++)
		n += (uint32_t)__builtin_popcountll(a[i] & b[i]);
	return n;
}

/* How many different numbers there are in @a and @b, added up. */
static uint32_t kinds_of(struct groups *g, const uint64_t *a, const uint64_t *b)
{
	uint32_t kinds = 0;

	memset(g->seen, 0, sizeof g->seen);
	for (uint32_t i = 0; i < g->sample->states; i++) {
		uint64_t held = (a[i] + b[i]) | 1;
		uint32_t at = (uint32_t)(held >> (64 - SEEN_BITS));

		while (g->seen[at] && g->seen[at] != held)
			at = (at + 1) % (1 << SEEN_BITS);
		kinds += g->seen[at] == 0;
		g->seen[at] = held;
	}
	return kinds;
}

static uint32_t group_new(struct groups *g, const uint64_t *written)
{
	struct group *to = &g->group[g->count];

	to->written = &g->written[(size_t)g->count * g->words];
	to->held = &g->held[(size_t)g->count * g->sample->states];
	memcpy(to->written, written, g->words * sizeof *written);
	to->times = bits_both(written, written, g->words);
	return g->count++;
}

/* Those that are always written in the same steps are one from the start. */
static void trial_group(struct groups *g, uint32_t variable)
{
	const struct components_sample *s = g->sample;
	const uint64_t *written = &s->written[(size_t)variable * g->words];
	const uint64_t *held = &s->held[(size_t)variable * s->states];
	size_t size = g->words * sizeof *written;
	uint32_t n = 0;

	while (n < g->count && memcmp(g->group[n].written, written, size) != 0)
		n++;
	if (n == GROUPS_MAX)
		n--; /* whatever comes last is put together */
	else if (n == g->count)
		group_new(g, written);
	g->of[variable] = (uint8_t)n;
	g->group[n].variables++;
	for (uint32_t i = 0; i < s->states; i++)
		g->group[n].held[i] += held[i];
}

/* Of @a and each from @first on. */
static void both_count(struct groups *g, uint32_t a, uint32_t first)
{
	for (uint32_t b = first; b < g->count; b++) {
		uint32_t low = a < b ? a : b, high = a < b ? b : a;

		g->apart[low][high] = false;
		g->both[low][high] = bits_both(g->group[a].written,
					       g->group[b].written, g->words);
	}
}

/* The two of which one is most seldom written without the other. */
static bool pair_find(const struct groups *g, bool any, uint32_t *one,
		      uint32_t *other)
{
	uint64_t most = 0, of = 0;

	for (uint32_t a = 0; a < g->count; a++)
		for (uint32_t b = a + 1; b < g->count; b++) {
			uint32_t both = g->both[a][b];
			uint32_t either =
				g->group[a].times + g->group[b].times - both;

			if (g->group[a].gone || g->group[b].gone ||
			    (!any && g->apart[a][b]))
				continue;
			if (of && both * of <= most * either)
				continue;
			most = both;
			of = either + 1;
			*one = a;
			*other = b;
		}
	return of;
}

static void pair_join(struct groups *g, uint32_t one, uint32_t other)
{
	struct group *to = &g->group[one], *from = &g->group[other];

	for (uint32_t i = 0; i < g->words; i++)
		to->written[i] |= from->written[i];
	for (uint32_t i = 0; i < g->sample->states; i++)
		to->held[i] += from->held[i];
	to->times = bits_both(to->written, to->written, g->words);
	to->variables += from->variables;
	from->gone = true;
	for (uint32_t i = 0; i < g->sample->variables; i++)
		if (g->of[i] == other)
			g->of[i] = (uint8_t)one;
	both_count(g, one, 0);
}

/* If what they hold does not take much more room than apart. */
static void pair_try(struct groups *g, uint32_t one, uint32_t other)
{
	struct group *a = &g->group[one], *b = &g->group[other];
	uint32_t kinds = kinds_of(g, a->held, b->held);
	uint32_t variables = a->variables + b->variables;

	if (kinds * variables >
	    a->kinds * a->variables + b->kinds * b->variables + SLACK) {
		g->apart[one][other] = true;
		return;
	}
	pair_join(g, one, other);
	a->kinds = kinds;
}

static uint32_t groups_left(const struct groups *g)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->count; i++)
		n += !g->group[i].gone;
	return n;
}

static void groups_join(struct groups *g)
{
	uint32_t one = 0, other = 0;

	for (uint32_t i = 0; i < g->sample->variables; i++)
		trial_group(g, i);
	for (uint32_t n = 0; n < g->count; n++) {
		both_count(g, n, n + 1);
		g->group[n].kinds = kinds_of(
			g, g->group[n].held,
			g->held + (size_t)GROUPS_MAX * g->sample->states);
	}
	while (pair_find(g, false, &one, &other))
		pair_try(g, one, other);
	while (groups_left(g) > COMPONENTS_MADE &&
	       pair_find(g, true, &one, &other))
		pair_join(g, one, other);
}

static void components_fill(struct components *b, const struct groups *g)
{
	uint32_t variables = g->sample->variables, n = 0;

	for (uint32_t group = 0; group < g->count; group++) {
		if (g->group[group].gone)
			continue;
		b->first[b->count++] = (uint16_t)n;
		for (uint32_t i = 0; i < variables; i++)
			if (g->of[i] == group)
				b->variable[n++] = (uint16_t)i;
	}
	b->first[b->count++] = (uint16_t)n;
	for (uint32_t i = 0; i < VARIABLES_LATER; i++)
		b->variable[n++] = (uint16_t)(variables + i);
	b->first[b->count] = (uint16_t)n;
}

static void places_find(struct components *b)
{
	for (uint32_t n = 0; n < b->count; n++)
		for (uint32_t i = b->first[n]; i < b->first[n + 1]; i++) {
			uint32_t at = components_size(b, n) + i - b->first[n];

			b->of[b->variable[i]] = (uint8_t)n;
			b->place[b->variable[i]] = n << 16 | at;
		}
}

/* NULL: no memory. */
static struct groups *groups_open(const struct components_sample *sample)
{
	struct groups *g = calloc(1, sizeof *g);

	if (!g)
		return NULL;
	g->sample = sample;
	g->words = (sample->steps + 63) / 64;
	g->written = calloc((size_t)GROUPS_MAX * g->words, sizeof *g->written);
	g->held = calloc((size_t)(GROUPS_MAX + 1) * sample->states,
			 sizeof *g->held);
	g->of = calloc(sample->variables + 1, sizeof *g->of);
	return g;
}

static void groups_close(struct groups *g)
{
	if (!g)
		return;
	free(g->written);
	free(g->held);
	free(g->of);
	free(g);
}

bool components_open(struct components *b,
		     const struct components_sample *sample)
{
	uint32_t most = sample->variables + VARIABLES_LATER;
	struct groups *g = groups_open(sample);
	bool done;

	*b = (struct components){0};
	b->variable = calloc(most, sizeof *b->variable);
	b->of = calloc(most, sizeof *b->of);
	b->place = calloc(most, sizeof *b->place);
	done = b->variable && b->of && b->place && g && g->written && g->held &&
	       g->of;
	if (done) {
		groups_join(g);
		components_fill(b, g);
		places_find(b);
	}
	groups_close(g);
	return done;
}

void components_close(struct components *b)
{
	free(b->variable);
	free(b->of);
	free(b->place);
	*b = (struct components){0};
}
