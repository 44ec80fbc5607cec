/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Randomised worlds, many and tiny: each seed lets a scenario's machines step
 * in any order while frames come and faults strike; then all faults end, and
 * what is owed has to happen within a bound of steps. Knows chance and scripts;
 * what is right it is told by referees.
 */
#ifndef TWINRING_SIM_SWARM_SWARM_H
#define TWINRING_SIM_SWARM_SWARM_H

#include <signal.h>

#include "sim/play/script_do.h"
#include "sim/scenario/schema/config.h"
#include "sim/watch/referee.h"
#include "sim/world/cost_model.h"

enum {
	SWARM_MOVES_MAX = 600,     /* before faults end, at random */
	SWARM_SETTLE_MAX = 100000, /* steps after that, until all rest */
	SWARM_LINES_MAX = 1 << 18  /* that can be recorded */
};

struct swarm_options {
	const struct referee_ops *const *referee;
	uint32_t referees;
	const struct cost_model *price;
	uint32_t moves; /* before faults end; 0: as the seed chooses */
	const volatile sig_atomic_t *stop; /* make nothing shorter; or NULL */
};

/* How one seed went. */
struct swarm_result {
	uint64_t digest;  /* of all events */
	uint32_t steps;   /* of actors */
	uint32_t strikes; /* of faults */
	uint32_t writes;  /* by hostile VMs */
	uint32_t work;    /* at most, in one step: things that were counted */
	bool failed;
	bool at_rest; /* something is owed though nobody moves */
	struct finding finding;
	struct clause_list broken; /* also what faults excuse */
};

struct swarm;

/* NULL: out of memory. */
struct swarm *swarm_open(const struct swarm_options *options);
void swarm_close(struct swarm *s);

/*
 * One world, that of @sc with its seed. False with words in @error when its
 * script cannot be done or there is no memory.
 */
bool swarm_run(struct swarm *s, const struct scenario *sc,
	       struct swarm_result *out, char *error, size_t size);

/*
 * Runs the same again and keeps what was done, then leaves out what can be
 * left out while it still breaks the same clause, and writes the rest as a
 * scenario that `run` repeats. False with words in @error.
 */
bool swarm_write(struct swarm *s, const struct scenario *sc, FILE *out,
		 char *error, size_t size);

#endif
