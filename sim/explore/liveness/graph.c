/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/liveness/graph.h"

#include <stdlib.h>
#include <string.h>

#include "sim/world/progress.h"

enum {
	BITS_FIRST = 12,
	ROOM_FIRST = 1 << 12,
	STATES_MAX = INT32_MAX,
	/* Changed memory is looked for after the first states, and now and
	   then. */
	LEARN_FIRST = 1024,
	LEARN_EVERY = 64
};

/* A state's number by its digest; 0 for no digest. */
struct graph_slot {
	uint64_t digest;
	uint32_t number;
};

/* What a walk needs beside the graph. */
struct walk {
	struct graph *g;
	struct sut *s;
	uint64_t *first, *here, *next; /* snapshots */
	bool failed;
	bool learnt; /* that snapshots lack something: begin again */
};

static bool grow(void *array, uint64_t count, size_t size)
{
	void *p = realloc(*(void **)array, count * size);

	if (p)
		*(void **)array = p;
	return p;
}

static struct graph_slot *slot_find(const struct graph *g, uint64_t digest)
{
	uint64_t mask = (UINT64_C(1) << g->slot_bits) - 1;
	uint64_t i = digest >> (64 - g->slot_bits);

	while (g->slot[i].digest && g->slot[i].digest != digest)
		i = (i + 1) & mask;
	return &g->slot[i];
}

static bool slots_grow(struct graph *g)
{
	struct graph_slot *old = g->slot;
	uint64_t count = old ? UINT64_C(1) << g->slot_bits : 0;

	g->slot_bits = old ? g->slot_bits + 1 : BITS_FIRST;
	g->slot = calloc(UINT64_C(1) << g->slot_bits, sizeof *g->slot);
	for (uint64_t i = 0; g->slot && i < count; i++)
		if (old[i].digest)
			*slot_find(g, old[i].digest) = old[i];
	free(old);
	return g->slot;
}

/* Room for one state more, and the end of its edges. */
static bool states_grow(struct graph *g)
{
	uint64_t room = g->states_room ? 2 * g->states_room : ROOM_FIRST;

	if (g->states + 2 < g->states_room)
		return true;
	g->states_room = room;
	return g->states < STATES_MAX &&
	       grow(&g->first, room, sizeof *g->first) &&
	       grow(&g->now, room, sizeof *g->now);
}

static bool edges_grow(struct graph *g)
{
	uint64_t room = g->edges_room ? 2 * g->edges_room : ROOM_FIRST;

	if (g->edges < g->edges_room)
		return true;
	g->edges_room = room;
	return grow(&g->to, room, sizeof *g->to) &&
	       grow(&g->ended, room, sizeof *g->ended) &&
	       grow(&g->move, room, sizeof *g->move);
}

/* The number of the state that lies in memory; a new one waits. */
static uint32_t state_number(struct walk *k, uint32_t from, uint32_t move)
{
	struct graph *g = k->g;
	uint64_t digest = sut_digest(k->s);
	struct graph_slot *slot;

	digest += digest == 0;
	slot = slot_find(g, digest);
	if (slot->digest)
		return slot->number;
	*slot = (struct graph_slot){digest, g->states};
	sut_save(k->s, k->next);
	k->failed |= !states_grow(g) ||
		     (g->states && !parent_log_extend(&g->parent_log, 1)) ||
		     !state_queue_put(&g->frontier, g->states, k->next);
	if (k->failed)
		return GRAPH_NOWHERE;
	if (g->states)
		parent_log_set(&g->parent_log, g->states, from, (uint8_t)move);
	g->now[g->states++] = progress_now(&k->s->w, &k->s->app);
	if (g->states > (UINT64_C(3) << g->slot_bits) / 4)
		k->failed |= !slots_grow(g);
	return g->states - 1;
}

/* One move from @state, which lies in memory. */
static void edge_add(struct walk *k, uint32_t state, uint32_t move)
{
	struct graph *g = k->g;
	struct progress_mark mark;
	uint64_t e = g->edges;

	k->failed |= !edges_grow(g);
	if (k->failed)
		return;
	progress_mark(&k->s->w, &k->s->app, &mark);
	sut_do(k->s, move);
	g->move[e] = (uint8_t)move;
	g->ended[e] = progress_ended(&k->s->w, &k->s->app, &mark);
	g->to[e] =
		sut_broken(k->s) ? GRAPH_NOWHERE : state_number(k, state, move);
	g->edges++;
}

static void state_walk(struct walk *k)
{
	bool can[MOVES_MAX], moved = false;
	uint32_t state = state_queue_take(&k->g->frontier, k->here);

	sut_restore(k->s, k->here);
	for (uint32_t m = 0; m < k->s->moves; m++)
		can[m] = sut_can(k->s, m);
	k->g->first[state] = k->g->edges;
	for (uint32_t m = 0; m < k->s->moves && !k->failed; m++) {
		if (!can[m])
			continue;
		if (moved)
			sut_restore(k->s, k->here);
		edge_add(k, state, m);
		moved = true;
	}
	k->g->first[state + 1] = k->g->edges;
}

static bool walk_begin(struct walk *k)
{
	uint32_t words = sut_words(k->s);

	*k->g = (struct graph){0};
	k->first = calloc(words + 1, sizeof *k->first);
	k->here = calloc(words + 1, sizeof *k->here);
	k->next = calloc(words + 1, sizeof *k->next);
	if (!k->first || !k->here || !k->next ||
	    !parent_log_open(&k->g->parent_log, false) || !slots_grow(k->g))
		return false;
	sut_rewind(k->s);
	sut_save(k->s, k->first);
	state_queue_open(&k->g->frontier, k->first, words);
	state_number(k, 0, 0);
	return !k->failed;
}

static void walk_end(struct walk *k)
{
	state_queue_close(&k->g->frontier);
	free(k->first);
	free(k->here);
	free(k->next);
	free(k->g->slot);
	k->g->slot = NULL;
}

static enum graph_end walk_all(struct walk *k,
			       const volatile sig_atomic_t *stop)
{
	bool stopped = false;

	for (uint64_t n = 0; k->g->frontier.count; n++) {
		state_walk(k);
		if (n < LEARN_FIRST || n % LEARN_EVERY == 0)
			k->learnt = sut_learn(k->s);
		stopped = stop && *stop;
		if (k->failed || k->learnt || stopped)
			break;
	}
	k->learnt |= sut_learn(k->s);
	return k->failed ? GRAPH_NO_MEMORY
	       : stopped ? GRAPH_STOPPED
			 : GRAPH_WHOLE;
}

/* Snapshots that turn out to lack something were of no use: once more. */
enum graph_end graph_open(struct graph *g, struct sut *s,
			  const volatile sig_atomic_t *stop)
{
	enum graph_end end;
	struct walk k;

	do {
		k = (struct walk){.g = g, .s = s};
		end = walk_begin(&k) ? walk_all(&k, stop) : GRAPH_NO_MEMORY;
		walk_end(&k);
		if (k.learnt)
			graph_close(g);
	} while (k.learnt && end == GRAPH_WHOLE);
	return end;
}

void graph_close(struct graph *g)
{
	free(g->first);
	free(g->now);
	free(g->to);
	free(g->ended);
	free(g->move);
	parent_log_close(&g->parent_log);
	*g = (struct graph){0};
}
