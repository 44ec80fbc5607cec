/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Times of this machine, as medians with their quartiles. Everything here reads
 * the clock; nothing of it may reach a run but as a profile that somebody
 * names.
 */
#ifndef TWINRING_TOOLS_CALIBRATE_MEASURE_H
#define TWINRING_TOOLS_CALIBRATE_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

enum { MEASURE_ROUNDS = 31 };

/* Picoseconds. */
struct measure {
	uint64_t low, median, high; /* quartiles */
	bool known;
};

enum cache_level { LEVEL_L1, LEVEL_L2, LEVEL_L3, LEVEL_DRAM, LEVELS };

struct measures {
	/* one copy, by the byte, and what it takes to begin and end it */
	struct measure copy_byte[LEVELS], copy_begin;
	struct measure read_byte; /* of payload that is in the first level */
	struct measure line;      /* from one core to another */
	struct measure syscall, eventfd;
	struct measure wake;       /* what a waker pays */
	struct measure wake_delay; /* from then until the other runs */
	struct measure protect;    /* mprotect of one page, the call left out */
	struct measure move;       /* mremap of one page, likewise */
	struct measure shootdown;  /* what mprotect takes longer for another
				      core that runs in the same memory */
};

/* Bytes of the buffers that a level is measured with, and its name. */
uint64_t measure_level_bytes(enum cache_level level);
const char *measure_level_name(enum cache_level level);

/* Median and quartiles of @ps, which is put in order. */
struct measure measure_of(uint64_t ps[MEASURE_ROUNDS]);

/* @m less @part, a median that is in it; at least 1. */
struct measure measure_less(struct measure m, struct measure part);

/*
 * Each fills in what it can measure; what it cannot stays unknown. False: there
 * is no memory.
 */
bool measure_copies(struct measures *m);
bool measure_calls(struct measures *m);
bool measure_cores(struct measures *m);

#endif
