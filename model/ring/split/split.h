/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The split virtqueue's bytes, as virtio 1.4 lays them out, and where its
 * three parts lie in memory. Nothing here belongs to one side.
 */
#ifndef TWINRING_MODEL_RING_SPLIT_SPLIT_H
#define TWINRING_MODEL_RING_SPLIT_SPLIT_H

#include "model/clauses.h"
#include "model/memory/gmem.h"
#include "model/ring/common/vq_setup.h"

enum {
	SPLIT_DESC_SIZE = 16, /* addr le64, len le32, flags le16, next le16 */
	SPLIT_DESC_LEN = 8,
	SPLIT_DESC_FLAGS = 12,
	SPLIT_DESC_NEXT = 14,

	SPLIT_FLAGS = 0, /* of the available and of the used ring */
	SPLIT_IDX = 2,
	SPLIT_RING = 4,

	SPLIT_USED_SIZE = 8, /* id le32, len le32 */
	SPLIT_USED_LEN = 4,
};

enum split_desc_flag {
	SPLIT_NEXT = 1,
	SPLIT_WRITE = 2,
	SPLIT_INDIRECT = 4,
};

enum { SPLIT_NO_INTERRUPT = 1, SPLIT_NO_NOTIFY = 1 };

/* The same as bytes that one party can reach. */
struct split_bytes {
	uint8_t *desc;
	uint8_t *avail;
	uint8_t *used;
};

/* Bytes of each part, event words included. */
static inline uint32_t split_desc_bytes(uint16_t size)
{
	return (uint32_t)size * SPLIT_DESC_SIZE;
}

static inline uint32_t split_avail_bytes(uint16_t size)
{
	return SPLIT_RING + 2u * size + 2;
}

static inline uint32_t split_used_bytes(uint16_t size)
{
	return SPLIT_RING + (uint32_t)SPLIT_USED_SIZE * size + 2;
}

static inline struct vq_parts split_parts(uint16_t size)
{
	return (struct vq_parts){split_desc_bytes(size),
				 split_avail_bytes(size),
				 split_used_bytes(size)};
}

/* used_event stands behind the available ring, avail_event behind the used. */
static inline uint8_t *split_used_event(const struct split_bytes *b,
					uint16_t size)
{
	return b->avail + SPLIT_RING + 2u * size;
}

static inline uint8_t *split_avail_event(const struct split_bytes *b,
					 uint16_t size)
{
	return b->used + SPLIT_RING + (uint32_t)SPLIT_USED_SIZE * size;
}

/* Of @most entries from position @pos on, those before the ring's end. */
static inline uint32_t split_straight(uint16_t pos, uint16_t size,
				      uint32_t most)
{
	uint32_t rest = size - (pos & (size - 1u));

	return most < rest ? most : rest;
}

/*
 * Finds the three parts of @area in @mem. False, with the rule in @why, when
 * the size is no power of two (P-SPLIT-1), a part is misaligned
 * (SPLIT-LAYOUT-DRV-1) or lies outside of memory.
 */
bool split_map(const struct vq_area *area, const struct gmem *mem,
	       struct split_bytes *out, struct verdict *why);

/* Both rings as those of a queue that begins at @start, with nothing in them.
 */
void split_words_begin(const struct split_bytes *at, uint16_t size,
		       uint16_t start);

#endif
