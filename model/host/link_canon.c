/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/link_canon.h"

#include "model/host/path_ops.h"

/* What the device took in of receive queue @rx. */
static void posted_canon(const struct nic *n, struct canon *f, uint32_t rx)
{
	posted_rx_canon(&n->line, f, n->link->index, rx);
	if (n->link->path->canon_posted)
		n->link->path->canon_posted(n, f, rx);
}

void nic_canon(const struct nic *n, struct canon *f)
{
	device_canon(&n->dev, f, n->link->epoch);
	pci_canon(&n->pci, f);
	canon_u32(f, n->hdr_len);
	if (vq_device_live(&n->rx))
		posted_canon(n, f, queue_of_nic(n->number, NET_RX));
}

void worker_canon(const struct worker *w, struct canon *f)
{
	canon_flags(f, w->parked, w->acted, w->awake, w->found, w->late);
	canon_u8(f, w->phase);
	held_canon(&w->held, f,
		   queue_of_nic(w->link->nic[w->end].number, NET_TX));
	if (w->parked)
		canon_flags(f, w->timed);
}

bool link_slots_alike(const struct link *l)
{
	uint32_t needed = RULE_BIT(RULE_EPOCH) | RULE_BIT(RULE_WHOLE_SLOTS) |
			  RULE_BIT(RULE_PARTITION);

	return (l->cfg->rules & needed) == needed && !l->cfg->ring.reset &&
	       l->cfg->alloc != ALLOC_ADDRESS;
}

void link_canon(const struct link *l, struct canon *f, bool alike)
{
	canon_flags(f, l->paired, l->unpair_asked);
	canon_u8(f, l->reject_reason);
	if (!alike)
		canon_link_number(f, l->index);
	if (l->path->canon)
		l->path->canon(l, f);
	if (l->paired)
		l->path->canon_paired(l, f);
}
