/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scenario expects, held against what its run showed. */
#ifndef TWINRING_SIM_RUN_EXPECTATION_H
#define TWINRING_SIM_RUN_EXPECTATION_H

#include "sim/run/run_result.h"

/*
 * Says in @r, which is complete but for that, where @e does not hold, and
 * whether all of it does. @checked: referees watched. @scripted: no frame came
 * from a tape.
 */
void expectation_judge(const struct expect_config *e, bool checked,
		       bool scripted, struct run_result *r);

#endif
