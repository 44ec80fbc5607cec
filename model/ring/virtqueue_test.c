/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lives of a device half, by the contract alone: it begins where another ended,
 * goes on when memory has moved, and no chain is lost or comes twice. All
 * layouts are tried.
 */
#include "model/ring/virtqueue.h"

#include "model/unit.h"

enum { GPA = 0x1000, PART = 0x1000, MEMORY = 3 * PART, SIZE = 8 };
enum { EVENTS = 256, CHAINS = 100 };

static _Alignas(64) uint8_t bytes[2][MEMORY]; /* before and after a move */
static _Alignas(64) uint8_t own[4096];
static struct event events[EVENTS + PROBE_SLACK];
static struct gmem_window window[2];
static struct gmem mem[2];
static struct probe probe;
static struct cost_meter cost;
static struct vq_driver driver;
static struct vq_device device;
static struct vq_device_setup far;
static struct verdict why;

static void nobody_listens(void *listener, const struct event *ev,
			   uint32_t places)
{
	(void)listener;
	(void)ev;
	(void)places;
}

static void begin(enum vq_layout layout, uint16_t start)
{
	struct vq_area area = {GPA, GPA + PART, GPA + 2 * PART, SIZE};
	struct arena arena = {.base = own, .size = sizeof own};
	struct vq_driver_setup near = {.layout = layout,
				       .area = area,
				       .mem = &mem[0],
				       .probe = &probe,
				       .cost = &cost,
				       .start = start,
				       .event_idx = true};

	memset(bytes, 0, sizeof bytes);
	for (uint32_t i = 0; i < 2; i++) {
		mem[i] = (struct gmem){.window = &window[i], .room = 1};
		gmem_add(&mem[i], (struct gmem_window){.gpa = GPA,
						       .size = MEMORY,
						       .base = bytes[i]});
	}
	probe = (struct probe){.ring = events,
			       .mask = EVENTS - 1,
			       .wanted = UINT64_MAX,
			       .flush = nobody_listens};
	near.account = vq_account_new(layout, SIZE, &arena);
	vq_driver_begin(&driver, &near);
	far = (struct vq_device_setup){.layout = layout,
				       .area = area,
				       .mem = &mem[0],
				       .probe = &probe,
				       .cost = &cost,
				       .from = vq_resume_at(layout, start),
				       .event_idx = true};
	CU_ASSERT_FATAL(vq_device_begin(&device, &far, &why));
}

/* Chain @n, one segment of @n + 1 bytes, which its cookie is as well. */
static void offer(uint32_t n)
{
	struct ring_seg seg = {0};

	ring_seg_set(&seg, GPA, n + 1, false);
	CU_ASSERT_FATAL(vq_driver_add(&driver, &seg, 1, n));
	vq_driver_publish(&driver);
}

/* Pops chain @n and uses it. */
static void serve(uint32_t n)
{
	struct ring_seg seg[SIZE + 1];
	struct ring_chain c = {.seg = seg};

	CU_ASSERT_EQUAL_FATAL(vq_device_pop(&device, &c, &why), RING_CHAIN);
	CU_ASSERT_EQUAL(c.seg[0].len, n + 1);
	vq_device_used(&device, c.head, 0);
	vq_device_publish(&device);
}

static void taken(uint32_t n)
{
	uint32_t cookie, len;

	CU_ASSERT_EQUAL_FATAL(vq_driver_take(&driver, &cookie, &len, &why),
			      RING_CHAIN);
	CU_ASSERT_EQUAL(cookie, n);
}

/* Nothing is under way: every descriptor is free, and no more can be taken. */
static void nothing_left(void)
{
	struct ring_seg seg[SIZE + 1];
	struct ring_chain c = {.seg = seg};
	uint32_t cookie, len;

	CU_ASSERT_EQUAL(vq_driver_free(&driver), SIZE);
	CU_ASSERT_EQUAL(vq_device_pop(&device, &c, &why), RING_EMPTY);
	CU_ASSERT_EQUAL(vq_driver_take(&driver, &cookie, &len, &why),
			RING_EMPTY);
}

/* Another half goes on where each one ends, as often as one likes. */
static void half_by_half(enum vq_layout layout, uint16_t start)
{
	begin(layout, start);
	for (uint32_t n = 0; n < CHAINS; n++) {
		offer(n);
		offer(n + CHAINS);
		serve(n);
		far.from = vq_device_end(&device);
		CU_ASSERT_FALSE(vq_device_live(&device));
		memset(&device, 0, sizeof device);
		CU_ASSERT_FATAL(vq_device_begin(&device, &far, &why));
		CU_ASSERT(vq_device_live(&device));
		serve(n + CHAINS);
		taken(n);
		taken(n + CHAINS);
	}
	nothing_left();
}

/* A half that ended says nothing any more. */
static void ended(enum vq_layout layout)
{
	begin(layout, 0);
	offer(0);
	vq_device_end(&device);
	CU_ASSERT_FALSE(vq_device_works(&device));
	CU_ASSERT_FALSE(vq_device_kicks_on(&device));
	CU_ASSERT_FALSE(vq_driver_pending(&driver));
	CU_ASSERT_FATAL(vq_device_begin(&device, &far, &why));
	serve(0);
	taken(0);
	nothing_left();
}

/* The device's window on the ring moves, with all that lies there. */
static void moved(enum vq_layout layout)
{
	begin(layout, 65530);
	for (uint32_t n = 0; n < CHAINS; n++) {
		uint32_t to = n & 1;

		offer(n);
		CU_ASSERT(vq_device_pending(&device));
		if (to) {
			memcpy(bytes[1], bytes[0], MEMORY);
			CU_ASSERT(vq_device_remap(&device, &far.area, &mem[1],
						  &why));
			serve(n);
			memcpy(bytes[0], bytes[1], MEMORY);
			CU_ASSERT(vq_device_remap(&device, &far.area, &mem[0],
						  &why));
		} else {
			serve(n);
		}
		taken(n);
	}
	nothing_left();
}

/* It stays where it was if the new place cannot be reached. */
static void nowhere(enum vq_layout layout)
{
	const struct vq_area away = {GPA + MEMORY, GPA + 2 * MEMORY,
				     GPA + 3 * MEMORY, SIZE};

	begin(layout, 0);
	CU_ASSERT_FALSE(vq_device_remap(&device, &away, &mem[0], &why));
	CU_ASSERT_NOT_EQUAL(why.broken, CLAUSE_NONE);
	offer(0);
	serve(0);
	taken(0);
	nothing_left();
}

/* However many chains are out, they and what is free are all there is. */
static void all_descriptors(enum vq_layout layout)
{
	begin(layout, 0);
	for (uint32_t round = 0; round < SIZE; round++) {
		uint32_t out = round % SIZE + 1;

		for (uint32_t n = 0; n < out; n++) {
			offer(n);
			CU_ASSERT_EQUAL(vq_driver_free(&driver), SIZE - n - 1);
		}
		for (uint32_t n = 0; n < out; n++)
			serve(n);
		for (uint32_t n = 0; n < out; n++) {
			taken(n);
			CU_ASSERT_EQUAL(vq_driver_free(&driver),
					SIZE - out + n + 1);
		}
	}
	nothing_left();
}

#define EACH_LAYOUT(l)                                             \
	for (enum vq_layout l = (enum vq_layout)0; l < VQ_LAYOUTS; \
	     l = (enum vq_layout)(l + 1))

static void halves_go_on(void)
{
	EACH_LAYOUT(l)
	{
		half_by_half(l, 0);
		half_by_half(l, 65500);
	}
}

static void an_end_is_an_end(void)
{
	EACH_LAYOUT(l) ended(l);
}

static void memory_moves(void)
{
	EACH_LAYOUT(l)
	{
		moved(l);
		nowhere(l);
	}
}

static void descriptors_are_counted(void)
{
	EACH_LAYOUT(l) all_descriptors(l);
}

static const struct unit_case cases[] = {
	{"halves go on", halves_go_on},
	{"an end is an end", an_end_is_an_end},
	{"memory moves", memory_moves},
	{"descriptors are counted", descriptors_are_counted},
};

UNIT_MAIN("virtqueue", cases)
