/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver of a vhost-pci device: it works another VM's rings as their
 * device half, out of a window onto that VM's RAM. All that it finds there may
 * be a lie. Knows its port and its window; not the host.
 */
#ifndef TWINRING_MODEL_GUEST_VHOST_PCI_DRIVER_H
#define TWINRING_MODEL_GUEST_VHOST_PCI_DRIVER_H

#include "model/actor/step.h"
#include "model/guest/app.h"
#include "model/host/link.h"

/* As enum net_phase, in the place of a device. */
enum vhost_pci_phase {
	VHOST_PCI_KICKS_OFF_TX,
	VHOST_PCI_KICKS_OFF_RX,
	VHOST_PCI_CONNECT,
	VHOST_PCI_TAKE, /* from the peer's transmit ring */
	VHOST_PCI_SEND, /* into the peer's receive ring */
	VHOST_PCI_PUBLISH_RX,
	VHOST_PCI_CALL_RX,
	VHOST_PCI_PUBLISH_TX,
	VHOST_PCI_CALL_TX,
	VHOST_PCI_IDLE, /* nothing was found that is to be done */
	VHOST_PCI_ASK_TX,
	VHOST_PCI_LOOK_TX,
	VHOST_PCI_ASK_RX, /* where a frame found no room */
	VHOST_PCI_LOOK_RX,
	VHOST_PCI_SLEEP
};

struct vhost_pci_driver {
	/* fixed at set-up */
	const struct vm_config *vmcfg;
	struct link *link; /* its port and doorbell; nothing else of it */
	struct vm *vm;
	const struct app_ops *app;
	void *app_ctx;
	uint32_t nic; /* nic_id() */
	uint32_t burst;
	uint8_t *own; /* private memory for one frame at a time */
	uint64_t own_gpa;
	uint32_t own_size;
	/* while connected */
	struct gmem_window window;
	struct gmem view; /* the peer's addresses, through the window */
	struct split_device rx, tx; /* the peer's receive and transmit rings */
	struct posted_rx line;
	struct ring_held held;
	uint64_t features;
	uint32_t hdr_len;
	uint32_t turn;      /* of the port, when it was last followed */
	uint64_t wait_ps;   /* for the next packet to send, from then on: */
	uint64_t peeked_ps; /* the time when it was looked for */
	uint8_t phase;
	bool working;
	bool started;
	bool acted;
	bool found;      /* something, when it looked again before sleep */
	bool awake;      /* kicks are off while it works */
	bool rx_blocked; /* waits for the peer to post */
};

struct vhost_pci_driver_setup {
	const struct vm_config *vmcfg;
	struct link *link;
	struct vm *vm;
	const struct app_ops *app;
	void *app_ctx;
	uint32_t nic;
	uint32_t burst;
};

uint64_t vhost_pci_driver_ram(const struct link_config *cfg);
size_t vhost_pci_driver_arena(const struct link_config *cfg, uint32_t burst);

void vhost_pci_driver_init(struct vhost_pci_driver *d,
			   const struct vhost_pci_driver_setup *s,
			   struct arena *arena);

/* As net_driver_step(). */
enum step_end vhost_pci_driver_step(struct vhost_pci_driver *d, bool one,
				    uint64_t *wait_ps);

/* As net_driver_midway(). */
static inline bool vhost_pci_driver_midway(const struct vhost_pci_driver *d)
{
	return d->started && d->phase != VHOST_PCI_KICKS_OFF_TX;
}

/* Stops and forgets; the next step starts anew. */
void vhost_pci_driver_reset(struct vhost_pci_driver *d);

#endif
