/* SPDX-License-Identifier: BSD-3-Clause */
/* Configuration space, register BAR and MSI-X, as a guest may use them. */
#include "model/virtio/device_fixture.h"

static struct heard h;

static uint64_t config(uint32_t off, uint32_t size)
{
	return pci_config_read(&h.pci, off, size);
}

static uint64_t bar0(uint32_t off, uint32_t size)
{
	return pci_bar_read(&h.pci, PCI_BAR_REGISTERS, off, size);
}

static void bar0_write(uint32_t off, uint32_t size, uint64_t value)
{
	pci_bar_write(&h.pci, PCI_BAR_REGISTERS, off, size, value);
}

static void who_it_is(void)
{
	heard_open(&h, 4096);
	CU_ASSERT_EQUAL(config(0, 2), PCI_VENDOR_VIRTIO);
	CU_ASSERT_EQUAL(config(2, 2), PCI_DEVICE_NET);
	CU_ASSERT_EQUAL(config(0, 4), 0x10411af4);
	CU_ASSERT(config(8, 1) >= 1);
	CU_ASSERT(config(6, 2) & PCI_STATUS_CAPS);
	CU_ASSERT_EQUAL(config(0x18, 8) & ~0xfull, UINT64_C(0x10000000000));
}

/* Walks the list; the number of virtio capabilities, each type counted. */
static uint32_t walk(uint32_t *types)
{
	uint32_t at = (uint32_t)config(PCI_CAP_POINTER, 1), n = 0;

	for (uint32_t i = 0; at && i < 48; i++) {
		CU_ASSERT(at >= 0x40 && at % 4 == 0);
		if (config(at, 1) == PCI_CAP_VENDOR) {
			CU_ASSERT(config(at + 2, 1) >= 16);
			types[config(at + 3, 1) & 15]++;
			n++;
		}
		at = (uint32_t)config(at + 1, 1);
	}
	CU_ASSERT_EQUAL(at, 0);
	return n;
}

static void the_list_of_capabilities(void)
{
	for (uint32_t shared = 0; shared <= 4096; shared += 4096) {
		uint32_t types[16] = {0};

		heard_open(&h, shared);
		CU_ASSERT_EQUAL(walk(types), shared ? 5 : 4);
		CU_ASSERT_EQUAL(types[PCI_CAP_COMMON], 1);
		CU_ASSERT_EQUAL(types[PCI_CAP_NOTIFY], 1);
		CU_ASSERT_EQUAL(types[PCI_CAP_ISR], 1);
		CU_ASSERT_EQUAL(types[PCI_CAP_DEVICE], 1);
		CU_ASSERT_EQUAL(types[PCI_CAP_VENDOR_DATA], shared ? 1 : 0);
	}
}

static void features_in_two_words(void)
{
	heard_open(&h, 0);
	bar0_write(COMMON_DEVICE_FEATURE_SELECT, 4, 0);
	CU_ASSERT_EQUAL(bar0(COMMON_DEVICE_FEATURE, 4),
			(uint32_t)HEARD_OFFERED);
	bar0_write(COMMON_DEVICE_FEATURE_SELECT, 4, 1);
	CU_ASSERT_EQUAL(bar0(COMMON_DEVICE_FEATURE, 4), HEARD_OFFERED >> 32);
	for (uint32_t select = 2; select < 70; select++) {
		bar0_write(COMMON_DEVICE_FEATURE_SELECT, 4, select);
		CU_ASSERT_EQUAL(bar0(COMMON_DEVICE_FEATURE, 4), 0);
	}
	bar0_write(COMMON_DRIVER_FEATURE_SELECT, 4, 1);
	bar0_write(COMMON_DRIVER_FEATURE, 4, 0xaabbccdd);
	bar0_write(COMMON_DRIVER_FEATURE_SELECT, 4, 2);
	bar0_write(COMMON_DRIVER_FEATURE, 4, 0x11111111);
	CU_ASSERT_EQUAL(h.dev.accepted, UINT64_C(0xaabbccdd00000000));
}

static void features_are_fixed_once_agreed(void)
{
	heard_open(&h, 0);
	bar0_write(COMMON_STATUS, 1, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	bar0_write(COMMON_STATUS, 1,
		   STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
	bar0_write(COMMON_DRIVER_FEATURE_SELECT, 4, 0);
	bar0_write(COMMON_DRIVER_FEATURE, 4, UINT32_MAX);
	CU_ASSERT_EQUAL(h.dev.accepted, 0);
}

static void queue_registers(void)
{
	heard_open(&h, 0);
	bar0_write(COMMON_QUEUE_SELECT, 2, NET_TX);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_SIZE, 2), 256);
	bar0_write(COMMON_QUEUE_SIZE, 2, 100); /* no power of two */
	bar0_write(COMMON_QUEUE_SIZE, 2, 512); /* more than the most */
	bar0_write(COMMON_QUEUE_SIZE, 2, 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_SIZE, 2), 256);
	bar0_write(COMMON_QUEUE_SIZE, 2, 8);
	bar0_write(COMMON_QUEUE_DESC, 8, 0x1000);
	bar0_write(COMMON_QUEUE_VECTOR, 2, 77); /* no such vector */
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_VECTOR, 2), NO_VECTOR);
	bar0_write(COMMON_QUEUE_VECTOR, 2, 2);
	bar0_write(COMMON_QUEUE_ENABLE, 2, 1);
	bar0_write(COMMON_QUEUE_DESC, 8, 0x2000); /* too late */
	bar0_write(COMMON_QUEUE_SIZE, 2, 16);
	CU_ASSERT_EQUAL(h.dev.queue[NET_TX].area.size, 8);
	CU_ASSERT_EQUAL(h.dev.queue[NET_TX].area.desc, 0x1000);
	CU_ASSERT_EQUAL(h.dev.queue[NET_TX].vector, 2);
	CU_ASSERT_FALSE(h.dev.queue[NET_RX].enabled);
	bar0_write(COMMON_QUEUE_SELECT, 2, NET_QUEUES);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_SIZE, 2), 0); /* no such queue */
}

/* Queue 0 enabled in a device that runs with these features. */
static void running(uint64_t features)
{
	heard_open(&h, 0);
	bar0_write(COMMON_DRIVER_FEATURE_SELECT, 4, 1);
	bar0_write(COMMON_DRIVER_FEATURE, 4, features >> 32);
	bar0_write(COMMON_STATUS, 1, STATUS_FEATURES_OK);
	bar0_write(COMMON_QUEUE_SELECT, 2, 0);
	bar0_write(COMMON_QUEUE_SIZE, 2, 8);
	bar0_write(COMMON_QUEUE_DESC, 8, 0x1000);
	bar0_write(COMMON_QUEUE_ENABLE, 2, 1);
	CU_ASSERT_EQUAL(h.enabled[0], 0); /* not before DRIVER_OK */
	bar0_write(COMMON_STATUS, 1, STATUS_FEATURES_OK | STATUS_DRIVER_OK);
}

/* PCI-COMMON-DEV-9 to -13: what a driver sees of the reset of a queue. */
static void a_queue_is_reset(void)
{
	running(FEATURE_BIT(F_RING_RESET));
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
	bar0_write(COMMON_QUEUE_RESET, 2, 0);
	bar0_write(COMMON_QUEUE_RESET, 2, 2);
	CU_ASSERT_EQUAL(h.asked[0], 0);
	bar0_write(COMMON_QUEUE_RESET, 2, 1);
	bar0_write(COMMON_QUEUE_RESET, 2, 1); /* once is enough */
	CU_ASSERT_EQUAL(h.asked[0], 1);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 1);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_ENABLE, 2), 1);
	bar0_write(COMMON_QUEUE_DESC, 8, 0x2000); /* too early */
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_DESC, 8), 0x1000);
	device_queue_was_reset(&h.dev, 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_ENABLE, 2), 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_SIZE, 2), 256);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_DESC, 8), 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_VECTOR, 2), NO_VECTOR);
	bar0_write(COMMON_QUEUE_RESET, 2, 1); /* nothing to reset */
	CU_ASSERT_EQUAL(h.asked[0], 1);
}

/* VQREEN-DEV-1: with whatever parameters it is enabled again. */
static void a_queue_is_enabled_again(void)
{
	running(FEATURE_BIT(F_RING_RESET));
	bar0_write(COMMON_QUEUE_RESET, 2, 1);
	bar0_write(COMMON_QUEUE_ENABLE, 2, 1); /* too early */
	CU_ASSERT_EQUAL(h.enabled[0], 0);
	device_queue_was_reset(&h.dev, 0);
	bar0_write(COMMON_QUEUE_SIZE, 2, 16);
	bar0_write(COMMON_QUEUE_DESC, 8, 0x3000);
	bar0_write(COMMON_QUEUE_ENABLE, 2, 1);
	CU_ASSERT_EQUAL(h.enabled[0], 1);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_ENABLE, 2), 1);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_SIZE, 2), 16);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_DESC, 8), 0x3000);
	bar0_write(COMMON_QUEUE_RESET, 2, 1);
	bar0_write(COMMON_STATUS, 1, 0); /* of all: that one is done, too */
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
}

/* P-PCI-7; and where the device does not run there is nothing to wait for. */
static void a_queue_reset_out_of_season(void)
{
	running(0);
	bar0_write(COMMON_QUEUE_RESET, 2, 1);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_ENABLE, 2), 1);
	CU_ASSERT_EQUAL(h.asked[0], 0);
	running(FEATURE_BIT(F_RING_RESET));
	bar0_write(COMMON_STATUS, 1, STATUS_FEATURES_OK);
	bar0_write(COMMON_QUEUE_RESET, 2, 1);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_ENABLE, 2), 0);
	CU_ASSERT_EQUAL(h.asked[0], 0);
	bar0_write(COMMON_QUEUE_SELECT, 2, NET_QUEUES);
	bar0_write(COMMON_QUEUE_RESET, 2, 1); /* no such queue */
	CU_ASSERT_EQUAL(bar0(COMMON_QUEUE_RESET, 2), 0);
}

static void notifications_reach_their_queue(void)
{
	heard_open(&h, 0);
	bar0_write(PCI_AT_NOTIFY, 2, 0);
	bar0_write(PCI_AT_NOTIFY + PCI_NOTIFY_STEP, 2, 1);
	bar0_write(PCI_AT_NOTIFY + PCI_NOTIFY_STEP, 2, 1);
	bar0_write(PCI_AT_NOTIFY + 2 * PCI_NOTIFY_STEP, 2, 2);
	bar0_write(UINT32_MAX, 2, 2);
	CU_ASSERT_EQUAL(h.notified[NET_RX], 1);
	CU_ASSERT_EQUAL(h.notified[NET_TX], 2);
}

static void reading_isr_acknowledges(void)
{
	heard_open(&h, 0);
	h.pci.isr = 3;
	CU_ASSERT_EQUAL(bar0(PCI_AT_ISR, 1), 3);
	CU_ASSERT_EQUAL(bar0(PCI_AT_ISR, 1), 0);
}

static void msix_enable(bool on)
{
	for (uint32_t at = 0x40; at < 256; at += 4)
		if (config(at, 1) == PCI_CAP_MSIX) {
			pci_config_write(&h.pci, at + 2, 2,
					 on ? MSIX_ENABLE : 0);
			return;
		}
	CU_FAIL("no MSI-X capability");
}

static void msix_write(uint32_t vector, uint32_t off, uint64_t value)
{
	pci_bar_write(&h.pci, PCI_BAR_MSIX, vector * MSIX_ENTRY_SIZE + off, 4,
		      value);
}

static void an_open_vector_sends(void)
{
	uint32_t data = 0;

	heard_open(&h, 0);
	CU_ASSERT_FALSE(pci_msix_raise(&h.pci, 1, &data)); /* MSI-X is off */
	msix_enable(true);
	msix_write(1, 8, 0x55);
	msix_write(1, 12, 0);
	CU_ASSERT(pci_msix_raise(&h.pci, 1, &data));
	CU_ASSERT_EQUAL(data, 0x55);
	CU_ASSERT_FALSE(pci_msix_raise(&h.pci, MSIX_VECTORS, &data));
	CU_ASSERT_FALSE(pci_msix_raise(&h.pci, NO_VECTOR, &data));
	msix_enable(false);
	CU_ASSERT_FALSE(pci_msix_raise(&h.pci, 1, &data));
}

/* What was raised while masked goes out once when the mask is lifted. */
static void a_masked_vector_waits(void)
{
	uint32_t data;

	heard_open(&h, 0);
	msix_enable(true);
	msix_write(2, 8, 0x77);
	CU_ASSERT_FALSE(pci_msix_raise(&h.pci, 2, &data));
	CU_ASSERT_FALSE(pci_msix_raise(&h.pci, 2, &data));
	CU_ASSERT_EQUAL(h.messages, 0);
	msix_write(2, 12, 0);
	CU_ASSERT_EQUAL(h.messages, 1);
	CU_ASSERT_EQUAL(h.data, 0x77);
	msix_write(2, 12, 1);
	msix_write(2, 12, 0);
	CU_ASSERT_EQUAL(h.messages, 1);
}

static uint64_t noise(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Every place, every size, good ones or not. */
static void any_read(void)
{
	heard_open(&h, 4096);
	for (uint32_t size = 0; size < 20; size++) {
		for (uint32_t off = 0; off < 1100; off++) {
			config(off, size);
			for (uint32_t bar = 0; bar < 8; bar++)
				pci_bar_read(&h.pci, bar, off, size);
		}
		for (uint32_t off = UINT32_MAX; off > UINT32_MAX - 300; off--) {
			CU_ASSERT(size == 0 || config(off, size) == UINT64_MAX);
			for (uint32_t bar = 0; bar < 8; bar++)
				pci_bar_read(&h.pci, bar, off, size);
		}
	}
	CU_ASSERT_EQUAL(h.dev.status, 0);
}

static void any_write_at(uint32_t off, uint32_t size, uint64_t *state)
{
	pci_config_write(&h.pci, off, size, noise(state));
	for (uint32_t bar = 0; bar < 8; bar++)
		pci_bar_write(&h.pci, bar, off, size, noise(state));
}

/* Writes change registers, but never what kind of function this is. */
static void any_write(void)
{
	uint64_t state = 1;
	uint32_t types[16] = {0};

	heard_open(&h, 4096);
	for (uint32_t round = 0; round < 8; round++)
		for (uint32_t size = 0; size < 20; size++)
			for (uint32_t off = 0; off < 1100; off++)
				any_write_at(off, size, &state);
	for (uint32_t off = UINT32_MAX; off > UINT32_MAX - 300; off--)
		any_write_at(off, 4, &state);
	CU_ASSERT_EQUAL(config(0, 4), 0x10411af4);
	CU_ASSERT_EQUAL(walk(types), 5);
	for (uint32_t q = 0; q < NET_QUEUES; q++) {
		uint32_t size = h.dev.queue[q].area.size;

		CU_ASSERT(size && size <= 256 && (size & (size - 1)) == 0);
	}
	bar0_write(COMMON_STATUS, 1, 0);
	CU_ASSERT_EQUAL(bar0(COMMON_STATUS, 1), 0);
}

static const struct unit_case cases[] = {
	{"who it is", who_it_is},
	{"the list of capabilities", the_list_of_capabilities},
	{"features in two words", features_in_two_words},
	{"features are fixed once agreed", features_are_fixed_once_agreed},
	{"queue registers", queue_registers},
	{"a queue is reset", a_queue_is_reset},
	{"a queue is enabled again", a_queue_is_enabled_again},
	{"a queue reset out of season", a_queue_reset_out_of_season},
	{"notifications reach their queue", notifications_reach_their_queue},
	{"reading ISR acknowledges", reading_isr_acknowledges},
	{"an open vector sends", an_open_vector_sends},
	{"a masked vector waits", a_masked_vector_waits},
	{"any read", any_read},
	{"any write", any_write},
};

UNIT_MAIN("pci", cases)
