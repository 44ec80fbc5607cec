/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * States that wait to be looked at, first come, first served: what differs
 * from the first state, word by word. Knows bytes; not what they mean.
 */
#ifndef TWINRING_SIM_SEARCH_FRONTIER_H
#define TWINRING_SIM_SEARCH_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frontier_chunk;

struct frontier {
	const uint64_t *first; /* the first state, all compare to it */
	uint32_t words;        /* of a state */
	uint64_t count;
	uint64_t bytes; /* in use */
	uint64_t most;  /* bytes at any time */
	struct frontier_chunk *head, *tail;
	uint32_t read; /* in head */
};

void frontier_open(struct frontier *f, const uint64_t *first, uint32_t words);
void frontier_close(struct frontier *f);

/* Appends @state, which is called @index; false: no memory. */
bool frontier_put(struct frontier *f, uint32_t index, const uint64_t *state);

/* Takes the oldest; there must be one. */
uint32_t frontier_take(struct frontier *f, uint64_t *state);

#endif
