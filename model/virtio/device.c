/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/virtio/device.h"

#include "model/canon/canon.h"

static void queue_clear(struct virtio_device *d, uint32_t queue)
{
	d->queue[queue] = (struct device_queue){
		.area.size = d->size_max,
		.vector = NO_VECTOR,
	};
}

static void registers_clear(struct virtio_device *d)
{
	d->accepted = 0;
	d->config_vector = NO_VECTOR;
	for (uint32_t q = 0; q < NET_QUEUES; q++)
		queue_clear(d, q);
}

void device_init(struct virtio_device *d, const struct device_ops *ops,
		 uint64_t offered, uint16_t size_max)
{
	assert(features_closed(offered) == offered);
	*d = (struct virtio_device){
		.ops = ops,
		.offered = offered,
		.size_max = size_max,
	};
	registers_clear(d);
}

/* The status that the device will show after the driver wrote @value. */
static uint8_t status_accept(const struct virtio_device *d, uint8_t value)
{
	uint8_t now = (uint8_t)(value | (d->status & STATUS_NEEDS_RESET));

	if ((now & STATUS_FEATURES_OK) && !(d->status & STATUS_FEATURES_OK) &&
	    !features_valid(d->accepted, d->offered, NULL))
		now &= (uint8_t)~STATUS_FEATURES_OK;
	if (!(now & STATUS_FEATURES_OK))
		now &= (uint8_t)~STATUS_DRIVER_OK;
	return now;
}

void device_write_status(struct virtio_device *d, uint8_t value)
{
	uint8_t before = d->status;

	if (value == 0) {
		d->ops->reset(d);
		registers_clear(d);
		d->status = 0;
		d->ops->status(d, 0, before);
		return;
	}
	d->status = status_accept(d, value);
	d->ops->status(d, d->status, before);
	if ((d->status & ~before) & STATUS_DRIVER_OK)
		d->ops->driver_ok(d);
}

void device_queue_reset(struct virtio_device *d, uint32_t queue)
{
	struct device_queue *q = &d->queue[queue];

	if (!feature_on(d->accepted, F_RING_RESET) || !q->enabled ||
	    q->resetting)
		return;
	if (!device_live(d)) {
		queue_clear(d, queue);
		return;
	}
	q->resetting = true;
	d->ops->queue_reset(d, queue);
}

void device_queue_was_reset(struct virtio_device *d, uint32_t queue)
{
	assert(d->queue[queue].resetting);
	queue_clear(d, queue);
}

void device_queue_enable(struct virtio_device *d, uint32_t queue)
{
	d->queue[queue].enabled = true;
	if (device_live(d) && feature_on(d->accepted, F_RING_RESET))
		d->ops->queue_enabled(d, queue);
}

void device_config_changed(struct virtio_device *d)
{
	d->generation++;
	if (device_live(d))
		d->ops->interrupt(d, d->config_vector);
}

void device_needs_reset(struct virtio_device *d)
{
	if (d->status & STATUS_NEEDS_RESET)
		return;
	d->status |= STATUS_NEEDS_RESET;
	device_config_changed(d);
}

static void config_canon(const struct virtio_net_config *c, struct canon *f,
			 uint32_t epoch)
{
	canon_u16(f, c->status);
	canon_u8(f, c->shared_buffers_paired);
	canon_u32(f, c->slot_count);
	canon_u32(f, epoch - le32toh(c->epoch));
}

void device_canon(const struct virtio_device *d, struct canon *f,
		  uint32_t epoch)
{
	canon_u8(f, d->status);
	canon_u64(f, d->accepted);
	canon_u16(f, d->config_vector);
	config_canon(&d->config, f, epoch);
	for (uint32_t q = 0; q < NET_QUEUES; q++) {
		canon_u16(f, d->queue[q].vector);
		canon_flags(f, d->queue[q].enabled, d->queue[q].resetting);
	}
}
