/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/shm_signal.h"

#include "model/mutant.h"

enum inject_phase {
	INJECT_OFFER,
	INJECT_DIRTY,
	INJECT_ENABLED, /* does it want to be called? */
	INJECT_PENDING, /* was it called already? */
	INJECT_MARK,
	INJECT_TRAP
};

enum wake_phase {
	WAKE_ENABLE, /* once, when it begins */
	WAKE_BEGUN,
	WAKE_SLEEP,
	WAKE_LOOK,
	WAKE_DIRTY,
	WAKE_PENDING,
	WAKE_CLEAR,
	WAKE_TAKE,
	WAKE_AGAIN, /* more, while it took? */
	WAKE_DONE,
	WAKE_LOOK_AGAIN
};

static void put(const struct shm_party *p, uint8_t *at, uint8_t v)
{
	store_put(p->stores, at, &v, sizeof v, 0, EV_STORE_BUFFERED);
}

static uint8_t get(const struct shm_party *p, const uint8_t *at)
{
	return store_load8(p->stores, at);
}

static bool kept(const struct shm_party *p, enum shm_barrier b)
{
	return p->barriers & SHM_BARRIER_BIT(b);
}

/* A full barrier: until all that it stored is seen, a party goes no further. */
static bool held_up(const struct shm_party *p, enum shm_barrier b)
{
	return kept(p, b) && store_waiting(p->stores, p->stores->actor);
}

bool shm_inject_step(struct shm_party *p, struct shm_party *waker)
{
	struct shm_shared *s = p->shared;

	switch ((enum inject_phase)p->phase) {
	case INJECT_OFFER:
		if (p->count == p->most)
			return false;
		put(p, &s->offered, ++p->count);
		if (kept(p, SHM_PUBLISH))
			store_order(p->stores);
		p->phase = INJECT_DIRTY;
		return true;
	case INJECT_DIRTY:
		if (!MUTANT(SHM_NO_DIRTY))
			put(p, &s->dirty, 1);
		p->phase = INJECT_ENABLED;
		return true;
	case INJECT_ENABLED:
		if (held_up(p, SHM_INJECT))
			return false;
		p->phase = get(p, &s->enabled) ? INJECT_PENDING : INJECT_OFFER;
		return true;
	case INJECT_PENDING:
		p->phase = get(p, &s->pending)     ? INJECT_OFFER
			   : MUTANT(SHM_MARK_LATE) ? INJECT_TRAP
						   : INJECT_MARK;
		return true;
	case INJECT_MARK:
		put(p, &s->pending, 1);
		p->phase = MUTANT(SHM_MARK_LATE) ? INJECT_OFFER : INJECT_TRAP;
		return true;
	case INJECT_TRAP:
		store_drain(p->stores); /* as whoever enters the other side */
		waker->called = !MUTANT(SHM_NO_TRAP);
		p->phase = MUTANT(SHM_MARK_LATE) ? INJECT_MARK : INJECT_OFFER;
		return true;
	}
	return false;
}

static bool look(struct shm_party *p, bool may)
{
	if (may)
		p->phase =
			get(p, &p->shared->enabled) ? WAKE_DIRTY : WAKE_SLEEP;
	return may;
}

/* What is marked is worth a look: the mark is cleared before. */
static enum wake_phase take_first(void)
{
	return MUTANT(SHM_CLEAR_LATE) ? WAKE_TAKE : WAKE_CLEAR;
}

bool shm_wake_step(struct shm_party *p)
{
	struct shm_shared *s = p->shared;

	switch ((enum wake_phase)p->phase) {
	case WAKE_ENABLE:
		if (!MUTANT(SHM_NO_ENABLE))
			put(p, &s->enabled, 1);
		p->phase = MUTANT(SHM_NO_FIRST_LOOK) ? WAKE_SLEEP : WAKE_BEGUN;
		return true;
	case WAKE_SLEEP:
		if (!p->called)
			return false;
		p->called = false;
		p->phase = WAKE_LOOK;
		return true;
	case WAKE_BEGUN:
		return look(p, !held_up(p, SHM_ENABLE));
	case WAKE_LOOK:
		return look(p, true);
	case WAKE_DIRTY:
		p->phase = get(p, &s->dirty) ? take_first() : WAKE_PENDING;
		return true;
	case WAKE_PENDING:
		p->phase = get(p, &s->pending) && !MUTANT(SHM_NO_PENDING)
				   ? take_first()
				   : WAKE_SLEEP;
		return true;
	case WAKE_CLEAR:
		put(p, &s->dirty, 0);
		p->phase = MUTANT(SHM_CLEAR_LATE) ? WAKE_AGAIN : WAKE_TAKE;
		return true;
	case WAKE_TAKE:
		if (held_up(p, SHM_CLEAR))
			return false;
		p->count = get(p, &s->offered);
		p->phase = MUTANT(SHM_CLEAR_LATE) ? WAKE_CLEAR : WAKE_AGAIN;
		return true;
	case WAKE_AGAIN:
		p->phase = get(p, &s->dirty) ? take_first() : WAKE_DONE;
		return true;
	case WAKE_DONE:
		put(p, &s->pending, 0);
		p->phase =
			MUTANT(SHM_NO_LAST_LOOK) ? WAKE_SLEEP : WAKE_LOOK_AGAIN;
		return true;
	case WAKE_LOOK_AGAIN:
		return look(p, !held_up(p, SHM_DONE));
	}
	return false;
}
