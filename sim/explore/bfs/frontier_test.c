/* SPDX-License-Identifier: BSD-3-Clause */
/* States wait in their order, in room that others have left. */
#include "sim/explore/bfs/frontier.h"

#include "model/unit.h"

enum { NUMBERS = 3, MANY = 5 * FRONTIER_CHUNK + 17 };

struct rooms {
	struct frontier_room room;
	struct frontier frontier[2];
};

static void rooms_open(struct rooms *r)
{
	CU_ASSERT_TRUE_FATAL(frontier_room_open(&r->room, NUMBERS, false));
	for (int i = 0; i < 2; i++)
		CU_ASSERT_TRUE_FATAL(
			frontier_open(&r->frontier[i], &r->room, false));
}

static void rooms_close(struct rooms *r)
{
	frontier_close(&r->frontier[0]);
	frontier_close(&r->frontier[1]);
	frontier_room_close(&r->room);
}

static void put(struct frontier *l, uint64_t from, uint64_t to)
{
	CU_ASSERT_TRUE_FATAL(frontier_extend(l, to - from));
	for (uint64_t i = from; i < to; i++) {
		struct waiting *w = frontier_at(l, i);

		w->digest = i;
		w->number[NUMBERS - 1] = (uint32_t)~i;
	}
}

static uint64_t wrong(const struct frontier *l, uint64_t from)
{
	uint64_t n = 0;

	for (uint64_t i = from; i < l->count; i++)
		n += frontier_at(l, i)->digest != i ||
		     frontier_at(l, i)->number[NUMBERS - 1] != (uint32_t)~i;
	return n;
}

static void order_stays(void)
{
	struct rooms r;

	rooms_open(&r);
	for (uint64_t i = 0; i < MANY; i++)
		put(&r.frontier[0], i, i + 1);
	CU_ASSERT_EQUAL(r.frontier[0].count, MANY);
	CU_ASSERT_EQUAL(wrong(&r.frontier[0], 0), 0);
	rooms_close(&r);
}

/* While one frontier is looked at, the next takes over its room. */
static void room_is_taken_over(void)
{
	struct rooms r;

	rooms_open(&r);
	put(&r.frontier[0], 0, MANY);
	for (uint64_t i = 0; i + FRONTIER_CHUNK < MANY; i += FRONTIER_CHUNK) {
		frontier_drop(&r.frontier[0], i + FRONTIER_CHUNK);
		put(&r.frontier[1], i, i + FRONTIER_CHUNK);
		CU_ASSERT_EQUAL(wrong(&r.frontier[0], i + FRONTIER_CHUNK), 0);
		CU_ASSERT_EQUAL(wrong(&r.frontier[1], 0), 0);
	}
	CU_ASSERT_EQUAL(r.room.used, MANY / FRONTIER_CHUNK + 1);
	frontier_clear(&r.frontier[0]);
	CU_ASSERT_EQUAL(r.frontier[0].count, 0);
	put(&r.frontier[0], 0, FRONTIER_CHUNK);
	CU_ASSERT_EQUAL(r.room.used, MANY / FRONTIER_CHUNK + 1);
	CU_ASSERT_EQUAL(wrong(&r.frontier[1], 0), 0);
	rooms_close(&r);
}

static const struct unit_case cases[] = {
	{"the order stays", order_stays},
	{"room is taken over", room_is_taken_over},
};

UNIT_MAIN("layer", cases)
