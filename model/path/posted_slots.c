/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/path/posted_slots.h"

#include "model/host/classic.h"

/* Notes that @slot is posted by @n in a chain; false when it may not be. */
static inline bool slot_posted(struct nic *n, const struct ring_chain *c,
			       uint32_t slot, struct verdict *why)
{
	struct slots_posted *p = slots_posted(n);

	if (link_rule(n->link, RULE_WHOLE_SLOTS) && c->count != 1) {
		verdict_set(why, CLAUSE_EXT_WHOLE_SLOTS,
			    "head %u: %u slots in a receive chain", c->head,
			    c->count);
		return false;
	}
	if (link_rule(n->link, RULE_HOLD_MAP) && p->head[slot]) {
		verdict_set(why, CLAUSE_EXT_ONE_OWNER,
			    "head %u: slot %u is posted already", c->head,
			    slot);
		return false;
	}
	p->count += !p->head[slot];
	p->head[slot] = c->head + 1u;
	cost_count(n->link->cost, COST_MATCH, 1);
	return true;
}

/* A segment of a receive chain that is of @kind: a whole slot. */
static bool segment_posted(struct nic *n, const struct ring_chain *c,
			   uint32_t k, enum kind kind, uint32_t slot,
			   struct verdict *why)
{
	uint32_t size = n->link->slots.slot_size;

	if (kind == KIND_SLOTS && c->seg[k].len == size)
		return slot_posted(n, c, slot, why);
	verdict_set(why, CLAUSE_EXT_WHOLE_SLOTS,
		    "head %u: %u bytes are no slot of %u", c->head,
		    c->seg[k].len, size);
	return false;
}

bool slots_post(struct nic *n, const struct ring_chain *c, struct verdict *why)
{
	struct link *l = n->link;
	uint32_t slot = NOT_A_SLOT;
	enum kind kind;

	if (!l->paired || c->readable)
		return classic_posted(n, c, why);
	kind = classify(n, &c->seg[0], &slot);
	if (kind == KIND_CLASSIC)
		return classic_posted(n, c, why);
	for (uint32_t k = 0;;) {
		if (!segment_posted(n, c, k, kind, slot, why))
			return false;
		if (++k == c->count)
			break;
		kind = classify(n, &c->seg[k], &slot);
	}
	if (!link_rule(l, RULE_PRIVATE_RX)) {
		/* As any receive buffer: the next packet may go there. */
		if (!classic_posted(n, c, why))
			return false;
		n->line.fifo[(n->line.first + n->line.count - 1) & n->line.mask]
			.slot = slot;
	}
	return true;
}

uint32_t slots_post_batch(struct nic *n, uint32_t most)
{
	const struct link *l = n->link;
	const struct bar_geometry slots = l->slots;
	const uint64_t gpa = n->region_gpa;
	struct vq_pop_cursor in =
		vq_pop_begin(&n->rx, vq_device_layout(&n->rx), true);
	struct slots_posted *posted = slots_posted(n);
	uint32_t *heads = posted->head, k;
	struct ring_buffer c;

	if (!l->paired)
		return classic_posted_batch(n, most);
	if (!link_rule(l, RULE_PRIVATE_RX))
		return 0;
	for (k = 0; k < most && vq_pop_look(&in, &c); k++) {
		uint64_t slot = bar_begins(&slots, c.gpa - gpa);

		if (slot >= slots.slots || c.len != slots.slot_size ||
		    heads[slot])
			break;
		vq_pop_take(&in);
		heads[slot] = c.head + 1;
	}
	vq_pop_end(&n->rx, &in, k);
	posted->count += k;
	cost_count(l->cost, COST_MATCH, k);
	return k;
}

void slots_line_remove(struct posted_rx *l, uint32_t slot)
{
	uint32_t k = 0;

	while (k < l->count && l->fifo[(l->first + k) & l->mask].slot != slot)
		k++;
	if (k == l->count)
		return;
	for (; k; k--)
		l->fifo[(l->first + k) & l->mask] =
			l->fifo[(l->first + k - 1) & l->mask];
	l->first++;
	l->count--;
}

void slots_line_taken(struct nic *n, uint32_t first)
{
	struct slots_posted *p = slots_posted(n);

	for (; first != n->line.first; first++) {
		uint32_t slot = n->line.fifo[first & n->line.mask].slot;

		if (slot == NOT_A_SLOT)
			continue;
		p->count -= p->head[slot] != 0;
		p->head[slot] = 0;
	}
}
