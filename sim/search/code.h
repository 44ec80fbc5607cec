/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory in which the code works, as a search uses it: holds one state, and
 * goes on to another one by as few words as differ. Knows states as contents of
 * blocks; not what is asked of the code there.
 */
#ifndef TWINRING_SIM_SEARCH_CODE_H
#define TWINRING_SIM_SEARCH_CODE_H

#include "sim/search/blocks.h"
#include "sim/search/cells.h"
#include "sim/search/contents.h"

struct code {
	struct subject *s;
	const struct cells *cells;
	const struct blocks *blocks;
	const struct contents *contents;
	uint64_t *image;             /* by cell: the state that is there */
	uint32_t loaded[BLOCKS_MAX]; /* its contents */
	bool lost;                   /* anything may be there */
};

/* @cells is how many there can be. False: no memory. */
bool code_open(struct code *c, uint32_t cells);
void code_close(struct code *c);

/* The state is now that of contents @number, by block. */
void code_show(struct code *c, const uint32_t *number);

/* A move that the footprint saw is as if it had not been done. */
void code_undo(struct code *c);

/* Whoever asked for the state may do with it as he likes. */
static inline void code_lose(struct code *c)
{
	c->lost = true;
}

#endif
