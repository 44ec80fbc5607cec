/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a guest does with a virtio PCI function before its queues run: find the
 * registers by their capabilities, climb the status, negotiate, set up queues
 * and vectors. Uses only accesses that a guest has.
 */
#ifndef TWINRING_MODEL_VIRTIO_PCI_DRIVER_H
#define TWINRING_MODEL_VIRTIO_PCI_DRIVER_H

#include "model/virtio/pci.h"

struct pci_driver {
	struct pci_function *fn;
	uint64_t features;   /* negotiated */
	uint64_t shared_gpa; /* Shared Buffers BAR; size 0: there is none */
	uint64_t shared_size;
	uint32_t common; /* offsets in the register BAR */
	uint32_t config;
	uint32_t notify;
	uint32_t notify_step;
};

/* Finds the capabilities; false when it is no usable virtio-net function. */
bool pci_driver_probe(struct pci_driver *d, struct pci_function *fn);

/* Resets, then negotiates @wanted; false when the device refuses. */
bool pci_driver_negotiate(struct pci_driver *d, uint64_t wanted);

/* Gives queue @queue its memory and interrupt vector, and enables it. */
void pci_driver_queue(struct pci_driver *d, uint32_t queue,
		      const struct vq_area *area, uint16_t vector,
		      uint32_t message);

/* Asks for the reset of queue @queue alone; RING_RESET is negotiated. */
void pci_driver_reset_queue(struct pci_driver *d, uint32_t queue);

/* Whether that is done; until then the device may work on it. */
bool pci_driver_queue_is_reset(struct pci_driver *d, uint32_t queue);

/* Sets DRIVER_OK. */
void pci_driver_ok(struct pci_driver *d);

void pci_driver_reset(struct pci_driver *d);

static inline uint8_t pci_driver_status(const struct pci_driver *d)
{
	return (uint8_t)pci_bar_read(d->fn, PCI_BAR_REGISTERS,
				     d->common + COMMON_STATUS, 1);
}

/* A consistent copy of configuration space (CFG-DRV-3), in host order. */
struct virtio_net_config pci_driver_config(const struct pci_driver *d);

static inline void pci_driver_kick(const struct pci_driver *d, uint32_t queue)
{
	pci_bar_write(d->fn, PCI_BAR_REGISTERS,
		      d->notify + queue * d->notify_step, 2, queue);
}

#endif
