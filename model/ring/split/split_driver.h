/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's half of a split virtqueue. Keeps its own account of free
 * descriptors and never reads back what it wrote, so that a device that
 * scribbles cannot mislead it. Knows nothing of what buffers are for.
 */
#ifndef TWINRING_MODEL_RING_SPLIT_SPLIT_DRIVER_H
#define TWINRING_MODEL_RING_SPLIT_SPLIT_DRIVER_H

#include "model/memory/arena.h"
#include "model/ring/split/split.h"

/* Longest chain that goes into an indirect table; longer ones are linked. */
enum { SPLIT_INDIRECT_MAX = 64 };

/* What the driver remembers of a descriptor. */
struct split_note {
	uint32_t cookie; /* the caller's, of an exposed head; of the one that
			    stands behind a head, the last of the chain */
	uint32_t next;   /* in the chain, or in the free list */
	uint32_t room;   /* device-writable bytes of its chain */
	uint32_t count;  /* descriptors taken; 0: not an exposed head */
};

/* An exposed chain of one descriptor. */
static inline void split_note_one(struct split_note *n, uint32_t cookie,
				  uint32_t room)
{
	n->cookie = cookie;
	n->room = room;
	n->count = 1;
}

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
	/* on their way into a buffer of stores; else zeros */
	_Alignas(8) uint8_t late_desc[SPLIT_DESC_SIZE];
	uint8_t late_entry[sizeof(uint16_t)];
};

/* Begins an empty queue; its memory is initialised here. */
void split_driver_begin(struct split_driver *q,
			const struct vq_driver_setup *s);

static inline uint64_t split_table_bytes(uint16_t size)
{
	return (uint64_t)size * SPLIT_INDIRECT_MAX * SPLIT_DESC_SIZE;
}

static inline size_t split_account_bytes(uint16_t size)
{
	return size * sizeof(struct split_note);
}

static inline void *split_account_new(uint16_t size, struct arena *arena)
{
	return arena_new(arena, struct split_note, size);
}

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
 * Whether there are used elements to take; loads the device's index when those
 * that it was known to have written are taken.
 */
enum ring_end split_driver_ready(struct split_driver *q, struct verdict *why);

/*
 * Asks for no interrupts; with EVENT_IDX a stale used_event does that. False:
 * nothing had to be stored for it.
 */
bool split_driver_calls_off(struct split_driver *q);

/*
 * Asks for an interrupt at the next used element. One that was written before
 * the device could see this brings none: who wants to sleep looks again.
 */
void split_driver_calls_on(struct split_driver *q);

/* Whether there are used elements that were not taken; one load. */
bool split_driver_pending(const struct split_driver *q);

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
void split_driver_reexpose(struct split_driver *q, const uint16_t *head,
			   uint32_t count);

/* What the contract asks. */

static inline uint16_t split_driver_size(const struct split_driver *q)
{
	return q->size;
}

static inline uint16_t split_driver_free(const struct split_driver *q)
{
	return q->free;
}

static inline bool split_driver_broken(const struct split_driver *q)
{
	return q->broken;
}

static inline uint16_t split_driver_added(const struct split_driver *q)
{
	return q->avail_idx;
}

static inline uint16_t split_driver_published(const struct split_driver *q)
{
	return q->published;
}

static inline uint16_t split_driver_kicked(const struct split_driver *q)
{
	return q->kicked;
}

static inline uint16_t split_driver_seen(const struct split_driver *q)
{
	return q->used_seen;
}

static inline uint16_t split_driver_taken(const struct split_driver *q)
{
	return q->used_idx;
}

static inline const uint16_t *split_driver_taken_at(
	const struct split_driver *q)
{
	return &q->used_idx;
}

static inline bool split_driver_event_idx(const struct split_driver *q)
{
	return q->event_idx;
}

static inline bool split_driver_calls_are_off(const struct split_driver *q)
{
	return q->calls_off;
}

static inline struct vq_note split_driver_note(const struct split_driver *q,
					       uint32_t i)
{
	const struct split_note *n = &q->note[i];

	return (struct vq_note){n->cookie, n->room, n->count};
}

static inline uint32_t split_driver_free_head(const struct split_driver *q)
{
	return q->free_head;
}

static inline uint32_t split_driver_behind(const struct split_driver *q,
					   uint32_t i)
{
	return q->note[i].next;
}

static inline struct vq_bytes split_driver_bytes(const struct split_driver *q)
{
	return (struct vq_bytes){q->at.desc, q->at.avail, q->at.used};
}

static inline const uint8_t *split_driver_table(const struct split_driver *q)
{
	return q->table;
}

#endif
