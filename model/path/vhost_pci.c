/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ring mirroring: the VM at end 1 maps all RAM of the VM at end 0 and works its
 * rings as their device half, transmit ring as receive ring. The copying is
 * guest software's (model/guest/vhost_pci_driver); the host forwards nothing.
 */
#include "model/path/path.h"

const struct path_ops path_vhost_pci = {
	.name = "vhost-pci",
	.words = "the second VM maps the first one's RAM, works its rings and "
		 "copies",
	.mirrored = true,
};
