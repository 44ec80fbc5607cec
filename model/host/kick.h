/* SPDX-License-Identifier: BSD-3-Clause */
/* What a kick costs the guest that writes it, by how its device is reached. */
#ifndef TWINRING_MODEL_HOST_KICK_H
#define TWINRING_MODEL_HOST_KICK_H

#include "model/config.h"
#include "model/cost.h"

/*
 * A word in memory that the host watches, or a call: light where the host's
 * kernel passes it on, heavy where a process does, which then looks for the
 * register that was written.
 */
static inline void kick_count(const struct link_config *cfg,
			      struct cost_meter *cost)
{
	bool calls = cfg->kick == KICK_CCW || cfg->kick == KICK_HYPERCALL;

	if (cfg->exits == EXITS_HEAVY) {
		cost_count(cost, COST_EXIT_HEAVY, 1);
		cost_count(cost, COST_REGISTER, !calls);
	} else {
		cost_count(cost, calls ? COST_HYPERCALL : COST_EXIT_LIGHT, 1);
	}
}

#endif
