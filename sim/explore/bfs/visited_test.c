/* SPDX-License-Identifier: BSD-3-Clause */
/* What was added stays, under its number, however often there is more room. */
#include "sim/explore/bfs/visited.h"

#include "model/unit.h"
#include "sim/world/rng.h"

enum { MANY = 1 << 19, FEW = 300 };

/* Pieces are moved by whoever comes: here, the last one first. */
static void make_room(struct visited *v, uint64_t count)
{
	uint32_t n;

	CU_ASSERT_TRUE_FATAL(visited_room(v, count));
	while ((n = visited_pieces(v)) > 0) {
		while (n--)
			CU_ASSERT_TRUE_FATAL(visited_move(v, n));
		visited_moved(v);
	}
}

static void first_number_stays(void)
{
	struct visited v;

	CU_ASSERT_TRUE_FATAL(visited_open(&v, false));
	CU_ASSERT_EQUAL(visited_add(&v, 5, 1), 1);
	CU_ASSERT_EQUAL(visited_add(&v, 5, 2), 1);
	CU_ASSERT_EQUAL(visited_add(&v, 6, 2), 2);
	CU_ASSERT_EQUAL(visited_add(&v, 0, 3), 3);
	CU_ASSERT_EQUAL(visited_add(&v, 0, 4), 3);
	visited_close(&v);
}

/* @n different digests: anywhere, or all of them side by side. */
static uint64_t digest_of(uint64_t n, bool crowded)
{
	struct rng d = {n};

	return crowded ? UINT64_MAX - n : rng_next(&d);
}

static void room_keeps(uint32_t count, bool crowded)
{
	struct visited v;
	uint32_t lost = 0;

	CU_ASSERT_TRUE_FATAL(visited_open(&v, false));
	for (uint32_t i = 0; i < count; i++) {
		if (i % 4096 == 0)
			make_room(&v, i + 4096);
		lost += visited_add(&v, digest_of(i, crowded), i + 1) != i + 1;
	}
	make_room(&v, UINT64_C(9) * count);
	for (uint32_t i = 0; i < count; i++)
		lost += visited_add(&v, digest_of(i, crowded), UINT32_MAX) !=
			i + 1;
	CU_ASSERT_EQUAL(lost, 0);
	visited_close(&v);
}

static void growing_keeps_all(void)
{
	room_keeps(MANY, false);
}

/* They fill lines far behind the one where all of them belong. */
static void growing_keeps_crowds(void)
{
	room_keeps(FEW, true);
}

/* A component that cannot grow any more says so, and is as it was. */
static void room_ends(void)
{
	struct visited v;

	CU_ASSERT_TRUE_FATAL(visited_open(&v, false));
	visited_add(&v, 7, 1);
	CU_ASSERT_FALSE(visited_room(&v, UINT64_C(1) << 40));
	CU_ASSERT_EQUAL(visited_pieces(&v), 0);
	CU_ASSERT_EQUAL(visited_add(&v, 7, 2), 1);
	visited_close(&v);
}

static const struct unit_case cases[] = {
	{"the first number stays", first_number_stays},
	{"growing keeps all", growing_keeps_all},
	{"growing keeps crowds", growing_keeps_crowds},
	{"room ends", room_ends},
};

UNIT_MAIN("visited", cases)
