/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What goes wrong in a run, and when: faults of a scenario, as lines of a
 * script that nobody wrote. Knows when one strikes and whom; what it does is
 * sim/script's affair, and whether it is borne the referees'.
 */
#ifndef TWINRING_SIM_PLAY_FAULT_H
#define TWINRING_SIM_PLAY_FAULT_H

#include "sim/play/script_do.h"
#include "sim/scenario/schema/config.h"

enum { FAULTS_DUE_MAX = 64 };

struct faults {
	const struct scenario *sc;
	struct scheduler *sched;
	struct app *app;
	/* told of each line that was done; may be NULL */
	void (*told)(void *to, const struct script_op *op);
	void *to;
	struct rng rng;
	uint64_t steps;             /* so far */
	uint64_t struck[FAULT_MAX]; /* times, of each entry */
	/* in vain since the last step, of each entry that has a time */
	uint8_t tries[FAULT_MAX];
	uint64_t strikes; /* of all */
	uint64_t writes;  /* words and registers by hostile VMs */
	struct fault_due {
		uint64_t at_ps;
		struct script_op op;
	} due[FAULTS_DUE_MAX]; /* what was put off */
	uint32_t dues;
	bool over;
};

/* Faults of @sc in the world of @sched; the scenario's seed decides. */
void faults_init(struct faults *f, const struct scenario *sc,
		 struct scheduler *sched, struct app *app);

/* To be called after each step, until they are over: what strikes, strikes. */
void faults_step(struct faults *f);

/*
 * When the next fault is due by the clock; UINT64_MAX: none is, or none can
 * strike before somebody has moved.
 */
uint64_t faults_next(const struct faults *f);

/* Lets the time go on to the next of these, and it happens. */
void faults_wait(struct faults *f);

/*
 * The end of all faults: hostile VMs die, what was put off happens, and what
 * got lost comes again.
 */
void faults_heal(struct faults *f);

/*
 * Whether a finding is of the kind that faults of @sc bring about by
 * themselves: rules broken where a hostile VM has a hand, or by one that lies.
 */
bool faults_excuse(const struct scenario *sc, const struct finding *f);

#endif
