/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How NICs and their queues are numbered, and what an interrupt's message
 * says. No other file knows how such a number is packed: all others ask here.
 *
 * Each member of a network has a NIC there. NICs are counted through, network
 * by network and member by member, which a table says that is made once for a
 * world. A NIC has pairs of queues, receive before transmit, as virtio-net
 * numbers them. Numbers are indexes into arrays of so many NICs or queues as
 * nic_count() and queue_count() say.
 */
#ifndef TWINRING_MODEL_NUMBERS_QUEUE_H
#define TWINRING_MODEL_NUMBERS_QUEUE_H

#include <assert.h>
#include <stdint.h>

#include "model/numbers/limits.h"

/* A pair's queues; those of the only pair that drivers and devices use. */
enum { NET_RX = 0, NET_TX = 1, NET_QUEUES = 2 };

enum {
	NIC_PAIRS = 1, /* that a queue's number can tell apart */
	NIC_QUEUES = NET_QUEUES * NIC_PAIRS,
	QUEUE_MAX = NIC_MAX * NIC_QUEUES
};

_Static_assert(QUEUE_MAX <= UINT16_MAX + 1, "a queue's number has 16 bits");

/* Which NICs the members of each network have. */
struct numbering {
	uint32_t links;
	uint32_t nics;
	uint8_t first[LINK_MAX + 1]; /* by link; behind the last: nics */
	uint8_t link[NIC_MAX];       /* by NIC */
};

_Static_assert((int)NIC_MAX <= (int)UINT8_MAX, "a NIC's number has 8 bits");

/* One network more, of @members. */
static inline void numbering_add(struct numbering *n, uint32_t members)
{
	assert(n->links < LINK_MAX && members <= NIC_MAX - n->nics);
	for (uint32_t i = 0; i < members; i++)
		n->link[n->nics++] = (uint8_t)n->links;
	n->first[++n->links] = (uint8_t)n->nics;
}

static inline uint32_t nic_count(const struct numbering *n)
{
	return n->nics;
}

static inline uint32_t nic_id(const struct numbering *n, uint32_t link,
			      uint32_t end)
{
	return n->first[link] + end;
}

static inline uint32_t nic_link(const struct numbering *n, uint32_t nic)
{
	return n->link[nic];
}

/* Which member of its network has it. */
static inline uint32_t nic_end(const struct numbering *n, uint32_t nic)
{
	return nic - n->first[n->link[nic]];
}

/* The NIC at the other end of a network of two. */
static inline uint32_t nic_beyond(const struct numbering *n, uint32_t nic)
{
	return nic_id(n, nic_link(n, nic), !nic_end(n, nic));
}

/* @queue counts those of the NIC. */
static inline uint16_t queue_of_nic(uint32_t nic, uint32_t queue)
{
	return (uint16_t)(nic * NIC_QUEUES + queue);
}

static inline uint32_t queue_nic(uint32_t queue)
{
	return queue / NIC_QUEUES;
}

/* Queues of a world, and the first one of @link. */
static inline uint32_t queue_count(const struct numbering *n)
{
	return n->nics * NIC_QUEUES;
}

static inline uint32_t queue_first(const struct numbering *n, uint32_t link)
{
	return n->first[link] * (uint32_t)NIC_QUEUES;
}

static inline uint16_t queue_id(const struct numbering *n, uint32_t link,
				uint32_t end, uint32_t queue)
{
	return queue_of_nic(nic_id(n, link, end), queue);
}

static inline uint32_t queue_link(const struct numbering *n, uint32_t queue)
{
	return nic_link(n, queue_nic(queue));
}

static inline uint32_t queue_end(const struct numbering *n, uint32_t queue)
{
	return nic_end(n, queue_nic(queue));
}

/* Which of its link's queues it is. */
static inline uint32_t queue_of_link(const struct numbering *n, uint32_t queue)
{
	return queue - queue_first(n, queue_link(n, queue));
}

static inline uint32_t queue_is_tx(uint32_t queue)
{
	return queue % NET_QUEUES;
}

/* Some device has it: it is not of a pair that none uses. */
static inline uint32_t queue_is_used(uint32_t queue)
{
	return queue % NIC_QUEUES < NET_QUEUES;
}

/* The receive queue of the same pair. */
static inline uint16_t queue_rx(uint32_t queue)
{
	return (uint16_t)(queue - queue_is_tx(queue));
}

/*
 * The receive queue that a transmit queue's packets go to, said in few bits: 0
 * where its NIC is the other of two beside each other; and back.
 */
static inline uint16_t queue_way(uint32_t tx, uint32_t rx)
{
	return (uint16_t)(queue_rx(tx) ^ NIC_QUEUES ^ rx);
}

static inline uint16_t queue_along(uint32_t tx, uint32_t way)
{
	return (uint16_t)(queue_rx(tx) ^ NIC_QUEUES ^ way);
}

/*
 * A NIC's interrupts, by vector: its configuration changed, then one for each
 * queue. A message tells vectors of all NICs of a VM apart.
 */
enum { VECTOR_CONFIG, VECTOR_QUEUE, VECTORS = 1 << (NIC_PAIRS + 1) };

_Static_assert(VECTOR_QUEUE + NIC_QUEUES <= VECTORS, "each queue has one");

static inline uint16_t vector_of_queue(uint32_t queue)
{
	return (uint16_t)(VECTOR_QUEUE + queue);
}

static inline uint32_t message_id(uint32_t nic, uint32_t vector)
{
	return nic * VECTORS + vector;
}

static inline uint32_t message_nic(uint32_t message)
{
	return message / VECTORS;
}

static inline uint32_t message_vector(uint32_t message)
{
	return message % VECTORS;
}

#endif
