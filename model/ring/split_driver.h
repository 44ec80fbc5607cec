/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's half of a split virtqueue. Keeps its own account of free
 * descriptors and never reads back what it wrote, so that a device that
 * scribbles cannot mislead it. Knows nothing of what buffers are for.
 */
#ifndef TWINRING_MODEL_RING_SPLIT_DRIVER_H
#define TWINRING_MODEL_RING_SPLIT_DRIVER_H

#include "model/cost.h"
#include "model/probe.h"
#include "model/ring/ring.h"
#include "model/ring/split.h"
#include "model/store_buffer.h"

/* Longest chain that goes into an indirect table; longer ones are linked. */
enum { SPLIT_INDIRECT_MAX = 64 };

/* What the driver remembers of a descriptor. */
struct split_note {
	uint32_t cookie; /* the caller's, of an exposed head */
	uint32_t room;   /* device-writable bytes of its chain */
	uint32_t next;   /* in the chain, or in the free list */
	uint32_t count;  /* descriptors taken; 0: not an exposed head */
};

struct split_driver {
	struct split_bytes at;
	struct split_note *note; /* one a descriptor */
	struct probe *probe;
	struct cost_meter *cost;
	struct store_buffers *stores;
	uint8_t *table; /* indirect tables, one a head, or NULL */
	uint64_t table_gpa;
	uint16_t queue; /* queue_id() */
	uint16_t size;
	uint16_t avail_idx; /* entries written */
	uint16_t published; /* entries that the device may see */
	uint16_t kicked;    /* entries at the last decision to kick */
	uint16_t used_idx;  /* next element to take */
	uint16_t used_seen; /* device's index when last loaded */
	uint16_t free_head;
	uint16_t free; /* descriptors */
	bool event_idx;
	bool calls_off; /* flag form: interrupts are suppressed now */
	bool broken;
};

struct split_driver_setup {
	struct split_bytes at; /* zeroed memory */
	struct split_note *note;
	uint8_t *table; /* NULL: no indirect descriptors */
	uint64_t table_gpa;
	struct probe *probe;
	struct cost_meter *cost;
	struct store_buffers *stores;
	uint16_t queue;
	uint16_t size;
	uint16_t start; /* first index, 0 but in tests of wrapping */
	bool event_idx;
};

/* Begins an empty queue; its memory is initialised here. */
void split_driver_init(struct split_driver *q,
		       const struct split_driver_setup *s);

/* Descriptors that a chain of @segs segments would take. */
static inline uint16_t split_driver_needs(const struct split_driver *q,
					  uint32_t segs)
{
	return q->table && segs > 1 && segs <= SPLIT_INDIRECT_MAX
		       ? 1
		       : (uint16_t)segs;
}

/*
 * Writes a chain and its available entry; readable segments come first. Not
 * visible to the device before split_driver_publish(). False when the free
 * descriptors do not suffice.
 */
bool split_driver_add(struct split_driver *q, const struct ring_seg *seg,
		      uint32_t count, uint32_t cookie);

/* The same for a chain of one segment. */
bool split_driver_add_one(struct split_driver *q, const struct ring_seg *seg,
			  uint32_t cookie);

/*
 * The same for @count buffers of one segment each, 1 to EVENT_RUN_MAX, for
 * which there are free descriptors: addr says where, a is the cookie. The
 * device may read len bytes of each; or, if that is not 0, write @room bytes.
 */
void split_driver_add_run(struct split_driver *q, const struct event_item *item,
			  uint32_t count, uint32_t room);

/*
 * The same, buffer by buffer, in a loop that does more than that: what it
 * needs of the queue at each turn. Where stores may wait there is no such way.
 */
struct split_adding {
	uint8_t *desc, *ring;
	struct split_note *note;
	struct event_item *said;
	uint32_t mask, pos, head;
	uint32_t room; /* as for split_driver_add_run() */
};

/* Begins with @count buffers, 1 to EVENT_RUN_MAX, for which there is room. */
static inline struct split_adding split_adding_begin(struct split_driver *q,
						     uint32_t count,
						     uint32_t room)
{
	uint32_t flags = room ? SPLIT_WRITE : 0;

	assert(count <= q->free && !q->broken && !q->stores);
	return (struct split_adding){
		.desc = q->at.desc,
		.ring = q->at.avail + SPLIT_RING,
		.note = q->note,
		.said = probe_run_begin(q->probe, EV_OFFER, q->queue, count,
					flags | (uint32_t)q->avail_idx << 16),
		.mask = q->size - 1u,
		.pos = q->avail_idx,
		.head = q->free_head,
		.room = room,
	};
}

/* The next buffer: @len counts where the device may read it. */
static inline void split_adding_put(struct split_adding *a, uint64_t addr,
				    uint32_t len, uint32_t cookie)
{
	const uint64_t flags = a->room ? SPLIT_WRITE : 0;
	struct split_note *n = &a->note[a->head];
	uint8_t *d = a->desc + (size_t)a->head * SPLIT_DESC_SIZE;
	uint32_t next = n->next;

	if (a->room)
		len = a->room;
	*n = (struct split_note){.cookie = cookie, .room = a->room, .count = 1};
	gmem_store64(d, addr);
	gmem_store64(d + SPLIT_DESC_LEN, len | flags << 32);
	gmem_store16(a->ring + 2 * (size_t)(a->pos++ & a->mask),
		     (uint16_t)a->head);
	*a->said++ = (struct event_item){addr, len, a->head | 1 << 16};
	a->head = next;
}

/* All @count have been put; then probe_run_end(). */
static inline void split_adding_end(struct split_driver *q,
				    const struct split_adding *a,
				    uint32_t count)
{
	q->free_head = (uint16_t)a->head;
	q->free = (uint16_t)(q->free - count);
	q->avail_idx = (uint16_t)a->pos;
	cost_count(q->cost, COST_DESC, count);
	cost_count(q->cost, COST_ENTRY, count);
}

/* Makes all written entries available (SPLIT-IDX-DRV-1). */
void split_driver_publish(struct split_driver *q);

/*
 * True when the device wants a kick for what was published since the last
 * call (SPLIT-KICK-DRV-1, SPLIT-ANOTIF-DRV-4 and -6). The caller then kicks.
 */
bool split_driver_kick_wanted(struct split_driver *q);

/*
 * Takes the next used element: the chain's cookie and the bytes that the
 * device says it wrote. RING_BROKEN, with the rule in @why, when the element
 * names no exposed chain or more bytes than it has room for.
 */
enum ring_end split_driver_take(struct split_driver *q, uint32_t *cookie,
				uint32_t *len, struct verdict *why);

/*
 * Takes up to *count used elements, EVENT_RUN_MAX at most, whose chains are of
 * one descriptor; *count is then how many. It stops before any other, which is
 * for split_driver_take(). Each item's len is what the device wrote, and
 * cookie[k] the chain's cookie.
 */
enum ring_end split_driver_take_run(struct split_driver *q,
				    struct event_item *item, uint32_t *cookie,
				    uint32_t *count, struct verdict *why);

/* Asks for no interrupts; with EVENT_IDX a stale used_event does that. */
void split_driver_calls_off(struct split_driver *q);

/*
 * Asks for an interrupt at the next used element. True when elements are
 * waiting already, so that the caller must look again before it sleeps.
 */
bool split_driver_calls_on(struct split_driver *q);

/*
 * A queue that was reset by itself, its used elements taken. Chains that are
 * still out are neither used nor lost: they are offered again, as they stand
 * in the table.
 */

/*
 * Their heads, in the order in which they were offered, at the beginning of
 * @head, which has room for twice the ring's size; how many.
 */
uint32_t split_driver_out(const struct split_driver *q, uint16_t *head);

/* Begins at @start, before the queue is enabled. */
void split_driver_restart(struct split_driver *q, uint16_t start);

/* Offers the @count chains again, once it is. */
void split_driver_again(struct split_driver *q, const uint16_t *head,
			uint32_t count);

#endif
