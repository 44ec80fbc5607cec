/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtio network device as its registers show it: status, features,
 * configuration and queue addresses. Knows no transport and no data path.
 */
#ifndef TWINRING_MODEL_VIRTIO_DEVICE_H
#define TWINRING_MODEL_VIRTIO_DEVICE_H

#include "model/numbers/queue.h"
#include "model/ring/common/vq_setup.h"
#include "model/virtio/net.h"

enum device_status {
	STATUS_ACKNOWLEDGE = 0x01,
	STATUS_DRIVER = 0x02,
	STATUS_DRIVER_OK = 0x04,
	STATUS_FEATURES_OK = 0x08,
	STATUS_NEEDS_RESET = 0x40,
	STATUS_FAILED = 0x80,
};

enum { NO_VECTOR = 0xffff };

struct device_queue {
	struct vq_area area;
	uint16_t vector;
	bool enabled;
	bool resetting; /* its reset was asked for and is not done */
};

struct canon;
struct virtio_device;

/* What the device tells the host that implements it. */
struct device_ops {
	void (*driver_ok)(struct virtio_device *d);
	void (*reset)(struct virtio_device *d);
	void (*notify)(struct virtio_device *d, uint32_t queue);
	/* The device wants an interrupt on @vector; NO_VECTOR is dropped. */
	void (*interrupt)(struct virtio_device *d, uint16_t vector);
	/* The driver wrote status @now where @before stood. */
	void (*status)(struct virtio_device *d, uint8_t now, uint8_t before);
	/*
	 * The driver asks for the reset of one queue, which is to be followed
	 * by device_queue_was_reset(); it enabled one that had been reset.
	 */
	void (*queue_reset)(struct virtio_device *d, uint32_t queue);
	void (*queue_enabled)(struct virtio_device *d, uint32_t queue);
};

struct virtio_device {
	const struct device_ops *ops;
	uint64_t offered;
	uint64_t accepted;
	struct virtio_net_config config; /* in little-endian */
	struct device_queue queue[NET_QUEUES];
	uint16_t size_max; /* of each queue */
	uint16_t config_vector;
	uint8_t status;
	uint8_t generation;
};

/* A device at power-on: nothing accepted, no queue enabled. */
void device_init(struct virtio_device *d, const struct device_ops *ops,
		 uint64_t offered, uint16_t size_max);

/* The driver writes the status register; 0 resets. */
void device_write_status(struct virtio_device *d, uint8_t value);

/*
 * The driver asks for the reset of queue @queue alone (RING_RESET). Where the
 * device does not run yet, that is all; else the host does it, and says so.
 */
void device_queue_reset(struct virtio_device *d, uint32_t queue);

/* Queue @queue is as it was at power-on, and its registers, too. */
void device_queue_was_reset(struct virtio_device *d, uint32_t queue);

/* The driver enables queue @queue, which it has set up. */
void device_queue_enable(struct virtio_device *d, uint32_t queue);

/* Changes configuration space and tells the driver. */
void device_config_changed(struct virtio_device *d);

/* The device gives up until the driver resets it (STATUS-DEV-2, -3). */
void device_needs_reset(struct virtio_device *d);

/* Its canonical form; @epoch is that of its link. */
void device_canon(const struct virtio_device *d, struct canon *f,
		  uint32_t epoch);

static inline bool device_live(const struct virtio_device *d)
{
	return d->status & STATUS_DRIVER_OK;
}

#endif
