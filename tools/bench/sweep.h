/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many cases, measured in turn: A B A B, so that a machine that drifts does so
 * for all of them. Knows cases and rounds; not how they are shown.
 */
#ifndef TWINRING_TOOLS_BENCH_SWEEP_H
#define TWINRING_TOOLS_BENCH_SWEEP_H

#include <signal.h>

#include "tools/bench/bench.h"

enum { SWEEP_SIZES = 16, SWEEP_BATCHES = 8, SWEEP_PATHS = 32 };

/* What to measure: every combination of these. */
struct sweep {
	const char *path[SWEEP_PATHS];
	uint32_t bytes[SWEEP_SIZES];
	uint32_t batch[SWEEP_BATCHES];
	bool pool[BENCH_POOLS];
	bool read[2];     /* [0]: untouched, [1]: read */
	bool referees[2]; /* [0]: off, [1]: on */
	uint32_t paths, sizes, batches;
	uint32_t rounds;
	uint64_t packets;                  /* of a lap at least */
	const volatile sig_atomic_t *stop; /* end early; or NULL */
};

/* Picoseconds a packet. */
struct sweep_ps {
	uint64_t min, median, max;
};

struct sweep_row {
	struct bench_case c;
	struct bench_shape shape;
	struct sweep_ps ps;
	uint64_t violations;
};

struct sweep_result {
	struct sweep_row *row;
	uint32_t rows;
	struct sweep_ps floor;
	uint32_t rounds;
	bool interrupted;
};

/*
 * Measures; false, with words in @error, when memory is out. @progress is told
 * rows done and in all; it may be NULL. The caller frees row.
 */
bool sweep_run(const struct sweep *s, struct sweep_result *out,
	       void (*progress)(void *to, uint32_t done, uint32_t total),
	       void *to, char *error, size_t size);

#endif
