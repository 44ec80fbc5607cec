/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's half of a split virtqueue. Whatever the driver put into memory
 * may be a lie: each shared word is loaded once, checked, and the copy used.
 * Works on the ring of any guest whose memory it is given.
 */
#ifndef TWINRING_MODEL_RING_SPLIT_SPLIT_DEVICE_H
#define TWINRING_MODEL_RING_SPLIT_SPLIT_DEVICE_H

#include "model/ring/split/split.h"

struct split_device {
	struct split_bytes at;
	const struct gmem *mem; /* for indirect tables */
	struct probe *probe;
	struct cost_meter *cost;
	struct store_buffers *stores;
	uint16_t queue; /* queue_id() */
	uint16_t size;
	uint16_t avail_idx;  /* next entry to take */
	uint16_t avail_seen; /* driver's index when last loaded */
	uint16_t used_idx;   /* elements written */
	uint16_t published;  /* elements that the driver may see */
	uint16_t called;     /* elements at the last decision to call */
	bool event_idx;
	bool indirect;  /* VIRTIO_F_INDIRECT_DESC is negotiated */
	bool kicks_off; /* flag form: kicks are suppressed now */
	bool live;      /* enabled, with DRIVER_OK */
	bool broken;
	uint8_t late[SPLIT_USED_SIZE]; /* an element on its way into a buffer
					  of stores; else zeros */
};

/*
 * Maps the ring and begins. False, with the rule in @why, when the driver's
 * addresses cannot be used.
 */
bool split_device_begin(struct split_device *q, const struct vq_device_setup *s,
			struct verdict *why);

/* The ring is where @area is in @mem; false, with the rule in @why, if not. */
bool split_device_remap(struct split_device *q, const struct vq_area *area,
			const struct gmem *mem, struct verdict *why);

/* True when the driver has offered chains that were not taken; one load. */
bool split_device_pending(const struct split_device *q);

/*
 * Takes the next chain into *out, whose seg array has room for the ring's
 * size. RING_BROKEN, with the rule in @why, stops the queue.
 */
enum ring_end split_device_pop(struct split_device *q, struct ring_chain *out,
			       struct verdict *why);

/*
 * Whether there are chains to take; loads the driver's index when those that
 * it was known to have offered are taken.
 */
enum ring_end split_device_ready(struct split_device *q, struct verdict *why);

/*
 * Reads the chain that begins at @head, a number below the size, without
 * taking it. Used to look again at a chain that was taken earlier; what the
 * driver changed since is checked anew. False names the rule.
 */
bool split_device_walk(const struct split_device *q, uint16_t head,
		       struct ring_chain *out, struct verdict *why);

/*
 * A chain that was taken, in any order; its used element is not visible before
 * publish.
 */
void split_device_used(struct split_device *q, uint16_t head, uint32_t len);

/* Makes all written elements visible (SPLIT-USED-DEV-1). */
void split_device_publish(struct split_device *q);

/*
 * The driver broke the rule in @why, as whoever has taken its chains found: the
 * queue stops. What was used before can still be published.
 */
void split_device_break(struct split_device *q, const struct verdict *why);

/* True when the driver wants to be called for what was published since. */
bool split_device_call_wanted(struct split_device *q);

/*
 * Asks for no kicks; with EVENT_IDX a stale avail_event does that. False:
 * nothing had to be stored for it.
 */
bool split_device_kicks_off(struct split_device *q);

/*
 * Asks for a kick at the next available entry. One that was made before the
 * driver could see this brings none: who wants to sleep looks again. False:
 * the queue has stopped, and nobody is asked.
 */
bool split_device_kicks_on(struct split_device *q);

/* What the contract asks. */

static inline struct vq_resume split_resume_at(uint16_t start)
{
	return (struct vq_resume){{.index = start}, {.index = start}};
}

static inline bool split_device_live(const struct split_device *q)
{
	return q->live;
}

static inline bool split_device_broken(const struct split_device *q)
{
	return q->broken;
}

static inline struct vq_resume split_device_end(struct split_device *q)
{
	q->live = false;
	return (struct vq_resume){{.index = q->avail_idx},
				  {.index = q->used_idx}};
}

static inline uint16_t split_device_queue(const struct split_device *q)
{
	return q->queue;
}

static inline uint16_t split_device_size(const struct split_device *q)
{
	return q->size;
}

static inline void split_device_call_omit(struct split_device *q)
{
	q->called = q->published;
}

static inline uint16_t split_device_seen(const struct split_device *q)
{
	return q->avail_seen;
}

static inline uint16_t split_device_popped(const struct split_device *q)
{
	return q->avail_idx;
}

static inline const uint16_t *split_device_popped_at(
	const struct split_device *q)
{
	return &q->avail_idx;
}

static inline uint16_t split_device_given(const struct split_device *q)
{
	return q->used_idx;
}

static inline uint16_t split_device_published(const struct split_device *q)
{
	return q->published;
}

static inline uint16_t split_device_called(const struct split_device *q)
{
	return q->called;
}

static inline bool split_device_kicks_are_off(const struct split_device *q)
{
	return q->kicks_off;
}

#endif
