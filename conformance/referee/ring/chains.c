/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/chains.h"

#include <string.h>

#include "conformance/referee/ring/chain_walk.h"

/* The specification's words, not the model's: constants are our own. */
enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4 };

size_t chains_bytes(uint16_t size)
{
	return size * (sizeof(struct chain_note) + sizeof(struct chain_desc)) +
	       _Alignof(struct chain_note) + _Alignof(struct chain_desc);
}

void chains_init(struct chains *c, uint16_t size, bool indirect,
		 struct arena *arena)
{
	assert(size && (size & (size - 1)) == 0);
	*c = (struct chains){
		.note = arena_new(arena, struct chain_note, size),
		.fresh = arena_new(arena, struct chain_desc, size),
		.size = size,
		.indirect = indirect,
	};
}

void chains_reset(struct chains *c, uint16_t start)
{
	memset(c->note, 0, c->size * sizeof *c->note);
	c->fresh_count = 0;
	c->outstanding = 0;
	c->used_idx = start;
}

bool chains_live(const struct chains *c, uint16_t index)
{
	const struct chain_note *n = &c->note[index];

	if (n->state == CHAIN_MEMBER)
		n = &c->note[n->at];
	assert(n->state != CHAIN_MEMBER);
	if (n->state == CHAIN_USED)
		return !chains_below(n->at, c->used_idx);
	return n->state == CHAIN_EXPOSED;
}

void chains_members_free(struct chains *c, uint16_t head)
{
	struct chain_note *n = &c->note[head];
	uint16_t next = n->next;

	assert(n->state == CHAIN_EXPOSED || n->state == CHAIN_USED);
	for (uint16_t k = 1; k < n->count; k++) {
		assert(c->note[next].state == CHAIN_MEMBER);
		assert(c->note[next].at == head);
		c->note[next].state = CHAIN_FREE;
		next = c->note[next].next;
	}
	n->count = 1;
}

void chains_release(struct chains *c, uint16_t head)
{
	struct chain_note *n = &c->note[head];

	assert(n->state == CHAIN_USED);
	if (n->count > 1)
		chains_members_free(c, head);
	n->state = CHAIN_FREE;
}

/* Field by field, in place: a copy would have to wait for what it copies. */
static inline void desc_set(struct chain_desc *d, const struct event_item *i,
			    uint32_t b)
{
	d->addr = i->addr;
	d->len = i->len;
	d->index = (uint16_t)i->a;
	d->flags = (uint16_t)b;
	d->next = (uint16_t)(b >> 16);
	d->walked = false;
}

bool chains_desc(struct chains *c, const struct event *ev, struct verdict *why)
{
	uint16_t index = (uint16_t)ev->a;

	if (c->fresh_count++ < c->size)
		desc_set(&c->fresh[c->fresh_count - 1], &ev->item, ev->b);
	if (c->indirect)
		return true; /* it may belong to an indirect table */
	if (ev->a >= c->size) {
		verdict_set(why, CLAUSE_SPLIT_HEAD,
			    "descriptor %u of a table of %u", ev->a, c->size);
		return false;
	}
	if (c->note[index].state != CHAIN_FREE && chains_live(c, index)) {
		verdict_set(
			why, CLAUSE_SPLIT_LIVE_DESC,
			"descriptor %u is written while the device holds it",
			index);
		return false;
	}
	return true;
}

uint32_t chains_desc_batch(struct chains *c, const struct event *ev, uint32_t k)
{
	const struct event_item *item = event_items(ev) + k;
	const struct chain_note *note = c->note;
	const uint32_t size = c->size;
	struct chain_desc *fresh;
	uint32_t b = k ? event_desc_b(ev->b, item - 1) : ev->b;
	uint32_t most = event_count(ev) - k, n;

	if (c->indirect || c->fresh_count >= size)
		return 0;
	if (most > size - c->fresh_count)
		most = size - c->fresh_count;
	fresh = &c->fresh[c->fresh_count];
	for (n = 0; n < most; n++) {
		if (item[n].a >= size || note[item[n].a].state != CHAIN_FREE)
			break;
		desc_set(&fresh[n], &item[n], b);
		b = event_desc_b(b, &item[n]);
	}
	c->fresh_count += n;
	return n;
}

/* The fresh descriptors are members of @head's chain; @count are free again. */
static void members_undo(struct chains *c, uint32_t count)
{
	while (count--)
		c->note[c->fresh[count].index].state = CHAIN_FREE;
}

/*
 * A chain of free descriptors that were written from its end to its beginning
 * and are all alike, as most chains of several are: exposed, in one walk. False
 * for any other one, of which nothing is noted then.
 */
static bool offer_plain(struct chains *c, const struct event *ev)
{
	const uint16_t head = (uint16_t)ev->a, flags = (uint16_t)ev->b;
	const uint32_t count = c->fresh_count;
	uint64_t bytes = ev->len;
	uint16_t next = 0;

	if (c->indirect || flags & DESC_INDIRECT || !count ||
	    count >= c->size || count + 1 != ev->a >> 16 ||
	    !(flags & DESC_NEXT) || c->note[head].state != CHAIN_FREE)
		return false;
	c->note[head].state = CHAIN_EXPOSED;
	for (uint32_t k = 0; k < count; k++) {
		const struct chain_desc *d = &c->fresh[k];
		uint16_t due = k ? flags : (uint16_t)(flags & ~DESC_NEXT);

		if (d->index >= c->size || d->flags != due ||
		    (k && d->next != next) ||
		    c->note[d->index].state != CHAIN_FREE) {
			members_undo(c, k);
			c->note[head].state = CHAIN_FREE;
			return false;
		}
		c->note[d->index] = (struct chain_note){
			.at = head, .next = next, .state = CHAIN_MEMBER};
		bytes += d->len;
		next = d->index;
	}
	if (bytes > UINT64_C(1) << 32) {
		members_undo(c, count);
		c->note[head].state = CHAIN_FREE;
		return false;
	}
	if (bytes > UINT32_MAX)
		bytes = UINT32_MAX;
	c->note[head] = (struct chain_note){
		.room = flags & DESC_WRITE ? (uint32_t)bytes : 0,
		.at = (uint16_t)(ev->b >> 16),
		.next = next,
		.count = (uint16_t)(count + 1),
		.state = CHAIN_EXPOSED};
	c->outstanding++;
	c->fresh_count = 0;
	return true;
}

bool chains_offer(struct chains *c, const struct event *ev, struct verdict *why)
{
	if (offer_plain(c, ev))
		return true;
	return chain_walk_offer(c, ev, why);
}
