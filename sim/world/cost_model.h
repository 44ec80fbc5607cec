/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What counted events are worth in time: a profile of a host. Modelled
 * figures come from here and from nowhere else.
 */
#ifndef TWINRING_SIM_WORLD_COST_MODEL_H
#define TWINRING_SIM_WORLD_COST_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/cost.h"

struct cost_model {
	char name[64];
	uint64_t ps[COST_KINDS];     /* charged to whoever caused it */
	uint64_t wake_delay_ps;      /* until a woken host worker runs */
	uint64_t interrupt_delay_ps; /* until an interrupted guest runs */
};

/*
 * Reads a profile: YAML text of rows `name: {ps: N, source: "..."}`, one for
 * each cost and the two delays. False after writing all errors to @talk, with
 * @file in front.
 */
bool cost_model_parse(struct cost_model *p, const char *file, const char *text,
		      size_t size, FILE *talk);

/* The time that one step's counts take. */
static inline uint64_t cost_model_of(const struct cost_model *p,
				     const struct cost_meter *m)
{
	uint64_t ps = 0;

	for (int k = 0; k < COST_KINDS; k++)
		ps += p->ps[k] * m->count[k];
	return ps;
}

#endif
