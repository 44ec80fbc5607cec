/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/raw_ring.h"

#include <assert.h>

/*
 * struct virtq_desc { le64 addr; le32 len; le16 flags; le16 next; };
 * struct virtq_avail { le16 flags; le16 idx; le16 ring[N]; le16 used_event; };
 * struct virtq_used { le16 flags; le16 idx; struct { le32 id; le32 len; }
 *	ring[N]; le16 avail_event; };
 */

static uint8_t *at(const struct raw_ring *r, uint64_t gpa)
{
	assert(gpa >= r->gpa);
	return r->memory + (gpa - r->gpa);
}

static void put(const struct raw_ring *r, uint64_t gpa, int bytes, uint64_t v)
{
	for (int i = 0; i < bytes; i++)
		at(r, gpa)[i] = (uint8_t)(v >> 8 * i);
}

static uint64_t get(const struct raw_ring *r, uint64_t gpa, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)at(r, gpa)[i] << 8 * i;
	return v;
}

static uint64_t up(uint64_t v, uint64_t align)
{
	return (v + align - 1) / align * align;
}

uint64_t raw_ring_place(struct raw_ring *r, uint8_t *memory, uint64_t gpa,
			uint64_t from, uint16_t size)
{
	*r = (struct raw_ring){.memory = memory, .gpa = gpa, .size = size};
	r->desc = up(from, 16);
	r->avail = up(r->desc + 16 * (uint64_t)size, 2);
	r->used = up(r->avail + 2 + 2 + 2 * (uint64_t)size + 2, 4);
	return r->used + 2 + 2 + 8 * (uint64_t)size + 2;
}

void raw_ring_put_entry(struct raw_ring *r, uint64_t table, uint32_t index,
			struct raw_desc d)
{
	uint64_t p = table + 16 * (uint64_t)index;

	put(r, p, 8, d.addr);
	put(r, p + 8, 4, d.len);
	put(r, p + 12, 2, d.flags);
	put(r, p + 14, 2, d.next);
}

void raw_ring_put_desc(struct raw_ring *r, uint16_t index, struct raw_desc d)
{
	raw_ring_put_entry(r, r->desc, index, d);
}

struct raw_desc raw_ring_entry(const struct raw_ring *r, uint64_t table,
			       uint32_t index)
{
	uint64_t p = table + 16 * (uint64_t)index;

	return (struct raw_desc){.addr = get(r, p, 8),
				 .len = (uint32_t)get(r, p + 8, 4),
				 .flags = (uint16_t)get(r, p + 12, 2),
				 .next = (uint16_t)get(r, p + 14, 2)};
}

struct raw_desc raw_ring_desc(const struct raw_ring *r, uint16_t index)
{
	return raw_ring_entry(r, r->desc, index);
}

static uint64_t avail_at(const struct raw_ring *r, uint16_t position)
{
	return r->avail + 4 + 2 * (uint64_t)(position % r->size);
}

static uint64_t used_event_at(const struct raw_ring *r)
{
	return r->avail + 4 + 2 * (uint64_t)r->size;
}

void raw_ring_put_avail(struct raw_ring *r, uint16_t position, uint16_t head)
{
	put(r, avail_at(r, position), 2, head);
}

void raw_ring_put_avail_idx(struct raw_ring *r, uint16_t idx)
{
	put(r, r->avail + 2, 2, idx);
}

void raw_ring_put_avail_flags(struct raw_ring *r, uint16_t flags)
{
	put(r, r->avail, 2, flags);
}

void raw_ring_put_used_event(struct raw_ring *r, uint16_t event)
{
	put(r, used_event_at(r), 2, event);
}

uint16_t raw_ring_avail(const struct raw_ring *r, uint16_t position)
{
	return (uint16_t)get(r, avail_at(r, position), 2);
}

uint16_t raw_ring_avail_idx(const struct raw_ring *r)
{
	return (uint16_t)get(r, r->avail + 2, 2);
}

uint16_t raw_ring_avail_flags(const struct raw_ring *r)
{
	return (uint16_t)get(r, r->avail, 2);
}

uint16_t raw_ring_used_event(const struct raw_ring *r)
{
	return (uint16_t)get(r, used_event_at(r), 2);
}

static uint64_t used_at(const struct raw_ring *r, uint16_t position)
{
	return r->used + 4 + 8 * (uint64_t)(position % r->size);
}

static uint64_t avail_event_at(const struct raw_ring *r)
{
	return r->used + 4 + 8 * (uint64_t)r->size;
}

void raw_ring_put_used(struct raw_ring *r, uint16_t position, uint32_t id,
		       uint32_t len)
{
	put(r, used_at(r, position), 4, id);
	put(r, used_at(r, position) + 4, 4, len);
}

void raw_ring_put_used_idx(struct raw_ring *r, uint16_t idx)
{
	put(r, r->used + 2, 2, idx);
}

void raw_ring_put_used_flags(struct raw_ring *r, uint16_t flags)
{
	put(r, r->used, 2, flags);
}

void raw_ring_put_avail_event(struct raw_ring *r, uint16_t event)
{
	put(r, avail_event_at(r), 2, event);
}

uint32_t raw_ring_used_id(const struct raw_ring *r, uint16_t position)
{
	return (uint32_t)get(r, used_at(r, position), 4);
}

uint32_t raw_ring_used_len(const struct raw_ring *r, uint16_t position)
{
	return (uint32_t)get(r, used_at(r, position) + 4, 4);
}

uint16_t raw_ring_used_idx(const struct raw_ring *r)
{
	return (uint16_t)get(r, r->used + 2, 2);
}

uint16_t raw_ring_used_flags(const struct raw_ring *r)
{
	return (uint16_t)get(r, r->used, 2);
}

uint16_t raw_ring_avail_event(const struct raw_ring *r)
{
	return (uint16_t)get(r, avail_event_at(r), 2);
}
