/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tarjan's strongly connected components of the states in which something
 * lasts and the moves that do not end it. A component has a fair cycle if each
 * fair move can be served: it happens on the way round, or there is a state in
 * which it cannot happen. All that is served in a component can be served on
 * one cycle, so no part of it needs a look of its own.
 */
#include "sim/explore/liveness/cycle.h"

#include <stdlib.h>
#include <string.h>

/* What a cycle is to serve: fair moves by their number, and these two. */
#define SERVE_ROUND (UINT64_C(1) << 63) /* it has a move at all */
#define SERVE_SHOW  (UINT64_C(1) << 62)

enum { UNSEEN = 0, FAIR_MAX = 62 };

/* A state whose moves are being followed. */
struct visit {
	uint32_t state;
	uint64_t edge; /* next one to follow */
};

struct finder {
	const struct graph *g;
	const struct cycle_wanted *w;
	uint64_t serves[MOVES_MAX + 1]; /* by move: its bit if it is fair */
	uint64_t all;                   /* bits of fair moves */
	/* by state */
	uint32_t *order; /* of discovery, from 1; UNSEEN */
	uint32_t *low;   /* the earliest that it leads back to */
	uint32_t *part;  /* its component, from 1; 0: none yet */
	uint32_t *stack; /* states without a component */
	struct visit *visit;
	uint32_t orders, parts, stacked, depth;
	/* the best component so far; none: its part is 0 */
	uint32_t best, best_part;
	uint64_t best_serves;
};

static bool leads_on(const struct finder *f, uint64_t edge)
{
	uint32_t to = f->g->to[edge];

	return to != GRAPH_NOWHERE && !(f->g->ended[edge] & f->w->lasts) &&
	       f->g->now[to] & f->w->lasts;
}

static bool inside(const struct finder *f, uint64_t edge, uint32_t part)
{
	return leads_on(f, edge) && f->part[f->g->to[edge]] == part;
}

static uint64_t edge_serves(const struct finder *f, uint64_t edge)
{
	return SERVE_ROUND | f->serves[f->g->move[edge]] |
	       (f->g->ended[edge] & f->w->shows ? SERVE_SHOW : 0);
}

/* Fair moves that cannot happen in @state. */
static uint64_t state_serves(const struct finder *f, uint32_t state)
{
	uint64_t can = 0;

	for (uint64_t e = f->g->first[state]; e < f->g->first[state + 1]; e++)
		can |= f->serves[f->g->move[e]];
	return f->all & ~can;
}

/* All @count states of component @part were found. */
static void part_judge(struct finder *f, const uint32_t *state, uint32_t count,
		       uint32_t part)
{
	const struct graph *g = f->g;
	uint64_t need = f->all | SERVE_ROUND, serves = 0;
	uint32_t nearest = UINT32_MAX;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t s = state[i];

		serves |= state_serves(f, s);
		for (uint64_t e = g->first[s]; e < g->first[s + 1]; e++)
			if (inside(f, e, part))
				serves |= edge_serves(f, e);
		if (s < nearest)
			nearest = s;
	}
	if (need & ~serves || (f->best_part && nearest > f->best))
		return;
	f->best = nearest;
	f->best_part = part;
	f->best_serves = serves;
}

static void state_enter(struct finder *f, uint32_t state)
{
	f->order[state] = f->low[state] = ++f->orders;
	f->stack[f->stacked++] = state;
	f->visit[f->depth++] = (struct visit){state, f->g->first[state]};
}

static void lower(uint32_t *low, uint32_t value)
{
	if (value < *low)
		*low = value;
}

/* All moves of the state on top were followed. */
static void state_leave(struct finder *f)
{
	uint32_t state = f->visit[--f->depth].state, from = f->stacked;

	if (f->depth)
		lower(&f->low[f->visit[f->depth - 1].state], f->low[state]);
	if (f->low[state] != f->order[state])
		return;
	f->parts++;
	do
		f->part[f->stack[--from]] = f->parts;
	while (f->stack[from] != state);
	part_judge(f, f->stack + from, f->stacked - from, f->parts);
	f->stacked = from;
}

static void edge_follow(struct finder *f, uint32_t from, uint64_t edge)
{
	uint32_t to = f->g->to[edge];

	if (!leads_on(f, edge))
		return;
	if (f->order[to] == UNSEEN)
		state_enter(f, to);
	else if (!f->part[to])
		lower(&f->low[from], f->order[to]);
}

static void parts_find(struct finder *f)
{
	for (uint32_t s = 0; s < f->g->states; s++) {
		if (f->order[s] != UNSEEN || !(f->g->now[s] & f->w->lasts))
			continue;
		state_enter(f, s);
		while (f->depth) {
			struct visit *v = &f->visit[f->depth - 1];

			if (v->edge == f->g->first[v->state + 1])
				state_leave(f);
			else
				edge_follow(f, v->state, v->edge++);
		}
	}
}

/* A way round in the best component, as far as it has come. */
struct way {
	struct finder *f;
	struct cycle *out;
	uint32_t at;
	uint32_t room;
	uint64_t served;
	uint64_t *by;    /* by state: the edge by which it was reached first */
	uint32_t *queue; /* of states */
	uint32_t looks;
};

static bool way_put(struct way *y, uint64_t edge)
{
	struct cycle *c = y->out;

	if (c->moves == y->room) {
		uint32_t room = y->room ? 2 * y->room : 64;
		uint8_t *p = realloc(c->move, room);

		if (!p)
			return false;
		c->move = p;
		y->room = room;
	}
	c->move[c->moves++] = y->f->g->move[edge];
	y->at = y->f->g->to[edge];
	y->served |= edge_serves(y->f, edge) | state_serves(y->f, y->at);
	return true;
}

/* Goes on by @last, where it is reached by the edges in y->by. */
static bool way_go(struct way *y, uint32_t from, uint64_t last)
{
	/* Found backwards, done forwards. */
	uint32_t *back = y->f->stack, n = 0, state = from;

	while (state != y->at) {
		back[n++] = state;
		state = y->f->low[state];
	}
	while (n)
		if (!way_put(y, y->by[back[--n]]))
			return false;
	return way_put(y, last);
}

/* Whether @edge is where a look from @at, for @need or for home, ends. */
static bool of_use(const struct way *y, uint64_t edge, uint64_t need)
{
	const struct finder *f = y->f;

	return need ? need & ~y->served &
			       (edge_serves(f, edge) |
				state_serves(f, f->g->to[edge]))
		    : f->g->to[edge] == f->best;
}

/*
 * Breadth first to the nearest edge that serves some of @need, or leads home
 * where nothing is needed any more; there is one. False: no memory.
 */
static bool way_on(struct way *y, uint64_t need)
{
	struct finder *f = y->f;
	uint32_t *queue = y->queue;
	uint32_t head = 0, tail = 0;

	y->looks++;
	queue[tail++] = y->at;
	f->order[y->at] = y->looks;
	while (head < tail) {
		uint32_t s = queue[head++];

		for (uint64_t e = f->g->first[s]; e < f->g->first[s + 1]; e++) {
			uint32_t to = f->g->to[e];

			if (!inside(f, e, f->best_part))
				continue;
			if (of_use(y, e, need))
				return way_go(y, s, e);
			if (f->order[to] == y->looks)
				continue;
			f->order[to] = y->looks;
			f->low[to] = s;
			y->by[to] = e;
			queue[tail++] = to;
		}
	}
	assert(!"a component hangs together");
	return false;
}

static bool way_round(struct finder *f, struct cycle *out)
{
	struct way y = {.f = f, .out = out, .at = f->best};
	uint64_t need = f->all | SERVE_ROUND | (f->best_serves & SERVE_SHOW);
	bool good;

	y.by = calloc(f->g->states, sizeof *y.by);
	y.queue = calloc(f->g->states, sizeof *y.queue);
	memset(f->order, 0, f->g->states * sizeof *f->order);
	y.served = state_serves(f, y.at);
	good = y.by && y.queue;
	while (good && need & ~y.served)
		good = way_on(&y, need);
	if (good && y.at != f->best)
		good = way_on(&y, 0);
	free(y.by);
	free(y.queue);
	out->state = f->best;
	out->shows = need & SERVE_SHOW;
	return good;
}

static void fair_number(struct finder *f)
{
	uint32_t n = 0;

	for (uint32_t m = 0; m < MOVES_MAX; m++) {
		if (!f->w->fair[m])
			continue;
		assert(n < FAIR_MAX);
		f->serves[m] = UINT64_C(1) << n++;
		f->all |= f->serves[m];
	}
}

static bool finder_open(struct finder *f)
{
	uint32_t n = f->g->states;

	fair_number(f);
	f->order = calloc(n, sizeof *f->order);
	f->low = calloc(n, sizeof *f->low);
	f->part = calloc(n, sizeof *f->part);
	f->stack = calloc(n, sizeof *f->stack);
	f->visit = calloc(n, sizeof *f->visit);
	return f->order && f->low && f->part && f->stack && f->visit;
}

static void finder_close(struct finder *f)
{
	free(f->order);
	free(f->low);
	free(f->part);
	free(f->stack);
	free(f->visit);
}

enum cycle_end cycle_find(const struct graph *g, const struct cycle_wanted *w,
			  struct cycle *out)
{
	struct finder f = {.g = g, .w = w};
	enum cycle_end end = CYCLE_NO_MEMORY;

	*out = (struct cycle){0};
	if (finder_open(&f)) {
		parts_find(&f);
		end = !f.best_part         ? CYCLE_NONE
		      : way_round(&f, out) ? CYCLE_FOUND
					   : CYCLE_NO_MEMORY;
	}
	finder_close(&f);
	if (end == CYCLE_NO_MEMORY) {
		free(out->move);
		out->move = NULL;
	}
	return end;
}
