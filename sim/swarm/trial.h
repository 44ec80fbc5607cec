/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One world of a swarm, with all that watches it. Its memory is used again for
 * the next. Knows how to do a line and what to look at after it; not which line
 * is next.
 */
#ifndef TWINRING_SIM_SWARM_TRIAL_H
#define TWINRING_SIM_SWARM_TRIAL_H

#include "sim/court/court.h"
#include "sim/play/fault.h"
#include "sim/swarm/swarm.h"

enum { TRIAL_REGIONS_MAX = VM_MAX + LINK_MAX };

/* Memory of which it is known who may write it. */
struct region {
	const uint8_t *at;
	size_t size;
	uint64_t digest;
	struct actor_set writers;
	char name[NAME_SIZE + 8];
};

struct trial_setup {
	const struct scenario *sc;
	const struct referee_ops *const *referee;
	uint32_t referees;
	const struct cost_model *price;
	void (*told)(void *to, const struct script_op *op); /* by faults */
	void *to;
};

struct cell {
	struct trial_setup setup;
	struct world_block block;
	struct world w;
	struct app app;
	struct scheduler sched;
	struct faults faults;
	struct court court;
	struct violation first; /* that nothing excuses */
	struct region region[TRIAL_REGIONS_MAX];
	uint32_t regions; /* 0: nobody is hostile, none is looked at */
	uint64_t work_max;
	uint64_t work;
	uint32_t steps;
	bool at_rest;
};

/* Builds the world and does its script. */
bool trial_begin(struct cell *c, const struct trial_setup *setup, char *error,
		 size_t size);

/* Does a line and looks at what came of it; false: it cannot be done now. */
bool trial_do(struct cell *c, const struct script_op *op);

/* Something was found that nothing excuses. */
static inline bool trial_failed(const struct cell *c)
{
	return c->court.found > 0;
}

bool trial_quiescent(const struct cell *c);

/* It does not come to rest. */
void trial_restless(struct cell *c, uint32_t steps);

/* It is at rest: what is still owed? */
void trial_finish(struct cell *c);

void trial_result(const struct cell *c, struct swarm_result *out);
void trial_end(struct cell *c);
void trial_free(struct cell *c);

/*
 * Writes what was done as a scenario that expects what it broke. False: no
 * memory, and nothing is written.
 */
bool trial_write(const struct scenario *sc, const struct script_op *line,
		 uint32_t lines, const struct swarm_result *r, FILE *out);

#endif
