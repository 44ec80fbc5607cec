/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A split virtqueue as bytes, for tests that lie: every word of the ring can
 * be read and written at any time by anybody. Computes each offset from the
 * specification by itself; must share nothing with model/ring, or both could
 * be wrong together.
 */
#ifndef TWINRING_CONFORMANCE_RAW_RING_H
#define TWINRING_CONFORMANCE_RAW_RING_H

#include <stdint.h>

struct raw_ring {
	uint8_t *memory; /* byte 0 has guest-physical address gpa */
	uint64_t gpa;
	uint64_t desc; /* guest-physical addresses of the three parts */
	uint64_t avail;
	uint64_t used;
	uint16_t size;
};

struct raw_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

enum { RAW_NEXT = 1, RAW_WRITE = 2, RAW_INDIRECT = 4 };

/*
 * Lays a ring of @size out in @memory from address @at on. Returns the address
 * behind it.
 */
uint64_t raw_ring_place(struct raw_ring *r, uint8_t *memory, uint64_t gpa,
			uint64_t at, uint16_t size);

/* Descriptor @index of the queue's table, or of any table at @table. */
void raw_ring_put_desc(struct raw_ring *r, uint16_t index, struct raw_desc d);
void raw_ring_put_entry(struct raw_ring *r, uint64_t table, uint32_t index,
			struct raw_desc d);
struct raw_desc raw_ring_desc(const struct raw_ring *r, uint16_t index);
struct raw_desc raw_ring_entry(const struct raw_ring *r, uint64_t table,
			       uint32_t index);

/* The driver's words. A position is taken modulo the ring's size. */
void raw_ring_put_avail(struct raw_ring *r, uint16_t position, uint16_t head);
void raw_ring_put_avail_idx(struct raw_ring *r, uint16_t idx);
void raw_ring_put_avail_flags(struct raw_ring *r, uint16_t flags);
void raw_ring_put_used_event(struct raw_ring *r, uint16_t event);
uint16_t raw_ring_avail(const struct raw_ring *r, uint16_t position);
uint16_t raw_ring_avail_idx(const struct raw_ring *r);
uint16_t raw_ring_avail_flags(const struct raw_ring *r);
uint16_t raw_ring_used_event(const struct raw_ring *r);

/* The device's words. */
void raw_ring_put_used(struct raw_ring *r, uint16_t position, uint32_t id,
		       uint32_t len);
void raw_ring_put_used_idx(struct raw_ring *r, uint16_t idx);
void raw_ring_put_used_flags(struct raw_ring *r, uint16_t flags);
void raw_ring_put_avail_event(struct raw_ring *r, uint16_t event);
uint32_t raw_ring_used_id(const struct raw_ring *r, uint16_t position);
uint32_t raw_ring_used_len(const struct raw_ring *r, uint16_t position);
uint16_t raw_ring_used_idx(const struct raw_ring *r);
uint16_t raw_ring_used_flags(const struct raw_ring *r);
uint16_t raw_ring_avail_event(const struct raw_ring *r);

#endif
