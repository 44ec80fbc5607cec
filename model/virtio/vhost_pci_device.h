/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A vhost-pci device as its driver sees it: where another VM put its rings, a
 * window onto that VM's RAM, and doorbells.
 */
#ifndef TWINRING_MODEL_VIRTIO_VHOST_PCI_DEVICE_H
#define TWINRING_MODEL_VIRTIO_VHOST_PCI_DEVICE_H

#include "model/numbers/queue.h"
#include "model/ring/common/vq_setup.h"

struct vhost_pci_device;

/* What the device tells the host that implements it. */
struct vhost_pci_device_ops {
	/* Its driver runs from now on, or does not. */
	void (*ready)(struct vhost_pci_device *d, bool ready);
	/* The peer's driver broke a rule: it has to reset. */
	void (*fail)(struct vhost_pci_device *d);
	/* An interrupt for the peer's driver, of its queue @queue. */
	void (*call)(struct vhost_pci_device *d, uint32_t queue);
};

struct vhost_pci_device {
	const struct vhost_pci_device_ops *ops;
	struct vq_area area[NET_QUEUES]; /* the peer's, where it put them */
	uint64_t features;               /* that the peer accepted */
	uint64_t peer_gpa;               /* its RAM, as it addresses that */
	uint64_t peer_size;
	uint64_t window_gpa; /* the same bytes here */
	uint32_t peer_nic;   /* nic_id() */
	uint32_t generation; /* counts each time that the peer came or went */
	uint16_t peer_vm;
	bool connected; /* the peer is at DRIVER_OK */
	bool ready;     /* the driver of the device runs */
};

#endif
