/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A small world as a graph: every state by its number, nearest first, and
 * every move from each, also those that lead to a state seen before. That
 * takes more room than a set of digests, and no order may be left out, so it
 * is walked by itself. Knows moves; what a way through it means it must not
 * know.
 */
#ifndef TWINRING_SIM_EXPLORE_LIVENESS_GRAPH_H
#define TWINRING_SIM_EXPLORE_LIVENESS_GRAPH_H

#include <signal.h>

#include "sim/explore/liveness/state_queue.h"
#include "sim/explore/sut/sut.h"
#include "sim/explore/trace/parent_log.h"

/* Where a move leads that breaks a rule. */
#define GRAPH_NOWHERE UINT32_MAX

struct graph_slot;

struct graph {
	uint32_t states;
	uint64_t edges;
	/* by state */
	uint64_t *first; /* its first edge; those of the next state follow */
	uint16_t *now;   /* progress_now() */
	/* by edge */
	uint32_t *to;
	uint16_t *ended; /* progress_ended() */
	uint8_t *move;
	struct parent_log parent_log; /* how each state was reached first */
	/* while it grows */
	uint64_t states_room, edges_room;
	struct graph_slot *slot; /* numbers of states by digest */
	uint32_t slot_bits;
	struct state_queue frontier;
};

enum graph_end { GRAPH_WHOLE, GRAPH_STOPPED, GRAPH_NO_MEMORY };

/* Walks all of @s from its first state on, until *@stop is set (NULL: never).
 */
enum graph_end graph_open(struct graph *g, struct sut *s,
			  const volatile sig_atomic_t *stop);
void graph_close(struct graph *g);

#endif
