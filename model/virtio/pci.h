/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtio device as a PCI function: configuration space with capabilities,
 * a BAR of registers, a BAR with the MSI-X table, the Shared Buffers BAR.
 * All accesses are a guest's and may be nonsense.
 */
#ifndef TWINRING_MODEL_VIRTIO_PCI_H
#define TWINRING_MODEL_VIRTIO_PCI_H

#include "model/virtio/device.h"

enum {
	PCI_CONFIG_SIZE = 256,
	PCI_VENDOR_VIRTIO = 0x1af4,
	PCI_DEVICE_NET = 0x1041,
	PCI_STATUS_CAPS = 0x10,
	PCI_CAP_POINTER = 0x34,
	PCI_CAP_VENDOR = 0x09,
	PCI_CAP_MSIX = 0x11,
	PCI_COMMAND = 0x04,
	PCI_COMMAND_MEMORY = 0x02,

	PCI_BAR_REGISTERS = 0,
	PCI_BAR_MSIX = 1,
	PCI_BAR_SHARED = 2, /* and 3: a 64-bit BAR */

	/* Layout of the register BAR. */
	PCI_AT_COMMON = 0x000,
	PCI_AT_ISR = 0x100,
	PCI_AT_CONFIG = 0x200,
	PCI_AT_NOTIFY = 0x300,
	PCI_NOTIFY_STEP = 4,
	PCI_REGISTERS_SIZE = 0x400,
};

/* cfg_type of a virtio capability. */
enum pci_cap {
	PCI_CAP_COMMON = 1,
	PCI_CAP_NOTIFY = 2,
	PCI_CAP_ISR = 3,
	PCI_CAP_DEVICE = 4,
	PCI_CAP_VENDOR_DATA = 9, /* ours: which BAR holds the slots */
};

/* Vendor id in our PCI_CAP_VENDOR_DATA capability; not virtio's. */
enum { PCI_VENDOR_TWINRING = 0x7472 };

/* Offsets in struct virtio_pci_common_cfg. */
enum pci_common {
	COMMON_DEVICE_FEATURE_SELECT = 0,
	COMMON_DEVICE_FEATURE = 4,
	COMMON_DRIVER_FEATURE_SELECT = 8,
	COMMON_DRIVER_FEATURE = 12,
	COMMON_CONFIG_VECTOR = 16,
	COMMON_NUM_QUEUES = 18,
	COMMON_STATUS = 20,
	COMMON_GENERATION = 21,
	COMMON_QUEUE_SELECT = 22,
	COMMON_QUEUE_SIZE = 24,
	COMMON_QUEUE_VECTOR = 26,
	COMMON_QUEUE_ENABLE = 28,
	COMMON_QUEUE_NOTIFY_OFF = 30,
	COMMON_QUEUE_DESC = 32,
	COMMON_QUEUE_DRIVER = 40,
	COMMON_QUEUE_DEVICE = 48,
	COMMON_QUEUE_RESET = 58, /* behind queue_notif_config_data */
	COMMON_SIZE = 60,
};

enum {
	MSIX_VECTORS = VECTOR_QUEUE + NET_QUEUES,
	MSIX_ENTRY_SIZE = 16,
	MSIX_ENABLE = 0x8000
};

struct msix_entry {
	uint64_t address;
	uint32_t data;
	bool masked;
	bool pending;
};

struct pci_function {
	struct virtio_device *dev;
	uint8_t config[PCI_CONFIG_SIZE];
	struct msix_entry msix[MSIX_VECTORS];
	uint64_t shared_size; /* of the Shared Buffers BAR; 0: none */
	uint32_t device_feature_select;
	uint32_t driver_feature_select;
	uint16_t queue_select;
	uint8_t isr;
};

/*
 * Builds configuration space. @shared_gpa is where firmware placed the Shared
 * Buffers BAR of @shared_size bytes in this VM.
 */
void pci_init(struct pci_function *fn, struct virtio_device *dev,
	      uint64_t shared_gpa, uint64_t shared_size);

/* Little-endian accesses of 1, 2, 4 or 8 bytes; nonsense reads as ones. */
uint64_t pci_config_read(const struct pci_function *fn, uint32_t off,
			 uint32_t size);
void pci_config_write(struct pci_function *fn, uint32_t off, uint32_t size,
		      uint64_t value);
uint64_t pci_bar_read(struct pci_function *fn, uint32_t bar, uint32_t off,
		      uint32_t size);
void pci_bar_write(struct pci_function *fn, uint32_t bar, uint32_t off,
		   uint32_t size, uint64_t value);

/*
 * Raises @vector. True when a message goes out, with its data; false when it
 * is masked (then it waits) or MSI-X is off.
 */
bool pci_msix_raise(struct pci_function *fn, uint16_t vector, uint32_t *data);

/* The canonical form of the function, without its device. */
void pci_canon(const struct pci_function *fn, struct canon *f);

#endif
