/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One half of a split ring on a bench: the other half is whatever a case
 * writes into memory. Knows both halves' interfaces and the raw ring; must not
 * know what either half keeps to itself.
 */
#ifndef TWINRING_CONFORMANCE_RING_BENCH_H
#define TWINRING_CONFORMANCE_RING_BENCH_H

#include "conformance/raw_ring.h"
#include "model/config.h"
#include "model/ring/virtqueue.h"

enum {
	BENCH_GPA = 0x10000,
	BENCH_BYTES = 0x180000, /* guest memory, to the last byte */
	BENCH_END = BENCH_GPA + BENCH_BYTES,
	BENCH_TABLE = BENCH_GPA + 0x100000,   /* free for tables and buffers */
	BENCH_BUFFER = BENCH_TABLE + 0x40000, /* what ring_bench_add exposes */
	BENCH_QUEUE = 1,
	BENCH_EVENTS = 1024,
};

struct ring_bench {
	struct ring_config config;
	void (*begin)(struct ring_bench *b); /* of the half that is here */
	struct raw_ring raw;
	uint8_t *memory;
	struct gmem_window window[1];
	struct gmem mem;
	struct probe probe;
	struct event event[BENCH_EVENTS + PROBE_SLACK];
	uint64_t seen; /* events that the case has accounted for */
	struct cost_meter cost;
	struct vq_device device;
	struct vq_driver driver;
	void *account;           /* of the driver half */
	struct ring_chain chain; /* what was popped last */
	struct verdict why;
	uint16_t avail;       /* entries that the raw driver wrote */
	uint16_t used;        /* elements that the raw device wrote */
	uint8_t *used_before; /* the used ring when it was looked at last */
};

/* The device half, whose driver is the case. */
struct ring_bench *ring_bench_device(struct ring_config c);

/* The driver half, whose device is the case. */
struct ring_bench *ring_bench_driver(struct ring_config c);

/*
 * The half begins anew, as after a reset, with memory as the case left it but
 * for the indexes.
 */
void ring_bench_reexpose(struct ring_bench *b);

#define BENCH_DEVICE(...) ring_bench_device((struct ring_config){__VA_ARGS__})
#define BENCH_DRIVER(...) ring_bench_driver((struct ring_config){__VA_ARGS__})

void ring_bench_close(struct ring_bench *b);

/*
 * The raw driver: writes descriptor @index, or entry @index of a table;
 * writes the next available entry; publishes all that it wrote.
 */
void ring_bench_desc(struct ring_bench *b, uint16_t index, uint64_t addr,
		     uint32_t len, uint32_t flags, uint32_t next);
void ring_bench_entry(struct ring_bench *b, uint64_t table, uint32_t index,
		      uint32_t len, uint32_t flags, uint32_t next);
void ring_bench_avail(struct ring_bench *b, uint16_t head);
void ring_bench_publish(struct ring_bench *b);

/* All three for a chain of one descriptor, @len writable bytes. */
void ring_bench_offer(struct ring_bench *b, uint16_t head, uint32_t len);

/* The device half takes what is next. */
enum ring_end ring_bench_pop(struct ring_bench *b);

/* The raw device: writes the next used element; publishes all of them. */
void ring_bench_used(struct ring_bench *b, uint32_t id, uint32_t len);
void ring_bench_used_idx(struct ring_bench *b);

/*
 * The driver half exposes a chain of @segs segments of 100 bytes, all but the
 * first writable. Returns its head, as the raw ring shows it.
 */
uint16_t ring_bench_add(struct ring_bench *b, uint32_t segs, uint32_t cookie);

/* Events of @kind since the case last accounted for them all. */
uint32_t ring_bench_events(const struct ring_bench *b, enum event_kind kind);

/* True when nothing was emitted and no used word changed since last time. */
bool ring_bench_quiet(struct ring_bench *b);

/* The case has accounted for all that happened so far. */
void ring_bench_look(struct ring_bench *b);

#endif
