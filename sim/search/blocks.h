/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cells of a state in blocks: those that are written together, and say no more
 * together than apart, are one. So a move writes few blocks, and a block holds
 * few different things. Knows numbers of cells; not what they mean.
 */
#ifndef TWINRING_SIM_SEARCH_BLOCKS_H
#define TWINRING_SIM_SEARCH_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	BLOCKS_MAX = 64,
	CELLS_LATER = 128 /* that have room when a search has begun */
};

struct blocks {
	uint32_t count;
	uint16_t first[BLOCKS_MAX + 1]; /* in cell */
	uint16_t *cell;
	uint8_t *of; /* by cell */
	/*
	 * A content of a block is what its cells hold, and then a number each
	 * that goes with that. By cell: the block << 16 | where that number is.
	 */
	uint32_t *place;
};

/* Of some states, and of the moves between them. */
struct blocks_sample {
	uint32_t cells, steps, states;
	const uint64_t *written; /* by cell: a bit for each step that did so */
	const uint64_t *held;    /* by cell and state: a number for what */
};

/*
 * Of all cells of @sample, with room for CELLS_LATER. False: no memory.
 */
bool blocks_open(struct blocks *b, const struct blocks_sample *sample);
void blocks_close(struct blocks *b);

static inline uint32_t blocks_size(const struct blocks *b, uint32_t block)
{
	return (uint32_t)b->first[block + 1] - b->first[block];
}

#endif
