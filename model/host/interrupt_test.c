/* SPDX-License-Identifier: BSD-3-Clause */
/* What one interrupt costs, and several at once, by how a guest gets them. */
#include "model/host/interrupt.h"

#include <string.h>

#include "model/host/kick.h"
#include "model/unit.h"

static struct interrupt_book book;
static struct link_config cfg;
static struct cost_meter cost;
static struct vm vm = {.id = 3};

enum { NIC = 5 };

static void begin(enum interrupts how, bool asleep)
{
	memset(&book, 0, sizeof book);
	memset(&cost, 0, sizeof cost);
	cfg = (struct link_config){.interrupts = how};
	vm.signal = (struct signal){.asleep = asleep};
}

static void inject(uint32_t vector)
{
	interrupt_count(&book, &cfg, &vm, NIC, vector, &cost);
	vm.signal.raised = true;
}

static void take(void)
{
	interrupt_take(&book, vm.id, &cost);
	vm.signal.raised = false;
}

/* All that was counted, in this order. */
static void is(uint64_t interrupts, uint64_t handlers, uint64_t ipis,
	       uint64_t windows, uint64_t eois, uint64_t wakes)
{
	CU_ASSERT_EQUAL(cost.count[COST_INTERRUPT], interrupts);
	CU_ASSERT_EQUAL(cost.count[COST_HANDLER], handlers);
	CU_ASSERT_EQUAL(cost.count[COST_EXIT_IPI], ipis);
	CU_ASSERT_EQUAL(cost.count[COST_EXIT_WINDOW], windows);
	CU_ASSERT_EQUAL(cost.count[COST_EXIT_EOI], eois);
	CU_ASSERT_EQUAL(cost.count[COST_WAKE], wakes);
}

static void bare(void)
{
	begin(INTERRUPTS_BARE, true);
	inject(1);
	interrupt_take(&book, vm.id, &cost);
	is(1, 0, 0, 0, 0, 0);
	interrupt_count(NULL, &cfg, &vm, NIC, 1, &cost);
	is(2, 0, 0, 0, 0, 0);
}

/* A guest that runs leaves for it, one that sleeps has left and is woken. */
static void one(void)
{
	static const uint64_t eois[] = {0, 1, 0, 0};

	for (int how = INTERRUPTS_EMULATED; how <= INTERRUPTS_POSTED; how++) {
		begin((enum interrupts)how, false);
		inject(1);
		is(1, 0, 0, 0, 0, 0); /* the guest pays when it looks */
		take();
		is(1, 1, how != INTERRUPTS_POSTED, 0, eois[how], 0);
		take();
		is(1, 1, how != INTERRUPTS_POSTED, 0, eois[how], 0);
		begin((enum interrupts)how, true);
		inject(1);
		take();
		is(1, 1, 0, 0, eois[how], 1);
	}
}

/* The second has to wait for the first, and is seen at the end of that. */
static void two(void)
{
	begin(INTERRUPTS_EMULATED, false);
	inject(1), inject(2), take();
	is(2, 2, 1, 1, 2, 0);
	begin(INTERRUPTS_PV_EOI, false);
	inject(1), inject(2), take();
	is(2, 2, 1, 1, 1, 0);
	begin(INTERRUPTS_POSTED, true);
	inject(1), inject(2), take();
	is(2, 2, 0, 0, 0, 1);
}

/* A vector that is up already is taken once, and anew when it was taken. */
static void the_same(void)
{
	begin(INTERRUPTS_EMULATED, false);
	inject(1), inject(1), inject(1);
	take();
	is(3, 1, 1, 0, 1, 0);
	inject(1), take();
	is(4, 2, 2, 0, 2, 0);
}

static void without_pci(void)
{
	begin(INTERRUPTS_POSTED, false);
	cfg.kick = KICK_MMIO;
	inject(1), take();
	CU_ASSERT_EQUAL(cost.count[COST_REGISTER], 2);
	CU_ASSERT_EQUAL(cost.count[COST_EXIT_HEAVY], 2);
}

static void kicks(void)
{
	static const enum cost light[] = {
		[KICK_PCI] = COST_EXIT_LIGHT,
		[KICK_MMIO] = COST_EXIT_LIGHT,
		[KICK_CCW] = COST_HYPERCALL,
		[KICK_HYPERCALL] = COST_HYPERCALL,
	};

	for (int how = KICK_PCI; how <= KICK_HYPERCALL; how++) {
		begin(INTERRUPTS_BARE, false);
		cfg.kick = (enum kick)how;
		kick_count(&cfg, &cost);
		CU_ASSERT_EQUAL(cost.count[light[how]], 1);
		CU_ASSERT_EQUAL(cost_sum(cost.count, COST_SORT_EXIT), 1);
		begin(INTERRUPTS_BARE, false);
		cfg.kick = (enum kick)how;
		cfg.exits = EXITS_HEAVY;
		kick_count(&cfg, &cost);
		CU_ASSERT_EQUAL(cost.count[COST_EXIT_HEAVY], 1);
		CU_ASSERT_EQUAL(cost_sum(cost.count, COST_SORT_EXIT), 1);
		CU_ASSERT_EQUAL(cost.count[COST_REGISTER], how <= KICK_MMIO);
	}
}

static const struct unit_case cases[] = {
	{"bare", bare},
	{"one", one},
	{"two", two},
	{"the same", the_same},
	{"without PCI", without_pci},
	{"kicks", kicks},
};

UNIT_MAIN("interrupt", cases)
