/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots that a driver has posted for receive, as the host of shared buffers
 * takes them in. What they are matched with is shared_buffers.c's affair.
 */
#ifndef TWINRING_MODEL_PATH_POSTED_SLOTS_H
#define TWINRING_MODEL_PATH_POSTED_SLOTS_H

#include "model/path/shared_buffers.h"
#include "model/ring/virtqueue.h"

/* What a transmit chain is, by its addresses (races 8, 18, 49). */
enum kind { KIND_SLOTS, KIND_CLASSIC, KIND_BAD };

/* The slot that a segment of @n's VM is, by offset in the BAR (race 6). */
static inline enum kind classify(const struct nic *n,
				 const struct ring_seg *seg, uint32_t *slot)
{
	const struct link *l = n->link;
	uint64_t off = seg->gpa - n->region_gpa; /* wraps below the BAR */

	if (bar_slot(&l->slots, off, seg->len, slot))
		return KIND_SLOTS;
	return off < bar_bytes(&l->slots) ? KIND_BAD : KIND_CLASSIC;
}

/*
 * Takes in a receive chain: by slot, or into the line of private buffers. False
 * names in @why the rule that its driver broke.
 */
bool slots_post(struct nic *n, const struct ring_chain *c, struct verdict *why);

/*
 * The same for up to @most chains that are one whole slot each, none posted
 * before; how many.
 */
uint32_t slots_post_batch(struct nic *n, uint32_t most);

/* A slot was used by a match: its place in the line closes up. */
void slots_line_remove(struct posted_rx *l, uint32_t slot);

/*
 * Slots that the line of @n has given to classic packets since its first was
 * @first cannot be matched.
 */
void slots_line_taken(struct nic *n, uint32_t first);

#endif
