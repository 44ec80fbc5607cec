/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of a driver that works another VM's rings, and of the device
 * halves that it has in them.
 */
#ifndef TWINRING_MODEL_GUEST_VHOST_PCI_DRIVER_CANON_H
#define TWINRING_MODEL_GUEST_VHOST_PCI_DRIVER_CANON_H

#include "model/canon/canon.h"
#include "model/guest/vhost_pci_driver.h"

/* As canon of its guest_driver_ops. */
void vhost_pci_driver_canon(const struct guest_driver *driver, struct canon *f,
			    const struct guest_canon *about);

/*
 * The device half of the peer's @queue, in @out: what @d has of it as long as
 * the device is as it was when that one looked, and seen in @mem, the peer's.
 */
void vhost_pci_driver_half(const struct vhost_pci_driver *d, uint32_t queue,
			   const struct gmem *mem, struct vq_device *out);

#endif
