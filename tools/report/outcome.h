/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All that a report of a run may tell, and the figures that follow from it.
 * Knows results; how they are laid out is for the reports.
 */
#ifndef TWINRING_TOOLS_REPORT_OUTCOME_H
#define TWINRING_TOOLS_REPORT_OUTCOME_H

#include "sim/run/cpu.h"
#include "sim/run/run.h"

struct outcome {
	const struct scenario *sc;
	const struct run_result *result;
	const struct cost_model *price;
	const char *config; /* effective, as YAML */
	const char *repeat; /* the command that shows it again */
	uint64_t wall_ns;   /* measured, on this host */
	bool checked;       /* referees watched */
};

/* Modelled, except for what was counted. */
struct figures {
	bool has_rate; /* time passed between first and last packet */
	uint64_t packets_per_second;
	uint64_t bits_per_second;
	bool has_latency;  /* something was delivered */
	uint64_t measured; /* packets whose latency is known */
	uint64_t min, mean, p50, p90, p99, p999, max; /* picoseconds */
	uint64_t gifts_milli; /* thousandths of a packet's */
};

/* What follows from @t, a tally of @r. */
struct figures figures_of(const struct run_result *r, const struct tally *t);

/* @amount in @span_ps, a second; 0 where that cannot be said. */
uint64_t figures_per_second(uint64_t amount, uint64_t span_ps);

/* "held", "did not hold" or "interrupted". */
const char *outcome_word(const struct outcome *o);

/* Whether none before the @i-th violation that was kept broke its clause. */
bool outcome_is_first(const struct run_result *r, uint32_t i);

/* The exit code of a run that ended so; RUN_DONE: EXIT_PASSED. */
int outcome_code(enum run_end end);

#endif
