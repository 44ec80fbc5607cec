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
	/* Gives the chain that @w holds its outcome, or stops the queue that it
	 * came from. NULL when mirrored. */
	enum forward (*forward)(struct worker *w);
	/*
	 * Carries up to *count of the chains that the sender offers, as long
	 * as they are of one segment and nothing stands in their way; *count
	 * is then how many. RING_CHAIN: something else may be next. NULL: all
	 * go one by one.
	 */
	enum ring_end (*forward_batch)(struct worker *w, uint32_t *count);
	/* Gives up waiting: the chain gets its outcome without delivery. */
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
