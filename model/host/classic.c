/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/host/classic.h"

void classic_drop(struct worker *w)
{
	probe_emit(w->link->probe, EV_DROP, queue_id(w->link->index, w->end, 1),
		   0, 0, (uint32_t)w->chain.read_len, w->chain.head);
	split_device_used(&w->link->nic[w->end].tx, w->chain.head, 0);
}

bool classic_posted(struct nic *n, const struct ring_chain *c)
{
	return rx_line_post(&n->line, c);
}

/* Copies the held chain's frame into the receiver's line of buffers. */
static enum line_end deliver(struct worker *w, uint32_t frame)
{
	struct nic *from = &w->link->nic[w->end];
	struct nic *to = &w->link->nic[!w->end];
	struct mover m = {w->link->probe, w->link->cost,  EV_HOST_READ,
			  EV_HOST_WRITE,  COST_HOST_COPY, COST_HOST_BYTE};
	struct cursor src = {.mem = &from->vm->mem,
			     .seg = w->chain.seg,
			     .count = w->chain.readable,
			     .vm = (uint16_t)from->vm->id,
			     .queue = from->tx.queue};
	struct rx_form form = {to->dev.accepted, to->hdr_len};
	struct virtio_net_hdr h = {0};

	if (!mover_get(&m, &src, &h, from->hdr_len))
		return LINE_BROKEN;
	return rx_line_deliver(&to->line, &m, &src, &h, frame, &form);
}

enum carry classic_carry(struct worker *w)
{
	struct nic *from = &w->link->nic[w->end];
	struct nic *to = &w->link->nic[!w->end];
	enum line_end end = LINE_BROKEN;
	uint64_t frame = w->chain.read_len - from->hdr_len; /* may wrap */

	if (nic_rx_away(to))
		return CARRY_WAIT;
	if (to->rx.live && frame <= w->link->cfg->max_frame) {
		end = deliver(w, (uint32_t)frame);
		if (end == LINE_WAIT && nic_intake(to))
			end = deliver(w, (uint32_t)frame);
		if (end == LINE_WAIT)
			return CARRY_WAIT;
	}
	if (end == LINE_DONE)
		split_device_used(&from->tx, w->chain.head, 0);
	else
		classic_drop(w);
	return CARRIED;
}
