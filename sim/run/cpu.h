/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose time a run took, and how busy cores were: what was counted, priced. A
 * core on which somebody polls is busy as long as that one is there.
 */
#ifndef TWINRING_SIM_RUN_CPU_H
#define TWINRING_SIM_RUN_CPU_H

#include "sim/run/run_result.h"
#include "sim/world/cost_model.h"

struct cpu {
	uint64_t ps[PARTIES];
	uint64_t total_ps;
};

/* Time by party, on all cores together. */
struct cpu cpu_of(const struct run_result *r, const struct cost_model *price);

/* For how long core @core was busy: that of the actor of this number. */
uint64_t cpu_core(const struct run_result *r, const struct cost_model *price,
		  uint32_t core);

/* Whether there is a core of that number. */
bool cpu_core_is(const struct run_result *r, uint32_t core);

/* @amount as thousandths of @whole; 0 of nothing. */
uint64_t cpu_milli(uint64_t amount, uint64_t whole);

#endif
