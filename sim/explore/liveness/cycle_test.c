/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycles in graphs by hand, and in many small ones against a plain search. */
#include "sim/explore/liveness/cycle.h"

#include <stdlib.h>

#include "model/unit.h"
#include "sim/world/rng.h"

enum { STATES = 6, EDGES = 32, LASTS = 4, ENDS = 4, SHOWS = 2 };

struct edge {
	uint32_t from, to;
	uint8_t move;
	uint16_t ended;
};

/* A graph from its edges, which come by their first states. */
struct drawn {
	struct graph g;
	uint64_t first[STATES + 1];
	uint16_t now[STATES];
	uint32_t to[EDGES];
	uint16_t ended[EDGES];
	uint8_t move[EDGES];
};

static struct drawn d;
static bool fair[MOVES_MAX];

static void draw(const struct edge *e, uint32_t edges)
{
	d.g = (struct graph){
		.states = STATES,
		.edges = edges,
		.first = d.first,
		.now = d.now,
		.to = d.to,
		.ended = d.ended,
		.move = d.move,
	};
	for (uint32_t s = 0, i = 0; s <= STATES; s++) {
		while (i < edges && e[i].from < s)
			i++;
		d.first[s] = i;
	}
	for (uint32_t i = 0; i < edges; i++) {
		d.to[i] = e[i].to;
		d.ended[i] = e[i].ended;
		d.move[i] = e[i].move;
	}
	for (uint32_t s = 0; s < STATES; s++)
		d.now[s] = LASTS;
	for (uint32_t m = 0; m < MOVES_MAX; m++)
		fair[m] = m < 4;
}

static enum cycle_end find(struct cycle *c)
{
	struct cycle_wanted w = {fair, LASTS, SHOWS};

	return cycle_find(&d.g, &w, c);
}

/* The edge of @state that does @move; d.g.edges: there is none. */
static uint64_t edge_of(uint32_t state, uint32_t move)
{
	for (uint64_t e = d.first[state]; e < d.first[state + 1]; e++)
		if (d.move[e] == move)
			return e;
	return d.g.edges;
}

/* It goes round, nothing ends on it, and no fair move is put off. */
static void check_round(const struct cycle *c)
{
	uint32_t at = c->state, served = 0;
	bool shows = false;

	CU_ASSERT(c->moves > 0);
	for (uint32_t i = 0; i < c->moves; i++) {
		uint64_t e = edge_of(at, c->move[i]);

		CU_ASSERT_FATAL(e < d.g.edges && d.to[e] != GRAPH_NOWHERE);
		CU_ASSERT(d.now[at] & LASTS && !(d.ended[e] & ENDS));
		for (uint32_t m = 0; m < 4; m++)
			if (!fair[m] || c->move[i] == m ||
			    edge_of(at, m) == d.g.edges)
				served |= 1u << m;
		shows |= d.ended[e] & SHOWS;
		at = d.to[e];
	}
	CU_ASSERT_EQUAL(at, c->state);
	CU_ASSERT_EQUAL(served, 15);
	CU_ASSERT_EQUAL(shows, c->shows);
}

/* One cycle is there, from @state, @moves long. */
static void finds(uint32_t state, uint32_t moves)
{
	struct cycle c;

	CU_ASSERT_EQUAL_FATAL(find(&c), CYCLE_FOUND);
	CU_ASSERT_EQUAL(c.state, state);
	CU_ASSERT_EQUAL(c.moves, moves);
	check_round(&c);
	free(c.move);
}

static void finds_none(void)
{
	struct cycle c;

	CU_ASSERT_EQUAL(find(&c), CYCLE_NONE);
	CU_ASSERT_PTR_NULL(c.move);
}

static void no_way_back(void)
{
	draw((struct edge[]){{0, 1, 0, 0}, {0, 2, 1, 0}, {1, 2, 0, 0}}, 3);
	finds_none();
	draw(NULL, 0);
	finds_none();
}

static void a_ring_of_states(void)
{
	draw(
		(struct edge[]){
			{0, 1, 0, 0}, {1, 2, 1, 0}, {2, 3, 0, 0}, {3, 1, 2, 0}},
		4);
	finds(1, 3);
}

static void a_state_that_leads_to_itself(void)
{
	draw((struct edge[]){{0, 3, 0, 0}, {3, 3, 2, 0}}, 2);
	finds(3, 1);
	d.to[1] = GRAPH_NOWHERE;
	finds_none();
}

/* Move 1 can happen all the way round and never does. */
static void somebody_is_put_off(void)
{
	draw(
		(struct edge[]){
			{0, 1, 0, 0}, {0, 5, 1, 0}, {1, 0, 0, 0}, {1, 5, 1, 0}},
		4);
	finds_none();
	fair[1] = false; /* unless nobody owes it */
	finds(0, 2);
	fair[1] = true;
	d.move[3] = 2; /* or it cannot always happen: nor can move 2 */
	finds(0, 2);
}

/* Twice round serves move 1 as well. */
static void all_are_served(void)
{
	draw((struct edge[]){{0, 1, 0, 0},
			     {0, 2, 1, 0},
			     {1, 0, 0, 0},
			     {1, 5, 1, 0},
			     {2, 0, 0, 0},
			     {2, 5, 1, 0}},
	     6);
	finds(0, 4);
	d.move[4] = 3;
	finds(0, 4);
}

static void what_ends_is_no_cycle(void)
{
	draw((struct edge[]){{0, 1, 0, 0}, {1, 0, 0, ENDS}}, 2);
	finds_none();
	d.ended[1] = 0;
	finds(0, 2);
	d.now[1] = 0;
	finds_none();
}

static void a_mark_is_shown(void)
{
	struct cycle c;

	draw((struct edge[]){{0, 1, 0, 0},
			     {1, 0, 0, 0},
			     {1, 2, 1, 0},
			     {2, 0, 5, SHOWS}},
	     4);
	CU_ASSERT_EQUAL_FATAL(find(&c), CYCLE_FOUND);
	CU_ASSERT(c.shows);
	check_round(&c);
	free(c.move);
}

/* Which states lead to which by edges on which nothing ends. */
static void reach_fill(bool reach[STATES][STATES])
{
	for (uint32_t s = 0; s < STATES; s++)
		for (uint64_t e = d.first[s]; e < d.first[s + 1]; e++)
			if (d.to[e] != GRAPH_NOWHERE && d.now[s] & LASTS &&
			    d.now[d.to[e]] & LASTS && !(d.ended[e] & ENDS))
				reach[s][d.to[e]] = true;
	for (uint32_t k = 0; k < STATES; k++)
		for (uint32_t i = 0; i < STATES; i++)
			for (uint32_t j = 0; j < STATES; j++)
				reach[i][j] |= reach[i][k] && reach[k][j];
}

/* Whether all that lead to @s and back let every fair move be served. */
static bool served_around(uint32_t s, bool reach[STATES][STATES])
{
	uint32_t served = 0;

	for (uint32_t i = 0; i < STATES; i++) {
		if (!reach[s][i] || !reach[i][s])
			continue;
		for (uint32_t m = 0; m < 4; m++) {
			uint64_t e = edge_of(i, m);

			if (e == d.g.edges ||
			    (d.to[e] != GRAPH_NOWHERE && reach[d.to[e]][s] &&
			     reach[s][d.to[e]] && !(d.ended[e] & ENDS)))
				served |= 1u << m;
		}
	}
	return served == 15;
}

/* The nearest state with a cycle; STATES: there is none. */
static uint32_t expected(void)
{
	bool reach[STATES][STATES] = {{false}};

	reach_fill(reach);
	for (uint32_t s = 0; s < STATES; s++)
		if (reach[s][s] && served_around(s, reach))
			return s;
	return STATES;
}

static uint32_t any_edges(struct rng *rng, struct edge *e)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < STATES; s++)
		for (uint32_t m = 0; m < 5; m++)
			if (rng_below(rng, 3) == 0)
				e[n++] = (struct edge){
					s,
					rng_below(rng, 9) == 0
						? GRAPH_NOWHERE
						: rng_below(rng, STATES),
					(uint8_t)m,
					(uint16_t)(rng_below(rng, 5) == 0 ? ENDS
									  : 0)};
	return n;
}

static void many_small_graphs(void)
{
	struct rng rng = {5};
	uint32_t found = 0, none = 0;

	for (uint32_t i = 0; i < 20000; i++) {
		struct edge e[EDGES];
		struct cycle c;
		uint32_t want;

		draw(e, any_edges(&rng, e));
		d.now[rng_below(&rng, STATES)] = 0;
		want = expected();
		if (find(&c) == CYCLE_FOUND) {
			check_round(&c);
			CU_ASSERT_EQUAL(c.state, want);
			found++;
		} else {
			CU_ASSERT_EQUAL(want, STATES);
			none++;
		}
		free(c.move);
	}
	CU_ASSERT(found > 1000 && none > 1000);
}

static const struct unit_case cases[] = {
	{"no way back", no_way_back},
	{"a ring of states", a_ring_of_states},
	{"a state that leads to itself", a_state_that_leads_to_itself},
	{"somebody is put off", somebody_is_put_off},
	{"all are served", all_are_served},
	{"what ends is no cycle", what_ends_is_no_cycle},
	{"a mark is shown", a_mark_is_shown},
	{"many small graphs", many_small_graphs},
};

UNIT_MAIN("cycle", cases)
