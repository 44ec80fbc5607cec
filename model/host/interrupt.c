/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/interrupt.h"

enum { MMIO_REGISTERS = 2 }; /* which interrupt it was, and that it was seen */

/* The same vector once more, before the guest has looked: one handler runs. */
static bool merged(struct interrupt_book *book, uint32_t vm, uint32_t nic,
		   uint32_t vector)
{
	struct interrupt_up *up = &book->nic[nic];
	uint32_t round = book->vm[vm].round, bit = 1u << vector;

	if (up->round != round)
		*up = (struct interrupt_up){.round = round};
	if (up->vectors & bit)
		return true;
	up->vectors |= bit;
	return false;
}

/* What the guest will have to pay for one; NULL: for none that it has not. */
static struct interrupt_owed *inject(struct interrupt_book *book,
				     const struct link_config *cfg,
				     const struct vm *vm, uint32_t nic,
				     uint32_t vector, struct cost_meter *cost)
{
	const bool emulated = cfg->interrupts == INTERRUPTS_EMULATED;
	struct interrupt_owed *owed;
	bool waits;

	cost_count(cost, COST_INTERRUPT, 1);
	if (cfg->interrupts == INTERRUPTS_BARE)
		return NULL;
	owed = &book->vm[vm->id];
	waits = owed->handlers;
	if (merged(book, vm->id, nic, vector))
		return NULL;
	owed->handlers++;
	if (vm->signal.asleep && !vm->signal.raised)
		cost_count(cost, COST_WAKE, 1);
	if (cfg->interrupts == INTERRUPTS_POSTED)
		return owed;
	owed->ipis += !vm->signal.asleep && !waits;
	owed->windows += waits; /* the one before it is not over */
	owed->eois += emulated || waits;
	return owed;
}

void interrupt_count(struct interrupt_book *book, const struct link_config *cfg,
		     const struct vm *vm, uint32_t nic, uint32_t vector,
		     struct cost_meter *cost)
{
	struct interrupt_owed *owed = inject(book, cfg, vm, nic, vector, cost);

	if (owed && cfg->kick == KICK_MMIO)
		owed->registers += MMIO_REGISTERS;
}

void interrupt_count_level(struct interrupt_book *book,
			   const struct link_config *cfg, const struct vm *vm,
			   uint32_t nic, uint32_t vector,
			   struct cost_meter *cost)
{
	uint32_t eois = book ? book->vm[vm->id].eois : 0;
	struct interrupt_owed *owed = inject(book, cfg, vm, nic, vector, cost);

	if (owed)
		owed->eois = eois + 1;
}

void interrupt_take(struct interrupt_book *book, uint32_t vm,
		    struct cost_meter *cost)
{
	struct interrupt_owed *owed = &book->vm[vm];

	if (!owed->handlers)
		return;
	cost_count(cost, COST_HANDLER, owed->handlers);
	cost_count(cost, COST_REGISTER, owed->registers);
	cost_count(cost, COST_EXIT_HEAVY, owed->registers);
	cost_count(cost, COST_EXIT_EOI, owed->eois);
	cost_count(cost, COST_EXIT_WINDOW, owed->windows);
	cost_count(cost, COST_EXIT_IPI, owed->ipis);
	*owed = (struct interrupt_owed){.round = owed->round + 1};
}
