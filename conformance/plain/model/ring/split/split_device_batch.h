/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's half of a split virtqueue a second time, as simple as it can be
 * and slow, and its cursors: see split_driver.h. What a function has to do
 * stands in model/ring/vq_device.h.
 */
#ifndef TWINRING_CONFORMANCE_PLAIN_SPLIT_DEVICE_BATCH_H
#define TWINRING_CONFORMANCE_PLAIN_SPLIT_DEVICE_BATCH_H

#include "model/ring/split/split.h"

struct split_device {
	struct split_bytes at;
	const struct gmem *mem;
	struct probe *probe;
	struct cost_meter *cost;
	struct store_buffers *stores;
	uint16_t queue, size;
	uint16_t seen, popped, given, published, called;
	bool event_idx, indirect, kicks_off, live, broken;
};

struct vq_resume split_resume_at(uint16_t start);
bool split_device_begin(struct split_device *q, const struct vq_device_setup *s,
			struct verdict *why);
struct vq_resume split_device_end(struct split_device *q);
bool split_device_remap(struct split_device *q, const struct vq_area *area,
			const struct gmem *mem, struct verdict *why);

bool split_device_pending(const struct split_device *q);
enum ring_end split_device_ready(struct split_device *q, struct verdict *why);
enum ring_end split_device_pop(struct split_device *q, struct ring_chain *out,
			       struct verdict *why);
bool split_device_walk(const struct split_device *q, uint16_t head,
		       struct ring_chain *out, struct verdict *why);
void split_device_used(struct split_device *q, uint16_t head, uint32_t len);
void split_device_publish(struct split_device *q);
void split_device_break(struct split_device *q, const struct verdict *why);
bool split_device_call_wanted(struct split_device *q);
void split_device_call_omit(struct split_device *q);
bool split_device_kicks_off(struct split_device *q);
bool split_device_kicks_on(struct split_device *q);

bool split_device_live(const struct split_device *q);
bool split_device_broken(const struct split_device *q);
uint16_t split_device_queue(const struct split_device *q);
uint16_t split_device_size(const struct split_device *q);
uint16_t split_device_seen(const struct split_device *q);
uint16_t split_device_popped(const struct split_device *q);
const uint16_t *split_device_popped_at(const struct split_device *q);
uint16_t split_device_given(const struct split_device *q);
uint16_t split_device_published(const struct split_device *q);
uint16_t split_device_called(const struct split_device *q);
bool split_device_kicks_are_off(const struct split_device *q);

struct split_pop_cursor {
	const struct split_device *q;
	uint32_t flags;
	uint16_t next;
};

uint32_t split_pop_most(const struct split_device *q, uint32_t most);
struct split_pop_cursor split_pop_begin(const struct split_device *q,
					bool write);
bool split_pop_look(const struct split_pop_cursor *p, struct ring_buffer *out);
void split_pop_take(struct split_pop_cursor *p);
void split_pop_end(struct split_device *q, const struct split_pop_cursor *p,
		   uint32_t count);

struct split_push_used_cursor {
	struct split_device *q;
	uint16_t next;
};

uint32_t split_push_used_most(const struct split_device *q, uint32_t most);
struct split_push_used_cursor split_push_used_begin(struct split_device *q);
struct event_item *split_push_used_tell(const struct split_device *q,
					uint32_t count);
void split_push_used_put(struct split_push_used_cursor *u, uint32_t head,
			 uint32_t len);
void split_push_used_end(struct split_device *q,
			 const struct split_push_used_cursor *u,
			 uint32_t count);

#endif
