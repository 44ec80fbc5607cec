/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of one split queue: both halves, the words between them and
 * the bytes of packets that are under way in it. Knows how rings work; what
 * buffers are for it must not know.
 */
#ifndef TWINRING_MODEL_RING_SPLIT_CANON_H
#define TWINRING_MODEL_RING_SPLIT_CANON_H

#include "model/canon/canon.h"
#include "model/ring/virtqueue.h"

/* One queue and what its bytes mean. */
struct ring_view {
	const struct vq_driver *drv; /* NULL: the driver has not begun */
	const struct vq_device *dev;
	struct ring_seg *seg; /* room for one chain */
	uint32_t id;          /* queue_id() */
	uint16_t size;
	uint16_t start; /* where indexes begin */
	bool again;     /* once it is reset, what is out is offered again */
	/* Writes a packet's bytes, @len of them, chain @cookie. */
	void (*content)(const struct ring_view *v, struct canon *f,
			const struct ring_chain *c, uint32_t len,
			uint32_t cookie);
	void *to; /* for content() */
	/* The slot, of all, that a chain stands for, or CANON_NO_SLOT. */
	uint32_t (*slot)(const struct ring_view *v, uint32_t cookie);
	uint32_t slot_first, slots; /* for slot(): of this link */
};

/* Says what descriptors are called and from where indexes count. */
void split_canon_name(const struct ring_view *v, struct canon_queue *q);

void split_canon(const struct ring_view *v, struct canon *f);

/* A store that waits, to the words between @drv and @dev; its names are in @f.
 */
void split_store_canon(const struct store *s, struct canon *f,
		       const struct vq_driver *drv,
		       const struct vq_device *dev);

#endif
