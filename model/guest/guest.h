/* SPDX-License-Identifier: BSD-3-Clause */
/* What runs in a VM: its drivers, which take turns. */
#ifndef TWINRING_MODEL_GUEST_GUEST_H
#define TWINRING_MODEL_GUEST_GUEST_H

#include "model/actor/part.h"
#include "model/guest/guest_driver.h"

struct guest {
	struct part part; /* first: the ops get this pointer */
	struct guest_driver **driver;
	uint64_t *wait_ps; /* what each driver waits for */
	uint32_t drivers;
	uint32_t room;  /* drivers that it was given memory for */
	uint32_t turn;  /* of the driver that steps next */
	uint32_t quiet; /* drivers in a row that had nothing to do */
};

/* One without drivers, with room for so many, in @vm. */
void guest_init(struct guest *g, struct vm *vm, uint32_t room,
		struct arena *arena);
size_t guest_arena(uint32_t room);

void guest_add(struct guest *g, struct guest_driver *d);

/* Its driver on @link, or NULL. */
struct guest_driver *guest_driver_on(const struct guest *g, uint32_t link);

/* The VM resets all its drivers. */
void guest_reset(struct guest *g);

/* The same; they accept @features from then on. */
void guest_accept(struct guest *g, uint64_t features);

#endif
