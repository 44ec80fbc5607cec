/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's half, worked in loops: one or more chains of one descriptor
 * each, one behind the other. What a loop needs of the queue is in a structure
 * of its own, so that one loop can work several queues and do its own work with
 * each buffer. A chain that is anything else is left for split_device_pop().
 */
#ifndef TWINRING_MODEL_RING_SPLIT_SPLIT_DEVICE_BATCH_H
#define TWINRING_MODEL_RING_SPLIT_SPLIT_DEVICE_BATCH_H

#include "model/ring/split/split_device.h"

/* Chains that are popped. */
struct split_pop_cursor {
	const uint8_t *desc;
	const uint8_t *entry; /* the next one */
	uint32_t size;
	uint32_t flags; /* that each descriptor has */
};

/* Of @most chains, those that were offered and can be popped in a run. */
static inline uint32_t split_pop_most(const struct split_device *q,
				      uint32_t most)
{
	uint32_t there = (uint16_t)(q->avail_seen - q->avail_idx);

	most = batch_most(most < there ? most : there);
	return split_straight(q->avail_idx, q->size, most);
}

/* Begins with chains that are all of them device-writable, or all not. */
static inline struct split_pop_cursor split_pop_begin(
	const struct split_device *q, bool write)
{
	return (struct split_pop_cursor){
		.desc = q->at.desc,
		.entry = q->at.avail + SPLIT_RING +
			 2u * (q->avail_idx & (q->size - 1u)),
		.size = q->size,
		.flags = write ? SPLIT_WRITE : 0,
	};
}

/*
 * Looks at the next chain, each word of it loaded once; false when it is not as
 * it has to be in a run.
 */
static inline bool split_pop_look(const struct split_pop_cursor *p,
				  struct ring_buffer *out)
{
	const uint32_t any = SPLIT_NEXT | SPLIT_INDIRECT | SPLIT_WRITE;
	const uint8_t *d;
	uint64_t rest;

	out->head = gmem_load16(p->entry);
	if (out->head >= p->size)
		return false;
	d = p->desc + (size_t)out->head * SPLIT_DESC_SIZE;
	out->gpa = gmem_load64(d);
	rest = gmem_load64(d + SPLIT_DESC_LEN); /* len, flags, next */
	out->len = (uint32_t)rest;
	return (rest >> 32 & any) == p->flags;
}

/* Pops the chain that was looked at. */
static inline void split_pop_take(struct split_pop_cursor *p)
{
	p->entry += sizeof(uint16_t);
}

/* @count have been popped. */
static inline void split_pop_end(struct split_device *q,
				 const struct split_pop_cursor *p,
				 uint32_t count)
{
	(void)p;
	q->avail_idx = (uint16_t)(q->avail_idx + count);
	cost_count(q->cost, COST_ENTRY, count);
	cost_count(q->cost, COST_DESC, count);
}

/* Chains that are used. */
struct split_push_used_cursor {
	uint8_t *element; /* the next one */
};

/*
 * Of @most used elements, those that can be written in a run: one where it may
 * wait to be seen, and none behind the end of the ring.
 */
static inline uint32_t split_push_used_most(const struct split_device *q,
					    uint32_t most)
{
	most = store_entries_wait(q->stores) && most ? 1 : batch_most(most);
	return split_straight(q->used_idx, q->size, most);
}

/* Where the next used element goes. */
static inline uint8_t *split_used_element(const struct split_device *q)
{
	return q->at.used + SPLIT_RING +
	       (uint32_t)SPLIT_USED_SIZE * (q->used_idx & (q->size - 1u));
}

/* Begins with what split_push_used_most() says. */
static inline struct split_push_used_cursor split_push_used_begin(
	struct split_device *q)
{
	return (struct split_push_used_cursor){
		.element = store_entries_wait(q->stores)
				   ? q->late
				   : split_used_element(q),
	};
}

/* The run of events that tells of them, in the same order. */
static inline struct event_item *split_push_used_tell(
	const struct split_device *q, uint32_t count)
{
	return probe_batch_begin(q->probe, EV_USED, q->queue, count,
				 q->used_idx);
}

static inline void split_push_used_told(struct event_item *i, uint32_t head,
					uint32_t len)
{
	event_item_set(i, 0, len, head);
}

/* The next used element. */
static inline void split_push_used_put(struct split_push_used_cursor *u,
				       uint32_t head, uint32_t len)
{
	gmem_store32(u->element, head);
	gmem_store32(u->element + SPLIT_USED_LEN, len);
	u->element += SPLIT_USED_SIZE;
}

/* The element that was put waits from now on. */
void split_push_used_late(struct split_device *q);

/*
 * @count have been put, all of which had been popped; what tells of them is
 * complete.
 */
static inline void split_push_used_end(struct split_device *q,
				       const struct split_push_used_cursor *u,
				       uint32_t count)
{
	(void)u;
	assert((uint16_t)(q->avail_idx - q->used_idx) >= count);
	if (store_entries_wait(q->stores) && count)
		split_push_used_late(q);
	q->used_idx = (uint16_t)(q->used_idx + count);
	cost_count(q->cost, COST_ENTRY, count);
}

#endif
