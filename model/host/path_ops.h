/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a world, a link and its workers ask of the design that moves their
 * packets: one interface, which each file of model/path fills in. What it
 * leaves out is as with a NIC at each end that workers of the host serve.
 */
#ifndef TWINRING_MODEL_HOST_PATH_OPS_H
#define TWINRING_MODEL_HOST_PATH_OPS_H

#include "model/canon/canon.h"
#include "model/host/link.h"

/* What becomes of a chain that a worker holds. */
enum forward {
	FORWARDED,   /* it has its outcome: used, on the transmit ring too */
	FORWARD_WAIT /* the receiver has posted nothing for it yet */
};

/* What becomes of the next frame that waits in the host for a worker's end. */
enum delivery {
	DELIVERED,
	DELIVER_WAIT, /* too few buffers are known to be posted */
	DELIVER_NONE  /* there is none, or none can be */
};

/* Registers of what a path has in place of a NIC. */
struct path_registers {
	const uint32_t *at; /* where each of them is */
	uint32_t count;
	/* The driver of @end writes one of them, or none. */
	void (*write)(struct link *l, uint32_t end, uint32_t at,
		      uint32_t value);
};

struct path_ops {
	const char *name;
	const char *words;
	uint32_t members_min, members_max; /* that a network of it has */

	/* Who passes its kicks on, unless a scenario says so. */
	enum exits exits;
	/* Whose time workers take. 0: the host's kernel. */
	enum party party;

	/* Parts. */

	/* The kind of driver in the VM at @end. NULL: that of a NIC. */
	const struct guest_driver_ops *(*driver)(uint32_t end);
	/* What that drives where it is no NIC; NULL where it is one. */
	void *(*device)(const struct link *l, uint32_t end);
	/* Its registers. NULL: none that a driver writes by itself. */
	const struct path_registers *registers;
	/*
	 * A process of the host serves each end, works like this, and reaches
	 * the RAM of that end alone. NULL: workers serve both, or nobody does.
	 */
	const struct part_ops *process;
	/* The path's own state, l->own: bytes of the arena, and its begin. */
	size_t (*arena)(const struct link_config *cfg);
	void (*begin)(struct link *l, const struct link_setup *s,
		      struct arena *arena);

	/* Memory. */

	/* Bytes that both ends share, all zero at first. NULL: none. */
	uint64_t (*region)(const struct link_config *cfg);
	/* Whether @end maps all RAM of its peer. NULL: neither does. */
	bool (*maps_peer)(uint32_t end);

	/* Life cycle. */

	/* Features that a NIC offers; others would offer @usual. */
	uint64_t (*features)(uint64_t usual);
	/* The driver of @end is up. */
	bool (*runs)(const struct link *l, uint32_t end);
	/* Devices say that the link is up, or not. NULL: NICs do. */
	void (*publish)(struct link *l, bool up);
	/*
	 * Sets up who serves the queues of @n, which begin; false: they cannot.
	 * NULL: nobody has to.
	 */
	bool (*set_up)(struct nic *n);
	/* The driver of @n has set DRIVER_OK, which is all there is to do. */
	void (*start)(struct nic *n);
	/*
	 * The driver of @n has reset it, which had DRIVER_OK set or not. False:
	 * nobody but workers of the host had anything to do with its queues.
	 */
	bool (*stop)(struct nic *n, bool was_live);
	/* A kick for @queue, and an interrupt where @end has no NIC. */
	void (*kick)(struct nic *n, uint32_t queue);
	void (*call)(struct link *l, uint32_t end);
	/*
	 * What these cost whoever serves a NIC: that it was kicked, that it has
	 * its driver interrupted, that it falls asleep. NULL: nothing.
	 */
	void (*kicked)(struct nic *n);
	void (*interrupts)(struct nic *n);
	void (*sleeps)(struct worker *w);
	/* The VM at @end, which has no NIC, died. */
	void (*crash)(struct link *l, uint32_t end);

	/* Pairing. */

	/* May the ends be paired without a copy? NULL: never. */
	enum reject_reason (*admit)(const struct link *l);
	/* They were: a new epoch begins. */
	void (*paired)(struct link *l);

	/* Canonical forms of l->own. */

	/* What it keeps at any time. NULL: nothing. */
	void (*canon)(const struct link *l, struct canon *f);
	/* What it keeps as long as the ends are paired. */
	void (*canon_paired)(const struct link *l, struct canon *f);
	/* What it keeps of the chains posted on queue @rx of @n. NULL: none. */
	void (*canon_posted)(const struct nic *n, struct canon *f, uint32_t rx);

	/* Packets; nothing of it where guests forward by themselves. */

	/*
	 * Gives the first of the buffers that @w holds their outcome, as long
	 * as they are as most are and nothing stands in their way; how many.
	 * 0: the next one is something else. NULL: all are.
	 */
	uint32_t (*forward_batch)(struct worker *w);
	/*
	 * Gives w->held.chain, the first that @w holds, its outcome, or stops
	 * the queue that it came from. NULL: no worker has anything to do.
	 */
	enum forward (*forward)(struct worker *w);
	/*
	 * Where packets wait in the host, forwarded but not delivered, a worker
	 * serves both queues of its end: the next one that is for it, once
	 * posted buffers were taken in. NULL: they do not; it serves the queue
	 * that the end sends on, and that which its peer receives on.
	 */
	enum delivery (*deliver)(struct worker *w);
	/*
	 * Gives up waiting: w->held.chain gets its outcome without delivery, or
	 * the packet that waits in the host ends.
	 */
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
	/* Chains that were taken in of @n are gone. */
	void (*forget)(struct nic *n);
};

#endif
