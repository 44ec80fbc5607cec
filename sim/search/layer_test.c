/* SPDX-License-Identifier: BSD-3-Clause */
/* States wait in their order, in room that others have left. */
#include "sim/search/layer.h"

#include "model/unit.h"

enum { NUMBERS = 3, MANY = 5 * LAYER_CHUNK + 17 };

struct rooms {
	struct layer_room room;
	struct layer layer[2];
};

static void rooms_open(struct rooms *r)
{
	CU_ASSERT_TRUE_FATAL(layer_room_open(&r->room, NUMBERS, false));
	for (int i = 0; i < 2; i++)
		CU_ASSERT_TRUE_FATAL(layer_open(&r->layer[i], &r->room, false));
}

static void rooms_close(struct rooms *r)
{
	layer_close(&r->layer[0]);
	layer_close(&r->layer[1]);
	layer_room_close(&r->room);
}

static void put(struct layer *l, uint64_t from, uint64_t to)
{
	CU_ASSERT_TRUE_FATAL(layer_extend(l, to - from));
	for (uint64_t i = from; i < to; i++) {
		struct waiting *w = layer_at(l, i);

		w->digest = i;
		w->number[NUMBERS - 1] = (uint32_t)~i;
	}
}

static uint64_t wrong(const struct layer *l, uint64_t from)
{
	uint64_t n = 0;

	for (uint64_t i = from; i < l->count; i++)
		n += layer_at(l, i)->digest != i ||
		     layer_at(l, i)->number[NUMBERS - 1] != (uint32_t)~i;
	return n;
}

static void order_stays(void)
{
	struct rooms r;

	rooms_open(&r);
	for (uint64_t i = 0; i < MANY; i++)
		put(&r.layer[0], i, i + 1);
	CU_ASSERT_EQUAL(r.layer[0].count, MANY);
	CU_ASSERT_EQUAL(wrong(&r.layer[0], 0), 0);
	rooms_close(&r);
}

/* While one layer is looked at, the next takes over its room. */
static void room_is_taken_over(void)
{
	struct rooms r;

	rooms_open(&r);
	put(&r.layer[0], 0, MANY);
	for (uint64_t i = 0; i + LAYER_CHUNK < MANY; i += LAYER_CHUNK) {
		layer_drop(&r.layer[0], i + LAYER_CHUNK);
		put(&r.layer[1], i, i + LAYER_CHUNK);
		CU_ASSERT_EQUAL(wrong(&r.layer[0], i + LAYER_CHUNK), 0);
		CU_ASSERT_EQUAL(wrong(&r.layer[1], 0), 0);
	}
	CU_ASSERT_EQUAL(r.room.used, MANY / LAYER_CHUNK + 1);
	layer_clear(&r.layer[0]);
	CU_ASSERT_EQUAL(r.layer[0].count, 0);
	put(&r.layer[0], 0, LAYER_CHUNK);
	CU_ASSERT_EQUAL(r.room.used, MANY / LAYER_CHUNK + 1);
	CU_ASSERT_EQUAL(wrong(&r.layer[1], 0), 0);
	rooms_close(&r);
}

static const struct unit_case cases[] = {
	{"the order stays", order_stays},
	{"room is taken over", room_is_taken_over},
};

UNIT_MAIN("layer", cases)
