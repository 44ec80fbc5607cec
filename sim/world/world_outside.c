/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What comes over a world from outside its actors' steps: resets and crashes,
 * words and registers that somebody writes, notifications that get lost.
 */
#include "sim/world/world.h"

enum { PCI_BAR_STEP = 0x1000 }; /* from registers to the MSI-X table */

void world_reset_vm(struct world *w, uint32_t vm)
{
	w->probe->actor = (actor_id)vm;
	guest_reset(&w->guest[vm]);
	signal_raise(&w->vm[vm].signal, w->cost);
}

bool world_reset_queue(struct world *w, uint32_t vm, uint32_t link,
		       uint32_t queue)
{
	struct guest_driver *d = world_driver(w, vm, link);

	w->probe->actor = (actor_id)vm;
	if (w->vm[vm].crashed || !d || !d->ops->reset_queue ||
	    !d->ops->reset_queue(d, queue))
		return false;
	signal_raise(&w->vm[vm].signal, w->cost);
	return true;
}

void world_crash_vm(struct world *w, uint32_t vm)
{
	w->vm[vm].crashed = true;
	w->actor[vm].state = ACTOR_DEAD;
	w->probe->actor = (actor_id)vm;
	for (uint32_t i = 0; i < w->cfg->links; i++)
		for (uint32_t end = 0; end < 2; end++)
			if (w->cfg->link[i].end[end] == vm)
				link_crash(&w->link[i], end);
}

void world_accept(struct world *w, uint32_t vm, uint64_t features)
{
	w->probe->actor = (actor_id)vm;
	guest_accept(&w->guest[vm], features);
	signal_raise(&w->vm[vm].signal, w->cost);
}

bool world_lose(struct world *w, uint32_t nic, bool call)
{
	uint8_t *lose = &w->dropped[nic].lose[call];

	if (*lose == DROPS_MAX)
		return false;
	++*lose;
	return true;
}

bool world_register(struct world *w, uint32_t vm, uint32_t link, uint32_t off,
		    uint32_t value)
{
	uint32_t end = w->cfg->link[link].end[1] == vm;
	uint32_t bar = off < PCI_BAR_STEP ? PCI_BAR_REGISTERS : PCI_BAR_MSIX;
	const struct path_registers *own = w->link[link].path->registers;

	if (w->vm[vm].crashed || (!own && !link_has_nic(&w->link[link], end)))
		return false;
	w->probe->actor = (actor_id)vm;
	if (own) {
		own->write(&w->link[link], end, off, value);
		return true;
	}
	pci_bar_write(&w->link[link].nic[end].pci, bar, off % PCI_BAR_STEP, 4,
		      value);
	return true;
}

bool world_poke(struct world *w, uint32_t vm, uint32_t window, uint64_t off,
		uint16_t value)
{
	const struct gmem *m = &w->vm[vm].mem;

	if (w->vm[vm].crashed || window >= m->count || off % 2 ||
	    m->window[window].size < 2 || off > m->window[window].size - 2)
		return false;
	gmem_store16(m->window[window].base + off, value);
	return true;
}

void world_unpair(struct world *w, uint32_t link)
{
	w->probe->actor = actor_host(w->cfg, link, 0);
	link_unpair(&w->link[link], REJECT_ASKED);
}

void world_pair(struct world *w, uint32_t link)
{
	w->probe->actor = actor_host(w->cfg, link, 0);
	link_pair(&w->link[link]);
}

void world_kick(struct world *w, uint32_t nic)
{
	w->probe->actor = actor_guest(nic_vm(w->cfg, nic));
	link_kick(&w->link[nic_link(&w->cfg->numbers, nic)],
		  nic_end(&w->cfg->numbers, nic));
}

void world_call(struct world *w, uint32_t nic)
{
	w->probe->actor = actor_host(w->cfg, nic_link(&w->cfg->numbers, nic),
				     !nic_end(&w->cfg->numbers, nic));
	link_call(&w->link[nic_link(&w->cfg->numbers, nic)],
		  nic_end(&w->cfg->numbers, nic));
}

void world_heal(struct world *w)
{
	for (uint32_t nic = 0; nic < nic_count(&w->cfg->numbers); nic++) {
		if (w->link[nic_link(&w->cfg->numbers, nic)].unpair_asked)
			world_pair(w, nic_link(&w->cfg->numbers, nic));
		if (w->dropped[nic].lost) {
			world_kick(w, nic);
			world_call(w, nic);
		}
		w->dropped[nic] = (struct dropped_notifications){0};
	}
}
