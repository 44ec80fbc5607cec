/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/slot_canon.h"

#include <stdio.h>

#include "model/guest/net_driver.h"
#include "model/path/shared_buffers.h"

enum { NO_SLOT_THERE = 0xff, SLOTS_MAX = NO_SLOT_THERE };

bool slot_canon_can(const struct scenario *sc, char *error, size_t size)
{
	const struct explore_config *e = &sc->explore;
	const struct link_config *l = &sc->world.link[0];
	const char *needs = NULL;

	if (sc->world.links != 1 || sc->world.vms != 2)
		needs = "two VMs and one link";
	else if (sc->world.burst != 1 || sc->world.one_action)
		needs = "burst: 1 and step: burst";
	else if (l->alloc != ALLOC_FIFO || !path_has_slots(path_find(l->path)))
		needs = "path: shared-buffers and alloc: fifo";
	else if (e->resets || e->queue_resets || e->crashes || e->unpairs)
		needs = "no resets, crashes and unpairs";
	else if (sc->world.memory != MEMORY_SC)
		needs = "memory: sc";
	else if (l->bar.slots > SLOTS_MAX || l->ring.size > CANON_RING_MAX)
		needs = "fewer slots, or smaller rings";
	if (needs)
		snprintf(error, size, "%s: explore.grain slot needs %s",
			 sc->file, needs);
	return !needs;
}

static const struct net_driver *driver_of(const struct world *w, uint32_t end)
{
	return net_driver_of(world_driver(w, w->cfg->link[0].end[end], 0));
}

/* The slot that descriptor @head of a ring of @d points to. */
static uint8_t slot_of(const struct net_driver *d, const struct vq_driver *q,
		       uint32_t head)
{
	uint64_t off;
	uint32_t slot;

	if (head >= vq_driver_size(q))
		return NO_SLOT_THERE;
	off = gmem_load64(vq_driver_bytes(q).desc +
			  (size_t)head * SPLIT_DESC_SIZE) -
	      d->pci.shared_gpa;
	return bar_slot(&d->slots, off, 1, &slot) ? (uint8_t)slot
						  : NO_SLOT_THERE;
}

/* A slot in a queue, and whether it is a gift. */
static void entry_canon(struct canon *f, const struct net_driver *d,
			uint8_t slot)
{
	canon_u8(f, slot);
	if (slot != NO_SLOT_THERE)
		canon_u8(f, net_slot_bytes(d, slot)[0] & NET_HDR_GIFT);
}

static uint16_t avail_entry(const struct vq_driver *q, uint16_t i)
{
	return gmem_load16(vq_driver_bytes(q).driver + SPLIT_RING +
			   2u * (i & (vq_driver_size(q) - 1u)));
}

static uint32_t used_entry(const struct vq_driver *q, uint16_t i)
{
	return gmem_load32(vq_driver_bytes(q).device + SPLIT_RING +
			   (uint32_t)SPLIT_USED_SIZE *
				   (i & (vq_driver_size(q) - 1u)));
}

/* What was sent and waits for the host, oldest first. */
static void sent_canon(struct canon *f, const struct net_driver *d,
		       const struct nic *n)
{
	uint16_t end = gmem_load16(vq_driver_bytes(&d->tx).driver + SPLIT_IDX);

	canon_u8(f, (uint8_t)(end - vq_device_popped(&n->tx)));
	for (uint16_t i = vq_device_popped(&n->tx); i != end; i++)
		entry_canon(f, d, slot_of(d, &d->tx, avail_entry(&d->tx, i)));
}

/* What was received and waits for the driver, oldest first. */
static void received_canon(struct canon *f, const struct net_driver *d)
{
	uint16_t end = gmem_load16(vq_driver_bytes(&d->rx).device + SPLIT_IDX);

	canon_u8(f, (uint8_t)(end - vq_driver_taken(&d->rx)));
	for (uint16_t i = vq_driver_taken(&d->rx); i != end; i++)
		entry_canon(f, d, slot_of(d, &d->rx, used_entry(&d->rx, i)));
}

/* A bit for each slot that is posted, taken in by the host or not. */
static void posted_canon(struct canon *f, const struct net_driver *d,
			 const struct nic *n)
{
	uint16_t end = gmem_load16(vq_driver_bytes(&d->rx).driver + SPLIT_IDX);
	uint8_t posted[SLOTS_MAX + 1] = {0};

	for (uint32_t s = 0; s < d->slots.slots; s++)
		posted[s] = slots_posted(n)->head[s] != 0;
	for (uint16_t i = vq_device_popped(&n->rx); i != end; i++)
		posted[slot_of(d, &d->rx, avail_entry(&d->rx, i))] = 1;
	canon_bytes(f, posted, d->slots.slots);
}

void slot_canon(const struct world *w, struct canon *f)
{
	for (uint32_t end = 0; end < 2; end++) {
		const struct net_driver *d = driver_of(w, end);
		const struct nic *n = &w->link[0].nic[end];

		canon_u8(f, d->started && d->paired);
		if (!d->started || !d->paired)
			continue;
		for (uint32_t s = 0; s < d->slots.slots; s++)
			canon_u8(f, d->belief[s] == SLOT_MINE);
		posted_canon(f, d, n);
		sent_canon(f, d, n);
		received_canon(f, d);
	}
}

bool slot_waits(const struct world *w, uint32_t end)
{
	const struct net_driver *d = driver_of(w, end);

	return d->started &&
	       vq_device_popped(&w->link[0].nic[end].tx) !=
		       gmem_load16(vq_driver_bytes(&d->tx).driver + SPLIT_IDX);
}
