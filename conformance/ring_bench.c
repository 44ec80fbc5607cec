/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/ring_bench.h"

#include <stdlib.h>
#include <string.h>

/* They stay in the ring as history. */
static void events_kept(void *listener, const struct event *ev, uint32_t places)
{
	(void)listener;
	(void)ev;
	(void)places;
}

static size_t used_bytes(const struct ring_bench *b)
{
	return 4 + 8 * (size_t)b->config.size + 2;
}

static const uint8_t *used_words(const struct ring_bench *b)
{
	return b->memory + (b->raw.used - BENCH_GPA);
}

static void *zeroed(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

static void device_begin(struct ring_bench *b)
{
	const struct vq_device_setup s = {
		.area = {b->raw.desc, b->raw.avail, b->raw.used,
			 b->config.size},
		.mem = &b->mem,
		.probe = &b->probe,
		.cost = &b->cost,
		.queue = BENCH_QUEUE,
		.layout = b->config.layout,
		.from = vq_resume_at(b->config.layout, b->config.start),
		.event_idx = b->config.event_idx,
		.indirect = b->config.indirect,
	};

	if (!vq_device_begin(&b->device, &s, &b->why))
		abort();
}

static void driver_begin(struct ring_bench *b)
{
	const struct vq_driver_setup s = {
		.layout = b->config.layout,
		.area = {b->raw.desc, b->raw.avail, b->raw.used,
			 b->config.size},
		.mem = &b->mem,
		.account = b->account,
		.table_gpa = b->config.indirect ? BENCH_TABLE : 0,
		.probe = &b->probe,
		.cost = &b->cost,
		.queue = BENCH_QUEUE,
		.start = b->config.start,
		.event_idx = b->config.event_idx,
	};

	assert(!b->config.indirect || b->config.size <= 256);
	vq_driver_begin(&b->driver, &s);
}

static struct ring_bench *bench_open(struct ring_config c,
				     void (*begin)(struct ring_bench *b))
{
	struct ring_bench *b = zeroed(sizeof *b);
	uint64_t end;

	b->config = c;
	b->begin = begin;
	b->memory = zeroed(BENCH_BYTES);
	b->account = zeroed(vq_account_bytes(c.layout, c.size));
	b->chain.seg = zeroed(c.size * sizeof *b->chain.seg);
	b->used_before = zeroed(4 + 8 * (size_t)c.size + 2);
	end = raw_ring_place(&b->raw, b->memory, BENCH_GPA, BENCH_GPA, c.size);
	assert(end <= BENCH_TABLE);
	b->mem = (struct gmem){.window = b->window, .room = 1};
	if (!gmem_add(&b->mem, (struct gmem_window){.gpa = BENCH_GPA,
						    .size = BENCH_BYTES,
						    .base = b->memory}))
		abort();
	b->probe = (struct probe){.ring = b->event,
				  .mask = BENCH_EVENTS - 1,
				  .wanted = UINT64_MAX,
				  .flush = events_kept};
	ring_bench_reexpose(b);
	return b;
}

struct ring_bench *ring_bench_device(struct ring_config c)
{
	return bench_open(c, device_begin);
}

struct ring_bench *ring_bench_driver(struct ring_config c)
{
	return bench_open(c, driver_begin);
}

void ring_bench_reexpose(struct ring_bench *b)
{
	b->avail = b->used = b->config.start;
	raw_ring_put_avail_idx(&b->raw, b->config.start);
	raw_ring_put_used_idx(&b->raw, b->config.start);
	b->begin(b);
	ring_bench_look(b);
}

void ring_bench_close(struct ring_bench *b)
{
	free(b->used_before);
	free(b->chain.seg);
	free(b->account);
	free(b->memory);
	free(b);
}

void ring_bench_desc(struct ring_bench *b, uint16_t index, uint64_t addr,
		     uint32_t len, uint32_t flags, uint32_t next)
{
	raw_ring_put_desc(
		&b->raw, index,
		(struct raw_desc){addr, len, (uint16_t)flags, (uint16_t)next});
}

void ring_bench_entry(struct ring_bench *b, uint64_t table, uint32_t index,
		      uint32_t len, uint32_t flags, uint32_t next)
{
	raw_ring_put_entry(&b->raw, table, index,
			   (struct raw_desc){BENCH_TABLE, len, (uint16_t)flags,
					     (uint16_t)next});
}

void ring_bench_avail(struct ring_bench *b, uint16_t head)
{
	raw_ring_put_avail(&b->raw, b->avail++, head);
}

void ring_bench_publish(struct ring_bench *b)
{
	raw_ring_put_avail_idx(&b->raw, b->avail);
}

void ring_bench_offer(struct ring_bench *b, uint16_t head, uint32_t len)
{
	ring_bench_desc(b, head, BENCH_TABLE, len, RAW_WRITE, 0);
	ring_bench_avail(b, head);
	ring_bench_publish(b);
}

enum ring_end ring_bench_pop(struct ring_bench *b)
{
	return vq_device_pop(&b->device, &b->chain, &b->why);
}

void ring_bench_used(struct ring_bench *b, uint32_t id, uint32_t len)
{
	raw_ring_put_used(&b->raw, b->used++, id, len);
}

void ring_bench_used_idx(struct ring_bench *b)
{
	raw_ring_put_used_idx(&b->raw, b->used);
}

uint16_t ring_bench_add(struct ring_bench *b, uint32_t segs, uint32_t cookie)
{
	struct ring_seg *seg = b->chain.seg;
	bool added;

	assert(segs <= b->config.size);
	for (uint32_t i = 0; i < segs; i++)
		seg[i] = (struct ring_seg){BENCH_BUFFER + 100 * i, 100, i > 0};
	added = vq_driver_add(&b->driver, seg, segs, cookie);
	assert(added);
	vq_driver_publish(&b->driver);
	return raw_ring_avail(&b->raw,
			      (uint16_t)(raw_ring_avail_idx(&b->raw) - 1));
}

uint32_t ring_bench_events(const struct ring_bench *b, enum event_kind kind)
{
	struct probe_walk walk = {.p = &b->probe, .at = b->seen};
	struct event e;
	uint32_t count = 0;

	assert(b->probe.head - b->seen <= BENCH_EVENTS);
	while (probe_next(&walk, &e))
		count += e.kind == kind;
	return count;
}

bool ring_bench_quiet(struct ring_bench *b)
{
	return b->seen == b->probe.head &&
	       memcmp(b->used_before, used_words(b), used_bytes(b)) == 0;
}

void ring_bench_look(struct ring_bench *b)
{
	b->seen = b->probe.head;
	memcpy(b->used_before, used_words(b), used_bytes(b));
}
