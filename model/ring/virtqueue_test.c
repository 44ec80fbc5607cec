/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lives of a device half, by the contract alone: it begins where another ended,
 * goes on when memory has moved, and no chain is lost or comes twice. All
 * layouts are tried.
 */
#include "model/ring/ring_fixture.h"

enum { GPA = 0x1000, PART = 0x1000, MEMORY = 3 * PART, SIZE = 8 };
enum { CHAINS = 100 };

static _Alignas(64) uint8_t bytes[2][MEMORY]; /* before and after a move */
static const struct vq_area area = {GPA, GPA + PART, GPA + 2 * PART, SIZE};
static struct ring_fixture r;
static struct gmem_window window;
static struct gmem moved_to;
static struct verdict why;

static void begin(enum vq_layout layout, uint16_t start)
{
	ring_fixture_begin(&r, layout, &area, GPA, bytes[0], MEMORY, start,
			   true);
	moved_to = ring_memory(&window, GPA, bytes[1], MEMORY);
}

/* Chain @n, one segment of @n + 1 bytes, which its cookie is as well. */
static void offer(uint32_t n)
{
	struct ring_seg seg = {0};

	ring_seg_set(&seg, GPA, n + 1, false);
	CU_ASSERT_FATAL(vq_driver_add(&r.driver, &seg, 1, n));
	vq_driver_publish(&r.driver);
}

/* Pops chain @n and uses it. */
static void serve(uint32_t n)
{
	struct ring_seg seg[SIZE + 1];
	struct ring_chain c = {.seg = seg};

	CU_ASSERT_EQUAL_FATAL(vq_device_pop(&r.device, &c, &why), RING_CHAIN);
	CU_ASSERT_EQUAL(c.seg[0].len, n + 1);
	vq_device_used(&r.device, c.head, 0);
	vq_device_publish(&r.device);
}

static void taken(uint32_t n)
{
	uint32_t cookie, len;

	CU_ASSERT_EQUAL_FATAL(vq_driver_take(&r.driver, &cookie, &len, &why),
			      RING_CHAIN);
	CU_ASSERT_EQUAL(cookie, n);
}

/* Nothing is under way: every descriptor is free, and no more can be taken. */
static void nothing_left(void)
{
	struct ring_seg seg[SIZE + 1];
	struct ring_chain c = {.seg = seg};
	uint32_t cookie, len;

	CU_ASSERT_EQUAL(vq_driver_free(&r.driver), SIZE);
	CU_ASSERT_EQUAL(vq_device_pop(&r.device, &c, &why), RING_EMPTY);
	CU_ASSERT_EQUAL(vq_driver_take(&r.driver, &cookie, &len, &why),
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
		r.setup.from = vq_device_end(&r.device);
		CU_ASSERT_FALSE(vq_device_live(&r.device));
		memset(&r.device, 0, sizeof r.device);
		CU_ASSERT_FATAL(vq_device_begin(&r.device, &r.setup, &why));
		CU_ASSERT(vq_device_live(&r.device));
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
	vq_device_end(&r.device);
	CU_ASSERT_FALSE(vq_device_works(&r.device));
	CU_ASSERT_FALSE(vq_device_kicks_on(&r.device));
	CU_ASSERT_FALSE(vq_driver_pending(&r.driver));
	CU_ASSERT_FATAL(vq_device_begin(&r.device, &r.setup, &why));
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
		CU_ASSERT(vq_device_pending(&r.device));
		if (to) {
			memcpy(bytes[1], bytes[0], MEMORY);
			CU_ASSERT(vq_device_remap(&r.device, &r.setup.area,
						  &moved_to, &why));
			serve(n);
			memcpy(bytes[0], bytes[1], MEMORY);
			CU_ASSERT(vq_device_remap(&r.device, &r.setup.area,
						  &r.mem, &why));
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
	CU_ASSERT_FALSE(vq_device_remap(&r.device, &away, &r.mem, &why));
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
			CU_ASSERT_EQUAL(vq_driver_free(&r.driver),
					SIZE - n - 1);
		}
		for (uint32_t n = 0; n < out; n++)
			serve(n);
		for (uint32_t n = 0; n < out; n++) {
			taken(n);
			CU_ASSERT_EQUAL(vq_driver_free(&r.driver),
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
