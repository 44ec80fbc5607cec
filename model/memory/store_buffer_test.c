/* SPDX-License-Identifier: BSD-3-Clause */
/* When stores leave their buffers, and what makes them. */
#include "model/memory/store_buffer.h"

#include "model/unit.h"

enum { ACTORS = 3, EVENTS = 256 };

static struct event ring[EVENTS + PROBE_SLACK];
static struct store_buffer buffer[ACTORS];
static struct probe probe;
static struct store_buffers all;
static _Alignas(8) uint8_t memory[64];

static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	(void)listener;
	(void)ev;
	(void)places;
}

static void begin(enum memory_order order)
{
	memset(buffer, 0, sizeof buffer);
	memset(memory, 0, sizeof memory);
	probe = (struct probe){.ring = ring,
			       .mask = EVENTS - 1,
			       .wanted = UINT64_MAX,
			       .flush_at = EVENTS,
			       .flush = on_flush};
	all = (struct store_buffers){.buffer = buffer,
				     .probe = &probe,
				     .barriers = BARRIERS_ALL,
				     .actors = ACTORS,
				     .order = (uint8_t)order};
}

static void put(uint32_t word, uint16_t v, uint16_t queue, enum event_kind kind)
{
	v = htole16(v);
	store_put(&all, memory + 2 * word, &v, sizeof v, queue, kind);
}

static uint16_t at(uint32_t word)
{
	return gmem_load16(memory + 2 * word);
}

static const struct event *last_event(void)
{
	return &ring[(probe.head - 1) & probe.mask];
}

static void leave_in_order(void)
{
	begin(MEMORY_TSO);
	put(0, 1, 0, EV_AVAIL_IDX);
	put(1, 2, 1, EV_AVAIL_IDX);
	CU_ASSERT_EQUAL(store_waiting(&all, 0), 2);
	CU_ASSERT_EQUAL(at(0), 0);
	CU_ASSERT(store_may_leave(&all, 0, 0));
	CU_ASSERT_FALSE(store_may_leave(&all, 0, 1));
	CU_ASSERT_FALSE(store_may_leave(&all, 0, 2));
	CU_ASSERT_FALSE(store_may_leave(&all, 1, 0));
	store_leave(&all, 0, 0);
	CU_ASSERT_EQUAL(at(0), 1);
	CU_ASSERT_EQUAL(at(1), 0);
	CU_ASSERT(store_may_leave(&all, 0, 0));
	store_leave(&all, 0, 0);
	CU_ASSERT_EQUAL(at(1), 2);
}

static void leave_in_any_order(void)
{
	begin(MEMORY_PSO);
	put(0, 1, 0, EV_AVAIL_IDX);
	put(1, 2, 0, EV_AVAIL_FLAGS);
	put(0, 3, 0, EV_AVAIL_IDX);
	CU_ASSERT(store_may_leave(&all, 0, 1));
	CU_ASSERT_FALSE(store_may_leave(&all, 0, 2)); /* the same word */
	store_leave(&all, 0, 1);
	CU_ASSERT_EQUAL(at(1), 2);
	CU_ASSERT_EQUAL(at(0), 0);
	store_leave(&all, 0, 0);
	store_leave(&all, 0, 0);
	CU_ASSERT_EQUAL(at(0), 3);
}

static void barriers_between_stores(void)
{
	begin(MEMORY_PSO);
	put(0, 1, 0, EV_AVAILABLE);
	store_barrier(&all, BARRIER_DRIVER_PUBLISH, 0);
	put(1, 2, 0, EV_AVAIL_IDX);
	put(2, 3, 0, EV_AVAIL_FLAGS);
	CU_ASSERT_FALSE(store_may_leave(&all, 0, 1));
	CU_ASSERT_FALSE(store_may_leave(&all, 0, 2));
	store_leave(&all, 0, 0);
	CU_ASSERT(store_may_leave(&all, 0, 1));

	begin(MEMORY_PSO);
	all.barriers &= ~BARRIER_BIT(BARRIER_DRIVER_PUBLISH);
	put(0, 1, 0, EV_AVAILABLE);
	store_barrier(&all, BARRIER_DRIVER_PUBLISH, 0);
	put(1, 2, 0, EV_AVAIL_IDX);
	CU_ASSERT(store_may_leave(&all, 0, 1));
}

static void full_barriers_drain(void)
{
	begin(MEMORY_TSO);
	put(0, 1, 0, EV_AVAIL_IDX);
	all.actor = 1;
	put(1, 2, 1, EV_AVAIL_IDX);
	store_barrier(&all, BARRIER_DRIVER_KICK, 1);
	CU_ASSERT_EQUAL(at(1), 2);
	CU_ASSERT_EQUAL(at(0), 0); /* another's */
	all.actor = 0;
	all.barriers &= ~BARRIER_BIT(BARRIER_DRIVER_KICK);
	store_barrier(&all, BARRIER_DRIVER_KICK, 0);
	CU_ASSERT_EQUAL(at(0), 0);
	store_barrier(&all, BARRIER_DRIVER_SLEEP, 0);
	CU_ASSERT_EQUAL(at(0), 1);
}

/* A device's half goes from worker to worker with all that was stored. */
static void locks_hand_over(void)
{
	begin(MEMORY_TSO);
	all.actor = 1;
	put(0, 1, 5, EV_USED_IDX);
	put(1, 2, 4, EV_USED_IDX);
	put(2, 3, 7, EV_USED_IDX);
	all.actor = 2;
	store_barrier(&all, BARRIER_DEVICE_CALL, 6);
	CU_ASSERT_EQUAL(store_waiting(&all, 1), 3);
	store_barrier(&all, BARRIER_DEVICE_CALL, 4);
	CU_ASSERT_EQUAL(at(0), 1); /* older than what was asked for */
	CU_ASSERT_EQUAL(at(1), 2);
	CU_ASSERT_EQUAL(at(2), 0);
	put(2, 4, 7, EV_USED_IDX);
	CU_ASSERT_EQUAL(at(2), 3);
	CU_ASSERT_EQUAL(store_waiting(&all, 1), 0);
}

static void drained_and_settled(void)
{
	begin(MEMORY_PSO);
	put(0, 1, 0, EV_AVAIL_IDX);
	put(1, 2, 0, EV_AVAIL_FLAGS);
	all.actor = 2;
	put(2, 3, 1, EV_USED_IDX);
	store_drain(&all);
	CU_ASSERT_EQUAL(at(2), 3);
	CU_ASSERT_EQUAL(at(0), 0);
	store_settle(&all);
	CU_ASSERT_EQUAL(at(0), 1);
	CU_ASSERT_EQUAL(at(1), 2);
	store_drain(NULL);
	store_settle(NULL);
}

static void a_full_buffer_lets_go(void)
{
	begin(MEMORY_TSO);
	for (uint16_t i = 0; i < STORES_MAX + 2; i++)
		put(i, (uint16_t)(i + 1), 0, EV_AVAIL_IDX);
	CU_ASSERT_EQUAL(store_waiting(&all, 0), STORES_MAX);
	CU_ASSERT_EQUAL(at(0), 1);
	CU_ASSERT_EQUAL(at(1), 2);
	CU_ASSERT_EQUAL(at(2), 0);
}

static void nobody_stores_at_once(void)
{
	begin(MEMORY_TSO);
	all.actor = STORES_NOBODY;
	put(0, 7, 0, EV_USED_FLAGS);
	CU_ASSERT_EQUAL(at(0), 7);
	CU_ASSERT_EQUAL(last_event()->kind, EV_USED_FLAGS);
	CU_ASSERT_EQUAL(last_event()->a, 7);
}

/* Words of suppression are told when they are seen, by whoever stored them. */
static void told_when_seen(void)
{
	begin(MEMORY_TSO);
	probe.actor = all.actor = 1;
	store_word(&all, &probe, memory, 1, 3, EV_AVAIL_FLAGS);
	CU_ASSERT_EQUAL(last_event()->kind, EV_STORE_BUFFERED);
	CU_ASSERT_EQUAL(last_event()->a, EV_AVAIL_FLAGS);
	probe.actor = all.actor = 2;
	store_leave(&all, 1, 0);
	CU_ASSERT_EQUAL(last_event()->kind, EV_AVAIL_FLAGS);
	CU_ASSERT_EQUAL(last_event()->actor, 1);
	CU_ASSERT_EQUAL(last_event()->queue, 3);
	CU_ASSERT_EQUAL(probe.actor, 2);
}

/* What an index covers waits only where the index may overtake it. */
static void entries(void)
{
	static const uint8_t bytes[8] = {9};

	begin(MEMORY_TSO);
	store_entry(&all, memory, bytes, sizeof bytes, 0, EV_USED);
	CU_ASSERT_EQUAL(memory[0], 9);
	begin(MEMORY_PSO);
	store_entry(&all, memory, bytes, sizeof bytes, 0, EV_USED);
	CU_ASSERT_EQUAL(memory[0], 0);
	store_leave(&all, 0, 0);
	CU_ASSERT_EQUAL(memory[0], 9);
}

static void without_buffers(void)
{
	begin(MEMORY_TSO);
	CU_ASSERT_EQUAL(store_waiting(NULL, 0), 0);
	store_index(NULL, BARRIER_DRIVER_PUBLISH, memory, 5, 0, EV_AVAIL_IDX);
	CU_ASSERT_EQUAL(at(0), 5);
	store_word(NULL, &probe, memory + 2, 6, 0, EV_AVAIL_FLAGS);
	CU_ASSERT_EQUAL(at(1), 6);
	CU_ASSERT_EQUAL(last_event()->kind, EV_AVAIL_FLAGS);
	store_fence(NULL, BARRIER_DRIVER_KICK, 0);
}

static void barriers_have_names(void)
{
	for (int i = 0; i < BARRIER_COUNT; i++)
		for (int k = 0; k < i; k++)
			CU_ASSERT_STRING_NOT_EQUAL(
				barrier_info((enum barrier)i)->name,
				barrier_info((enum barrier)k)->name);
}

static const struct unit_case cases[] = {
	{"leave in order", leave_in_order},
	{"leave in any order", leave_in_any_order},
	{"barriers between stores", barriers_between_stores},
	{"full barriers drain", full_barriers_drain},
	{"locks hand over", locks_hand_over},
	{"drained and settled", drained_and_settled},
	{"a full buffer lets go", a_full_buffer_lets_go},
	{"nobody stores at once", nobody_stores_at_once},
	{"told when seen", told_when_seen},
	{"entries", entries},
	{"without buffers", without_buffers},
	{"barriers have names", barriers_have_names},
};

UNIT_MAIN("store buffers", cases)
