/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The signal of vbus, as a model of its own: three bytes that two parties
 * share, by which one wakes the other at most once until it has looked. Who
 * injects and who wakes up are apart; each step is one access to what they
 * share, so that a search can put anything in between.
 */
#ifndef TWINRING_MODEL_RING_SHM_SIGNAL_H
#define TWINRING_MODEL_RING_SHM_SIGNAL_H

#include "model/memory/store_buffer.h"

/* What the two share: a signal, and how much has been offered under it. */
struct shm_shared {
	uint8_t enabled; /* the waker wants to be called */
	uint8_t pending; /* it was called and has not looked yet */
	uint8_t dirty;   /* there is something to look at */
	uint8_t offered; /* stands for a queue's index */
};

enum shm_barrier {
	SHM_PUBLISH, /* injector: what is offered is seen before dirty */
	SHM_INJECT,  /* injector: dirty is seen before it looks at pending */
	SHM_ENABLE,  /* waker: enabled is seen before it looks at dirty */
	SHM_CLEAR,   /* waker: that dirty is cleared, before it takes */
	SHM_DONE,    /* waker: that pending is cleared, before it looks again */
	SHM_BARRIERS
};

#define SHM_BARRIER_BIT(barrier) (1u << (barrier))
#define SHM_BARRIERS_ALL         ((1u << SHM_BARRIERS) - 1)
/* Only stores are put in order: so the code has it that was published. */
#define SHM_BARRIERS_STORES SHM_BARRIER_BIT(SHM_PUBLISH)

/* Where one party is in its work. */
struct shm_party {
	struct store_buffers *stores;
	struct shm_shared *shared;
	uint32_t barriers; /* SHM_BARRIER_BIT()s that are kept */
	uint8_t phase;
	uint8_t count; /* offered; taken */
	uint8_t most;  /* that the injector offers */
	bool called;   /* the waker: it has to look */
};

/* One step; false: there is nothing to do. @waker is called by a trap. */
bool shm_inject_step(struct shm_party *injector, struct shm_party *waker);
bool shm_wake_step(struct shm_party *waker);

#endif
