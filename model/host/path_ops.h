/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a worker and a link ask of the design that moves their packets: one
 * interface, which each file of model/path fills in.
 */
#ifndef TWINRING_MODEL_HOST_PATH_OPS_H
#define TWINRING_MODEL_HOST_PATH_OPS_H

#include "model/host/link.h"

struct path_ops {
	const char *name;
	const char *words;
	bool shared_bar; /* both VMs map the slots of a Shared Buffers BAR */
	bool mirrored;   /* end 1 maps end 0's RAM and works its rings itself */
	/* May the ends be joined without a copy? NULL: never. */
	enum reject_reason (*admit)(const struct link *l);
	/*
	 * Gives the first of the buffers that @w holds their outcome, as long
	 * as they are as most are and nothing stands in their way; how many.
	 * 0: the next one is something else. NULL: all are.
	 */
	uint32_t (*forward_batch)(struct worker *w);
	/*
	 * Gives w->held.chain, the first that @w holds, its outcome, or stops
	 * the queue that it came from. NULL when mirrored.
	 */
	enum forward (*forward)(struct worker *w);
	/* Gives up waiting: w->held.chain gets its outcome without delivery. */
	void (*give_up)(struct worker *w);
	/* A receive chain of @n was taken in; false: the driver broke a rule,
	 * which @why names. */
	bool (*posted)(struct nic *n, const struct ring_chain *c,
		       struct verdict *why);
	/*
	 * Takes in up to @most of the chains that @n has posted, which are
	 * ready, as long as they are as most are; how many. NULL: all are
	 * taken in one by one.
	 */
	uint32_t (*posted_batch)(struct nic *n, uint32_t most);
};

#endif
