/* SPDX-License-Identifier: BSD-3-Clause */
/* How an actor's step ends: what its scheduler must know, and no more. */
#ifndef TWINRING_MODEL_ACTOR_STEP_H
#define TWINRING_MODEL_ACTOR_STEP_H

enum step_end {
	STEP_MORE,   /* there is more to do at once */
	STEP_REST,   /* nothing until a signal */
	STEP_WAIT,   /* nothing until a signal or *wait_ps has passed */
	STEP_WAIT_ON /* likewise, and the time of the last STEP_WAIT goes on */
};

#endif
