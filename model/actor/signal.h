/* SPDX-License-Identifier: BSD-3-Clause */
/* How one actor wakes another: a flag that stays up until it is looked at. */
#ifndef TWINRING_MODEL_ACTOR_SIGNAL_H
#define TWINRING_MODEL_ACTOR_SIGNAL_H

#include <stdbool.h>

#include "model/cost.h"

struct signal {
	bool raised;
	bool asleep;    /* nobody runs the actor until the flag is up */
	bool worker;    /* waking it costs the host a switch of threads */
	uint8_t number; /* of the actor that it wakes */
};

static inline void signal_raise(struct signal *s, struct cost_meter *cost)
{
	if (s->worker && s->asleep && !s->raised)
		cost_count(cost, COST_WAKE, 1);
	if (!s->raised)
		cost->raised[s->number / 64] |= UINT64_C(1) << s->number % 64;
	s->raised = true;
}

#endif
