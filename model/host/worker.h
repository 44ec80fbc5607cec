/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host worker's turn: pull from one end's transmit queue, have the path
 * carry each chain, publish, call. Knows rings and order, not what carrying
 * means.
 */
#ifndef TWINRING_MODEL_HOST_WORKER_H
#define TWINRING_MODEL_HOST_WORKER_H

#include "model/host/link.h"
#include "model/step.h"

/*
 * Works. With @one it stops after the first action that another party could
 * observe. @expired: the wait of the last step ran out.
 */
enum step_end worker_step(struct worker *w, bool one, bool expired,
			  uint64_t *wait_ps);

#endif
