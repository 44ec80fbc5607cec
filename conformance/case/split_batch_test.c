/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs against single chains: the same throws on two rings, one worked chain
 * by chain, the other in runs. Memory, events, what is taken and when a half
 * stops must be the same, also when somebody scribbles over the rings.
 */
#include <stdlib.h>
#include <string.h>

#include "model/ring/virtqueue.h"
#include "model/unit.h"
#include "sim/world/rng.h"

enum {
	GPA = 0x1000,
	MEMORY = 0x2000,
	HISTORY = 1024,
	SIZE = 16,
	MOST = 8, /* chains in one go */
	GOES = 200000,
	TAKEN = 64
};

/* One ring with both of its halves, and what they did. */
struct side {
	bool runs;
	_Alignas(64) uint8_t bytes[MEMORY];
	struct gmem_window window[1];
	struct gmem mem;
	struct probe probe;
	struct event ring[HISTORY + PROBE_SLACK];
	struct cost_meter cost;
	struct vq_driver driver;
	struct vq_device device;
	_Alignas(8) uint8_t account[64 * SIZE];
	struct ring_seg seg[SIZE + 1];
	struct event happened[256]; /* in this go */
	uint32_t happenings;
	struct event_item got[MOST]; /* heads popped, or elements taken */
	uint32_t gots;
	enum ring_end end;
};

static struct side side[2] = {{.runs = false}, {.runs = true}};
static struct rng rng;
static uint16_t held[TAKEN]; /* heads that the device has */
static uint32_t holds;

static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	struct side *s = listener;
	struct event_walk walk = event_walk(ev, places);
	struct event one;

	while (event_next(&walk, &one))
		s->happened[s->happenings++ % 256] = one;
}

static void side_begin(struct side *s, uint16_t start, bool event_idx)
{
	struct arena arena = {.base = s->account, .size = sizeof s->account};
	struct vq_area area = {GPA, GPA + 0x800, GPA + 0x1000, SIZE};
	struct vq_device_setup device = {.area = area,
					 .mem = &s->mem,
					 .probe = &s->probe,
					 .cost = &s->cost,
					 .from = vq_resume_at(VQ_SPLIT, start),
					 .event_idx = event_idx};
	struct vq_driver_setup driver = {
		.area = area,
		.mem = &s->mem,
		.account = vq_account_new(VQ_SPLIT, SIZE, &arena),
		.probe = &s->probe,
		.cost = &s->cost,
		.start = start,
		.event_idx = event_idx};
	struct verdict why;

	memset(s->bytes, 0, sizeof s->bytes);
	s->mem = (struct gmem){.window = s->window, .room = 1};
	gmem_add(&s->mem, (struct gmem_window){.gpa = GPA,
					       .size = MEMORY,
					       .base = s->bytes});
	s->probe = (struct probe){.ring = s->ring,
				  .mask = HISTORY - 1,
				  .wanted = UINT64_MAX,
				  .flush = on_flush,
				  .listener = s};
	vq_driver_begin(&s->driver, &driver);
	CU_ASSERT_FATAL(vq_device_begin(&s->device, &device, &why));
}

static void begin(void)
{
	uint16_t start = rng_below(&rng, 2) ? 0 : 65530;
	bool event_idx = rng_below(&rng, 2);

	side_begin(&side[0], start, event_idx);
	side_begin(&side[1], start, event_idx);
	holds = 0;
}

/* As many as go in a run; how many. */
static uint32_t add_batch(struct side *s, const struct event_item *item,
			  uint32_t count, uint32_t room)
{
	struct vq_driver *q = &s->driver;
	struct event_item *said;
	struct vq_add_cursor a;

	count = vq_add_most(q, count);
	if (!count)
		return 0;
	said = vq_add_tell(q, count, room);
	a = vq_add_begin(q, vq_driver_layout(q), count, room);
	for (uint32_t k = 0; k < count; k++)
		vq_add_told(
			&said[k], item[k].addr, room ? room : item[k].len,
			vq_add_put(&a, item[k].addr, item[k].len, item[k].a));
	vq_add_end(q, &a, count);
	probe_batch_end(&s->probe);
	return count;
}

static void add(struct side *s, const struct event_item *item, uint32_t count,
		uint32_t room)
{
	struct ring_seg seg = {.write = room};

	for (uint32_t k = 0; s->runs && k < count;)
		k += add_batch(s, item + k, count - k, room);
	if (s->runs)
		return;
	for (uint32_t k = 0; k < count; k++) {
		seg.gpa = item[k].addr;
		seg.len = room ? room : item[k].len;
		vq_driver_add(&s->driver, &seg, 1, item[k].a);
	}
}

static void go_add(void)
{
	static const struct ring_seg two[2] = {{GPA, 4, false},
					       {GPA + 64, 8, true}};
	uint32_t room = rng_below(&rng, 2) * 100;
	uint32_t count = rng_below(&rng, MOST + 1);
	struct event_item item[MOST];

	if (vq_driver_broken(&side[0].driver))
		return;
	if (rng_below(&rng, 8) == 0) {
		vq_driver_add(&side[0].driver, two, 2, 7);
		vq_driver_add(&side[1].driver, two, 2, 7);
	}
	if (count > vq_driver_free(&side[0].driver))
		count = vq_driver_free(&side[0].driver);
	for (uint32_t k = 0; k < count; k++)
		item[k] = (struct event_item){GPA + rng_below(&rng, 4096),
					      1 + rng_below(&rng, 200),
					      rng_below(&rng, 1000)};
	add(&side[0], item, count, room);
	add(&side[1], item, count, room);
	vq_driver_publish(&side[0].driver);
	vq_driver_publish(&side[1].driver);
}

/* Chains of one descriptor, however they may be used; then any other. */
static enum ring_end pull_batch(struct side *s, uint32_t most)
{
	struct vq_device *q = &s->device;
	struct verdict why;
	enum ring_end end = vq_device_ready(q, &why);
	uint32_t left = vq_pop_most(q, most - s->gots);

	for (uint32_t write = 0; write < 2 && end == RING_CHAIN; write++) {
		struct vq_pop_cursor p =
			vq_pop_begin(q, vq_device_layout(q), write);
		struct ring_buffer c;
		uint32_t k;

		for (k = 0; k < left && vq_pop_look(&p, &c); k++) {
			vq_pop_take(&p);
			s->got[s->gots++] =
				(struct event_item){c.gpa, c.len, c.head};
		}
		vq_pop_end(q, &p, k);
		if (k)
			return RING_CHAIN;
	}
	return end;
}

static void pull(struct side *s, uint32_t most)
{
	struct ring_chain chain = {.seg = s->seg};
	struct verdict why;
	uint32_t before;

	s->gots = 0;
	s->end = RING_CHAIN;
	while (s->gots < most && s->end == RING_CHAIN) {
		before = s->gots;
		if (s->runs)
			s->end = pull_batch(s, most);
		if (s->end != RING_CHAIN || s->gots != before)
			continue;
		s->end = vq_device_pop(&s->device, &chain, &why);
		if (s->end == RING_CHAIN)
			s->got[s->gots++] = (struct event_item){
				s->seg[0].gpa, s->seg[0].len, chain.head};
	}
}

static void go_pull(void)
{
	uint32_t most = 1 + rng_below(&rng, MOST);

	pull(&side[0], most);
	pull(&side[1], most);
	for (uint32_t k = 0; k < side[0].gots && holds < TAKEN; k++)
		held[holds++] = (uint16_t)side[0].got[k].a;
}

/* As many as go in a run; how many. */
static uint32_t use_batch(struct side *s, const struct event_item *item,
			  uint32_t count)
{
	struct event_item *said;
	struct vq_push_used_cursor u;

	count = vq_push_used_most(&s->device, count);
	said = probe_batch_begin(&s->probe, EV_USED, 0, count,
				 vq_device_given(&s->device));
	u = vq_push_used_begin(&s->device, vq_device_layout(&s->device));
	for (uint32_t k = 0; k < count; k++) {
		vq_push_used_put(&u, item[k].a, item[k].len);
		event_item_set(&said[k], 0, item[k].len, item[k].a);
	}
	vq_push_used_end(&s->device, &u, count);
	probe_batch_end(&s->probe);
	return count;
}

static void go_use(void)
{
	struct event_item item[MOST];
	uint32_t count = rng_below(&rng, MOST + 1);

	if (count > holds)
		count = holds;
	for (uint32_t k = 0; k < count; k++) {
		uint32_t pick = rng_below(&rng, holds);

		item[k] = (struct event_item){0, rng_below(&rng, 12) * 10,
					      held[pick]};
		held[pick] = held[--holds];
		vq_device_used(&side[0].device, (uint16_t)item[k].a,
			       item[k].len);
	}
	for (uint32_t k = 0; k < count;)
		k += use_batch(&side[1], item + k, count - k);
	vq_device_publish(&side[0].device);
	vq_device_publish(&side[1].device);
}

/* As many as go in a run; how many. */
static uint32_t take_batch_of(struct side *s, uint32_t most)
{
	struct vq_driver *q = &s->driver;
	struct event_item *said;
	struct probe_batches runs;
	struct vq_get_cursor t;
	struct vq_used u;
	uint32_t k;

	most = vq_get_most(q, most);
	runs = probe_batches_begin(&s->probe, most);
	said = probe_batch_begin(&s->probe, EV_USED_CONSUMED, 0, most, 0);
	t = vq_get_begin(q, vq_driver_layout(q));
	for (k = 0; k < most && vq_get_look(&t, &u); k++) {
		vq_get_take(&t, &u);
		event_item_set(&said[k], 0, u.len, u.id);
		s->got[s->gots++] = (struct event_item){0, u.len, u.cookie};
	}
	vq_get_end(q, &t, k);
	probe_batches_end(&s->probe, &runs, k);
	return k;
}

static void take(struct side *s, uint32_t most)
{
	uint32_t cookie, len;
	struct verdict why;

	s->gots = 0;
	s->end = RING_CHAIN;
	while (s->gots < most && s->end == RING_CHAIN) {
		if (s->runs)
			s->end = vq_driver_ready(&s->driver, &why);
		if (s->end != RING_CHAIN ||
		    (s->runs && take_batch_of(s, most - s->gots)))
			continue;
		s->end = vq_driver_take(&s->driver, &cookie, &len, &why);
		if (s->end == RING_CHAIN)
			s->got[s->gots++] = (struct event_item){0, len, cookie};
	}
}

static void go_take(void)
{
	uint32_t most = 1 + rng_below(&rng, MOST);

	take(&side[0], most);
	take(&side[1], most);
}

/* Somebody writes where the rings are. */
static void go_scribble(void)
{
	static const uint32_t parts[3] = {0, 0x800, 0x1000};
	static const uint32_t sizes[3] = {SIZE * 16, 6 + 2 * SIZE,
					  6 + 8 * SIZE};
	uint32_t part = rng_below(&rng, 3);
	uint32_t at = parts[part] + rng_below(&rng, sizes[part]);
	uint8_t value = (uint8_t)rng_below(&rng, 256);

	side[0].bytes[at] = side[1].bytes[at] = value;
}

/* The same chains are out, and descriptors are free in the same order. */
static bool accounts_alike(const struct vq_driver *a, const struct vq_driver *b)
{
	uint32_t i = vq_driver_free_head(a), k = vq_driver_free_head(b);

	for (uint32_t n = 0; n < vq_driver_free(a); n++) {
		if (i != k)
			return false;
		i = vq_driver_behind(a, i);
		k = vq_driver_behind(b, k);
	}
	for (i = 0; i < SIZE; i++) {
		struct vq_note x = vq_driver_note(a, i);
		struct vq_note y = vq_driver_note(b, i);

		if (x.count != y.count ||
		    (x.count && (x.cookie != y.cookie || x.room != y.room)))
			return false;
	}
	return true;
}

static bool alike(void)
{
	const struct side *a = &side[0], *b = &side[1];
	bool same =
		a->happenings == b->happenings && a->gots == b->gots &&
		a->end == b->end &&
		vq_driver_free(&a->driver) == vq_driver_free(&b->driver) &&
		vq_driver_broken(&a->driver) == vq_driver_broken(&b->driver) &&
		vq_device_broken(&a->device) == vq_device_broken(&b->device) &&
		memcmp(a->bytes, b->bytes, MEMORY) == 0 &&
		accounts_alike(&a->driver, &b->driver) &&
		a->cost.count[COST_DESC] == b->cost.count[COST_DESC] &&
		a->cost.count[COST_ENTRY] == b->cost.count[COST_ENTRY];

	for (uint32_t i = 0; same && i < a->happenings; i++)
		same = memcmp(&a->happened[i], &b->happened[i],
			      sizeof a->happened[i]) == 0;
	for (uint32_t i = 0; same && i < a->gots; i++)
		same = a->got[i].a == b->got[i].a &&
		       a->got[i].len == b->got[i].len;
	return same;
}

/* @scribbles: one go in so many; 0: none. The value is how often a half broke.
 */
static uint32_t play(uint64_t seed, uint32_t scribbles)
{
	static void (*const goes[])(void) = {go_add, go_pull, go_use, go_take};
	uint32_t broke = 0;

	rng.state = seed;
	begin();
	for (uint32_t n = 0; n < GOES; n++) {
		bool scribble = scribbles && rng_below(&rng, scribbles) == 0;

		for (uint32_t i = 0; i < 2; i++)
			side[i].happenings = side[i].gots = 0;
		(scribble ? go_scribble : goes[rng_below(&rng, 4)])();
		probe_flush(&side[0].probe);
		probe_flush(&side[1].probe);
		if (!alike()) {
			CU_FAIL("the two rings differ");
			return broke;
		}
		if (vq_driver_broken(&side[0].driver) ||
		    vq_device_broken(&side[0].device)) {
			broke++;
			begin();
		}
	}
	return broke;
}

static void honest(void)
{
	/* A device of these throws says more than was room for, at times. */
	CU_ASSERT(play(1, 0) > 0);
}

static void scribbled(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		CU_ASSERT(play(seed, 20) > 1000);
}

static const struct unit_case cases[] = {
	{"alike when nobody scribbles", honest},
	{"alike when somebody does", scribbled},
};

UNIT_MAIN("split_run", cases)
