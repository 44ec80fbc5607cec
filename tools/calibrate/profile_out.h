/* SPDX-License-Identifier: BSD-3-Clause */
/* A profile of prices from what was measured, and from another for the rest. */
#ifndef TWINRING_TOOLS_CALIBRATE_PROFILE_OUT_H
#define TWINRING_TOOLS_CALIBRATE_PROFILE_OUT_H

#include <stdio.h>

#include "sim/world/cost_model.h"
#include "tools/calibrate/measure.h"

struct calibration {
	struct measures measured;
	struct cost_model base; /* for what was not */
};

/* All rows as YAML, each with its source; for output_write(). */
void profile_out(FILE *out, const void *calibration);

/* How many rows are measured or follow from what is, and of how many. */
uint32_t profile_rows_measured(const struct calibration *c);
uint32_t profile_rows(void);

#endif
