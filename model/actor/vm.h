/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A virtual machine as far as memory and interrupts go. Its drivers stand in
 * model/guest.
 */
#ifndef TWINRING_MODEL_ACTOR_VM_H
#define TWINRING_MODEL_ACTOR_VM_H

#include "model/actor/signal.h"
#include "model/memory/gmem.h"

struct vm {
	struct gmem mem; /* all that the guest can reach */
	uint8_t *ram;
	uint64_t ram_gpa;
	uint64_t ram_size;
	uint64_t ram_used;
	struct signal signal; /* wakes the guest */
	uint32_t id;
	bool crashed;
	void (*interrupt)(struct vm *vm, uint32_t message);
	void *interrupt_to; /* for whoever set it */
};

/* Guest-physical memory for a driver's own use, zero at first. */
static inline uint64_t vm_take(struct vm *vm, uint64_t size, uint64_t align)
{
	uint64_t at = (vm->ram_used + align - 1) & ~(align - 1);

	assert(at + size <= vm->ram_size);
	vm->ram_used = at + size;
	return vm->ram_gpa + at;
}

#endif
