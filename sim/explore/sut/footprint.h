/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which words of a world a move reads and writes, seen by the code itself: the
 * model, applications and referees are compiled once more with a call at each
 * access to memory, and these calls end here. Knows addresses; not what lies
 * there. There is one watcher in a program.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_FOOTPRINT_H
#define TWINRING_SIM_EXPLORE_SUT_FOOTPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOOTPRINT_WORD = 8, FOOTPRINT_WHOLE = 0xff };

/* Since footprint_begin(), by word of the watched memory. */
struct footprint {
	uint8_t *base;
	size_t size;
	uint8_t *read;     /* bytes of it, a bit each, read before written */
	uint8_t *written;  /* bytes of it, a bit each */
	uint32_t *touched; /* words with either, in the order of first touch */
	uint32_t count;
	bool on;
};

extern struct footprint footprint;

/* Whether this build was compiled to be watched. */
static inline bool footprint_sees(void)
{
#ifdef TWINRING_WATCHED
	return true;
#else
	return false;
#endif
}

/* Watches @size bytes at @base, a multiple of words. False: no memory. */
bool footprint_open(void *base, size_t size);
void footprint_close(void);

/* Forgets what was seen, and looks until footprint_end(). */
void footprint_begin(void);
void footprint_end(void);

#endif
