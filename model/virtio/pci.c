/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/virtio/pci.h"

#include "model/canon/canon.h"

enum { AT_MSIX_CAP = 0x40, AT_VIRTIO_CAPS = 0x50, CAP_SIZE = 0x14 };

static uint64_t bytes_get(const uint8_t *p, uint32_t size)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < size; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

static void bytes_put(uint8_t *p, uint32_t size, uint64_t v)
{
	for (uint32_t i = 0; i < size; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* Writes a virtio_pci_cap; the next one follows at +CAP_SIZE. */
static void cap_put(uint8_t *c, uint8_t next, enum pci_cap type, uint32_t off,
		    uint32_t length)
{
	c[0] = PCI_CAP_VENDOR;
	c[1] = next;
	c[2] = CAP_SIZE;
	c[3] = (uint8_t)type;
	c[4] = PCI_BAR_REGISTERS;
	bytes_put(c + 8, 4, off);
	bytes_put(c + 12, 4, length);
	bytes_put(c + 16, 4, type == PCI_CAP_NOTIFY ? PCI_NOTIFY_STEP : 0);
}

/* Our capability names the Shared Buffers BAR and its length. */
static void cap_put_shared(uint8_t *c, uint64_t length)
{
	c[0] = PCI_CAP_VENDOR;
	c[1] = 0;
	c[2] = CAP_SIZE;
	c[3] = PCI_CAP_VENDOR_DATA;
	bytes_put(c + 4, 2, PCI_VENDOR_TWINRING);
	c[6] = PCI_BAR_SHARED;
	bytes_put(c + 8, 8, length);
}

static void caps_put(struct pci_function *fn)
{
	static const struct {
		enum pci_cap type;
		uint32_t off, length;
	} caps[] = {
		{PCI_CAP_COMMON, PCI_AT_COMMON, COMMON_SIZE},
		{PCI_CAP_ISR, PCI_AT_ISR, 1},
		{PCI_CAP_DEVICE, PCI_AT_CONFIG,
		 sizeof(struct virtio_net_config)},
		{PCI_CAP_NOTIFY, PCI_AT_NOTIFY, NET_QUEUES * PCI_NOTIFY_STEP},
	};
	uint8_t at = AT_VIRTIO_CAPS;
	uint32_t n = sizeof caps / sizeof caps[0];
	uint8_t *msix = fn->config + AT_MSIX_CAP;

	fn->config[PCI_CAP_POINTER] = AT_MSIX_CAP;
	msix[0] = PCI_CAP_MSIX;
	msix[1] = at;
	bytes_put(msix + 2, 2, MSIX_VECTORS - 1);
	bytes_put(msix + 4, 4, PCI_BAR_MSIX);
	for (uint32_t i = 0; i < n; i++) {
		bool last = i == n - 1 && !fn->shared_size;
		uint8_t next = (uint8_t)(at + CAP_SIZE);

		cap_put(fn->config + at, last ? 0 : next, caps[i].type,
			caps[i].off, caps[i].length);
		at = next;
	}
	if (fn->shared_size)
		cap_put_shared(fn->config + at, fn->shared_size);
}

void pci_init(struct pci_function *fn, struct virtio_device *dev,
	      uint64_t shared_gpa, uint64_t shared_size)
{
	memset(fn, 0, sizeof *fn);
	fn->dev = dev;
	fn->shared_size = shared_size;
	bytes_put(fn->config + 0, 2, PCI_VENDOR_VIRTIO);
	bytes_put(fn->config + 2, 2, PCI_DEVICE_NET);
	bytes_put(fn->config + PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	bytes_put(fn->config + 6, 2, PCI_STATUS_CAPS);
	fn->config[8] = 1; /* revision of a non-transitional device */
	bytes_put(fn->config + 0x2e, 2, 0x40);
	bytes_put(fn->config + 0x10, 4, UINT32_C(0xfd000000));
	bytes_put(fn->config + 0x14, 4, UINT32_C(0xfd001000));
	if (shared_size)
		bytes_put(fn->config + 0x18, 8, shared_gpa | 0xc);
	caps_put(fn);
	for (uint32_t i = 0; i < MSIX_VECTORS; i++)
		fn->msix[i].masked = true;
}

uint64_t pci_config_read(const struct pci_function *fn, uint32_t off,
			 uint32_t size)
{
	if (size > 8 || off > PCI_CONFIG_SIZE - size)
		return UINT64_MAX;
	return bytes_get(fn->config + off, size);
}

void pci_config_write(struct pci_function *fn, uint32_t off, uint32_t size,
		      uint64_t value)
{
	/* Only the command register and MSI-X control can be changed. */
	if (off == PCI_COMMAND && size == 2)
		bytes_put(fn->config + off, 2, value & 0x0406);
	if (off == AT_MSIX_CAP + 2 && size == 2)
		bytes_put(fn->config + off, 2,
			  (value & MSIX_ENABLE) | (MSIX_VECTORS - 1));
}

static uint64_t queue_read(const struct virtio_device *d,
			   const struct pci_function *fn, uint32_t off)
{
	const struct device_queue *q;

	if (fn->queue_select >= NET_QUEUES)
		return 0;
	q = &d->queue[fn->queue_select];
	switch (off) {
	case COMMON_QUEUE_SIZE:
		return q->area.size;
	case COMMON_QUEUE_VECTOR:
		return q->vector;
	case COMMON_QUEUE_ENABLE:
		return q->enabled;
	case COMMON_QUEUE_NOTIFY_OFF:
		return fn->queue_select;
	case COMMON_QUEUE_DESC:
		return q->area.desc;
	case COMMON_QUEUE_DRIVER:
		return q->area.driver;
	case COMMON_QUEUE_DEVICE:
		return q->area.device;
	case COMMON_QUEUE_RESET:
		return q->resetting;
	}
	return 0;
}

static uint64_t common_read(struct pci_function *fn, uint32_t off)
{
	struct virtio_device *d = fn->dev;

	switch (off) {
	case COMMON_DEVICE_FEATURE_SELECT:
		return fn->device_feature_select;
	case COMMON_DEVICE_FEATURE:
		return fn->device_feature_select < 2
			       ? (uint32_t)(d->offered >>
					    32 * fn->device_feature_select)
			       : 0;
	case COMMON_DRIVER_FEATURE_SELECT:
		return fn->driver_feature_select;
	case COMMON_DRIVER_FEATURE:
		return fn->driver_feature_select < 2
			       ? (uint32_t)(d->accepted >>
					    32 * fn->driver_feature_select)
			       : 0;
	case COMMON_CONFIG_VECTOR:
		return d->config_vector;
	case COMMON_NUM_QUEUES:
		return NET_QUEUES;
	case COMMON_STATUS:
		return d->status;
	case COMMON_GENERATION:
		return d->generation;
	case COMMON_QUEUE_SELECT:
		return fn->queue_select;
	}
	return queue_read(d, fn, off);
}

static uint16_t vector_accept(uint64_t v)
{
	return v < MSIX_VECTORS ? (uint16_t)v : NO_VECTOR;
}

static void queue_write(struct virtio_device *d, struct pci_function *fn,
			uint32_t off, uint64_t v)
{
	struct device_queue *q;

	if (fn->queue_select >= NET_QUEUES)
		return;
	q = &d->queue[fn->queue_select];
	if (q->enabled && off != COMMON_QUEUE_VECTOR &&
	    off != COMMON_QUEUE_RESET)
		return; /* addresses are fixed while a queue is enabled */
	switch (off) {
	case COMMON_QUEUE_SIZE:
		if (v && v <= d->size_max && (v & (v - 1)) == 0)
			q->area.size = (uint16_t)v;
		break;
	case COMMON_QUEUE_VECTOR:
		q->vector = vector_accept(v);
		break;
	case COMMON_QUEUE_ENABLE:
		if (v == 1)
			device_queue_enable(d, fn->queue_select);
		break;
	case COMMON_QUEUE_DESC:
		q->area.desc = v;
		break;
	case COMMON_QUEUE_DRIVER:
		q->area.driver = v;
		break;
	case COMMON_QUEUE_DEVICE:
		q->area.device = v;
		break;
	case COMMON_QUEUE_RESET:
		if (v == 1)
			device_queue_reset(d, fn->queue_select);
		break;
	}
}

static void driver_feature_write(struct pci_function *fn, uint32_t v)
{
	struct virtio_device *d = fn->dev;
	uint32_t shift = 32 * fn->driver_feature_select;

	if (fn->driver_feature_select > 1 || (d->status & STATUS_FEATURES_OK))
		return;
	d->accepted &= ~((uint64_t)UINT32_MAX << shift);
	d->accepted |= (uint64_t)v << shift;
}

static void common_write(struct pci_function *fn, uint32_t off, uint64_t v)
{
	switch (off) {
	case COMMON_DEVICE_FEATURE_SELECT:
		fn->device_feature_select = (uint32_t)v;
		break;
	case COMMON_DRIVER_FEATURE_SELECT:
		fn->driver_feature_select = (uint32_t)v;
		break;
	case COMMON_DRIVER_FEATURE:
		driver_feature_write(fn, (uint32_t)v);
		break;
	case COMMON_CONFIG_VECTOR:
		fn->dev->config_vector = vector_accept(v);
		break;
	case COMMON_STATUS:
		device_write_status(fn->dev, (uint8_t)v);
		break;
	case COMMON_QUEUE_SELECT:
		fn->queue_select = (uint16_t)v;
		break;
	default:
		queue_write(fn->dev, fn, off, v);
	}
}

static uint64_t msix_read(const struct pci_function *fn, uint32_t off)
{
	uint32_t i = off / MSIX_ENTRY_SIZE;

	if (i >= MSIX_VECTORS)
		return UINT64_MAX;
	switch (off % MSIX_ENTRY_SIZE) {
	case 0:
		return fn->msix[i].address;
	case 8:
		return fn->msix[i].data;
	case 12:
		return fn->msix[i].masked;
	}
	return UINT64_MAX;
}

static void msix_write(struct pci_function *fn, uint32_t off, uint64_t v)
{
	uint32_t i = off / MSIX_ENTRY_SIZE;
	struct msix_entry *e;

	if (i >= MSIX_VECTORS)
		return;
	e = &fn->msix[i];
	switch (off % MSIX_ENTRY_SIZE) {
	case 0:
		e->address = v;
		break;
	case 8:
		e->data = (uint32_t)v;
		break;
	case 12:
		e->masked = v & 1;
		if (!e->masked && e->pending) {
			e->pending = false;
			fn->dev->ops->interrupt(fn->dev, (uint16_t)i);
		}
		break;
	}
}

uint64_t pci_bar_read(struct pci_function *fn, uint32_t bar, uint32_t off,
		      uint32_t size)
{
	const uint8_t *config = (const uint8_t *)&fn->dev->config;

	if (size > 8)
		return UINT64_MAX;
	if (bar == PCI_BAR_MSIX)
		return msix_read(fn, off);
	if (bar != PCI_BAR_REGISTERS)
		return UINT64_MAX;
	if (off < PCI_AT_COMMON + COMMON_SIZE)
		return common_read(fn, off - PCI_AT_COMMON);
	if (off == PCI_AT_ISR) {
		uint8_t isr = fn->isr;

		fn->isr = 0; /* reading acknowledges */
		return isr;
	}
	if (off >= PCI_AT_CONFIG &&
	    off - PCI_AT_CONFIG <= sizeof fn->dev->config - size)
		return bytes_get(config + (off - PCI_AT_CONFIG), size);
	return UINT64_MAX;
}

void pci_bar_write(struct pci_function *fn, uint32_t bar, uint32_t off,
		   uint32_t size, uint64_t value)
{
	if (size > 8)
		return;
	if (bar == PCI_BAR_MSIX) {
		msix_write(fn, off, value);
	} else if (bar == PCI_BAR_REGISTERS) {
		if (off >= PCI_AT_NOTIFY) {
			uint32_t q = (off - PCI_AT_NOTIFY) / PCI_NOTIFY_STEP;

			if (q < NET_QUEUES)
				fn->dev->ops->notify(fn->dev, q);
		} else if (off < PCI_AT_COMMON + COMMON_SIZE) {
			common_write(fn, off - PCI_AT_COMMON, value);
		}
	}
}

bool pci_msix_raise(struct pci_function *fn, uint16_t vector, uint32_t *data)
{
	bool enabled = fn->config[AT_MSIX_CAP + 3] & MSIX_ENABLE >> 8;

	if (vector >= MSIX_VECTORS || !enabled)
		return false;
	if (fn->msix[vector].masked) {
		fn->msix[vector].pending = true;
		return false;
	}
	*data = fn->msix[vector].data;
	return true;
}

void pci_canon(const struct pci_function *fn, struct canon *f)
{
	for (uint32_t i = 0; i < MSIX_VECTORS; i++)
		canon_flags(f, fn->msix[i].masked, fn->msix[i].pending);
	canon_u8(f, fn->isr);
}
