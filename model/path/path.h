/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One design of moving packets between two VMs, behind one interface. Adding
 * a design adds a file and a row; a path never names another.
 */
#ifndef TWINRING_MODEL_PATH_PATH_H
#define TWINRING_MODEL_PATH_PATH_H

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

/* The path called @name, or NULL. */
const struct path_ops *path_find(const char *name);

/* The @i-th path, or NULL behind the last. */
const struct path_ops *path_at(uint32_t i);

extern const struct path_ops path_shared_buffers;
extern const struct path_ops path_copy;
extern const struct path_ops path_vhost_pci;

#endif
