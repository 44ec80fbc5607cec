/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/fetch/fetch_once.h"

#include <inttypes.h>
#include <stdio.h>

extern const char __executable_start;

const struct area *area_of(const uint8_t *at)
{
	for (uint32_t i = 0; i < f.areas; i++)
		if ((size_t)(at - f.area[i].at) < f.area[i].size)
			return &f.area[i];
	return NULL;
}

static void area_add(const uint8_t *at, size_t size, char kind, uint32_t number)
{
	if (size)
		f.area[f.areas++] = (struct area){at, size, kind, number};
}

static void areas_find(const struct world *w)
{
	f.areas = 0;
	for (uint32_t i = 0; i < w->cfg->vms; i++)
		area_add(w->vm[i].ram, w->vm[i].ram_size, 'R', i);
	for (uint32_t i = 0; i < w->cfg->links; i++)
		area_add(w->link[i].region, w->map.link[i].bar_size, 'B', i);
}

/* Has @see look at each ring that drivers work. */
static void rings_each(const struct world *w,
		       void (*see)(const struct world *w, uint32_t vm,
				   const struct guest_ring *r))
{
	for (uint32_t vm = 0; vm < w->cfg->vms; vm++)
		for (uint32_t i = 0; i < w->guest[vm].drivers; i++) {
			struct guest_driver *d = w->guest[vm].driver[i];
			struct guest_ring ring[NIC_QUEUES];
			uint32_t rings = d->ops->rings(d, ring);

			for (uint32_t q = 0; q < rings; q++)
				see(w, vm, &ring[q]);
		}
}

static void index_add(const uint16_t *at)
{
	f.index[f.indexes++] = at;
}

static void ring_index_add(const struct world *w, uint32_t vm,
			   const struct guest_ring *r)
{
	(void)w;
	(void)vm;
	index_add(r->at);
}

/* Indexes of their own by which parties say how far they have come. */
static void indexes_find(const struct world *w)
{
	f.indexes = 0;
	for (uint32_t i = 0; i < nic_count(&w->cfg->numbers); i++) {
		index_add(vq_device_popped_at(
			&w->link[nic_link(&w->cfg->numbers, i)]
				 .nic[nic_end(&w->cfg->numbers, i)]
				 .rx));
		index_add(vq_device_popped_at(
			&w->link[nic_link(&w->cfg->numbers, i)]
				 .nic[nic_end(&w->cfg->numbers, i)]
				 .tx));
	}
	rings_each(w, ring_index_add);
}

/* The bytes of a ring of @vm's own. */
static struct split_bytes bytes_of(const struct world *w, uint32_t vm,
				   const struct guest_ring *r)
{
	struct split_bytes at;
	bool mapped = split_map(&r->area, &w->vm[vm].mem, &at, NULL);

	assert(mapped);
	(void)mapped;
	return at;
}

static void entries_add(const struct world *w, uint32_t vm,
			const struct guest_ring *r)
{
	if (r->own)
		f.entries[f.rings++] =
			(struct entries){bytes_of(w, vm, r).avail + SPLIT_RING,
					 r->area.size * sizeof(uint16_t)};
}

/* Where drivers put their available rings. */
static void entries_find(const struct world *w)
{
	f.rings = 0;
	f.entry = NULL;
	rings_each(w, entries_add);
}

static void is_index(const struct world *w, uint32_t vm,
		     const struct guest_ring *r)
{
	struct split_bytes at;

	if (!r->own)
		return;
	at = bytes_of(w, vm, r);
	f.is_index |= f.looked_up == at.avail + SPLIT_IDX ||
		      f.looked_up == at.used + SPLIT_IDX;
}

bool is_any_index(const struct world *w, const uint8_t *at)
{
	f.looked_up = at;
	f.is_index = false;
	rings_each(w, is_index);
	return f.is_index;
}

void places_find(const struct world *w)
{
	areas_find(w);
	indexes_find(w);
	entries_find(w);
}

/* Where in the program, for those who know its symbols. */
static unsigned long code(const void *reader)
{
	return (unsigned long)((const char *)reader - &__executable_start);
}

void place_say(const char *what)
{
	const struct area *a = area_of(f.target);

	printf("%s: seed %" PRIu64 ", actor %u, %s %u at %#lx, changed to %#x "
	       "between 0x%lx and 0x%lx\n",
	       what, f.seed, f.actor, a->kind == 'R' ? "RAM of VM" : "BAR",
	       a->number, (unsigned long)(f.target - a->at), f.value,
	       code(f.reader[0]), f.reader[1] ? code(f.reader[1]) : 0);
}
