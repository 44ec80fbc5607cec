/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/virtio/pci_driver.h"

enum { CAPS_MAX = 48 }; /* more in a list of 256 bytes is a loop */

static uint32_t config32(const struct pci_function *fn, uint32_t off)
{
	return (uint32_t)pci_config_read(fn, off, 4);
}

static void cap_note(struct pci_driver *d, uint32_t at)
{
	uint8_t type = (uint8_t)pci_config_read(d->fn, at + 3, 1);
	uint32_t off = config32(d->fn, at + 8);

	switch (type) {
	case PCI_CAP_COMMON:
		d->common = off;
		break;
	case PCI_CAP_DEVICE:
		d->config = off;
		break;
	case PCI_CAP_NOTIFY:
		d->notify = off;
		d->notify_step = config32(d->fn, at + 16);
		break;
	case PCI_CAP_VENDOR_DATA:
		if (pci_config_read(d->fn, at + 4, 2) != PCI_VENDOR_TWINRING)
			break;
		d->shared_size = pci_config_read(d->fn, at + 8, 8);
		d->shared_gpa = pci_config_read(d->fn, 0x18, 8) & ~0xfull;
		break;
	}
}

bool pci_driver_probe(struct pci_driver *d, struct pci_function *fn)
{
	uint32_t at, seen = 0;

	memset(d, 0, sizeof *d);
	d->fn = fn;
	d->common = d->config = d->notify = UINT32_MAX;
	if (pci_config_read(fn, 0, 2) != PCI_VENDOR_VIRTIO ||
	    pci_config_read(fn, 2, 2) != PCI_DEVICE_NET)
		return false;
	at = (uint8_t)pci_config_read(fn, PCI_CAP_POINTER, 1);
	while (at && seen++ < CAPS_MAX) {
		uint8_t id = (uint8_t)pci_config_read(fn, at, 1);

		if (id == PCI_CAP_VENDOR)
			cap_note(d, at);
		if (id == PCI_CAP_MSIX)
			pci_config_write(fn, at + 2, 2, MSIX_ENABLE);
		at = (uint8_t)pci_config_read(fn, at + 1, 1);
	}
	return d->common != UINT32_MAX && d->config != UINT32_MAX &&
	       d->notify != UINT32_MAX;
}

static void common_put(struct pci_driver *d, enum pci_common reg, uint32_t size,
		       uint64_t value)
{
	pci_bar_write(d->fn, PCI_BAR_REGISTERS, d->common + reg, size, value);
}

static uint64_t common_get(const struct pci_driver *d, enum pci_common reg,
			   uint32_t size)
{
	return pci_bar_read(d->fn, PCI_BAR_REGISTERS, d->common + reg, size);
}

/* Sets one more status bit; earlier ones stay (STATUS-DRV-2). */
static void status_climb(struct pci_driver *d, uint8_t bit)
{
	common_put(d, COMMON_STATUS, 1, pci_driver_status(d) | bit);
}

void pci_driver_reset(struct pci_driver *d)
{
	common_put(d, COMMON_STATUS, 1, 0);
	assert(pci_driver_status(d) == 0);
	d->features = 0;
}

bool pci_driver_negotiate(struct pci_driver *d, uint64_t wanted)
{
	uint64_t offered;

	pci_driver_reset(d);
	status_climb(d, STATUS_ACKNOWLEDGE);
	status_climb(d, STATUS_DRIVER);
	common_put(d, COMMON_DEVICE_FEATURE_SELECT, 4, 0);
	offered = common_get(d, COMMON_DEVICE_FEATURE, 4);
	common_put(d, COMMON_DEVICE_FEATURE_SELECT, 4, 1);
	offered |= common_get(d, COMMON_DEVICE_FEATURE, 4) << 32;
	d->features = features_closed(offered & wanted);
	common_put(d, COMMON_DRIVER_FEATURE_SELECT, 4, 0);
	common_put(d, COMMON_DRIVER_FEATURE, 4, (uint32_t)d->features);
	common_put(d, COMMON_DRIVER_FEATURE_SELECT, 4, 1);
	common_put(d, COMMON_DRIVER_FEATURE, 4, d->features >> 32);
	status_climb(d, STATUS_FEATURES_OK);
	if (pci_driver_status(d) & STATUS_FEATURES_OK)
		return true;
	status_climb(d, STATUS_FAILED);
	return false;
}

void pci_driver_queue(struct pci_driver *d, uint32_t queue,
		      const struct vq_area *area, uint16_t vector,
		      uint32_t message)
{
	uint32_t entry = vector * (uint32_t)MSIX_ENTRY_SIZE;

	pci_bar_write(d->fn, PCI_BAR_MSIX, entry, 8, UINT64_C(0xfee00000));
	pci_bar_write(d->fn, PCI_BAR_MSIX, entry + 8, 4, message);
	pci_bar_write(d->fn, PCI_BAR_MSIX, entry + 12, 4, 0);
	common_put(d, COMMON_QUEUE_SELECT, 2, queue);
	common_put(d, COMMON_QUEUE_SIZE, 2, area->size);
	common_put(d, COMMON_QUEUE_VECTOR, 2, vector);
	common_put(d, COMMON_QUEUE_DESC, 8, area->desc);
	common_put(d, COMMON_QUEUE_DRIVER, 8, area->driver);
	common_put(d, COMMON_QUEUE_DEVICE, 8, area->device);
	common_put(d, COMMON_QUEUE_ENABLE, 2, 1);
}

void pci_driver_reset_queue(struct pci_driver *d, uint32_t queue)
{
	assert(feature_on(d->features, F_RING_RESET));
	common_put(d, COMMON_QUEUE_SELECT, 2, queue);
	common_put(d, COMMON_QUEUE_RESET, 2, 1);
}

bool pci_driver_queue_is_reset(struct pci_driver *d, uint32_t queue)
{
	common_put(d, COMMON_QUEUE_SELECT, 2, queue);
	return common_get(d, COMMON_QUEUE_RESET, 2) == 0;
}

void pci_driver_ok(struct pci_driver *d)
{
	pci_bar_write(d->fn, PCI_BAR_MSIX, 12, 4, 0);
	common_put(d, COMMON_CONFIG_VECTOR, 2, 0);
	status_climb(d, STATUS_DRIVER_OK);
}

struct virtio_net_config pci_driver_config(const struct pci_driver *d)
{
	struct virtio_net_config c;
	uint64_t before;
	uint8_t *p = (uint8_t *)&c;

	do {
		before = common_get(d, COMMON_GENERATION, 1);
		for (uint32_t i = 0; i < sizeof c; i++)
			p[i] = (uint8_t)pci_bar_read(d->fn, PCI_BAR_REGISTERS,
						     d->config + i, 1);
	} while (common_get(d, COMMON_GENERATION, 1) != before);
	c.status = le16toh(c.status);
	c.mtu = le16toh(c.mtu);
	c.slot_size = le32toh(c.slot_size);
	c.slot_count = le32toh(c.slot_count);
	c.slot_stride = le32toh(c.slot_stride);
	c.epoch = le32toh(c.epoch);
	return c;
}
