/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What every ring layout has in common: chains of segments, and the three ends
 * that looking at a ring can have.
 */
#ifndef TWINRING_MODEL_RING_COMMON_RING_H
#define TWINRING_MODEL_RING_COMMON_RING_H

#include <stdbool.h>
#include <stdint.h>

/* One piece of a buffer, in the driver's guest-physical addresses. */
struct ring_seg {
	uint64_t gpa;
	uint32_t len;
	bool write; /* device-writable */
};

/*
 * Field by field: a copy of the whole would bring along what lay between the
 * fields, and a world is compared by its bytes.
 */
static inline void ring_seg_set(struct ring_seg *s, uint64_t gpa, uint32_t len,
				bool write)
{
	s->gpa = gpa;
	s->len = len;
	s->write = write;
}

/* A buffer as the device half found it: private copies, checked once. */
struct ring_chain {
	uint16_t head;
	uint16_t count;    /* segments */
	uint16_t readable; /* of these, device-readable, which come first */
	uint64_t read_len;
	uint64_t write_len;
	struct ring_seg *seg; /* room for the ring's size */
};

/* A buffer of one device-readable segment, popped. */
struct ring_buffer {
	uint64_t gpa;
	uint32_t len;
	uint32_t head;
};

enum ring_end {
	RING_CHAIN, /* there is one, and here it is */
	RING_EMPTY, /* nothing new */
	RING_BROKEN /* the other side broke a rule; the queue has stopped */
};

/*
 * True when moving an index from @old to @fresh passes @event, so that the
 * other side asked to be told (P-SPLIT-7). Modulo 2^16 throughout.
 */
static inline bool ring_event_passed(uint16_t event, uint16_t fresh,
				     uint16_t old)
{
	return (uint16_t)(fresh - event - 1) < (uint16_t)(fresh - old);
}

#endif
