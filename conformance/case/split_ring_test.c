/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Both halves of one ring, joined, with ringwatch over them: an honest pair
 * breaks no rule, whatever the ring's size, start and features. And where the
 * parts of a ring may lie.
 */
#include "conformance/referee/ring/ringwatch.h"
#include "conformance/referee_harness.h"
#include "conformance/ring_bench.h"
#include "model/ring/split/split.h"

enum { GUEST = 0, HOST = 2 };

/* A ring with a half at each end, and what the referee says of them. */
struct pair {
	struct ring_bench *b;
	struct referee_harness h;
	uint32_t sent;
	uint32_t back;
	uint32_t kicked;
	uint32_t called;
};

static void flush(void *listener, const struct event *ev, uint32_t places)
{
	struct pair *pair = listener;

	referee_watch(pair->h.ops, pair->h.self, ev, places);
}

static struct pair *pair_open(struct ring_config c)
{
	struct pair *p = calloc(1, sizeof *p);
	struct vq_device_setup s;

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	p->b = ring_bench_driver(c);
	p->b->probe.flush = flush;
	p->b->probe.listener = p;
	s = (struct vq_device_setup){
		.area = {p->b->raw.desc, p->b->raw.avail, p->b->raw.used,
			 c.size},
		.mem = &p->b->mem,
		.probe = &p->b->probe,
		.cost = &p->b->cost,
		.queue = BENCH_QUEUE,
		.layout = c.layout,
		.from = vq_resume_at(c.layout, c.start),
		.event_idx = c.event_idx,
		.indirect = c.indirect,
	};
	CU_ASSERT_TRUE(vq_device_begin(&p->b->device, &s, &p->b->why));
	harness_prepare(&p->h);
	p->h.config.link[0].ring = c;
	p->h.map.vm[0].ram_gpa = BENCH_GPA;
	p->h.map.vm[0].ram_size = BENCH_BYTES;
	harness_open(&p->h, &ringwatch_referee);
	TELL(&p->h, .kind = EV_STATUS, .a = 15);
	return p;
}

static void pair_close(struct pair *p)
{
	probe_flush(&p->b->probe);
	p->h.ops->finish(p->h.self, p->h.time);
	harness_silent(&p->h);
	CU_ASSERT_EQUAL(p->sent, p->back);
	CU_ASSERT(p->sent > 0 && p->kicked > 0 && p->called > 0);
	harness_close(&p->h);
	ring_bench_close(p->b);
	free(p);
}

/* The guest exposes chains of @segs until the ring is full. */
static void guest_fills(struct pair *p, uint32_t segs)
{
	struct ring_bench *b = p->b;
	struct ring_seg seg[4];

	b->probe.actor = GUEST;
	for (uint32_t i = 0; i < segs; i++)
		seg[i] = (struct ring_seg){BENCH_TABLE, 10, i > 0};
	while (vq_driver_add(&b->driver, seg, segs, p->sent)) {
		p->sent++;
		probe_flush(&b->probe);
	}
	vq_driver_publish(&b->driver);
	p->kicked += vq_driver_kick_wanted(&b->driver);
	probe_flush(&b->probe);
}

/* The host uses what is there, the later half of it first. */
static void host_works(struct pair *p, uint32_t segs)
{
	struct ring_bench *b = p->b;
	uint16_t held = 0, some = 0;

	b->probe.actor = HOST;
	vq_device_kicks_off(&b->device);
	do {
		while (ring_bench_pop(b) == RING_CHAIN) {
			CU_ASSERT_EQUAL(b->chain.count, segs);
			if (some++ % 2 == 0)
				held = b->chain.head;
			else
				vq_device_used(&b->device, b->chain.head,
					       10 * (segs - 1));
			if (some % 2 == 0)
				vq_device_used(&b->device, held, 0);
			probe_flush(&b->probe);
		}
		if (some % 2)
			vq_device_used(&b->device, held, 0);
		some = 0;
		vq_device_publish(&b->device);
		p->called += vq_device_call_wanted(&b->device);
	} while (vq_device_kicks_on(&b->device) &&
		 vq_device_pending(&b->device));
	CU_ASSERT_EQUAL(b->why.broken, CLAUSE_NONE);
	probe_flush(&b->probe);
}

static void guest_reaps(struct pair *p)
{
	struct ring_bench *b = p->b;
	uint32_t cookie, len;

	b->probe.actor = GUEST;
	vq_driver_calls_off(&b->driver);
	do {
		while (vq_driver_take(&b->driver, &cookie, &len, &b->why) ==
		       RING_CHAIN) {
			p->back++;
			probe_flush(&b->probe);
		}
		vq_driver_calls_on(&b->driver);
	} while (vq_driver_pending(&b->driver));
	CU_ASSERT_EQUAL(b->why.broken, CLAUSE_NONE);
	probe_flush(&b->probe);
}

/* What is at @own, @size bytes, may have changed since @before. */
static void own_moves(const struct pair *p, uint8_t *before, const uint8_t *own,
		      size_t size)
{
	memcpy(before + (own - p->b->memory), own, size);
}

static void others_stay(const struct pair *p, const uint8_t *before)
{
	CU_ASSERT_EQUAL(memcmp(before, p->b->memory, BENCH_BYTES), 0);
}

/* The table and the available ring are the driver's, the used ring is not. */
static void own_parts(struct ring_config c)
{
	struct pair *p = pair_open(c);
	const struct vq_bytes at = vq_driver_bytes(&p->b->driver);
	const struct vq_parts bytes = vq_parts(c.layout, c.size);
	uint8_t *before = malloc(BENCH_BYTES);

	CU_ASSERT_PTR_NOT_NULL_FATAL(before);
	for (uint32_t i = 0; i < 12; i++) {
		uint32_t segs = 1 + i % 4;

		memcpy(before, p->b->memory, BENCH_BYTES);
		guest_fills(p, segs);
		own_moves(p, before, at.desc, bytes.desc);
		own_moves(p, before, at.driver, bytes.driver);
		if (c.indirect)
			own_moves(p, before, vq_driver_table(&p->b->driver),
				  vq_table_bytes(c.layout, c.size));
		others_stay(p, before);
		memcpy(before, p->b->memory, BENCH_BYTES);
		host_works(p, segs);
		own_moves(p, before, at.device, bytes.device);
		others_stay(p, before);
		memcpy(before, p->b->memory, BENCH_BYTES);
		guest_reaps(p);
		own_moves(p, before, at.driver, bytes.driver);
		others_stay(p, before);
	}
	free(before);
	pair_close(p);
}

/* P-SPLIT-2; SPLIT-DESC-DEV-4 */
static void each_writes_its_own(void)
{
	for (uint32_t k = 0; k < 4; k++)
		own_parts((struct ring_config){.size = 8,
					       .start = 65530,
					       .event_idx = k & 1,
					       .indirect = k & 2});
}

static void honest(struct ring_config c, uint32_t rounds)
{
	struct pair *p = pair_open(c);

	for (uint32_t i = 0; i < rounds; i++) {
		uint32_t segs = 1 + i % (c.size < 4 ? c.size : 4u);

		guest_fills(p, segs);
		host_works(p, segs);
		guest_reaps(p);
	}
	pair_close(p);
}

/* Every start, so that each index wraps in each position of the ring. */
static void honest_sizes(bool event_idx, bool indirect)
{
	static const uint16_t size[] = {1, 2, 8, 256};

	for (unsigned i = 0; i < sizeof size / sizeof *size; i++)
		for (uint32_t start = 65520; start <= 65535; start++)
			honest((struct ring_config){.size = size[i],
						    .start = (uint16_t)start,
						    .event_idx = event_idx,
						    .indirect = indirect},
			       24);
}

static void by_flags(void)
{
	honest_sizes(false, false);
}

static void by_events(void)
{
	honest_sizes(true, false);
}

static void with_tables(void)
{
	honest_sizes(false, true);
	honest_sizes(true, true);
}

static void largest(void)
{
	honest((struct ring_config){.size = 32768}, 5);
	honest((struct ring_config){.size = 32768,
				    .start = 65535,
				    .event_idx = true},
	       5);
}

/* The rule that forbids a ring at these addresses, or none. */
static enum clause placed(uint64_t desc, uint64_t avail, uint64_t used,
			  uint16_t size)
{
	struct ring_bench *b = BENCH_DRIVER(.size = 8);
	const struct vq_area area = {desc, avail, used, size};
	struct verdict why = {0};
	struct split_bytes at;
	bool mapped = split_map(&area, &b->mem, &at, &why);

	CU_ASSERT_EQUAL(mapped, why.broken == CLAUSE_NONE);
	ring_bench_close(b);
	return why.broken;
}

static void sizes(void)
{
	const uint64_t d = BENCH_GPA, a = d + 0x80000, u = a + 0x20000;

	for (uint32_t size = 0; size < 65536; size += 1 + size / 40) {
		bool good = size && (size & (size - 1)) == 0;

		CU_ASSERT_EQUAL(placed(d, a, u, (uint16_t)size),
				good ? CLAUSE_NONE : CLAUSE_SPLIT_SIZE);
	}
	CU_ASSERT_EQUAL(placed(d, a, u, 1), CLAUSE_NONE);
	CU_ASSERT_EQUAL(placed(d, a, u, 32768), CLAUSE_NONE);
}

static void alignment(void)
{
	const uint64_t d = BENCH_TABLE, a = d + 0x1000, u = a + 0x1000;

	CU_ASSERT_EQUAL(placed(d + 16, a + 2, u + 4, 8), CLAUSE_NONE);
	CU_ASSERT_EQUAL(placed(d + 8, a, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(d, a + 1, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(d, a, u + 2, 8), CLAUSE_SPLIT_LAYOUT);
}

/* Each part ends with memory, then one step behind it; event words count. */
static void ends_of_memory(void)
{
	const uint64_t d = BENCH_TABLE, a = d + 0x1000, u = a + 0x1000;
	const uint64_t end = BENCH_END;

	CU_ASSERT_EQUAL(placed(end - 128, a, u, 8), CLAUSE_NONE);
	CU_ASSERT_EQUAL(placed(end - 112, a, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(d, end - 22, u, 8), CLAUSE_NONE);
	CU_ASSERT_EQUAL(placed(d, end - 20, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(d, a, end - 72, 8), CLAUSE_NONE);
	CU_ASSERT_EQUAL(placed(d, a, end - 68, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(0, a, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(-16ull, a, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(d, -2ull, u, 8), CLAUSE_SPLIT_LAYOUT);
	CU_ASSERT_EQUAL(placed(d, a, -4ull, 8), CLAUSE_SPLIT_LAYOUT);
}

static const struct unit_case cases[] = {
	{"an honest pair, by flags", by_flags},
	{"an honest pair, by events", by_events},
	{"an honest pair, with tables", with_tables},
	{"the largest ring", largest},
	{"each half writes its own parts", each_writes_its_own},
	{"sizes", sizes},
	{"alignment", alignment},
	{"ends of memory", ends_of_memory},
};

UNIT_MAIN("split_ring", cases)
