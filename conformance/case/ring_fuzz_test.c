/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each half before a peer that writes random bytes. The half must carry
 * on, or stop and name a rule; never trip over its own feet, and never hand
 * out a chain or an element that breaks a rule. Seeds are counted, so every
 * run is the same.
 */
#include "conformance/raw_ring.h"
#include "conformance/ring_bench.h"
#include "model/unit.h"

enum { RINGS = 100, STEPS_A_RING = 2000, TABLES = 4, TABLE_ENTRIES = 24 };

struct fuzz {
	struct ring_bench *b;
	uint64_t rng;
	uint32_t clause[CLAUSE_COUNT]; /* how often each was named */
	uint32_t chains;               /* good ones */
	uint32_t out[256];             /* driver: 1 + room of cookie, or 0 */
};

static uint64_t roll(struct fuzz *f)
{
	uint64_t z = f->rng += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t below(struct fuzz *f, uint32_t n)
{
	return (uint32_t)(roll(f) % n);
}

/*
 * One roll a statement, here and below: the order in which a call's arguments
 * or a literal's members are worked out is the compiler's choice.
 */
static struct ring_config any_ring(struct fuzz *f, uint32_t size_max)
{
	struct ring_config c = {.size = (uint16_t)(1 << below(f, 6))};

	c.start = (uint16_t)roll(f);
	c.event_idx = below(f, 2);
	c.indirect = below(f, 2);
	if (below(f, 40) == 0)
		c.size = (uint16_t)size_max;
	return c;
}

/* Mostly a number near @n, at times anything. */
static uint32_t near(struct fuzz *f, uint32_t n)
{
	switch (below(f, 8)) {
	case 0:
		return (uint32_t)roll(f);
	case 1:
		return n + below(f, 5) - 2;
	default:
		return n ? below(f, n) : 0;
	}
}

static uint64_t table_at(uint32_t t)
{
	return BENCH_TABLE + t * 16u * TABLE_ENTRIES + t % 2;
}

/* A descriptor that is nearly right, in a table of @entries. */
static struct raw_desc any_desc(struct fuzz *f, uint32_t entries, bool nested)
{
	static const uint32_t len[] = {0, 1, 60, 1500, 0x80000000, UINT32_MAX};
	struct raw_desc d = {.addr = BENCH_TABLE + below(f, 4096)};

	d.len = len[below(f, below(f, 9) ? 4 : 6)];
	d.next = (uint16_t)near(f, entries);
	d.flags = (uint16_t)(below(f, 3) ? RAW_NEXT : 0);
	d.flags |= (uint16_t)(below(f, 3) ? 0 : RAW_WRITE);
	if (below(f, nested ? 30 : 4) == 0) {
		d.flags = (uint16_t)(RAW_INDIRECT | below(f, 4) / 3);
		d.addr = table_at(below(f, TABLES));
		d.len = 16 * (1 + below(f, TABLE_ENTRIES));
		if (below(f, 10) == 0)
			d.len = near(f, d.len);
		if (below(f, 10) == 0)
			d.addr = BENCH_END - 16 + below(f, 3) * 8;
	}
	if (below(f, 50) == 0)
		d.flags = (uint16_t)roll(f);
	if (below(f, 50) == 0)
		d.addr = 0 - (uint64_t)below(f, 64);
	return d;
}

static void driver_writes(struct fuzz *f)
{
	struct ring_bench *b = f->b;
	uint16_t size = b->config.size;
	uint64_t table = table_at(below(f, TABLES));
	uint16_t at = (uint16_t)roll(f);
	uint16_t head = (uint16_t)near(f, size);
	struct raw_desc entry = any_desc(f, TABLE_ENTRIES, true);
	struct raw_desc desc = any_desc(f, size, false);

	switch (below(f, 12)) {
	case 0:
		raw_ring_put_avail_idx(&b->raw, (uint16_t)near(f, 4));
		break;
	case 1:
		raw_ring_put_avail(&b->raw, at, head);
		break;
	case 2:
		raw_ring_put_avail_flags(&b->raw, (uint16_t)roll(f));
		raw_ring_put_used_event(&b->raw, (uint16_t)roll(f));
		raw_ring_put_used_idx(&b->raw, (uint16_t)roll(f));
		break;
	case 3:
	case 4:
	case 5:
		raw_ring_put_entry(&b->raw, table, at % TABLE_ENTRIES, entry);
		break;
	default:
		raw_ring_put_desc(&b->raw, at % size, desc);
	}
}

/* What a device half hands out has been checked. */
static void chain_check(const struct fuzz *f)
{
	const struct ring_chain *c = &f->b->chain;
	uint64_t read = 0, write = 0;

	CU_ASSERT(c->head < f->b->config.size);
	CU_ASSERT(c->count > 0 && c->count <= f->b->config.size);
	CU_ASSERT(c->readable <= c->count);
	for (uint32_t i = 0; i < c->count; i++) {
		CU_ASSERT_EQUAL(c->seg[i].write, i >= c->readable);
		*(c->seg[i].write ? &write : &read) += c->seg[i].len;
	}
	CU_ASSERT_EQUAL(read, c->read_len);
	CU_ASSERT_EQUAL(write, c->write_len);
	CU_ASSERT(read + write <= UINT64_C(1) << 32);
}

/* A stop comes with a rule that binds the other side. */
static void stop_check(struct fuzz *f, enum clause_party other)
{
	const struct verdict *why = &f->b->why;
	enum clause_party who = clause_info(why->broken)->who;

	CU_ASSERT(why->broken != CLAUSE_NONE && why->detail[0]);
	CU_ASSERT(who == other || who == PARTY_BOTH);
	f->clause[why->broken]++;
}

/* False when the device half has stopped. */
static bool device_step(struct fuzz *f)
{
	struct ring_bench *b = f->b;
	uint32_t writes = below(f, 5);

	for (uint32_t i = 0; i < writes; i++)
		driver_writes(f);
	if (below(f, 3)) {
		b->avail = raw_ring_avail_idx(&b->raw);
		ring_bench_avail(b, (uint16_t)near(f, b->config.size));
		ring_bench_publish(b);
	}
	switch (ring_bench_pop(b)) {
	case RING_CHAIN:
		chain_check(f);
		f->chains++;
		vq_device_used(&b->device, b->chain.head, (uint32_t)roll(f));
		break;
	case RING_BROKEN:
		stop_check(f, PARTY_DRIVER);
		CU_ASSERT_EQUAL(ring_bench_pop(b), RING_EMPTY);
		return false;
	case RING_EMPTY:
		break;
	}
	if (below(f, 2))
		vq_device_publish(&b->device);
	if (below(f, 2))
		vq_device_call_wanted(&b->device);
	if (below(f, 4) == 0)
		vq_device_kicks_off(&b->device);
	if (below(f, 4) == 0)
		vq_device_kicks_on(&b->device);
	return true;
}

static void device_survives(void)
{
	static struct fuzz f;
	static const enum clause hit[] = {
		CLAUSE_SPLIT_HEAD,         CLAUSE_SPLIT_ORDER,
		CLAUSE_SPLIT_CHAIN_BYTES,  CLAUSE_SPLIT_CHAIN_LONG,
		CLAUSE_SPLIT_INDIR_NEST,   CLAUSE_SPLIT_INDIR_NEXT,
		CLAUSE_SPLIT_INDIR_TABLE,  CLAUSE_SPLIT_INDIR_FEATURE,
		CLAUSE_SPLIT_AVAIL_OVERRUN};

	for (uint32_t seed = 0; seed < RINGS; seed++) {
		f.rng = seed;
		f.b = ring_bench_device(any_ring(&f, 32768));
		for (uint32_t i = 0; i < STEPS_A_RING; i++)
			if (!device_step(&f))
				ring_bench_reexpose(f.b);
		ring_bench_close(f.b);
	}
	for (unsigned i = 0; i < sizeof hit / sizeof *hit; i++) {
		if (f.clause[hit[i]] == 0)
			printf("  never: %s\n", clause_info(hit[i])->id);
		CU_ASSERT(f.clause[hit[i]] > 0);
	}
	CU_ASSERT(f.chains > RINGS * STEPS_A_RING / 10);
}

/* Uses what is next in the available ring, if it is anything. */
static void device_uses(struct fuzz *f)
{
	struct ring_bench *b = f->b;

	if (b->used == b->avail)
		return;
	ring_bench_used(b, raw_ring_avail(&b->raw, b->used), near(f, 50));
	ring_bench_used_idx(b);
}

static void device_writes(struct fuzz *f)
{
	struct ring_bench *b = f->b;
	uint16_t size = b->config.size;
	uint16_t at = (uint16_t)roll(f);
	uint32_t id = near(f, size);
	uint32_t len = near(f, 200);
	struct raw_desc desc = any_desc(f, size, false);

	switch (below(f, 40)) {
	case 0:
		raw_ring_put_used_idx(&b->raw,
				      (uint16_t)(b->used + below(f, 9) - 4));
		break;
	case 1:
		raw_ring_put_used(&b->raw, at, id, len);
		break;
	case 2:
		ring_bench_used(b, id, len);
		ring_bench_used_idx(b);
		break;
	case 3:
		raw_ring_put_desc(&b->raw, at % size, desc);
		break;
	case 4:
		raw_ring_put_avail_idx(&b->raw, (uint16_t)roll(f));
		raw_ring_put_avail_flags(&b->raw, (uint16_t)roll(f));
		raw_ring_put_avail(&b->raw, at, (uint16_t)roll(f));
		break;
	case 5:
	case 6:
		raw_ring_put_used_flags(&b->raw, (uint16_t)roll(f));
		raw_ring_put_avail_event(&b->raw, (uint16_t)roll(f));
		break;
	default:
		device_uses(f);
	}
}

static void driver_adds(struct fuzz *f)
{
	struct ring_seg seg[70] = {0};
	uint32_t segs = 1 + below(f, below(f, 9) ? 4 : 70);
	uint32_t cookie = below(f, 256), room = 0;
	uint32_t readable = below(f, segs + 1);

	if (f->out[cookie])
		return;
	for (uint32_t i = 0; i < segs; i++) {
		seg[i] = (struct ring_seg){BENCH_TABLE, below(f, 300),
					   i >= readable};
		room += i >= readable ? seg[i].len : 0;
	}
	if (!vq_driver_add(&f->b->driver, seg, segs, cookie))
		return;
	f->out[cookie] = 1 + room;
	f->b->avail++;
}

/* False when the driver half has stopped. */
static bool driver_step(struct fuzz *f)
{
	struct ring_bench *b = f->b;
	uint32_t cookie, len;

	driver_adds(f);
	if (below(f, 2))
		vq_driver_publish(&b->driver);
	if (below(f, 2))
		vq_driver_kick_wanted(&b->driver);
	device_writes(f);
	switch (vq_driver_take(&b->driver, &cookie, &len, &b->why)) {
	case RING_CHAIN:
		CU_ASSERT_FATAL(cookie < 256);
		CU_ASSERT(f->out[cookie] > 0 && len < f->out[cookie]);
		f->out[cookie] = 0;
		f->chains++;
		break;
	case RING_BROKEN:
		stop_check(f, PARTY_DEVICE);
		return false;
	case RING_EMPTY:
		break;
	}
	if (below(f, 4) == 0)
		vq_driver_calls_off(&b->driver);
	if (below(f, 4) == 0)
		vq_driver_calls_on(&b->driver);
	return true;
}

static void driver_survives(void)
{
	static struct fuzz f;

	for (uint32_t seed = 0; seed < RINGS; seed++) {
		f.rng = seed;
		f.b = ring_bench_driver(any_ring(&f, 256));
		memset(f.out, 0, sizeof f.out);
		for (uint32_t i = 0; i < STEPS_A_RING; i++)
			if (!driver_step(&f)) {
				ring_bench_reexpose(f.b);
				memset(f.out, 0, sizeof f.out);
			}
		ring_bench_close(f.b);
	}
	CU_ASSERT(f.clause[CLAUSE_SPLIT_HEAD] > 0);
	CU_ASSERT(f.clause[CLAUSE_SPLIT_USED_LEN] > 0);
	CU_ASSERT(f.chains > RINGS * STEPS_A_RING / 4);
}

static const struct unit_case cases[] = {
	{"the device half survives", device_survives},
	{"the driver half survives", driver_survives},
};

UNIT_MAIN("ring_fuzz", cases)
