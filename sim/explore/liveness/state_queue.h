/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * States that wait to be looked at, first come, first served: what differs
 * from the first state, word by word. Knows bytes; not what they mean.
 */
#ifndef TWINRING_SIM_EXPLORE_LIVENESS_STATE_QUEUE_H
#define TWINRING_SIM_EXPLORE_LIVENESS_STATE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct state_chunk;

struct state_queue {
	const uint64_t *first; /* the first state, all compare to it */
	uint32_t words;        /* of a state */
	uint64_t count;
	uint64_t bytes; /* in use */
	uint64_t most;  /* bytes at any time */
	struct state_chunk *head, *tail;
	uint32_t read; /* in head */
};

void state_queue_open(struct state_queue *f, const uint64_t *first,
		      uint32_t words);
void state_queue_close(struct state_queue *f);

/* Appends @state, which is called @index; false: no memory. */
bool state_queue_put(struct state_queue *f, uint32_t index,
		     const uint64_t *state);

/* Takes the oldest; there must be one. */
uint32_t state_queue_take(struct state_queue *f, uint64_t *state);

#endif
