/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests only: both halves of one ring, alone in some memory. */
#ifndef TWINRING_MODEL_RING_RING_FIXTURE_H
#define TWINRING_MODEL_RING_RING_FIXTURE_H

#include "model/ring/virtqueue.h"
#include "model/unit.h"

enum { RING_EVENTS = 1024, RING_ACCOUNT = 4096 };

struct ring_fixture {
	struct event event[RING_EVENTS + PROBE_SLACK];
	struct gmem_window window;
	struct gmem mem;
	struct probe probe;
	struct cost_meter cost;
	_Alignas(8) uint8_t account[RING_ACCOUNT];
	struct vq_driver driver;
	struct vq_device device;
	struct vq_device_setup setup; /* of the device half */
};

static inline void ring_nobody_listens(void *listener, const struct event *ev,
				       uint32_t places)
{
	(void)listener;
	(void)ev;
	(void)places;
}

/* A window on @bytes at @gpa, and nothing else. */
static inline struct gmem ring_memory(struct gmem_window *window, uint64_t gpa,
				      uint8_t *bytes, uint64_t size)
{
	struct gmem mem = {.window = window, .room = 1};

	CU_ASSERT_FATAL(gmem_add(
		&mem,
		(struct gmem_window){.gpa = gpa, .size = size, .base = bytes}));
	return mem;
}

/*
 * Both halves begin at @start, in zeroed memory: @size bytes that are @bytes,
 * at @gpa.
 */
static inline void ring_fixture_begin(struct ring_fixture *r,
				      enum vq_layout layout,
				      const struct vq_area *area, uint64_t gpa,
				      uint8_t *bytes, uint64_t size,
				      uint16_t start, bool event_idx)
{
	struct arena arena = {.base = r->account, .size = sizeof r->account};
	struct vq_driver_setup near = {.layout = layout,
				       .area = *area,
				       .mem = &r->mem,
				       .probe = &r->probe,
				       .cost = &r->cost,
				       .start = start,
				       .event_idx = event_idx};
	struct verdict why;

	memset(r, 0, sizeof *r);
	memset(bytes, 0, size);
	r->mem = ring_memory(&r->window, gpa, bytes, size);
	r->probe = (struct probe){.ring = r->event,
				  .mask = RING_EVENTS - 1,
				  .wanted = UINT64_MAX,
				  .flush = ring_nobody_listens};
	near.account = vq_account_new(layout, area->size, &arena);
	vq_driver_begin(&r->driver, &near);
	r->setup = (struct vq_device_setup){.layout = layout,
					    .area = *area,
					    .mem = &r->mem,
					    .probe = &r->probe,
					    .cost = &r->cost,
					    .from = vq_resume_at(layout, start),
					    .event_idx = event_idx};
	CU_ASSERT_FATAL(vq_device_begin(&r->device, &r->setup, &why));
}

#endif
