/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All packets of a scenario, read-only while it runs: captures, in memory while
 * they are small and else as windows over their files, and generators as
 * formulas. What changes while it plays is in the cursors, which live in the
 * world and may be set back.
 *
 * Frames of generators are written where they lie when they are peeked, and
 * windows move: a tape is an affair of one thread.
 */
#ifndef TWINRING_SIM_TRAFFIC_TAPE_H
#define TWINRING_SIM_TRAFFIC_TAPE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/guest/app.h"
#include "sim/scenario/schema/config.h"
#include "sim/traffic/replayed.h"

/* Where one source stands. All zero at the start of a run. */
struct tape_cursor {
	uint64_t next;   /* packets taken from the source */
	uint64_t credit; /* request-response: deliveries seen */
	/* What follows from next, kept so that nobody has to divide. */
	uint64_t base_ps; /* when the pass that it is in began */
	uint64_t rest;    /* of base_ps, in parts of a ps */
	uint32_t place;   /* in the pass */
	uint32_t peeked;  /* first source of a pair: the one last peeked */
};

/* Due as soon as a driver asks for it: it has no time of its own. */
#define TAPE_ASAP UINT64_MAX

struct tape; /* every source of a scenario */
struct placement;

/*
 * Reads the captures and prepares the generators of @sc. Returns NULL with a
 * message in @error (@size bytes) if a file cannot be read or used; *exit_code
 * is then 2 (bad scenario) or 3 (unreadable input). Notices (snapped frames,
 * converted link types, undecided directions, cut gaps) go to @talk.
 */
struct tape *tape_open(const struct scenario *sc, FILE *talk, char *error,
		       uint32_t size, int *exit_code);
void tape_close(struct tape *t);

/*
 * Whether the file of a capture could not be read as it was when the tape was
 * opened; @error (@size bytes) then says which. Its packets end early.
 */
bool tape_problem(const struct tape *t, char *error, uint32_t size);

/* Where the endpoints of traffic entry @n live; NULL: it is no capture. */
const struct placement *tape_placement(const struct tape *t, uint32_t n);
/* What was changed of the capture of that entry; NULL: it is none. */
const struct replayed *tape_replayed(const struct tape *t, uint32_t traffic);

/* Cursors that a run needs; the world allocates them. */
uint32_t tape_cursors(const struct tape *t);

/* Packets that will be offered in all, counting copies; UINT64_MAX: unknown. */
uint64_t tape_packets(const struct tape *t);

/*
 * The next packet that VM @from sends to VM @to, due at *due_ps, or
 * TAPE_ASAP: what has no pace, and answers. APP_LATER is never returned here:
 * the caller compares *due_ps with its clock. seq and copied count per source
 * and are set here; @out->bytes stays valid until the next call for the same
 * pair. Of several sources the one that is due first is next, of equal ones the
 * one that the scenario names first; an answer that becomes available between
 * two peeks may come before what was peeked and not taken.
 */
enum app_answer tape_peek(const struct tape *t, struct tape_cursor *cursors,
			  uint32_t from, uint32_t to, struct app_packet *out,
			  uint64_t *due_ps);

/* Takes what tape_peek() last returned for this pair. */
void tape_take(const struct tape *t, struct tape_cursor *cursors, uint32_t from,
	       uint32_t to);

/* Packets from VM @from to VM @to that nobody has taken yet. */
uint64_t tape_left(const struct tape *t, const struct tape_cursor *cursors,
		   uint32_t from, uint32_t to);

/* Whether tape_peek() would return one, whenever it is due. */
bool tape_waits(const struct tape *t, const struct tape_cursor *cursors,
		uint32_t from, uint32_t to);

/* What tape_fill() may hand out, and where it goes. */
struct tape_order {
	uint64_t now; /* only what is due by then */
	struct app_buffers to;
	struct app_frame *out;
	uint64_t *due_ps; /* when they were due; now for what has no pace */
};

/*
 * Peeks and takes as many packets as @o allows, none of them copied or to be
 * cut, where one
 * source alone plays from VM @from to VM @to: how many. Where several do it is
 * none: each packet is then a choice.
 */
uint32_t tape_fill(const struct tape *t, struct tape_cursor *cursors,
		   uint32_t from, uint32_t to, const struct tape_order *o);

/* Whether tape_delivered() makes a difference for these two. */
bool tape_follows(const struct tape *t, uint32_t from, uint32_t to);

/*
 * VM @to received a frame of @len bytes from VM @from; moves closed-loop
 * sources on. Frames of equal length are one another's like: the first source
 * of that length with packets under way gets the credit.
 */
void tape_delivered(const struct tape *t, struct tape_cursor *cursors,
		    uint32_t from, uint32_t to, uint32_t len);

#endif
