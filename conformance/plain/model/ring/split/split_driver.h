/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's half of a split virtqueue a second time, as simple as it can be
 * and slow: each chain has a serial number, free descriptors lie on a stack,
 * and a cursor works on one chain after the other. It shares no code with the
 * half of model/ring/split, whose place it takes in programs that show that
 * the contract (model/ring/vq_driver.h) is all that others know of a queue.
 * What a function has to do stands there.
 */
#ifndef TWINRING_CONFORMANCE_PLAIN_SPLIT_DRIVER_H
#define TWINRING_CONFORMANCE_PLAIN_SPLIT_DRIVER_H

#include "model/memory/arena.h"
#include "model/ring/split/split.h"

enum { SPLIT_INDIRECT_MAX = 64 };

/* What is known of a descriptor, and an entry of the stack of free ones. */
struct plain_note {
	uint64_t serial; /* of the offer that its chain was made by */
	uint32_t cookie;
	uint32_t room;
	uint32_t count; /* descriptors of its chain; 0: no exposed head */
	uint16_t next;  /* the one behind it in its chain */
	uint16_t stack; /* the free descriptor at this depth, from the bottom */
};

struct split_driver {
	struct split_bytes at;
	struct plain_note *note;
	struct probe *probe;
	struct cost_meter *cost;
	struct store_buffers *stores;
	uint8_t *table;
	uint64_t table_gpa;
	uint64_t serial; /* of the next offer */
	uint16_t queue, size;
	uint16_t added, published, kicked, seen, taken;
	uint16_t free; /* depth of the stack */
	bool event_idx, calls_off, broken;
};

/* The free descriptor that is taken @k takes from now. */
static inline uint16_t plain_free(const struct split_driver *q, uint32_t k)
{
	assert(k < q->free);
	return q->note[q->free - 1u - k].stack;
}

void split_driver_begin(struct split_driver *q,
			const struct vq_driver_setup *s);
uint64_t split_table_bytes(uint16_t size);
size_t split_account_bytes(uint16_t size);
void *split_account_new(uint16_t size, struct arena *arena);

uint16_t split_driver_needs(const struct split_driver *q, uint32_t segs);
bool split_driver_add(struct split_driver *q, const struct ring_seg *seg,
		      uint32_t count, uint32_t cookie);
void split_driver_publish(struct split_driver *q);
bool split_driver_kick_wanted(struct split_driver *q);
enum ring_end split_driver_ready(struct split_driver *q, struct verdict *why);
enum ring_end split_driver_take(struct split_driver *q, uint32_t *cookie,
				uint32_t *len, struct verdict *why);
bool split_driver_calls_off(struct split_driver *q);
void split_driver_calls_on(struct split_driver *q);
bool split_driver_pending(const struct split_driver *q);

uint32_t split_driver_out(const struct split_driver *q, uint16_t *head);
void split_driver_restart(struct split_driver *q, uint16_t start);
void split_driver_reexpose(struct split_driver *q, const uint16_t *head,
			   uint32_t count);

uint16_t split_driver_size(const struct split_driver *q);
uint16_t split_driver_free(const struct split_driver *q);
bool split_driver_broken(const struct split_driver *q);
uint16_t split_driver_added(const struct split_driver *q);
uint16_t split_driver_published(const struct split_driver *q);
uint16_t split_driver_kicked(const struct split_driver *q);
uint16_t split_driver_seen(const struct split_driver *q);
uint16_t split_driver_taken(const struct split_driver *q);
const uint16_t *split_driver_taken_at(const struct split_driver *q);
bool split_driver_event_idx(const struct split_driver *q);
bool split_driver_calls_are_off(const struct split_driver *q);
struct vq_note split_driver_note(const struct split_driver *q, uint32_t i);
uint32_t split_driver_free_head(const struct split_driver *q);
uint32_t split_driver_behind(const struct split_driver *q, uint32_t i);
struct vq_bytes split_driver_bytes(const struct split_driver *q);
const uint8_t *split_driver_table(const struct split_driver *q);

#endif
