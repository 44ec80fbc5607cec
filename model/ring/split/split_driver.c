/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split/split_driver.h"

#include "model/mutant.h"
#include "model/ring/split/split_driver_batch.h"

void split_driver_begin(struct split_driver *q, const struct vq_driver_setup *s)
{
	const uint16_t size = s->area.size;
	struct split_bytes at;
	const bool mapped = split_map(&s->area, s->mem, &at, NULL);

	assert(mapped && s->account);
	*q = (struct split_driver){
		.at = at,
		.note = s->account,
		.probe = s->probe,
		.cost = s->cost,
		.stores = s->mem->stores,
		.table = s->table_gpa ? gmem_at(s->mem, s->table_gpa,
						split_table_bytes(size))
				      : NULL,
		.table_gpa = s->table_gpa,
		.queue = s->queue,
		.size = size,
		.avail_idx = s->start,
		.published = s->start,
		.kicked = s->start,
		.used_idx = s->start,
		.used_seen = s->start,
		.free = size,
		.event_idx = s->event_idx,
	};
	assert(!s->table_gpa || q->table);
	memset(q->at.desc, 0, split_desc_bytes(q->size));
	split_words_begin(&q->at, q->size, s->start);
	for (uint32_t i = 0; i < q->size; i++)
		q->note[i] = (struct split_note){.next = i + 1u};
}

static void desc_write(uint8_t *d, const struct ring_seg *seg, uint16_t flags,
		       uint16_t next)
{
	gmem_store64(d, seg->gpa);
	gmem_store32(d + SPLIT_DESC_LEN, seg->len);
	gmem_store32(d + SPLIT_DESC_FLAGS, flags | (uint32_t)next << 16);
}

/* The same where stores may wait to be seen. */
static void desc_put(const struct split_driver *q, uint8_t *d,
		     const struct ring_seg *seg, uint16_t flags, uint16_t next)
{
	_Alignas(8) uint8_t bytes[SPLIT_DESC_SIZE];

	if (!q->stores) {
		desc_write(d, seg, flags, next);
		return;
	}
	desc_write(bytes, seg, flags, next);
	store_entry(q->stores, d, bytes, sizeof bytes, q->queue, EV_DESC);
}

static uint16_t desc_flags(const struct ring_seg *seg, bool last)
{
	return (uint16_t)((seg->write ? SPLIT_WRITE : 0) |
			  (last ? 0 : SPLIT_NEXT));
}

/* Takes one descriptor off the free list. */
static uint16_t desc_take(struct split_driver *q)
{
	uint16_t i = q->free_head;

	assert(q->free && i < q->size);
	q->free_head = (uint16_t)q->note[i].next;
	q->free--;
	return i;
}

/* Of @most segments from @seg backwards, those that are written into alike. */
static uint32_t alike(const struct ring_seg *seg, uint32_t most)
{
	uint32_t n = 1;

	while (n < most && seg[-(int64_t)n].write == seg->write)
		n++;
	return n;
}

/*
 * Writes the descriptors of @count segments that are written into alike, the
 * last of them at @last, from there backwards; the first one goes on with
 * @next if @flags say so. The value is the one that was written last.
 */
static uint16_t chain_part(struct split_driver *q, const struct ring_seg *last,
			   uint32_t count, uint16_t flags, uint16_t next)
{
	struct event_item item[EVENT_BATCH_MAX], *said = item;
	const uint32_t b = flags | (uint32_t)next << 16;
	const bool late = q->stores;
	struct split_note *note = q->note;
	uint8_t *table = q->at.desc;
	uint32_t i = q->free_head;

	assert(count <= q->free);
	if (!late)
		said = probe_batch_begin(q->probe, EV_DESC, q->queue, count, b);
	for (uint32_t k = 0; k < count; k++, last--) {
		uint8_t *d = table + (size_t)i * SPLIT_DESC_SIZE;
		uint32_t free = note[i].next;

		if (late)
			desc_put(q, d, last, flags, next);
		else
			desc_write(d, last, flags, next);
		event_item_set(&said[k], last->gpa, last->len, i);
		note[i].next = next;
		next = (uint16_t)i;
		i = free;
		flags |= SPLIT_NEXT;
	}
	q->free_head = (uint16_t)i;
	q->free = (uint16_t)(q->free - count);
	if (late)
		probe_emit_batch(q->probe, EV_DESC, q->queue, item, count, b);
	else
		probe_batch_end(q->probe);
	return next;
}

/* Writes segments 1 and on behind @head, last first, so links are known. */
static uint16_t chain_rest(struct split_driver *q, const struct ring_seg *seg,
			   uint32_t count)
{
	const uint16_t end = q->free_head;
	uint16_t next = 0;

	for (uint32_t left = count - 1, part; left; left -= part) {
		const struct ring_seg *last = &seg[left];

		part = alike(last, batch_most(left));
		next = chain_part(q, last, part,
				  desc_flags(last, left == count - 1), next);
	}
	if (count > 1)
		q->note[next].cookie = end;
	return next;
}

/* Writes all segments into @head's table; *out refers to it. */
static void chain_indirect(struct split_driver *q, uint16_t head,
			   const struct ring_seg *seg, uint32_t count,
			   struct ring_seg *out)
{
	uint32_t at = (uint32_t)head * SPLIT_INDIRECT_MAX * SPLIT_DESC_SIZE;

	for (uint32_t k = 0; k < count; k++) {
		uint16_t flags = desc_flags(&seg[k], k == count - 1);

		desc_put(q, q->table + at + k * SPLIT_DESC_SIZE, &seg[k], flags,
			 (uint16_t)(k + 1));
		probe_emit(q->probe, EV_DESC, q->queue, k, seg[k].gpa,
			   seg[k].len, flags | (k + 1) << 16);
	}
	*out = (struct ring_seg){.gpa = q->table_gpa + at,
				 .len = count * SPLIT_DESC_SIZE};
}

static uint32_t writable_bytes(const struct ring_seg *seg, uint32_t count)
{
	uint32_t sum = 0;

	for (uint32_t k = 0; k < count; k++)
		sum += seg[k].write ? seg[k].len : 0;
	return sum;
}

void split_entry_put(struct split_driver *q, uint16_t head)
{
	uint8_t *at = split_avail_entry(q);

	head = htole16(head);
	if (q->stores)
		store_entry(q->stores, at, &head, sizeof head, q->queue,
			    EV_AVAILABLE);
	else
		memcpy(at, &head, sizeof head);
}

/* Writes @head's descriptor and the available entry of its chain. */
static void chain_offer(struct split_driver *q, uint16_t head,
			const struct ring_seg *first, uint32_t count,
			uint16_t flags, uint16_t next)
{
	desc_put(q, q->at.desc + (uint32_t)head * SPLIT_DESC_SIZE, first, flags,
		 next);
	split_entry_put(q, head);
	probe_emit(q->probe, EV_AVAILABLE, q->queue, head | count << 16,
		   first->gpa, first->len,
		   flags | (uint32_t)q->avail_idx << 16);
	q->avail_idx++;
	cost_count(q->cost, COST_DESC, count);
	cost_count(q->cost, COST_ENTRY, 1);
}

void split_add_late(struct split_driver *q)
{
	store_entry(q->stores,
		    q->at.desc + q->free_head * (size_t)SPLIT_DESC_SIZE,
		    q->late_desc, sizeof q->late_desc, q->queue, EV_DESC);
	store_entry(q->stores, split_avail_entry(q), q->late_entry,
		    sizeof q->late_entry, q->queue, EV_AVAILABLE);
	memset(q->late_desc, 0, sizeof q->late_desc);
	memset(q->late_entry, 0, sizeof q->late_entry);
}

static bool chain_add(struct split_driver *q, const struct ring_seg *seg,
		      uint32_t count, uint32_t cookie)
{
	uint16_t takes = split_driver_needs(q, count);
	struct ring_seg first = seg[0];
	uint16_t head, next = 0, flags = SPLIT_INDIRECT;

	if (count > q->size || takes > q->free || q->broken)
		return false;
	head = desc_take(q);
	if (takes < count) {
		chain_indirect(q, head, seg, count, &first);
	} else {
		next = chain_rest(q, seg, count);
		flags = desc_flags(&first, count == 1);
	}
	q->note[head] = (struct split_note){.cookie = cookie,
					    .next = next,
					    .room = writable_bytes(seg, count),
					    .count = takes};
	chain_offer(q, head, &first, count, flags, next);
	return true;
}

/* A chain of one segment. */
static bool buffer_add(struct split_driver *q, const struct ring_seg *seg,
		       uint32_t cookie)
{
	const uint32_t room = seg->write ? seg->len : 0;
	struct split_add_cursor a;
	uint32_t head;

	if (!split_add_most(q, 1))
		return false;
	a = split_add_begin(q, 1, room);
	head = split_add_put(&a, seg->gpa, seg->len, cookie);
	split_add_told(split_add_tell(q, 1, room), seg->gpa, seg->len, head);
	probe_batch_end(q->probe);
	split_add_end(q, &a, 1);
	return true;
}

bool split_driver_add(struct split_driver *q, const struct ring_seg *seg,
		      uint32_t count, uint32_t cookie)
{
	assert(count > 0);
	return count == 1 ? buffer_add(q, seg, cookie)
			  : chain_add(q, seg, count, cookie);
}

void split_driver_publish(struct split_driver *q)
{
	if (q->published == q->avail_idx)
		return;
	/* ORDER_DESC_BEFORE_AVAIL: the device's load of idx acquires. */
	store_index(q->stores, BARRIER_DRIVER_PUBLISH, q->at.avail + SPLIT_IDX,
		    q->avail_idx, q->queue, EV_AVAIL_IDX);
	probe_emit(q->probe, EV_AVAIL_IDX, q->queue, q->avail_idx, 0, 0,
		   q->published);
	cost_count(q->cost, COST_INDEX, 1);
	q->published = q->avail_idx;
}

bool split_driver_kick_wanted(struct split_driver *q)
{
	uint16_t old = q->kicked;
	bool wanted;

	if (q->published == old)
		return false;
	q->kicked = q->published;
	/* ORDER_AVAIL_BEFORE_SUPPRESSION: pairs with split_device_kicks_on. */
	store_fence(q->stores, BARRIER_DRIVER_KICK, q->queue);
	if (q->event_idx)
		wanted = ring_event_passed(
			gmem_load16(split_avail_event(&q->at, q->size)),
			q->published, old);
	else
		wanted = !(gmem_load16(q->at.used + SPLIT_FLAGS) &
			   SPLIT_NO_NOTIFY);
	wanted &= !MUTANT(DRIVER_NO_KICK);
	cost_count(q->cost, COST_INDEX, 1);
	probe_emit(q->probe, wanted ? EV_KICK : EV_NO_KICK, q->queue,
		   q->published, 0, 0, old);
	return wanted;
}

/* Puts the descriptors of @head's chain back on the free list. */
static inline void chain_free(struct split_driver *q, uint16_t head)
{
	struct split_note *n = &q->note[head];

	q->note[n->count > 1 ? q->note[n->next].cookie : head].next =
		q->free_head;
	q->free_head = head;
	q->free = (uint16_t)(q->free + n->count);
	n->count = 0;
}

static enum ring_end driver_stop(struct split_driver *q)
{
	q->broken = true;
	return RING_BROKEN;
}

/* Loads the device's index: whether it has given something back. */
static enum ring_end used_load(struct split_driver *q, struct verdict *why)
{
	/* ORDER_USED_BEFORE_IDX: pairs with split_device_publish. */
	uint16_t idx = gmem_load16_acquire(q->at.used + SPLIT_IDX);

	cost_count(q->cost, COST_INDEX, 1);
	if ((uint16_t)(idx - q->used_idx) > q->size - q->free) {
		verdict_set(why, CLAUSE_SPLIT_HEAD,
			    "used index %u, taken %u, %u exposed", idx,
			    q->used_idx, q->size - q->free);
		return driver_stop(q);
	}
	q->used_seen = idx;
	return q->used_idx == idx ? RING_EMPTY : RING_CHAIN;
}

enum ring_end split_driver_ready(struct split_driver *q, struct verdict *why)
{
	if (q->broken)
		return RING_BROKEN;
	return q->used_idx != q->used_seen ? RING_CHAIN : used_load(q, why);
}

/* The element names no exposed chain, or more bytes than it has room for. */
__attribute__((cold, noinline)) static enum ring_end take_wrong(
	struct split_driver *q, uint32_t id, uint32_t len, struct verdict *why)
{
	if (id >= q->size || q->note[id].count == 0)
		verdict_set(why, CLAUSE_SPLIT_HEAD,
			    "used id %u names no exposed chain", id);
	else
		verdict_set(why, CLAUSE_SPLIT_USED_LEN,
			    "used len %u, room for %u", len, q->note[id].room);
	return driver_stop(q);
}

enum ring_end split_driver_take(struct split_driver *q, uint32_t *cookie,
				uint32_t *len, struct verdict *why)
{
	const uint8_t *element;
	uint32_t id, written;

	enum ring_end end = split_driver_ready(q, why);

	if (end != RING_CHAIN)
		return end;
	element = q->at.used + SPLIT_RING +
		  (uint32_t)SPLIT_USED_SIZE * (q->used_idx & (q->size - 1u));
	id = gmem_load32(element);
	written = gmem_load32(element + SPLIT_USED_LEN);
	if (id >= q->size || q->note[id].count == 0 ||
	    written > q->note[id].room)
		return take_wrong(q, id, written, why);
	q->used_idx++;
	*cookie = q->note[id].cookie;
	*len = written;
	chain_free(q, (uint16_t)id);
	cost_count(q->cost, COST_ENTRY, 1);
	probe_emit(q->probe, EV_USED_CONSUMED, q->queue, id, 0, written, 0);
	return RING_CHAIN;
}

bool split_driver_calls_off(struct split_driver *q)
{
	if (q->event_idx || q->calls_off)
		return false;
	q->calls_off = true;
	store_word(q->stores, q->probe, q->at.avail + SPLIT_FLAGS,
		   SPLIT_NO_INTERRUPT, q->queue, EV_AVAIL_FLAGS);
	cost_count(q->cost, COST_INDEX, 1);
	return true;
}

void split_driver_calls_on(struct split_driver *q)
{
	if (MUTANT(DRIVER_NO_ASK))
		return;
	if (q->event_idx) {
		store_word(q->stores, q->probe,
			   split_used_event(&q->at, q->size), q->used_idx,
			   q->queue, EV_USED_EVENT);
	} else if (q->calls_off) {
		q->calls_off = false;
		store_word(q->stores, q->probe, q->at.avail + SPLIT_FLAGS, 0,
			   q->queue, EV_AVAIL_FLAGS);
	}
	cost_count(q->cost, COST_INDEX, 1);
	/* ORDER_SUPPRESSION_BEFORE_USED: pairs with split_device_call_wanted.
	 */
	store_fence(q->stores, BARRIER_DRIVER_SLEEP, q->queue);
}

bool split_driver_pending(const struct split_driver *q)
{
	if (MUTANT(DRIVER_NO_LOOK))
		return false;
	/* Only looks: split_driver_take loads the index that it checks. */
	return q->used_seen != q->used_idx ||
	       gmem_load16_acquire(q->at.used + SPLIT_IDX) != q->used_idx;
}
