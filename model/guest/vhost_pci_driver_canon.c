/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/guest/vhost_pci_driver_canon.h"

/* The peer came or went since it looked. */
static bool moved(const struct vhost_pci_driver *d)
{
	return d->generation != d->device->generation;
}

/* The device half that it will have when it looks. */
static void half_begin(const struct vhost_pci_driver *d, uint32_t queue,
		       const struct gmem *mem, struct vq_device *out)
{
	const struct vhost_pci_device *device = d->device;
	struct vq_device_setup s = {
		.area = device->area[queue],
		.mem = mem,
		.layout = d->cfg->ring.layout,
		.from = vq_resume_at(d->cfg->ring.layout, d->cfg->ring.start),
		.event_idx = feature_on(device->features, F_RING_EVENT_IDX),
		.indirect = feature_on(device->features, F_RING_INDIRECT),
	};

	if (!vq_device_begin(out, &s, NULL))
		memset(out, 0, sizeof *out);
}

void vhost_pci_driver_half(const struct vhost_pci_driver *d, uint32_t queue,
			   const struct gmem *mem, struct vq_device *out)
{
	if (moved(d) && d->device->connected) {
		half_begin(d, queue, mem, out);
		return;
	}
	*out = queue == NET_TX ? d->tx : d->rx;
	if (!d->working || moved(d))
		vq_device_end(out);
	else if (vq_device_live(out))
		vq_device_remap(out, &d->device->area[queue], mem, NULL);
}

void vhost_pci_driver_canon(const struct guest_driver *driver, struct canon *f,
			    const struct guest_canon *about)
{
	const struct vhost_pci_driver *d =
		(const struct vhost_pci_driver *)driver;

	(void)about;

	canon_flags(f, d->started, d->working, d->acted, d->awake,
		    d->rx_blocked, d->wait_ps != UINT64_MAX, moved(d),
		    d->found);
	canon_u8(f, d->phase);
	if (!d->working || moved(d))
		return;
	canon_u64(f, d->features);
	canon_u32(f, d->hdr_len);
	posted_rx_canon(&d->line, f, d->driver.link,
			queue_of_nic(d->device->peer_nic, NET_RX));
}
