/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host keeps of the slots of a link. */
#ifndef TWINRING_MODEL_PATH_SHARED_BUFFERS_H
#define TWINRING_MODEL_PATH_SHARED_BUFFERS_H

#include "model/host/link.h"

/* Of one end. */
struct slots_posted {
	uint32_t *head; /* of the chain that posts each slot, + 1; 0: none */
	uint32_t count; /* of them that are not 0 */
};

struct shared_buffers {
	struct slots_posted posted[2];
	uint32_t *slot[2]; /* scratch: the slots of the chain that the worker
			      of each end holds */
	uint8_t *holder;   /* end that may send a slot: a belief, rule
			      hold-map */
};

static inline struct shared_buffers *shared_buffers(const struct link *l)
{
	return l->own;
}

static inline struct slots_posted *slots_posted(const struct nic *n)
{
	return &shared_buffers(n->link)->posted[n->end];
}

#endif
