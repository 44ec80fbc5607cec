/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory that moves change, in cells: a cell is those bytes of a word that
 * are always read and written together, as far as was seen. So an answer hangs
 * on a field of a struct, and not on what happens to lie beside it. Knows which
 * bytes were touched; not what they mean.
 */
#ifndef TWINRING_SIM_SEARCH_CELLS_H
#define TWINRING_SIM_SEARCH_CELLS_H

#include "sim/search/memo.h"
#include "sim/search/subject.h"

enum { CELLS_MAX = UINT16_MAX - 1 };

struct cell {
	uint64_t *at;
	uint64_t first; /* what the word held at first */
	uint64_t mask;  /* its bytes of the word */
	uint8_t bytes;  /* the same, a bit each */
};

struct cells {
	const struct subject *s;
	struct cell *cell;
	uint32_t count;
	uint16_t *first_of; /* by word that changes: the first of its cells */
	uint32_t words;     /* of the subject that are in cells */
	uint8_t *cut; /* by word of the state: bytes that a cell begins with */
};

/* False: no memory. No word is in cells yet. */
bool cells_open(struct cells *c, const struct subject *s);
void cells_close(struct cells *c);

/* Accesses that the footprint saw are to be accesses to whole cells. */
void cells_cut(struct cells *c);

/* Words that the subject has learnt since are put into cells. */
void cells_take(struct cells *c);

/* What it holds, as it differs from the first state: so it is zero there. */
static inline uint64_t cells_now(const struct cells *c, uint32_t i)
{
	const struct cell *cell = &c->cell[i];

	return (*cell->at ^ cell->first) & cell->mask;
}

static inline void cells_put(const struct cells *c, uint32_t i, uint64_t value)
{
	const struct cell *cell = &c->cell[i];

	*cell->at = (*cell->at & ~cell->mask) |
		    ((value ^ cell->first) & cell->mask);
}

/*
 * Adds what the footprint saw read, or written in part: what is left of a cell
 * goes on to the state behind.
 */
void cells_read(const struct cells *c, struct memo_reads *out);

/* Adds to @set what it saw written. */
void cells_written(const struct cells *c, uint64_t *set);

/* Puts back whatever it saw written, to what @image says by cell. */
void cells_undo(const struct cells *c, const uint64_t *image);

#endif
