/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A guest's virtio-net driver, with or without shared buffers: post, fill,
 * send, take, reap, give, reset. It knows its own memory, its device's
 * registers and what it believes of slots. It must not know the host, the
 * peer's memory or the truth about owners.
 */
#ifndef TWINRING_MODEL_GUEST_NET_DRIVER_H
#define TWINRING_MODEL_GUEST_NET_DRIVER_H

#include "model/guest/guest_driver.h"
#include "model/ring/virtqueue.h"
#include "model/slots/bar.h"
#include "model/slots/gift.h"
#include "model/slots/slot_pool.h"
#include "model/virtio/pci_driver.h"

/*
 * What a driver works off in turn; with single actions, one action of one phase
 * is a step. Where a pass found nothing to do, it asks for interrupts, looks
 * again and sleeps, each of that a step, too.
 */
enum net_phase {
	NET_CALLS_OFF_RX,
	NET_CALLS_OFF_TX,
	NET_HEAR, /* the configuration changed? */
	NET_CONFIG,
	NET_TAKE,
	NET_REFILL,
	NET_REAP,
	NET_SEND,
	NET_GIVE,
	NET_PUBLISH_RX,
	NET_KICK_RX,
	NET_PUBLISH_TX,
	NET_KICK_TX,
	NET_IDLE, /* nothing was found that is to be done */
	NET_ASK_RX,
	NET_LOOK_RX,
	NET_ASK_TX,
	NET_LOOK_TX,
	NET_SLEEP
};

enum slot_belief {
	SLOT_MINE,   /* in the pool */
	SLOT_LENT,   /* posted: the peer may fill it */
	SLOT_SENT,   /* sent, not yet posted (rule post-before-send off) */
	SLOT_UNKNOWN /* before pairing */
};

struct slot_note {
	uint64_t seq;  /* packet that was sent in it, NO_SEQ for a gift */
	uint32_t next; /* next slot of the same send */
};

#define NO_SEQ UINT64_MAX

/* Cookies of chains: a slot with this bit, or a private buffer without. */
#define NET_COOKIE_SLOT 0x80000000u
#define NO_SLOT_HERE    0xffffffffu

/* Private buffers: equal pieces of RAM; for receive, a stack of idle ones. */
struct buffer_stack {
	uint64_t gpa;
	uint8_t *base;
	uint16_t *free;
	uint32_t count; /* free ones */
	uint32_t total;
	uint32_t size;
};

struct net_driver {
	struct guest_driver driver;
	/* fixed at set-up */
	const struct link_config *cfg;
	const struct vm_config *vmcfg;
	struct vm *vm;
	struct probe *probe;
	struct cost_meter *cost;
	const struct app_ops *app;
	void *app_ctx;
	struct pci_function *fn;
	uint8_t *bar; /* bytes of the Shared Buffers BAR in this VM, or NULL */
	uint32_t burst;

	/* negotiated */
	uint64_t wanted; /* features, but for those of the rings */
	struct pci_driver pci;
	uint32_t hdr_len;
	uint32_t epoch;
	bool started;
	bool paired;
	bool gifts; /* GIFT negotiated */
	bool link_up;

	/* belief */
	struct bar_geometry slots;
	uint8_t *belief; /* enum slot_belief, of each slot */
	struct slot_note *note;
	struct slot_pool pool;
	uint32_t lent;
	uint32_t unposted; /* next slot to look at for the first posting */
	uint32_t lender;   /* end whose slots this end lends */
	bool asked;        /* peer wants slots */
	bool sent_some;    /* in this pass, for gifts out of courtesy */

	/* rings and private memory */
	struct vq_driver rx, tx;
	void *rx_account, *tx_account;
	struct vq_area rx_area, tx_area;
	uint64_t tx_table_gpa;
	struct buffer_stack rx_buffers, tx_buffers;
	struct slot_pool
		tx_free;      /* numbers of tx_buffers, by the same policy */
	uint16_t *tx_next;    /* links the buffers of one send */
	struct ring_seg *seg; /* scratch for one chain */
	struct app_segment *piece; /* scratch for one received frame */
	uint16_t *out; /* scratch for chains of a queue that was reset */

	/* where it is in its work */
	uint64_t wait_ps;   /* for the next packet to send, from then on: */
	uint64_t peeked_ps; /* the time when it was looked for */
	uint32_t starved;   /* slots wanted and not had; 0: not starved */
	uint32_t told;      /* the same, when it was last said */
	uint8_t irq;        /* vectors that fired, bit each */
	bool heard;         /* a change of the configuration, not looked at */
	uint8_t away;       /* queue that it resets by itself + 1; 0: none */
	uint8_t in_reset_phase; /* enum in_reset_phase */
	uint8_t phase;
	bool acted;      /* in this pass */
	bool tx_blocked; /* waits for transmit completions */
	bool found;      /* something, when it looked again before sleep */
	bool dead;       /* the device broke a rule, or wants to be reset */
};

extern const struct guest_driver_ops net_driver_ops;
extern const struct guest_slots_ops net_slots_ops;

/* @d as what it is; NULL: it is no such driver, or none at all. */
static inline struct net_driver *net_driver_of(struct guest_driver *d)
{
	return d && d->ops == &net_driver_ops ? (struct net_driver *)d : NULL;
}

/* Memory and set-up, as struct guest_driver_ops has them. */
uint64_t net_driver_ram(const struct link_config *cfg);
size_t net_driver_arena(const struct link_config *cfg, uint32_t burst);
struct guest_driver *net_driver_begin(const struct guest_driver_setup *s,
				      struct arena *arena);

enum step_end net_driver_step(struct net_driver *d, bool one,
			      uint64_t *wait_ps);
void net_driver_reset(struct net_driver *d);
bool net_driver_reset_queue(struct net_driver *d, uint32_t queue);
bool net_driver_can_reset_queue(const struct net_driver *d);

/* The parts of a pass that stand in files of their own. */
bool net_driver_start(struct net_driver *d);
bool net_driver_hear(struct net_driver *d);
bool net_driver_config(struct net_driver *d);
bool net_driver_take(struct net_driver *d);
bool net_driver_refill(struct net_driver *d);
bool net_driver_reap(struct net_driver *d);
bool net_driver_send(struct net_driver *d);
bool net_driver_give(struct net_driver *d);
enum step_end net_driver_in_reset(struct net_driver *d, uint64_t *wait_ps);

/* Gives a queue to the device, empty or with what is in it. */
void net_ring_init(struct net_driver *d, uint32_t tx);
void net_ring_enable(struct net_driver *d, uint32_t tx);

/* All private buffers are idle: those for receive, those for sends. */
void net_rx_buffers_fill(struct net_driver *d);
void net_tx_buffers_fill(struct net_driver *d);

/* Hands @slots slots, chained by note.next, to the peer as one chain. */
bool net_driver_hand_over(struct net_driver *d, uint32_t first, uint32_t count,
			  uint32_t bytes);

/*
 * Sends frames that are next and fit into one buffer each, @most at most; how
 * many. All are filled, then all posted, then all sent.
 */
uint32_t net_driver_send_batch(struct net_driver *d, uint32_t most);

/*
 * Takes frames that were used and are as most are, @most at most; how many.
 * 0: the next one, which there is, is something else.
 */
uint32_t net_driver_take_batch(struct net_driver *d, uint32_t most);

/*
 * The header in front of a packet, in the negotiated form: @at, which is at
 * @gpa. A header that says something is told of as it stands there.
 */
void net_header_write(const struct net_driver *d, uint8_t *at, uint64_t gpa,
		      const struct app_packet *p, uint8_t flags);

/* A driver that is short of slots says so with each packet: NET_HDR_WANT. */
uint8_t net_want_flag(const struct net_driver *d);

/* Posts @slot for the peer to fill; false when the receive ring is full. */
bool net_driver_lend(struct net_driver *d, uint32_t slot);

static inline bool net_rule(const struct net_driver *d, enum rule r)
{
	return d->cfg->rules & RULE_BIT(r);
}

static inline uint16_t net_queue(const struct net_driver *d, uint32_t tx)
{
	return queue_of_nic(d->driver.nic, tx);
}

static inline uint64_t net_slot_gpa(const struct net_driver *d, uint32_t slot)
{
	return d->pci.shared_gpa + bar_offset(&d->slots, slot);
}

static inline uint8_t *net_slot_bytes(const struct net_driver *d, uint32_t slot)
{
	return d->bar + bar_offset(&d->slots, slot);
}

static inline uint64_t buffer_gpa(const struct buffer_stack *b, uint32_t i)
{
	return b->gpa + (uint64_t)i * b->size;
}

static inline uint8_t *buffer_bytes(const struct buffer_stack *b, uint32_t i)
{
	return b->base + (size_t)i * b->size;
}

#endif
