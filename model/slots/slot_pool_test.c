/* SPDX-License-Identifier: BSD-3-Clause */
/* Each policy against a plain list, in pools of 1 to 5000 slots. */
#include "model/slots/slot_pool.h"

#include <string.h>

#include "model/unit.h"

enum { SLOTS_MAX = 5000, ROUNDS = 3 };

static uint32_t list[SLOTS_MAX]; /* free slots, in the order of their return */
static uint32_t listed;
static uint8_t *memory;
static struct arena arena;

static uint32_t chance(uint64_t *state, uint32_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*state >> 33) % below;
}

static void begin(struct slot_pool *p, enum alloc_policy policy, uint32_t slots)
{
	size_t size = slot_pool_size(slots);

	memory = calloc(1, size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
	arena = (struct arena){.base = memory, .size = size};
	slot_pool_init(p, policy, slots, &arena);
	CU_ASSERT(arena.used <= size);
	listed = 0;
}

/* Which entry of the list the policy takes. */
static uint32_t place_of_next(enum alloc_policy policy)
{
	uint32_t best = 0;

	if (policy == ALLOC_FIFO)
		return 0;
	if (policy == ALLOC_LIFO)
		return listed - 1;
	for (uint32_t i = 1; i < listed; i++)
		if (list[i] < list[best])
			best = i;
	return best;
}

static void put(struct slot_pool *p, uint32_t slot)
{
	slot_pool_put(p, slot);
	list[listed++] = slot;
}

static uint32_t take(struct slot_pool *p, enum alloc_policy policy)
{
	uint32_t place = place_of_next(policy);
	uint32_t slot = list[place];

	CU_ASSERT_EQUAL_FATAL(slot_pool_take(p), slot);
	memmove(&list[place], &list[place + 1],
		(--listed - place) * sizeof list[0]);
	CU_ASSERT_EQUAL(p->count, listed);
	return slot;
}

/* Fills, empties in part and fills again, in an order of chance. */
static void exercise(enum alloc_policy policy, uint32_t slots)
{
	static uint32_t out[SLOTS_MAX];
	struct slot_pool p;
	uint32_t outs = 0;
	uint64_t state = slots;

	begin(&p, policy, slots);
	for (uint32_t s = 0; s < slots; s++)
		put(&p, slots - 1 - s);
	for (uint32_t n = 0; n < ROUNDS * slots && n < 3000; n++) {
		if (listed && (outs == 0 || chance(&state, 2))) {
			out[outs++] = take(&p, policy);
		} else {
			uint32_t i = chance(&state, outs);
			uint32_t slot = out[i];

			out[i] = out[--outs];
			put(&p, slot);
		}
	}
	while (listed)
		take(&p, policy);
	CU_ASSERT_EQUAL(p.count, 0);
	free(memory);
}

static void exercise_sizes(enum alloc_policy policy)
{
	static const uint32_t large[] = {127,  128,  129,  1000, 1024, 4095,
					 4096, 4097, 4159, 4160, 5000};

	for (uint32_t slots = 1; slots <= 70; slots++)
		exercise(policy, slots);
	for (uint32_t i = 0; i < sizeof large / sizeof large[0]; i++)
		exercise(policy, large[i]);
}

static void oldest_first(void)
{
	exercise_sizes(ALLOC_FIFO);
}

static void newest_first(void)
{
	exercise_sizes(ALLOC_LIFO);
}

static void lowest_first(void)
{
	exercise_sizes(ALLOC_ADDRESS);
}

static void cleared_is_empty(void)
{
	for (int policy = 0; policy < ALLOC_POLICIES; policy++) {
		struct slot_pool p;

		begin(&p, (enum alloc_policy)policy, 300);
		for (uint32_t s = 0; s < 300; s++)
			slot_pool_put(&p, s);
		slot_pool_take(&p);
		slot_pool_clear(&p);
		CU_ASSERT_EQUAL(p.count, 0);
		slot_pool_put(&p, 299);
		slot_pool_put(&p, 7);
		CU_ASSERT_EQUAL(slot_pool_take(&p),
				policy == ALLOC_FIFO ? 299 : 7);
		free(memory);
	}
}

/* A ring that goes round many times, its counter wrapping at the end. */
static void the_queue_goes_round(void)
{
	struct slot_pool p;

	begin(&p, ALLOC_FIFO, 5);
	p.first = UINT32_MAX - 3;
	for (uint32_t s = 0; s < 5; s++)
		slot_pool_put(&p, s);
	for (uint32_t n = 0; n < 40; n++) {
		CU_ASSERT_EQUAL(slot_pool_take(&p), n % 5);
		slot_pool_put(&p, n % 5);
	}
	free(memory);
}

/* Runs are as many single slots, and what is put back was never taken. */
static void batches_as_single_slots(enum alloc_policy policy)
{
	enum { SLOTS = 21 };
	uint32_t slot[SLOTS], n, kept;
	uint64_t state = 1;
	struct slot_pool p;

	begin(&p, policy, SLOTS);
	p.first = UINT32_MAX - 3;
	for (uint32_t s = 0; s < SLOTS; s++)
		put(&p, s);
	for (uint32_t round = 0; round < 1000; round++) {
		n = chance(&state, listed + 1);
		kept = chance(&state, n + 1);
		slot_pool_take_batch(&p, slot, n);
		slot_pool_untake(&p, slot + kept, n - kept);
		for (uint32_t k = 0; k < kept; k++) {
			uint32_t place = place_of_next(policy);

			CU_ASSERT_EQUAL_FATAL(slot[k], list[place]);
			memmove(&list[place], &list[place + 1],
				(--listed - place) * sizeof list[0]);
		}
		slot_pool_put_batch(&p, slot, kept);
		for (uint32_t k = 0; k < kept; k++)
			list[listed++] = slot[k];
		CU_ASSERT_EQUAL_FATAL(p.count, listed);
		if (listed)
			put(&p, take(&p, policy));
	}
	free(memory);
}

static void batches_of_slots(void)
{
	for (int policy = 0; policy < ALLOC_POLICIES; policy++)
		batches_as_single_slots((enum alloc_policy)policy);
}

static const struct unit_case cases[] = {
	{"oldest first", oldest_first},
	{"newest first", newest_first},
	{"lowest first", lowest_first},
	{"cleared is empty", cleared_is_empty},
	{"the queue goes round", the_queue_goes_round},
	{"runs of slots", batches_of_slots},
};

UNIT_MAIN("slot_pool", cases)
