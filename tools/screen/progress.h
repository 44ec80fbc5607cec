/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How far a run is, as a bar on standard error, where a person looks at it and
 * nowhere else. Knows terminals and the wall clock; nothing of the run.
 */
#ifndef TWINRING_TOOLS_SCREEN_PROGRESS_H
#define TWINRING_TOOLS_SCREEN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown;    /* there is a terminal that can show it */
	bool drawn;    /* there is something to wipe */
	uint64_t from; /* nanoseconds, when it began */
	uint64_t next; /* when to draw again */
	uint32_t columns;
};

/* Begins; shows nothing if @wanted is false or nobody would see it. */
void progress_begin(struct progress *p, bool wanted);

/* Draws now and then, however often it is called. */
void progress_draw(struct progress *p, uint64_t done, uint64_t total,
		   uint64_t virtual_ps);

/* The same for a search, of which nobody knows how far it is. */
void progress_draw_search(struct progress *p, uint64_t states, uint64_t waiting,
			  uint32_t depth);

/* The same for worlds of a swarm. */
void progress_draw_swarm(struct progress *p, uint64_t done, uint64_t total);

/* Wipes the bar away. */
void progress_end(struct progress *p);

/* The line itself, without the wish for a terminal. */
void progress_line(char *out, uint32_t columns, uint64_t done, uint64_t total,
		   uint64_t virtual_ps, uint64_t elapsed_ns);

/* Whether @fd is a terminal that is no "dumb" one. */
bool progress_terminal(int fd);

/* Whether @fd may have colour: also NO_COLOR is not set to anything. */
bool progress_colour(int fd);

#endif
