/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/bench/sweep.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/bench/floor.h"

enum { TOGETHER = 2 * SWEEP_PATHS, FLOOR_BATCH = 32, ROUNDS_MOST = 1000 };

/* Laps of one case. */
struct laps {
	uint64_t *ps;
	uint32_t count;
};

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct sweep_ps laps_sum(struct laps *l)
{
	if (l->count == 0)
		return (struct sweep_ps){0, 0, 0};
	qsort(l->ps, l->count, sizeof *l->ps, ascending);
	return (struct sweep_ps){.min = l->ps[0],
				 .median = l->ps[l->count / 2],
				 .max = l->ps[l->count - 1]};
}

static void laps_add(struct laps *l, uint64_t ns, uint64_t moved)
{
	l->ps[l->count++] = ns * 1000 / moved;
}

/* Cases that are measured against each other: all paths, referees on and off.
 */
struct group {
	struct bench *bench[TOGETHER];
	struct sweep_row row[TOGETHER];
	struct laps laps[TOGETHER];
	uint32_t count;
};

static void group_close(struct group *g)
{
	for (uint32_t i = 0; i < g->count; i++) {
		bench_close(g->bench[i]);
		free(g->laps[i].ps);
	}
}

static bool group_add(struct group *g, const struct bench_case *c,
		      uint32_t rounds, char *error, size_t size)
{
	uint32_t i = g->count;

	g->row[i] = (struct sweep_row){.c = *c};
	if (!bench_shape(c, &g->row[i].shape))
		return true; /* this pool cannot hold such frames */
	g->bench[i] = bench_open(c, error, size);
	if (!g->bench[i])
		return false;
	g->laps[i] = (struct laps){.ps = calloc(rounds, sizeof(uint64_t))};
	g->count++;
	if (g->laps[i].ps)
		return true;
	snprintf(error, size, "out of memory");
	return false;
}

static bool group_open(struct group *g, const struct sweep *s,
		       struct bench_case c, char *error, size_t size)
{
	*g = (struct group){.count = 0};
	for (uint32_t p = 0; p < s->paths; p++)
		for (int r = 0; r < 2; r++) {
			if (!s->referees[r])
				continue;
			c.path = s->path[p];
			c.referees = r;
			if (!group_add(g, &c, s->rounds, error, size))
				return false;
		}
	return true;
}

static bool stopped(const struct sweep *s)
{
	return s->stop && *s->stop;
}

/*
 * One lap of each to warm up, then rounds over all of them. False: it was
 * stopped, and nothing can be said.
 */
static bool group_measure(struct group *g, const struct sweep *s,
			  struct floor *floor, struct laps *floor_laps)
{
	uint64_t moved;

	for (uint32_t i = 0; i < g->count && !stopped(s); i++)
		bench_lap(g->bench[i], s->packets, &moved);
	for (uint32_t n = 0; n < s->rounds && g->count; n++) {
		uint64_t ns = floor_lap(floor, s->packets, &moved);

		if (floor_laps->count < ROUNDS_MOST)
			laps_add(floor_laps, ns, moved);
		for (uint32_t i = 0; i < g->count; i++) {
			if (stopped(s))
				return false;
			ns = bench_lap(g->bench[i], s->packets, &moved);
			laps_add(&g->laps[i], ns, moved);
		}
	}
	for (uint32_t i = 0; i < g->count; i++) {
		g->row[i].ps = laps_sum(&g->laps[i]);
		g->row[i].violations = bench_violations(g->bench[i]);
	}
	return true;
}

static bool rows_add(struct sweep_result *out, const struct group *g,
		     char *error, size_t size)
{
	struct sweep_row *more;

	if (g->count == 0)
		return true;
	more = realloc(out->row, (out->rows + g->count) * sizeof *more);
	if (!more) {
		snprintf(error, size, "out of memory");
		return false;
	}
	out->row = more;
	for (uint32_t i = 0; i < g->count; i++)
		out->row[out->rows++] = g->row[i];
	return true;
}

/* The @i-th combination of all but path and referees; false behind the last. */
static bool combination(const struct sweep *s, uint32_t i, struct bench_case *c)
{
	c->bytes = s->bytes[i % s->sizes];
	i /= s->sizes;
	c->read = i % 2;
	i /= 2;
	c->batch = s->batch[i % s->batches];
	i /= s->batches;
	c->pool = (enum bench_pool)i;
	return i < BENCH_POOLS;
}

static bool one_group(const struct sweep *s, const struct bench_case *c,
		      struct floor *floor, struct laps *floor_laps,
		      struct sweep_result *out, char *error, size_t size)
{
	struct group g;
	bool good = group_open(&g, s, *c, error, size);

	if (good) {
		good = !group_measure(&g, s, floor, floor_laps) ||
		       rows_add(out, &g, error, size);
	}
	group_close(&g);
	return good;
}

bool sweep_run(const struct sweep *s, struct sweep_result *out,
	       void (*progress)(void *to, uint32_t done, uint32_t total),
	       void *to, char *error, size_t size)
{
	struct floor *floor = floor_open(FLOOR_BATCH);
	struct laps floor_laps = {calloc(ROUNDS_MOST, sizeof(uint64_t)), 0};
	uint32_t total = s->sizes * 2 * s->batches * BENCH_POOLS;
	struct bench_case c = {0};
	bool good = floor && floor_laps.ps;

	*out = (struct sweep_result){.rounds = s->rounds};
	if (!good)
		snprintf(error, size, "out of memory");
	for (uint32_t i = 0; good && !stopped(s) && combination(s, i, &c);
	     i++) {
		if (!s->pool[c.pool] || !s->read[c.read])
			continue;
		if (progress)
			progress(to, i, total);
		good = one_group(s, &c, floor, &floor_laps, out, error, size);
	}
	out->interrupted = stopped(s);
	if (good)
		out->floor = laps_sum(&floor_laps);
	free(floor_laps.ps);
	floor_close(floor);
	return good;
}
