/* SPDX-License-Identifier: BSD-3-Clause */
/* A guest finds its device, or finds that it is none. */
#include "model/virtio/pci_driver.h"

#include "model/virtio/device_fixture.h"

static struct heard h;
static struct pci_driver d;

static void probe_finds_the_registers(void)
{
	heard_open(&h, 8192);
	CU_ASSERT(pci_driver_probe(&d, &h.pci));
	CU_ASSERT_EQUAL(d.common, PCI_AT_COMMON);
	CU_ASSERT_EQUAL(d.config, PCI_AT_CONFIG);
	CU_ASSERT_EQUAL(d.notify, PCI_AT_NOTIFY);
	CU_ASSERT_EQUAL(d.notify_step, PCI_NOTIFY_STEP);
	CU_ASSERT_EQUAL(d.shared_size, 8192);
	CU_ASSERT_EQUAL(d.shared_gpa, UINT64_C(0x10000000000));
	heard_open(&h, 0);
	CU_ASSERT(pci_driver_probe(&d, &h.pci));
	CU_ASSERT_EQUAL(d.shared_size, 0);
}

static void another_device_is_refused(void)
{
	heard_open(&h, 0);
	h.pci.config[2] = 0x42;
	CU_ASSERT_FALSE(pci_driver_probe(&d, &h.pci));
	heard_open(&h, 0);
	h.pci.config[0] = 0;
	CU_ASSERT_FALSE(pci_driver_probe(&d, &h.pci));
}

/* A list that leads back to itself must come to an end. */
static void a_looped_list_ends(void)
{
	for (uint32_t at = 0x40; at < 0x100; at += 4) {
		heard_open(&h, 8192);
		h.pci.config[h.pci.config[PCI_CAP_POINTER] + 1] = (uint8_t)at;
		pci_driver_probe(&d, &h.pci);
		heard_open(&h, 8192);
		for (uint32_t k = 0x40; k + 1 < 0x100; k++)
			h.pci.config[k + 1] = (uint8_t)at;
		CU_ASSERT_FALSE(pci_driver_probe(&d, &h.pci));
	}
}

/* Capabilities that are missing: each one is needed. */
static void every_capability_is_needed(void)
{
	for (uint32_t type = PCI_CAP_COMMON; type <= PCI_CAP_DEVICE; type++) {
		heard_open(&h, 0);
		for (uint32_t at = 0x40; at < 0xf0; at += 4)
			if (h.pci.config[at] == PCI_CAP_VENDOR &&
			    h.pci.config[at + 2] == 0x14 &&
			    h.pci.config[at + 3] == type)
				h.pci.config[at + 3] = 0x70;
		CU_ASSERT_EQUAL(pci_driver_probe(&d, &h.pci),
				type == PCI_CAP_ISR);
	}
}

/* Any bytes at all where the capabilities should be. */
static void any_configuration_space(void)
{
	uint64_t state = 7;

	for (uint32_t round = 0; round < 20000; round++) {
		heard_open(&h, 4096);
		for (uint32_t k = PCI_CAP_POINTER; k < PCI_CONFIG_SIZE; k++) {
			state = state * UINT64_C(6364136223846793005) + 1;
			if (round & 1 || state >> 60 == 0)
				h.pci.config[k] = (uint8_t)(state >> 40);
		}
		pci_driver_probe(&d, &h.pci);
	}
}

static void negotiation_takes_what_both_have(void)
{
	heard_open(&h, 0);
	CU_ASSERT(pci_driver_probe(&d, &h.pci));
	CU_ASSERT(pci_driver_negotiate(&d, UINT64_MAX));
	CU_ASSERT_EQUAL(d.features, HEARD_OFFERED);
	CU_ASSERT_EQUAL(h.dev.accepted, HEARD_OFFERED);
	CU_ASSERT_EQUAL(pci_driver_status(&d), STATUS_ACKNOWLEDGE |
						       STATUS_DRIVER |
						       STATUS_FEATURES_OK);
	CU_ASSERT(pci_driver_negotiate(&d, FEATURE_BIT(F_NET_HOST_TSO4) |
						   FEATURE_BIT(F_NET_MTU)));
	CU_ASSERT_EQUAL(d.features, 0); /* TSO4 needs CSUM; MTU is not there */
	CU_ASSERT_EQUAL(h.resets, 2);
}

static void queues_and_driver_ok(void)
{
	struct vq_area area = {0x1000, 0x2000, 0x3000, 64};

	heard_open(&h, 0);
	CU_ASSERT(pci_driver_probe(&d, &h.pci));
	CU_ASSERT(pci_driver_negotiate(&d, UINT64_MAX));
	pci_driver_queue(&d, NET_TX, &area, 2, 0x99);
	CU_ASSERT(h.dev.queue[NET_TX].enabled);
	CU_ASSERT_EQUAL(h.dev.queue[NET_TX].area.driver, 0x2000);
	CU_ASSERT_EQUAL(h.dev.queue[NET_TX].area.device, 0x3000);
	CU_ASSERT_EQUAL(h.dev.queue[NET_TX].area.size, 64);
	CU_ASSERT_EQUAL(h.pci.msix[2].data, 0x99);
	CU_ASSERT_FALSE(h.pci.msix[2].masked);
	pci_driver_ok(&d);
	CU_ASSERT_EQUAL(h.oks, 1);
	pci_driver_kick(&d, NET_TX);
	CU_ASSERT_EQUAL(h.notified[NET_TX], 1);
	pci_driver_reset(&d);
	CU_ASSERT_FALSE(h.dev.queue[NET_TX].enabled);
}

static void configuration_in_host_order(void)
{
	struct virtio_net_config c;

	heard_open(&h, 0);
	h.dev.config.mtu = htole16(1500);
	h.dev.config.slot_count = htole32(0x01020304);
	h.dev.config.epoch = htole32(9);
	h.dev.config.mac[5] = 3;
	CU_ASSERT(pci_driver_probe(&d, &h.pci));
	c = pci_driver_config(&d);
	CU_ASSERT_EQUAL(c.mtu, 1500);
	CU_ASSERT_EQUAL(c.slot_count, 0x01020304);
	CU_ASSERT_EQUAL(c.epoch, 9);
	CU_ASSERT_EQUAL(c.mac[5], 3);
}

static const struct unit_case cases[] = {
	{"probe finds the registers", probe_finds_the_registers},
	{"another device is refused", another_device_is_refused},
	{"a looped list ends", a_looped_list_ends},
	{"every capability is needed", every_capability_is_needed},
	{"any configuration space", any_configuration_space},
	{"negotiation takes what both have", negotiation_takes_what_both_have},
	{"queues and DRIVER_OK", queues_and_driver_ok},
	{"configuration in host order", configuration_in_host_order},
};

UNIT_MAIN("pci_driver", cases)
