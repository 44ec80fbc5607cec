/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/guest/vhost_pci_driver_canon.h"

static const struct vhost_pci_port *port_of(const struct vhost_pci_driver *d)
{
	return &d->link->vhost_pci;
}

/* End 0 came or went since it looked. */
static bool moved(const struct vhost_pci_driver *d)
{
	return d->turn != port_of(d)->turn;
}

/* Of the VM whose rings it works. */
static const struct gmem *mirrored(const struct vhost_pci_driver *d)
{
	return &d->link->nic[0].vm->mem;
}

/* The device half that it will have when it looks. */
static void half_begin(const struct vhost_pci_driver *d, uint32_t queue,
		       struct split_device *out)
{
	const struct vhost_pci_port *port = port_of(d);
	struct split_device_setup s = {
		.area = port->area[queue],
		.mem = mirrored(d),
		.start = d->link->cfg->ring.start,
		.event_idx = feature_on(port->features, F_RING_EVENT_IDX),
		.indirect = feature_on(port->features, F_RING_INDIRECT),
	};

	if (!split_device_init(out, &s, NULL))
		*out = (struct split_device){.live = false};
}

void vhost_pci_driver_half(const struct vhost_pci_driver *d, uint32_t queue,
			   struct split_device *out)
{
	if (moved(d) && port_of(d)->connected) {
		half_begin(d, queue, out);
		return;
	}
	*out = queue == NET_TX ? d->tx : d->rx;
	out->live &= d->working && !moved(d);
	out->mem = mirrored(d);
}

void vhost_pci_driver_canon(const struct vhost_pci_driver *d, struct canon *f)
{
	const struct vhost_pci_port *port = port_of(d);

	canon_flags(f, d->started, d->working, d->acted, d->awake,
		    d->rx_blocked, d->wait_ps != UINT64_MAX, moved(d),
		    d->found);
	canon_u8(f, d->phase);
	canon_flags(f, port->connected, port->driver_ok);
	canon_u64(f, port->features);
	if (!d->working || moved(d))
		return;
	canon_u64(f, d->features);
	canon_u32(f, d->hdr_len);
	posted_rx_canon(&d->line, f, queue_id(d->link->index, 0, NET_RX));
}
