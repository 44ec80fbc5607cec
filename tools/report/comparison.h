/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One scenario over several paths, by one price profile or more, side by side:
 * as tables, as JSON, and who is best. Knows figures; how they came to be it
 * must not know.
 */
#ifndef TWINRING_TOOLS_REPORT_COMPARISON_H
#define TWINRING_TOOLS_REPORT_COMPARISON_H

#include "model/path/path.h"
#include "sim/run/cpu.h"

enum { COMPARISON_PROFILES = 4, COMPARISON_PATHS = PATHS_MAX };

/* What came of one path. */
struct comparison_path {
	const char *name;
	const struct run_result *r[COMPARISON_PROFILES]; /* by profile */
	/* measured by the clock, thousandths of ns a packet */
	uint64_t fastest, median;
};

struct comparison {
	const char *file, *title; /* of the scenario */
	struct comparison_path path[COMPARISON_PATHS];
	struct cost_model price[COMPARISON_PROFILES];
	uint32_t paths, profiles;
	uint32_t rounds; /* that were measured */
};

/* Tables in 120 columns, however many paths. */
void comparison_text(FILE *out, const struct comparison *c);

/* The same as JSON (docs/JSON.md), for output_write(). */
void comparison_json(FILE *out, const void *comparison);

/* Bytes of another VM's RAM that some VM can reach, over all links. */
uint64_t comparison_reach_ram(const struct run_result *r);

/* Bytes of slots that both ends of a link can reach. */
uint64_t comparison_reach_slots(const struct run_result *r);

#endif
