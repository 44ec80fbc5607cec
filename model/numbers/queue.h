/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How NICs and their queues are numbered, and what an interrupt's message
 * says. No other file knows how such a number is packed: all others ask here.
 *
 * A link has two ends with a NIC each. A NIC has pairs of queues, receive
 * before transmit, as virtio-net numbers them. Numbers are indexes into arrays
 * of so many NICs or queues as nic_count() and queue_count() say.
 */
#ifndef TWINRING_MODEL_NUMBERS_QUEUE_H
#define TWINRING_MODEL_NUMBERS_QUEUE_H

#include <stdint.h>

#include "model/numbers/limits.h"

/* A pair's queues; those of the only pair that drivers and devices use. */
enum { NET_RX = 0, NET_TX = 1, NET_QUEUES = 2 };

enum {
	NIC_PAIRS = 1, /* that a queue's number can tell apart */
	NIC_QUEUES = NET_QUEUES * NIC_PAIRS,
	LINK_QUEUES = LINK_ENDS * NIC_QUEUES,
	QUEUE_MAX = LINK_MAX * LINK_QUEUES
};

_Static_assert(QUEUE_MAX <= UINT16_MAX + 1, "a queue's number has 16 bits");

/* NICs of @links links, and the number of the first NIC of link @links. */
static inline uint32_t nic_count(uint32_t links)
{
	return links * LINK_ENDS;
}

static inline uint32_t nic_id(uint32_t link, uint32_t end)
{
	return nic_count(link) + end;
}

static inline uint32_t nic_link(uint32_t nic)
{
	return nic / LINK_ENDS;
}

static inline uint32_t nic_end(uint32_t nic)
{
	return nic % LINK_ENDS;
}

/* The NIC at the link's other end. */
static inline uint32_t nic_beyond(uint32_t nic)
{
	return nic ^ 1u;
}

/* Numbers of queues of @links links, and the first queue of link @links. */
static inline uint32_t queue_count(uint32_t links)
{
	return links * LINK_QUEUES;
}

/* @queue counts those of the NIC. */
static inline uint16_t queue_of_nic(uint32_t nic, uint32_t queue)
{
	return (uint16_t)(nic * NIC_QUEUES + queue);
}

static inline uint16_t queue_id(uint32_t link, uint32_t end, uint32_t queue)
{
	return queue_of_nic(nic_id(link, end), queue);
}

static inline uint32_t queue_nic(uint32_t queue)
{
	return queue / NIC_QUEUES;
}

static inline uint32_t queue_link(uint32_t queue)
{
	return queue / LINK_QUEUES;
}

/* Which of its link's queues it is. */
static inline uint32_t queue_of_link(uint32_t queue)
{
	return queue % LINK_QUEUES;
}

static inline uint32_t queue_end(uint32_t queue)
{
	return nic_end(queue_nic(queue));
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

/* The receive queue of the same pair, and that of the link's other end. */
static inline uint16_t queue_rx(uint32_t queue)
{
	return (uint16_t)(queue - queue_is_tx(queue));
}

static inline uint16_t queue_rx_beyond(uint32_t queue)
{
	return queue_rx(queue ^ NIC_QUEUES);
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
