/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signal of vbus under every order of steps and of stores that wait: with
 * full barriers nobody sleeps beside work, with any of them left out somebody
 * does, and so with those between stores only, as the code was published.
 */
#include "model/ring/shm_signal.h"

#include <stdio.h>

#include "model/mutant.h"
#include "model/unit.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { INJECTOR, WAKER, PARTIES };
enum { STATES = 1 << 16, SLOTS = 4 * STATES, OFFERS = 2 };
enum { MOVES = PARTIES + PARTIES * STORES_MAX, EVENTS = 256, WAY_MAX = 200 };

/* All that can change; at one place, so that a snapshot is a copy. */
struct state {
	struct shm_shared shared;
	struct store_buffer buffer[PARTIES];
	struct shm_party party[PARTIES];
};

/* A state that was seen, and by which move from which other. */
struct visit {
	struct state state;
	uint32_t parent;
	uint32_t move;
};

static struct state now;
static struct store_buffers stores;
static struct probe probe;
static struct event ring[EVENTS + PROBE_SLACK];
static struct visit *visit;
static uint32_t visits;
static uint32_t *slot; /* visit + 1, by digest */

static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	(void)listener;
	(void)ev;
	(void)places;
}

static void begin(enum memory_order order, uint32_t barriers)
{
	memset(&now, 0, sizeof now);
	probe = (struct probe){.ring = ring,
			       .mask = EVENTS - 1,
			       .flush_at = UINT64_MAX,
			       .flush = on_flush};
	stores = (struct store_buffers){.buffer = now.buffer,
					.probe = &probe,
					.actors = PARTIES,
					.order = (uint8_t)order};
	for (uint32_t i = 0; i < PARTIES; i++) {
		now.party[i].stores = &stores;
		now.party[i].shared = &now.shared;
		now.party[i].barriers = barriers;
	}
	now.party[INJECTOR].most = OFFERS;
	visits = 0;
	memset(slot, 0, SLOTS * sizeof *slot);
}

/* Where every store is seen at once, it never waits for a move of its own. */
static bool step(uint32_t party)
{
	bool done;

	stores.actor = (uint16_t)party;
	done = party == INJECTOR ? shm_inject_step(&now.party[INJECTOR],
						   &now.party[WAKER])
				 : shm_wake_step(&now.party[WAKER]);
	if (stores.order == MEMORY_SC)
		store_drain(&stores);
	return done;
}

/* False: this cannot happen now. */
static bool move(uint32_t m)
{
	uint32_t party = (m - PARTIES) / STORES_MAX;
	uint32_t k = (m - PARTIES) % STORES_MAX;

	if (m < PARTIES)
		return step(m);
	if (!store_may_leave(&stores, party, k))
		return false;
	store_leave(&stores, party, k);
	return true;
}

/* Keeps the state unless it was seen. */
static void keep(uint32_t parent, uint32_t m)
{
	uint32_t at = (uint32_t)XXH3_64bits(&now, sizeof now) % SLOTS;

	for (; slot[at]; at = (at + 1) % SLOTS)
		if (memcmp(&visit[slot[at] - 1].state, &now, sizeof now) == 0)
			return;
	CU_ASSERT_FATAL(visits < STATES);
	visit[visits].parent = parent;
	visit[visits].move = m;
	memcpy(&visit[visits++].state, &now, sizeof now);
	slot[at] = visits;
}

/* The way to @v, a word a move; how many there were. */
static uint32_t tell(uint32_t v)
{
	uint32_t way[WAY_MAX], n = 0;

	for (; v; v = visit[v].parent) {
		CU_ASSERT_FATAL(n < WAY_MAX);
		way[n++] = visit[v].move;
	}
	for (uint32_t i = n; i-- > 0;) {
		uint32_t m = way[i];
		bool waker = m < PARTIES ? m == WAKER
					 : (m - PARTIES) / STORES_MAX == WAKER;

		printf(" %s%s", waker ? "waker" : "injector",
		       m < PARTIES ? "" : "'s-store-is-seen");
	}
	printf("\n  after %u moves\n", n);
	return n;
}

/*
 * Every order. The moves of the shortest way to a waker that sleeps beside
 * what was offered; 0: there is none.
 */
static uint32_t search(enum memory_order order, uint32_t barriers)
{
	begin(order, barriers);
	keep(0, 0);
	for (uint32_t v = 0; v < visits; v++) {
		bool rests = true;

		for (uint32_t m = 0; m < MOVES; m++) {
			memcpy(&now, &visit[v].state, sizeof now);
			if (!move(m))
				continue;
			rests = false;
			keep(v, m);
		}
		if (rests && visit[v].state.party[WAKER].count != OFFERS)
			return tell(v);
	}
	return 0;
}

static void open(void)
{
	visit = calloc(STATES, sizeof *visit);
	slot = calloc(SLOTS, sizeof *slot);
	CU_ASSERT_FATAL(visit && slot);
}

static void close(void)
{
	free(visit);
	free(slot);
}

static void all_barriers(void)
{
	open();
	for (int order = MEMORY_SC; order <= MEMORY_PSO; order++) {
		CU_ASSERT_EQUAL(
			search((enum memory_order)order, SHM_BARRIERS_ALL), 0);
		printf(" %u states", visits);
		CU_ASSERT(visits > 50);
	}
	close();
}

static void without(enum shm_barrier b, enum memory_order weakest)
{
	uint32_t others = SHM_BARRIERS_ALL & ~SHM_BARRIER_BIT(b);

	open();
	for (int order = MEMORY_SC; order <= MEMORY_PSO; order++) {
		uint32_t moves = search((enum memory_order)order, others);

		CU_ASSERT_EQUAL(moves != 0, order >= (int)weakest);
	}
	close();
}

static void without_inject(void)
{
	without(SHM_INJECT, MEMORY_TSO);
}

static void without_enable(void)
{
	without(SHM_ENABLE, MEMORY_TSO);
}

static void without_clear(void)
{
	without(SHM_CLEAR, MEMORY_TSO);
}

static void without_done(void)
{
	without(SHM_DONE, MEMORY_TSO);
}

/* Stores in order need no barrier between them. */
static void without_publish(void)
{
	without(SHM_PUBLISH, MEMORY_PSO);
}

static void as_published(void)
{
	open();
	CU_ASSERT_EQUAL(search(MEMORY_SC, SHM_BARRIERS_STORES), 0);
	CU_ASSERT_NOT_EQUAL(search(MEMORY_TSO, SHM_BARRIERS_STORES), 0);
	/* Neither is it only when the waker begins. */
	CU_ASSERT_NOT_EQUAL(
		search(MEMORY_TSO,
		       SHM_BARRIERS_STORES | SHM_BARRIER_BIT(SHM_ENABLE)),
		0);
	close();
}

#ifdef TWINRING_MUTANTS
enum mutant mutant_on;

/* Where every store is seen at once, each look and each mark is needed. */
static void planted(void)
{
	open();
	for (int m = MUTANT_SHM_NO_DIRTY; m < MUTANTS; m++) {
		mutant_on = (enum mutant)m;
		if (search(MEMORY_SC, SHM_BARRIERS_ALL) == 0)
			CU_FAIL("a planted error is not found");
	}
	mutant_on = MUTANT_NONE;
	close();
}
#endif

static const struct unit_case cases[] = {
#ifdef TWINRING_MUTANTS
	{"planted errors", planted},
#endif
	{"all barriers", all_barriers},
	{"without inject", without_inject},
	{"without enable", without_enable},
	{"without clear", without_clear},
	{"without done", without_done},
	{"without publish", without_publish},
	{"as published", as_published},
};

UNIT_MAIN("shm signal", cases)
