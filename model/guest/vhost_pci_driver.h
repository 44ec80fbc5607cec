/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver of a vhost-pci device: it works another VM's rings as their
 * device half, out of a window onto that VM's RAM. All that it finds there may
 * be a lie. Knows its device and its window; not the host.
 */
#ifndef TWINRING_MODEL_GUEST_VHOST_PCI_DRIVER_H
#define TWINRING_MODEL_GUEST_VHOST_PCI_DRIVER_H

#include "model/guest/guest_driver.h"
#include "model/ring/held.h"
#include "model/virtio/posted_rx.h"
#include "model/virtio/vhost_pci_device.h"

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
	struct guest_driver driver;
	/* fixed at set-up */
	const struct link_config *cfg;
	const struct vm_config *vmcfg;
	struct vhost_pci_device *device;
	struct vm *vm;
	struct probe *probe;
	struct cost_meter *cost;
	const struct app_ops *app;
	void *app_ctx;
	uint32_t burst;
	uint8_t *own; /* private memory for one frame at a time */
	uint64_t own_gpa;
	uint32_t own_size;
	/* while connected */
	struct gmem_window window;
	struct gmem view;        /* the peer's addresses, through the window */
	struct vq_device rx, tx; /* the peer's receive and transmit rings */
	struct posted_rx line;
	struct ring_held held;
	uint64_t features;
	uint32_t hdr_len;
	uint32_t generation; /* of the device, when it was last followed */
	uint64_t wait_ps;    /* for the next packet to send, from then on: */
	uint64_t peeked_ps;  /* the time when it was looked for */
	uint8_t phase;
	bool working;
	bool started;
	bool acted;
	bool found;      /* something, when it looked again before sleep */
	bool awake;      /* kicks are off while it works */
	bool rx_blocked; /* waits for the peer to post */
};

extern const struct guest_driver_ops vhost_pci_driver_ops;

/*
 * Phases, in vhost_pci_driver_frames.c: at most a burst of frames is taken from
 * the peer, or sent to it. True: something was done.
 */
bool vhost_pci_take(struct vhost_pci_driver *d);
bool vhost_pci_send(struct vhost_pci_driver *d);

/*
 * The peer's driver broke a rule: its device says so, and it has to reset.
 * Always false.
 */
bool vhost_pci_peer_failed(struct vhost_pci_driver *d);

#endif
