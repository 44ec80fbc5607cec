/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A plan into an outcome: runs a scenario under virtual time or at random, with
 * referees watching, and says what happened. Knows no rule and no path.
 */
#ifndef TWINRING_SIM_RUN_RUN_H
#define TWINRING_SIM_RUN_RUN_H

#include <signal.h>
#include <stdio.h>

#include "sim/run/run_result.h"
#include "sim/watch/poisoner.h"
#include "sim/world/cost_model.h"

struct run_options {
	const struct referee_ops *const *referee;
	uint32_t referees;
	const struct cost_model *price;
	bool check;                       /* referees watch */
	const struct poisoner_ops *guard; /* NULL: drivers reach all slots */
	const char *pcap_out; /* folder for delivered packets, or NULL */
	FILE *trace;          /* every event as a line of text, or NULL */
	FILE *talk;           /* notices about inputs */
	/*
	 * Packets done and in all (0: unknown), when all inputs are read and
	 * now and then; may be NULL.
	 */
	void (*progress)(void *to, uint64_t done, uint64_t total,
			 uint64_t virtual_ps);
	void *progress_to;
	const volatile sig_atomic_t *stop; /* set: end early; may be NULL */
};

enum run_end {
	RUN_DONE,       /* *out is filled in, held says how it went */
	RUN_BAD,        /* the scenario cannot be run: exit code 2 */
	RUN_UNREADABLE, /* an input cannot be read: exit code 3 */
	RUN_FAILED      /* out of memory, output cannot be written: code 4 */
};

/* Runs @sc. Where it returns anything but RUN_DONE, @error says why. */
enum run_end run_scenario(const struct scenario *sc,
			  const struct run_options *options,
			  struct run_result **out, char *error, size_t size);

#endif
