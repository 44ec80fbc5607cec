/* SPDX-License-Identifier: BSD-3-Clause */
/* What no key can tell alone: whether the parts of a scenario fit together. */
#ifndef TWINRING_SIM_SCENARIO_SCENARIO_CHECK_H
#define TWINRING_SIM_SCENARIO_SCENARIO_CHECK_H

#include "sim/scenario/document/document.h"
#include "sim/scenario/schema/config.h"

/* Notes what does not fit in @sc, which was filled from @doc without errors. */
void scenario_check(const struct scenario *sc, yaml_document_t *doc,
		    struct diag *diag);

#endif
