/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver of a vhost-pci device: it works another VM's rings as their
 * device half, out of a window onto that VM's RAM. All that it finds there may
 * be a lie. Knows its port and its window; not the host.
 */
#ifndef TWINRING_MODEL_GUEST_MIRROR_DRIVER_H
#define TWINRING_MODEL_GUEST_MIRROR_DRIVER_H

#include "model/app.h"
#include "model/host/link.h"
#include "model/step.h"

struct mirror_driver {
	/* fixed at set-up */
	const struct vm_config *vmcfg;
	struct link *link; /* its port and doorbell; nothing else of it */
	struct vm *vm;
	const struct app_ops *app;
	void *app_ctx;
	uint32_t nic; /* 2 * link + 1 */
	uint32_t burst;
	uint8_t *own; /* private memory for one frame at a time */
	uint64_t own_gpa;
	uint32_t own_size;
	/* while connected */
	struct gmem view; /* the peer's addresses, through the window */
	struct split_device rx, tx; /* the peer's receive and transmit rings */
	struct rx_line line;
	struct ring_chain chain;
	uint64_t features;
	uint32_t hdr_len;
	uint32_t turn; /* of the port, when it was last followed */
	uint64_t wait_ps;
	uint8_t phase;
	bool working;
	bool started;
	bool acted;
	bool awake;
	bool rx_blocked; /* waits for the peer to post */
};

struct mirror_driver_setup {
	const struct vm_config *vmcfg;
	struct link *link;
	struct vm *vm;
	const struct app_ops *app;
	void *app_ctx;
	uint32_t nic;
	uint32_t burst;
};

uint64_t mirror_driver_ram(const struct link_config *cfg);
size_t mirror_driver_arena(const struct link_config *cfg);

void mirror_driver_init(struct mirror_driver *d,
			const struct mirror_driver_setup *s,
			struct arena *arena);

/* As net_driver_step(). */
enum step_end mirror_driver_step(struct mirror_driver *d, bool one,
				 uint64_t *wait_ps);

/* Stops and forgets; the next step starts anew. */
void mirror_driver_reset(struct mirror_driver *d);

#endif
