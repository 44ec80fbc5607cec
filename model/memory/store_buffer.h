/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stores that are not seen yet. As a processor does, each party keeps what it
 * stored to words of a ring in a buffer of its own; memory gets it later, and
 * a barrier makes it wait for that. Where there are no buffers, every store is
 * seen at once. Knows bytes, queues and barriers; not when a store leaves.
 */
#ifndef TWINRING_MODEL_MEMORY_STORE_BUFFER_H
#define TWINRING_MODEL_MEMORY_STORE_BUFFER_H

#include "model/barriers.h"
#include "model/memory/gmem.h"
#include "model/probe.h"

enum { STORE_BYTES = 16, STORES_MAX = 16, STORES_NOBODY = 0xffff };

struct canon;

/* One that waits. */
struct store {
	uint8_t *at;
	uint8_t bytes[STORE_BYTES]; /* as they will lie in memory */
	uint16_t queue;             /* queue_id() */
	uint8_t size;
	uint8_t kind;    /* enum event_kind that tells of it */
	bool after;      /* all that are older leave first */
	uint8_t zero[3]; /* no holes: a world is compared by its bytes */
};

/* Those of one party, oldest first; a full buffer lets the oldest go. */
struct store_buffer {
	struct store store[STORES_MAX];
	uint16_t count;
	bool barrier; /* the next store comes after all of these */
	uint8_t zero[5];
};

/* Those of all parties; @actor stores, STORES_NOBODY does so at once. */
struct store_buffers {
	struct store_buffer *buffer; /* one an actor */
	struct probe *probe;
	uint32_t barriers; /* BARRIER_BIT()s that are kept */
	uint16_t actors;
	uint16_t actor;
	uint8_t order; /* enum memory_order, not MEMORY_SC */
	uint8_t zero[7];
};

/* The party that moves stores @size bytes, told of by @kind. */
void store_put(struct store_buffers *b, uint8_t *at, const void *bytes,
	       uint32_t size, uint16_t queue, enum event_kind kind);

/*
 * The same for what an index will cover: a descriptor, an entry, an element.
 * Nobody looks at it before, so it waits only where an index may overtake it.
 */
void store_entry(struct store_buffers *b, uint8_t *at, const void *bytes,
		 uint32_t size, uint16_t queue, enum event_kind kind);

/* The party that moves comes to @which on @queue. */
void store_barrier(struct store_buffers *b, enum barrier which, uint16_t queue);

/*
 * The party that moves enters the host or calls a guest: all that it stored is
 * seen. So is what anybody stored where a device's life takes a turn, since
 * that waits for whoever works its rings.
 */
void store_drain(struct store_buffers *b);
void store_settle(struct store_buffers *b);

/* What the party that moves stores next is seen after all that waits. */
void store_order(struct store_buffers *b);

/* A byte as the party that moves sees it: what it stored itself, if it did. */
uint8_t store_load8(const struct store_buffers *b, const uint8_t *at);

/* Whether the @k-th store of @actor, from 0, may leave next; lets it. */
bool store_may_leave(const struct store_buffers *b, uint32_t actor, uint32_t k);
void store_leave(struct store_buffers *b, uint32_t actor, uint32_t k);

/*
 * Whether what an index will cover may wait; such stores are made one by one,
 * any others where they belong. There may be no buffers at all.
 */
static inline bool store_entries_wait(const struct store_buffers *b)
{
	return __builtin_expect(b != NULL, 0) && b->order == MEMORY_PSO;
}

/* Stores of @actor that wait; there may be no buffers at all. */
static inline uint32_t store_waiting(const struct store_buffers *b,
				     uint32_t actor)
{
	return b ? b->buffer[actor].count : 0;
}

/*
 * Puts descriptors, entries and elements that wait into memory, and takes them
 * out again: rings are told as they will be, and apart from that what waits.
 */
void store_show(struct store_buffers *b);
void store_hide(struct store_buffers *b);

/* The canonical form of what waits; @tell writes what one is to its queue. */
void store_canon(const struct store_buffers *b, struct canon *f,
		 void (*tell)(const void *to, struct canon *f,
			      const struct store *s),
		 const void *to);

/* A full barrier of a ring. */
static inline void store_fence(struct store_buffers *b, enum barrier which,
			       uint16_t queue)
{
	if (__builtin_expect(b != NULL, 0))
		store_barrier(b, which, queue);
	else
		gmem_fence();
}

/* An index, behind the barrier @which: what it covers is seen before it. */
static inline void store_index(struct store_buffers *b, enum barrier which,
			       uint8_t *at, uint16_t v, uint16_t queue,
			       enum event_kind kind)
{
	if (__builtin_expect(b != NULL, 0)) {
		store_barrier(b, which, queue);
		v = htole16(v);
		store_put(b, at, &v, sizeof v, queue, kind);
	} else {
		gmem_store16_release(at, v);
	}
}

/* A word of suppression; @kind is told when it is seen, here or later. */
static inline void store_word(struct store_buffers *b, struct probe *probe,
			      uint8_t *at, uint16_t v, uint16_t queue,
			      enum event_kind kind)
{
	if (__builtin_expect(b != NULL, 0)) {
		v = htole16(v);
		store_put(b, at, &v, sizeof v, queue, kind);
	} else {
		gmem_store16(at, v);
		probe_emit(probe, kind, queue, v, 0, 0, 0);
	}
}

#endif
