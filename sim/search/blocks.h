/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cells of a state in blocks: those that the same moves write are together, so
 * that a move changes few of them. Knows numbers of cells; not what they hold.
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

/*
 * @cells so far, and room for CELLS_LATER; @writers: by cell, moves that write
 * it, a bit each. False: no memory.
 */
bool blocks_open(struct blocks *b, uint32_t cells, const uint64_t *writers);
void blocks_close(struct blocks *b);

static inline uint32_t blocks_size(const struct blocks *b, uint32_t block)
{
	return (uint32_t)b->first[block + 1] - b->first[block];
}

#endif
