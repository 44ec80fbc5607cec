/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests only: a device with no host behind it, which notes what it hears.
 */
#ifndef TWINRING_MODEL_VIRTIO_DEVICE_FIXTURE_H
#define TWINRING_MODEL_VIRTIO_DEVICE_FIXTURE_H

#include "model/unit.h"
#include "model/virtio/pci.h"

struct heard {
	struct virtio_device dev; /* first: the ops get this pointer */
	struct pci_function pci;
	uint32_t oks, resets, notified[NET_QUEUES], interrupts;
	uint32_t asked[NET_QUEUES], enabled[NET_QUEUES]; /* queues */
	uint32_t messages, data; /* that went out, and the last one's */
	uint16_t vector;         /* last one asked for */
	uint8_t now, before;     /* last status told */
};

static inline void heard_ok(struct virtio_device *d)
{
	((struct heard *)d)->oks++;
}

static inline void heard_reset(struct virtio_device *d)
{
	((struct heard *)d)->resets++;
}

static inline void heard_notify(struct virtio_device *d, uint32_t queue)
{
	CU_ASSERT_FATAL(queue < NET_QUEUES);
	((struct heard *)d)->notified[queue]++;
}

static inline void heard_interrupt(struct virtio_device *d, uint16_t vector)
{
	struct heard *h = (struct heard *)d;

	h->interrupts++;
	h->vector = vector;
	h->messages += pci_msix_raise(&h->pci, vector, &h->data);
}

static inline void heard_status(struct virtio_device *d, uint8_t now,
				uint8_t before)
{
	((struct heard *)d)->now = now;
	((struct heard *)d)->before = before;
}

static inline void heard_asked(struct virtio_device *d, uint32_t queue)
{
	CU_ASSERT_FATAL(queue < NET_QUEUES);
	((struct heard *)d)->asked[queue]++;
}

static inline void heard_enabled(struct virtio_device *d, uint32_t queue)
{
	CU_ASSERT_FATAL(queue < NET_QUEUES);
	((struct heard *)d)->enabled[queue]++;
}

static const struct device_ops heard_ops = {
	.driver_ok = heard_ok,
	.reset = heard_reset,
	.notify = heard_notify,
	.interrupt = heard_interrupt,
	.status = heard_status,
	.queue_reset = heard_asked,
	.queue_enabled = heard_enabled,
};

/* What these devices offer: a feature of each word, and a dependent pair. */
#define HEARD_OFFERED                                              \
	(FEATURE_BIT(F_NET_MAC) | FEATURE_BIT(F_NET_CSUM) |        \
	 FEATURE_BIT(F_NET_HOST_TSO4) | FEATURE_BIT(F_VERSION_1) | \
	 FEATURE_BIT(F_RING_RESET))

static inline void heard_open(struct heard *h, uint64_t shared_size)
{
	memset(h, 0, sizeof *h);
	device_init(&h->dev, &heard_ops, HEARD_OFFERED, 256);
	pci_init(&h->pci, &h->dev, UINT64_C(0x10000000000), shared_size);
}

#endif
