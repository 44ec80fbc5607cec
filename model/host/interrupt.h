/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What interrupts cost: whoever injects them, and the guest that takes them,
 * which pays at its next step. Whether and when a guest is interrupted is not
 * decided here, and nothing here can change what happens.
 */
#ifndef TWINRING_MODEL_HOST_INTERRUPT_H
#define TWINRING_MODEL_HOST_INTERRUPT_H

#include "model/actor/vm.h"
#include "model/config.h"

/* What a guest has not paid for yet. */
struct interrupt_owed {
	uint32_t handlers, registers, eois, windows, ipis;
	uint32_t round; /* so often it has paid */
};

struct interrupt_book {
	struct interrupt_owed vm[VM_MAX];
	/* Vectors that are up, a bit each, if its VM has not paid since. */
	struct interrupt_up {
		uint32_t round;
		uint32_t vectors;
	} nic[NIC_MAX];
};

/*
 * An interrupt for @vector of @nic is injected into @vm, which has not been
 * signalled yet. @book may be NULL where cfg->interrupts is bare.
 */
void interrupt_count(struct interrupt_book *book, const struct link_config *cfg,
		     const struct vm *vm, uint32_t nic, uint32_t vector,
		     struct cost_meter *cost);

/* The same of a line that is a level: its end is always an exit. */
void interrupt_count_level(struct interrupt_book *book,
			   const struct link_config *cfg, const struct vm *vm,
			   uint32_t nic, uint32_t vector,
			   struct cost_meter *cost);

/* The guest of VM @vm begins to work: it takes what is up. */
void interrupt_take(struct interrupt_book *book, uint32_t vm,
		    struct cost_meter *cost);

#endif
