/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a world is made of, as plain data: machines, links, rings, policies.
 * Filled by whoever builds a world; constant while it runs.
 */
#ifndef TWINRING_MODEL_CONFIG_H
#define TWINRING_MODEL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "model/barriers.h"
#include "model/numbers/layouts.h"
#include "model/numbers/queue.h"
#include "model/rules.h"

/* How a driver kicks its device. */
enum kick { KICK_PCI, KICK_MMIO, KICK_CCW, KICK_HYPERCALL };

/* Whether the host's kernel passes kicks on, or a process of it. */
enum exits { EXITS_LIGHT, EXITS_HEAVY };

/* How a guest gets interrupts, and what is counted of that. */
enum interrupts {
	INTERRUPTS_BARE,     /* that they are injected */
	INTERRUPTS_EMULATED, /* exits to take them and at their end */
	INTERRUPTS_PV_EOI,   /* no exit at the end, but where more wait */
	INTERRUPTS_POSTED    /* no exits */
};

enum vector_use { VECTORS_BY_QUEUE, VECTORS_SHARED };

/* When a receiver of slots gives some back; see gift_policy_info(). */
enum gift_policy {
	GIFT_NONE,
	GIFT_IMMEDIATE,
	GIFT_WATERMARK,
	GIFT_CREDIT,
	GIFT_POLICIES
};

/* Which free slot a driver takes next; see alloc_policy_info(). */
enum alloc_policy { ALLOC_FIFO, ALLOC_LIFO, ALLOC_ADDRESS, ALLOC_POLICIES };

/* How a driver of 2015 guesses its first slots without a published map. */
enum geometry_guess { GUESS_PARITY, GUESS_HALVES };

struct policy_info {
	const char *name;
	const char *words;
};

const struct policy_info *gift_policy_info(enum gift_policy p);
const struct policy_info *alloc_policy_info(enum alloc_policy p);

struct vm_config {
	char name[NAME_SIZE];
	uint64_t start_ps;         /* when its drivers begin, virtual time */
	uint64_t features;         /* NET_F_* bits that its drivers accept */
	enum geometry_guess guess; /* used where rule geometry is off */
	uint32_t rx_chain; /* slots per receive chain, rule whole-slots off */
	bool poll; /* spin on the rings instead of sleeping for interrupts */
};

struct ring_config {
	uint16_t size;  /* power of two, 1 to 32768 */
	uint16_t start; /* first value of the free-running indexes */
	enum vq_layout layout;
	bool event_idx;
	bool indirect;
	bool reset; /* queues can be reset one by one: RING_RESET */
};

struct bar_config {
	uint32_t slots;
	uint32_t slot_size; /* usable bytes of a slot */
	uint32_t stride;    /* distance of two slots, >= slot_size */
};

struct gift_config {
	enum gift_policy policy;
	uint32_t low;   /* give when the peer's share is below this */
	uint32_t batch; /* slots given at once */
	bool odd;       /* an excess of one is given, too (race 33) */
};

/* A network: machines that one design joins. */
struct link_config {
	char path[NAME_SIZE];     /* name of a path_ops */
	uint8_t end[MEMBERS_MAX]; /* index of the VM of each member */
	uint32_t members;         /* as many as the path takes */
	struct ring_config ring;
	struct bar_config bar;
	struct gift_config gifts;
	enum alloc_policy alloc;
	uint32_t rules;        /* RULE_BIT()s that are on */
	uint32_t private_rx;   /* receive buffers outside the BAR */
	uint32_t private_size; /* bytes of each private buffer */
	uint32_t max_frame;    /* longest frame that an end may send */
	uint32_t tap_queue;    /* frames that wait in a tap */
	uint64_t park_ps;      /* how long a send may wait for its match */
	bool fallback;         /* send from private memory when slots are out */
	bool host_poll;        /* host workers spin instead of sleeping */
	enum kick kick;
	enum exits exits;
	enum interrupts interrupts;
	enum vector_use vectors; /* of its queues */
};

/* Which member of @l VM @vm is; l->members: none. */
static inline uint32_t link_member(const struct link_config *l, uint32_t vm)
{
	uint32_t i = 0;

	while (i < l->members && l->end[i] != vm)
		i++;
	return i;
}

/* Whether @vm is a member of @l. */
static inline bool link_joins(const struct link_config *l, uint32_t vm)
{
	return link_member(l, vm) < l->members;
}

struct world_config {
	struct vm_config vm[VM_MAX];
	struct link_config link[LINK_MAX];
	uint32_t vms;
	uint32_t links;
	struct numbering numbers; /* of NICs, by world_number() */
	uint32_t burst;  /* packets that an actor handles in one step */
	bool one_action; /* a step is a single observable action */
	enum memory_order memory;
	uint32_t barriers; /* BARRIER_BIT()s that are kept; sc needs none */
};

/*
 * Numbers the NICs of all networks, once these are known. False: they have more
 * than NIC_MAX, and none has a number.
 */
static inline bool world_number(struct world_config *c)
{
	uint32_t nics = 0;

	c->numbers = (struct numbering){0};
	for (uint32_t i = 0; i < c->links; i++)
		nics += c->link[i].members;
	for (uint32_t i = 0; i < c->links && nics <= NIC_MAX; i++)
		numbering_add(&c->numbers, c->link[i].members);
	return nics <= NIC_MAX;
}

/* The VM that has NIC @nic. */
static inline uint8_t nic_vm(const struct world_config *c, uint32_t nic)
{
	const struct numbering *n = &c->numbers;

	return c->link[nic_link(n, nic)].end[nic_end(n, nic)];
}

/* The VM whose driver works @queue. */
static inline uint8_t queue_vm(const struct world_config *c, uint32_t queue)
{
	return nic_vm(c, queue_nic(queue));
}

/* The NIC of @vm on @link, which it joins. */
static inline uint32_t nic_of_vm(const struct world_config *c, uint32_t link,
				 uint32_t vm)
{
	return nic_id(&c->numbers, link, link_member(&c->link[link], vm));
}

#endif
