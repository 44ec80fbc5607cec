/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What happened on a split ring, told from its bytes alone: between one look
 * and the next, which chains became available and which were used, and which
 * words ask for notifications. It believes neither half, and shares no code
 * with them; with a half that is not ours it is the only one who tells.
 */
#ifndef TWINRING_CONFORMANCE_WITNESS_SPLIT_WITNESS_H
#define TWINRING_CONFORMANCE_WITNESS_SPLIT_WITNESS_H

#include "model/event.h"
#include "model/memory/gmem.h"

struct split_witness {
	/* the ring: where its parts lie in the memory of its driver's VM */
	const struct gmem *mem;
	uint64_t desc;
	uint64_t avail;
	uint64_t used;
	uint16_t size;
	uint16_t queue; /* in events */
	/* as of the last look */
	uint16_t avail_idx;
	uint16_t used_idx;
	uint16_t word[4]; /* AVAIL_FLAGS, USED_EVENT, USED_FLAGS, AVAIL_EVENT */
};

/* From now on: whatever lies there was told before. False: it cannot be
 * reached. */
bool split_witness_begin(struct split_witness *w);

/*
 * Hands to @tell what has happened since the last look, as events without an
 * actor and without time, chains before the index that shows them. False: the
 * bytes are no ring's, which its driver or its device has spoilt.
 */
bool split_witness_look(struct split_witness *w,
			void (*tell)(void *to, const struct event *e),
			void *to);

#endif
