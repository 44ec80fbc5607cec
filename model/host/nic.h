/* SPDX-License-Identifier: BSD-3-Clause */
/* A network device as the host implements it: registers, rings, what it posts.
 */
#ifndef TWINRING_MODEL_HOST_NIC_H
#define TWINRING_MODEL_HOST_NIC_H

#include "model/actor/vm.h"
#include "model/memory/arena.h"
#include "model/ring/virtqueue.h"
#include "model/virtio/pci.h"
#include "model/virtio/posted_rx.h"

struct link;
struct link_setup;

/* One end's device. */
struct nic {
	struct virtio_device dev; /* first: the ops get this pointer */
	struct pci_function pci;
	struct vq_device rx, tx;
	struct link *link;
	struct vm *vm;
	uint64_t region_gpa; /* of what the ends of its link share */
	uint64_t usual; /* features that its driver accepts as configured */
	uint32_t hdr_len;
	uint32_t end;
	uint32_t number;       /* of all NICs */
	struct posted_rx line; /* receive chains taken in, in order */
};

/* The device of @end of @l, before any register was touched. */
void nic_init(struct nic *n, struct link *l, const struct link_setup *s,
	      uint32_t end, struct arena *arena);

/* Takes in what the driver has posted for receive; false when it broke a rule.
 */
bool nic_intake(struct nic *n);

/*
 * The device begins with queue @queue, at index @start; false, and it has told
 * of it, when the driver did not set it up as it must.
 */
bool nic_queue_start(struct nic *n, uint32_t queue, uint16_t start);

/* What was taken in of its receive queue is gone. */
void nic_posts_forget(struct nic *n);

/* Makes used elements of a queue visible; calls the driver if it wants that. */
void nic_publish(struct nic *n, uint32_t queue);
void nic_call(struct nic *n, uint32_t queue);

/* Does what the driver asked for: queue @queue is as at power-on (F13). */
void nic_queue_reset(struct nic *n, uint32_t queue);

/* A kick of its driver for @queue, or an interrupt for it, is delivered. */
void nic_kick(struct nic *n, uint32_t queue);
void nic_interrupt(struct nic *n, uint16_t vector);

/* The driver broke a rule: the device stops until it is reset. */
void nic_fail(struct nic *n);

/* The same where its receive queue was stopped for it: nothing is posted. */
void nic_rx_fail(struct nic *n);

/* Runs, and is not waiting for its driver to begin anew. */
static inline bool nic_live(const struct nic *n)
{
	return device_live(&n->dev) && !(n->dev.status & STATUS_NEEDS_RESET);
}

/* Its driver is resetting its receive queue: it will be back, so wait. */
static inline bool nic_rx_in_reset(const struct nic *n)
{
	return !vq_device_live(&n->rx) && nic_live(n);
}

static inline struct vq_device *nic_queue(struct nic *n, uint32_t queue)
{
	return queue == NET_RX ? &n->rx : &n->tx;
}

#endif
