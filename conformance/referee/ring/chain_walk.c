/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/chain_walk.h"

/* The specification's words, not the model's: constants are our own. */
enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, DESC_BYTES = 16 };

/* One chain while it is followed. */
struct walk {
	struct chains *c;
	struct verdict *why;
	uint64_t read;
	uint64_t write;
	uint32_t segments;
	uint32_t hint; /* where the next fresh descriptor likely is */
	uint16_t head;
	uint16_t tail; /* last descriptor that came from the table */
};

static bool walk_stop(struct walk *w, enum clause broken, const char *what,
		      uint32_t number)
{
	verdict_set(w->why, broken, "head %u: %s %u", w->head, what, number);
	return false;
}

/* Adds one segment of the buffer. */
static bool walk_segment(struct walk *w, uint16_t flags, uint32_t len)
{
	bool write = flags & DESC_WRITE;

	if (++w->segments > w->c->size)
		return walk_stop(w, CLAUSE_SPLIT_CHAIN_LONG,
				 "more descriptors than", w->c->size);
	if (!write && w->write)
		return walk_stop(w, CLAUSE_SPLIT_ORDER,
				 "readable behind writable, segment",
				 w->segments - 1);
	*(write ? &w->write : &w->read) += len;
	if (w->read + w->write > UINT64_C(1) << 32)
		return walk_stop(w, CLAUSE_SPLIT_CHAIN_BYTES,
				 "more than 2^32 bytes with segment",
				 w->segments - 1);
	return true;
}

static uint32_t fresh_kept(const struct chains *c)
{
	return c->fresh_count < c->size ? c->fresh_count : c->size;
}

/*
 * The fresh descriptor called @index that is not walked yet, the newest first.
 * The one at the hint is right if the driver writes in order, up or down.
 */
static const struct chain_desc *fresh_find(struct walk *w, uint16_t index,
					   int step)
{
	struct chain_desc *fresh = w->c->fresh;
	uint32_t kept = fresh_kept(w->c);
	uint32_t i = w->hint;

	if (i >= kept || fresh[i].index != index || fresh[i].walked)
		for (i = kept; i-- > 0;)
			if (fresh[i].index == index && !fresh[i].walked)
				break;
	if (i >= kept)
		return NULL;
	fresh[i].walked = true;
	w->hint = i + (uint32_t)step;
	return &fresh[i];
}

static bool fresh_walked(const struct chains *c, uint16_t index)
{
	uint32_t kept = fresh_kept(c);

	for (uint32_t i = 0; i < kept; i++)
		if (c->fresh[i].index == index && c->fresh[i].walked)
			return true;
	return false;
}

/* Why is there no descriptor @index: too many, a loop, or never written? */
static bool walk_lost(struct walk *w, uint16_t index)
{
	if (w->segments >= w->c->size)
		return walk_stop(w, CLAUSE_SPLIT_CHAIN_LONG,
				 "more descriptors than", w->c->size);
	if (fresh_walked(w->c, index))
		return walk_stop(w, CLAUSE_SPLIT_CHAIN_BYTES,
				 "the chain loops at descriptor", index);
	return walk_stop(w, CLAUSE_SPLIT_AVAIL_ORDER,
			 "made available before it was written, descriptor",
			 index);
}

static bool in_memory(const struct chains *c, uint64_t addr, uint32_t len)
{
	bool known = false;

	for (int i = 0; i < 2; i++) {
		uint64_t off = addr - c->memory[i].gpa;

		if (c->memory[i].size == 0)
			continue;
		known = true;
		if (off < c->memory[i].size && len <= c->memory[i].size - off)
			return true;
	}
	return !known;
}

/* True when @len bytes at @addr can hold a table that may be there. */
static bool table_check(struct walk *w, uint16_t flags, uint64_t addr,
			uint32_t len)
{
	if (!w->c->indirect)
		return walk_stop(w, CLAUSE_SPLIT_INDIR_FEATURE,
				 "INDIRECT is not negotiated, flags", flags);
	if (flags & DESC_NEXT)
		return walk_stop(w, CLAUSE_SPLIT_INDIR_NEXT,
				 "INDIRECT and NEXT, flags", flags);
	if (len == 0 || len % DESC_BYTES || !in_memory(w->c, addr, len))
		return walk_stop(w, CLAUSE_SPLIT_INDIR_TABLE,
				 "no table in memory, bytes", len);
	return true;
}

/* Follows an indirect table, whose entries are all fresh. */
static bool walk_table(struct walk *w, uint32_t len)
{
	uint16_t index = 0;

	w->hint = 0;
	for (;;) {
		const struct chain_desc *d = fresh_find(w, index, 1);

		if (!d)
			return walk_lost(w, index);
		if (d->flags & DESC_INDIRECT)
			return walk_stop(w, CLAUSE_SPLIT_INDIR_NEST,
					 "nested table, entry", index);
		if (!walk_segment(w, d->flags, d->len))
			return false;
		if (!(d->flags & DESC_NEXT))
			return true;
		if (d->next >= len / DESC_BYTES)
			return walk_stop(w, CLAUSE_SPLIT_INDIR_TABLE,
					 "next lies behind the table, entry",
					 d->next);
		index = d->next;
	}
}

/*
 * Makes table descriptor @index the chain's next member. False when the
 * device holds it: chains_desc() has said so unless tables are about.
 */
static bool walk_claim(struct walk *w, uint16_t index)
{
	struct chain_note *n = &w->c->note[index];
	bool live = chains_live(w->c, index);

	if (n->state == CHAIN_MEMBER && n->at == w->head)
		return walk_stop(w, CLAUSE_SPLIT_CHAIN_BYTES,
				 "the chain loops at descriptor", index);
	if (live && n->state != CHAIN_MEMBER)
		goto out; /* the other chain's head stays what it is */
	if (n->state == CHAIN_MEMBER)
		chains_members_free(w->c, n->at);
	else if (n->state == CHAIN_USED)
		chains_release(w->c, index);
	*n = (struct chain_note){.at = w->head, .state = CHAIN_MEMBER};
	w->c->note[w->tail].next = index;
	w->c->note[w->head].count++;
	w->tail = index;
out:
	if (live && w->c->indirect)
		return walk_stop(w, CLAUSE_SPLIT_LIVE_DESC,
				 "the device holds descriptor", index);
	return true;
}

/*
 * What stands behind the head: events do not say, but drivers write a chain
 * from its end to its beginning or the other way round. Entries of a table at
 * the chain's end come before both.
 */
static uint16_t walk_second(const struct chains *c)
{
	uint32_t kept = fresh_kept(c);
	const struct chain_desc *last = &c->fresh[kept - 1];
	const struct chain_desc *prev = &c->fresh[kept - 2];

	if (kept > 1 && (prev->flags & DESC_NEXT) && prev->next == last->index)
		return c->fresh[0].index;
	return last->index;
}

/* Finds the descriptor behind the one that was walked, and claims it. */
static bool walk_next(struct walk *w, uint16_t index,
		      const struct chain_desc **out)
{
	bool outside = index >= w->c->size;

	*out = index == w->head ? NULL : fresh_find(w, index, -1);
	if (index == w->head)
		return walk_stop(w, CLAUSE_SPLIT_CHAIN_BYTES,
				 "the chain loops at its head,", index);
	if (outside && (!*out || w->c->indirect))
		return walk_stop(w, CLAUSE_SPLIT_HEAD,
				 "next lies outside of the table:", index);
	if (!*out)
		return walk_lost(w, index);
	if (outside)
		*out = NULL; /* chains_desc() has said so */
	return outside || walk_claim(w, index);
}

/* Follows the chain from its first descriptor, which @ev describes. */
static bool walk_chain(struct walk *w, const struct event *ev)
{
	struct chain_desc first = {
		.addr = ev->addr, .len = ev->len, .flags = (uint16_t)ev->b};
	const struct chain_desc *d = &first;
	bool good;

	if ((first.flags & DESC_NEXT) && !(first.flags & DESC_INDIRECT)) {
		if (w->c->fresh_count == 0)
			return walk_stop(w, CLAUSE_SPLIT_AVAIL_ORDER,
					 "what follows was not written: flags",
					 first.flags);
		w->hint = fresh_kept(w->c) - 1;
		first.next = walk_second(w->c);
	}
	for (;;) {
		if (d->flags & DESC_INDIRECT)
			return table_check(w, d->flags, d->addr, d->len) &&
			       walk_table(w, d->len);
		if (!walk_segment(w, d->flags, d->len))
			return false;
		if (!(d->flags & DESC_NEXT))
			return true;
		good = walk_next(w, d->next, &d);
		if (!good || !d)
			return good;
	}
}

/* Descriptors written beside the chain are as untouchable as its own. */
static bool fresh_check(struct walk *w)
{
	uint32_t kept = fresh_kept(w->c);

	for (uint32_t i = 0; i < kept; i++) {
		const struct chain_desc *d = &w->c->fresh[i];

		if (!d->walked && d->index < w->c->size &&
		    d->index != w->head && chains_live(w->c, d->index) &&
		    w->c->note[d->index].at != w->head)
			return walk_stop(w, CLAUSE_SPLIT_LIVE_DESC,
					 "the device holds descriptor",
					 d->index);
	}
	return true;
}

/* Frees @head for a new chain; false when the device still holds it. */
static bool head_claim(struct walk *w)
{
	struct chain_note *n = &w->c->note[w->head];
	bool live = chains_live(w->c, w->head);

	if (n->state == CHAIN_MEMBER)
		chains_members_free(w->c, n->at);
	else if (n->state != CHAIN_FREE)
		chains_members_free(w->c, w->head);
	if (n->state == CHAIN_EXPOSED)
		w->c->outstanding--;
	if (!live)
		return true;
	if (w->c->outstanding + 1 >= w->c->size)
		return walk_stop(
			w, CLAUSE_SPLIT_AVAIL_OVERRUN,
			"exposed again, with all descriptors out:", w->c->size);
	return walk_stop(w, CLAUSE_SPLIT_LIVE_DESC,
			 "exposed again while the device holds descriptor",
			 w->head);
}

bool chain_walk_offer(struct chains *c, const struct event *ev,
		      struct verdict *why)
{
	struct walk w = {.c = c,
			 .why = why,
			 .head = (uint16_t)ev->a,
			 .tail = (uint16_t)ev->a};
	struct chain_note *n = &c->note[w.head];
	bool good = head_claim(&w);

	assert(w.head < c->size);
	*n = (struct chain_note){.at = (uint16_t)(ev->b >> 16),
				 .count = 1,
				 .state = CHAIN_EXPOSED};
	c->outstanding++;
	if (good && ev->a >> 16 == 0)
		good = walk_stop(&w, CLAUSE_SPLIT_ONE_DESC,
				 "a buffer of no descriptors, segments", 0);
	if (good && ev->a >> 16 > c->size)
		good = walk_stop(&w, CLAUSE_SPLIT_CHAIN_LONG,
				 "more descriptors than", c->size);
	if (good)
		good = walk_chain(&w, ev);
	if (good && c->indirect)
		good = fresh_check(&w);
	n->room = w.write > UINT32_MAX ? UINT32_MAX : (uint32_t)w.write;
	c->fresh_count = 0;
	return good;
}
