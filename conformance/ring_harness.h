/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One split queue before ringwatch, told event by event: each verb keeps the
 * rules unless the case makes it break one. The queue is what VM 0 transmits.
 */
#ifndef TWINRING_CONFORMANCE_RING_HARNESS_H
#define TWINRING_CONFORMANCE_RING_HARNESS_H

#include "conformance/referee/ring/ringwatch.h"
#include "conformance/referee_harness.h"

enum { RH_QUEUE = NET_TX, RH_DRIVER = 0, RH_DEVICE = 2 };
enum { RH_NEXT = 1, RH_WRITE = 2, RH_INDIRECT = 4 };

struct ring_harness {
	struct referee_harness h;
	uint16_t written; /* available entries */
	uint16_t avail;   /* published */
	uint16_t used_written;
	uint16_t used;
};

static inline void rh_driver(struct ring_harness *r, enum event_kind kind,
			     uint32_t a)
{
	TELL(&r->h, .kind = kind, .actor = RH_DRIVER, .queue = RH_QUEUE,
	     .a = a);
}

static inline void rh_device(struct ring_harness *r, enum event_kind kind,
			     uint32_t a)
{
	TELL(&r->h, .kind = kind, .actor = RH_DEVICE, .queue = RH_QUEUE,
	     .a = a);
}

static inline void rh_status(struct ring_harness *r, uint32_t now,
			     uint32_t before)
{
	TELL(&r->h, .kind = EV_STATUS, .actor = RH_DRIVER, .queue = 0, .a = now,
	     .b = before);
}

/* The driver's side of the queue begins anew. */
static inline void rh_rewind(struct ring_harness *r)
{
	uint16_t start = r->h.config.link[0].ring.start;

	r->written = r->avail = r->used_written = r->used = start;
}

static inline void rh_climb(struct ring_harness *r)
{
	rh_status(r, 1, 0);
	rh_status(r, 3, 1);
	rh_status(r, 11, 3);
	rh_status(r, 15, 11);
}

/* A live queue of this kind. */
static inline void rh_open(struct ring_harness *r, struct ring_config ring)
{
	harness_prepare(&r->h);
	r->h.config.link[0].ring = ring;
	harness_open(&r->h, &ringwatch_referee);
	rh_rewind(r);
	rh_status(r, 0, 0);
	rh_climb(r);
	harness_silent(&r->h);
}

#define RH_OPEN(r, ...) rh_open(r, (struct ring_config){__VA_ARGS__})

static inline void rh_close(struct ring_harness *r)
{
	harness_silent(&r->h);
	harness_close(&r->h);
}

static inline void rh_desc(struct ring_harness *r, uint32_t index, uint32_t len,
			   uint32_t flags, uint32_t next)
{
	TELL(&r->h, .kind = EV_DESC, .actor = RH_DRIVER, .queue = RH_QUEUE,
	     .a = index, .addr = 0x1000, .len = len, .b = flags | next << 16);
}

/* The next available entry: a chain of @segs at @head. */
static inline void rh_chain(struct ring_harness *r, uint32_t head,
			    uint32_t segs, uint32_t len, uint32_t flags)
{
	TELL(&r->h, .kind = EV_AVAILABLE, .actor = RH_DRIVER, .queue = RH_QUEUE,
	     .a = head | segs << 16, .addr = 0x1000, .len = len,
	     .b = flags | (uint32_t)r->written << 16);
	r->written++;
}

/* A chain of one writable descriptor of 100 bytes. */
static inline void rh_offer(struct ring_harness *r, uint32_t head)
{
	rh_chain(r, head, 1, 100, RH_WRITE);
}

static inline void rh_publish(struct ring_harness *r)
{
	TELL(&r->h, .kind = EV_AVAIL_IDX, .actor = RH_DRIVER, .queue = RH_QUEUE,
	     .a = r->written, .b = r->avail);
	r->avail = r->written;
}

static inline void rh_kick(struct ring_harness *r)
{
	rh_driver(r, EV_KICK, r->avail);
}

static inline void rh_no_kick(struct ring_harness *r)
{
	rh_driver(r, EV_NO_KICK, r->avail);
}

static inline void rh_used(struct ring_harness *r, uint32_t id, uint32_t len)
{
	TELL(&r->h, .kind = EV_USED, .actor = RH_DEVICE, .queue = RH_QUEUE,
	     .a = id, .len = len, .b = r->used_written);
	r->used_written++;
}

static inline void rh_used_idx(struct ring_harness *r)
{
	TELL(&r->h, .kind = EV_USED_IDX, .actor = RH_DEVICE, .queue = RH_QUEUE,
	     .a = r->used_written, .b = r->used);
	r->used = r->used_written;
}

static inline void rh_call(struct ring_harness *r)
{
	rh_device(r, EV_USED_NOTIFICATION, r->used);
}

static inline void rh_no_call(struct ring_harness *r)
{
	rh_device(r, EV_NO_USED_NOTIFICATION, r->used);
}

static inline void rh_take(struct ring_harness *r, uint32_t id, uint32_t len)
{
	TELL(&r->h, .kind = EV_USED_CONSUMED, .actor = RH_DRIVER,
	     .queue = RH_QUEUE, .a = id, .len = len);
}

/* One buffer there and back, by the book. */
static inline void rh_round(struct ring_harness *r, uint32_t head)
{
	rh_offer(r, head);
	rh_publish(r);
	rh_kick(r);
	rh_used(r, head, 100);
	rh_used_idx(r);
	rh_call(r);
	rh_take(r, head, 100);
}

static inline void rh_finish(struct ring_harness *r)
{
	r->h.ops->finish(r->h.self, r->h.time);
}

static inline void rh_finds(struct ring_harness *r, enum clause clause,
			    actor_id actor)
{
	harness_finds(&r->h, clause, actor);
}

static inline void rh_silent(struct ring_harness *r)
{
	harness_silent(&r->h);
}

/* One buffer is with the device, which has been kicked. */
static inline void rh_exposed(struct ring_harness *r)
{
	rh_offer(r, 0);
	rh_publish(r);
	rh_kick(r);
}

/* Three rounds of @size chains, used and taken backwards: all as it should be.
 */
static inline void rh_rounds(struct ring_harness *r, uint32_t size)
{
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < size; i++)
			rh_offer(r, i);
		rh_publish(r);
		rh_kick(r);
		for (uint32_t i = size; i-- > 0;)
			rh_used(r, i, 7);
		rh_used_idx(r);
		rh_call(r);
		for (uint32_t i = size; i-- > 0;)
			rh_take(r, i, 7);
	}
	rh_finish(r);
}

#endif
