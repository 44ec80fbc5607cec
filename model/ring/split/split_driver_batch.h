/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's half, worked in loops: one or more chains of one buffer each,
 * one behind the other. What a loop needs of the queue is in a structure of its
 * own, so that one loop can work several queues and do its own work with each
 * buffer. Chains of several are for split_driver_add() and split_driver_take().
 */
#ifndef TWINRING_MODEL_RING_SPLIT_SPLIT_DRIVER_BATCH_H
#define TWINRING_MODEL_RING_SPLIT_SPLIT_DRIVER_BATCH_H

#include "model/ring/split/split_driver.h"

/* Buffers that are offered. */
struct split_add_cursor {
	uint8_t *desc;  /* of number 0 */
	uint8_t *entry; /* the next one */
	struct split_note *note;
	uint32_t head;
	uint32_t room; /* bytes that the device may write of each; 0: none */
};

/*
 * Of @most buffers, those that can be offered in a run: one where its stores
 * may wait to be seen, and none behind the end of the ring.
 */
static inline uint32_t split_add_most(const struct split_driver *q,
				      uint32_t most)
{
	if (q->broken)
		return 0;
	most = batch_most(most < q->free ? most : q->free);
	if (store_entries_wait(q->stores) && most)
		most = 1;
	return split_straight(q->avail_idx, q->size, most);
}

/* Where the next available entry goes. */
static inline uint8_t *split_avail_entry(const struct split_driver *q)
{
	return q->at.avail + SPLIT_RING + 2u * (q->avail_idx & (q->size - 1u));
}

/* A table in which the next free descriptor is the one that is to wait. */
static inline uint8_t *split_late_table(struct split_driver *q)
{
	uintptr_t before = (uintptr_t)q->free_head * SPLIT_DESC_SIZE;

	return (uint8_t *)((uintptr_t)q->late_desc - before);
}

/* Begins with @count buffers, as many as are possible. */
static inline struct split_add_cursor split_add_begin(struct split_driver *q,
						      uint32_t count,
						      uint32_t room)
{
	const bool late = store_entries_wait(q->stores);

	assert(count <= q->free && !q->broken && (count <= 1 || !late));
	return (struct split_add_cursor){
		.desc = late ? split_late_table(q) : q->at.desc,
		.entry = late ? q->late_entry : split_avail_entry(q),
		.note = q->note,
		.head = q->free_head,
		.room = room,
	};
}

/* The run of events that tells of them, in the same order. */
static inline struct event_item *split_add_tell(const struct split_driver *q,
						uint32_t count, uint32_t room)
{
	uint32_t flags = room ? SPLIT_WRITE : 0;

	return probe_batch_begin(q->probe, EV_AVAILABLE, q->queue, count,
				 flags | (uint32_t)q->avail_idx << 16);
}

static inline void split_add_told(struct event_item *i, uint64_t addr,
				  uint32_t len, uint32_t head)
{
	event_item_set(i, addr, len, head | 1 << 16);
}

/*
 * The next buffer; the device may read @len bytes where it may not write. The
 * value is the chain's head.
 */
static inline uint32_t split_add_put(struct split_add_cursor *a, uint64_t addr,
				     uint32_t len, uint32_t cookie)
{
	const uint64_t flags = a->room ? SPLIT_WRITE : 0;
	const uint32_t head = a->head;
	struct split_note *n = &a->note[head];
	uint8_t *d = a->desc + (size_t)head * SPLIT_DESC_SIZE;

	if (a->room)
		len = a->room;
	a->head = n->next;
	split_note_one(n, cookie, a->room);
	gmem_store64(d, addr);
	gmem_store64(d + SPLIT_DESC_LEN, len | flags << 32);
	gmem_store16(a->entry, (uint16_t)head);
	a->entry += sizeof(uint16_t);
	return head;
}

/* Writes the next available entry alone, where it may wait to be seen. */
void split_entry_put(struct split_driver *q, uint16_t head);

/* The buffer that was put waits from now on. */
void split_add_late(struct split_driver *q);

/* All @count have been put; what tells of them is complete. */
static inline void split_add_end(struct split_driver *q,
				 const struct split_add_cursor *a,
				 uint32_t count)
{
	if (store_entries_wait(q->stores) && count)
		split_add_late(q);
	q->free_head = (uint16_t)a->head;
	q->free = (uint16_t)(q->free - count);
	q->avail_idx = (uint16_t)(q->avail_idx + count);
	cost_count(q->cost, COST_DESC, count);
	cost_count(q->cost, COST_ENTRY, count);
}

/* Used elements that are taken. */
struct split_get_cursor {
	const uint8_t *element; /* the next one */
	struct split_note *note;
	uint32_t size;
	uint32_t head;
};

/* Of @most used elements, those that are there and can be taken in a run. */
static inline uint32_t split_get_most(const struct split_driver *q,
				      uint32_t most)
{
	uint32_t there = (uint16_t)(q->used_seen - q->used_idx);

	most = batch_most(most < there ? most : there);
	return split_straight(q->used_idx, q->size, most);
}

/* Begins with what split_get_most() says. */
static inline struct split_get_cursor split_get_begin(
	const struct split_driver *q)
{
	return (struct split_get_cursor){
		.element = q->at.used + SPLIT_RING +
			   (uint32_t)SPLIT_USED_SIZE *
				   (q->used_idx & (q->size - 1u)),
		.note = q->note,
		.size = q->size,
		.head = q->free_head,
	};
}

/*
 * Looks at the next element; false when its chain is not one exposed
 * descriptor with as much room.
 */
static inline bool split_get_look(const struct split_get_cursor *t,
				  struct vq_used *out)
{
	const struct split_note *n;

	out->id = gmem_load32(t->element);
	out->len = gmem_load32(t->element + SPLIT_USED_LEN);
	if (out->id >= t->size)
		return false;
	n = &t->note[out->id];
	out->cookie = n->cookie;
	return n->count == 1 && out->len <= n->room;
}

/* Takes the element that was looked at. */
static inline void split_get_take(struct split_get_cursor *t,
				  const struct vq_used *u)
{
	struct split_note *n = &t->note[u->id];

	n->next = t->head;
	n->count = 0;
	t->head = u->id;
	t->element += SPLIT_USED_SIZE;
}

/* @count have been taken. */
static inline void split_get_end(struct split_driver *q,
				 const struct split_get_cursor *t,
				 uint32_t count)
{
	q->free_head = (uint16_t)t->head;
	q->free = (uint16_t)(q->free + count);
	q->used_idx = (uint16_t)(q->used_idx + count);
	cost_count(q->cost, COST_ENTRY, count);
}

#endif
