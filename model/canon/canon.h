/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The canonical form of a state, in bytes: two states with the same form have
 * the same future. Indexes, descriptor numbers and packet numbers are written
 * relative to a base of their queue. Slots are symmetric: parts that are in
 * order name slots by first use; facts without an order go into a row for each
 * slot. docs/EXPLORE.md argues why it is sound.
 */
#ifndef TWINRING_MODEL_CANON_CANON_H
#define TWINRING_MODEL_CANON_CANON_H

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "model/numbers/queue.h"

enum {
	CANON_RING_MAX = 64, /* descriptors of a ring that fit into a form */
	CANON_LINKS_MAX = 8, /* of a world */
	CANON_NICS_MAX = 16,
	CANON_QUEUES_MAX = CANON_NICS_MAX * NIC_QUEUES,
	CANON_BYTES_MAX = 1 << 16, /* of one state, generously */
	CANON_SLOTS_MAX = 16,      /* of all links, if they have no numbers */
	CANON_WORDS_MAX = 1 + CANON_SLOTS_MAX,
	CANON_NO_SLOT = 0xff
};

_Static_assert(CANON_QUEUES_MAX <= 64, "a form has one bit for each queue");

/*
 * How one queue is told: from where indexes count, what heads are called. One
 * that nothing puts before or behind others is called by its slot.
 */
struct canon_queue {
	uint16_t base;
	uint16_t size;
	uint8_t name[CANON_RING_MAX]; /* by descriptor */
	uint8_t raw[CANON_RING_MAX];  /* by name; then those with slots */
	uint8_t slot[CANON_RING_MAX]; /* by descriptor, or CANON_NO_SLOT */
};

/*
 * Where slots have no numbers, each part of a state calls them by the order in
 * which it first mentions them, and what has no order is said of each slot by
 * itself. All parts, and what all of them together say of each slot, are the
 * state, whichever slot is which. Slots of all links are counted through.
 */
struct canon {
	uint8_t *first;
	uint8_t *at; /* where the next byte goes */
	uint8_t *end;
	/* Says how a queue is told, once somebody asks; the world's affair. */
	void (*name)(const void *to, uint32_t q, struct canon_queue *out);
	uint64_t (*next_seq)(const void *to, uint32_t nic);
	const void *to;
	uint64_t seed;  /* of digests, with which nothing else changes */
	uint64_t named; /* queues that were asked for since canon_begin() */
	struct canon_queue queue[CANON_QUEUES_MAX]; /* by queue_id() */
	uint32_t slots;                             /* 0: they have numbers */
	uint32_t slot_first[CANON_LINKS_MAX + 1];   /* by link */
	uint8_t called;                     /* slots that have a name so far */
	uint8_t slot_name[CANON_SLOTS_MAX]; /* from 1; 0: none yet */
	uint64_t slot_said[CANON_SLOTS_MAX];
	uint32_t of; /* the slot that is told of, or CANON_NO_SLOT */
	uint8_t *of_first;
};

/* A part of a state is told by itself: nothing is known from those before. */
static inline void canon_begin(struct canon *f, uint8_t *at, uint32_t size)
{
	f->first = f->at = at;
	f->end = at + size;
	f->named = 0;
	f->called = 0;
	f->of = CANON_NO_SLOT;
	memset(f->slot_name, 0, sizeof f->slot_name);
	memset(f->slot_said, 0, sizeof f->slot_said);
}

/* Words of a part's digest. */
static inline uint32_t canon_words(const struct canon *f)
{
	return 1 + f->slots;
}

/*
 * Ends part @part: @out[0] is a digest of it, and each word that follows one of
 * all that it says of a slot, or 0.
 */
void canon_end(const struct canon *f, uint32_t part, uint64_t *out);

/*
 * The digest of a state is the sum of its parts' digests, and of these for what
 * is said of each slot, itself a sum over all parts.
 */
uint64_t canon_seed(uint64_t number); /* for canon.seed; 0 is 0 */
uint64_t canon_slot_digest(uint64_t said);
uint64_t canon_slots_digest(const struct canon *f, const uint64_t *sum);

static inline const struct canon_queue *canon_queue(struct canon *f, uint32_t q)
{
	if (!(f->named >> q & 1)) {
		f->name(f->to, q, &f->queue[q]);
		f->named |= UINT64_C(1) << q;
	}
	return &f->queue[q];
}

static inline void canon_bytes(struct canon *f, const void *from, uint32_t size)
{
	assert(size <= (uint64_t)(f->end - f->at));
	memcpy(f->at, from, size);
	f->at += size;
}

static inline void canon_u8(struct canon *f, uint8_t v)
{
	assert(f->at < f->end);
	*f->at++ = v;
}

static inline void canon_u16(struct canon *f, uint16_t v)
{
	v = htole16(v);
	canon_bytes(f, &v, sizeof v);
}

static inline void canon_u32(struct canon *f, uint32_t v)
{
	v = htole32(v);
	canon_bytes(f, &v, sizeof v);
}

static inline void canon_u64(struct canon *f, uint64_t v)
{
	v = htole64(v);
	canon_bytes(f, &v, sizeof v);
}

/* A byte for every eight of @count. */
static inline void canon_flags_put(struct canon *f, const bool *flag,
				   uint32_t count)
{
	for (uint32_t i = 0; i < count;) {
		uint8_t byte = 0;

		for (uint32_t k = 0; k < 8 && i < count; k++)
			byte |= (uint8_t)(flag[i++] << k);
		canon_u8(f, byte);
	}
}

#define CANON_FLAGS(...) ((const bool[]){__VA_ARGS__})
#define canon_flags(f, ...)                          \
	canon_flags_put(f, CANON_FLAGS(__VA_ARGS__), \
			sizeof CANON_FLAGS(__VA_ARGS__) / sizeof(bool))

/* An index of queue @q, counted from where its driver stands. */
static inline void canon_index(struct canon *f, uint32_t q, uint16_t index)
{
	canon_u16(f, (uint16_t)(index - canon_queue(f, q)->base));
}

/* What stands before a name, so that each can be told from the others. */
enum canon_kind {
	CANON_NAME,
	CANON_SLOT,    /* the head that this slot is called by */
	CANON_SELF,    /* the slot that is told of */
	CANON_NUMBER,  /* nothing orders it: its number is said of it, too */
	CANON_NONSENSE /* as it is */
};

/* What is written up to canon_of_end() is said of slot @at, and has no order.
 */
static inline void canon_of_at(struct canon *f, uint32_t at)
{
	assert(f->of == CANON_NO_SLOT && at < f->slots);
	f->of = at;
	f->of_first = f->at;
}

/* Where nothing was begun, what was written stays. */
void canon_of_end(struct canon *f);

/* Slot @at is like no other one: it goes by its number. */
void canon_number(struct canon *f, uint32_t at);

/* Slot @at by its name, which it may get here. */
static inline void canon_slot_at(struct canon *f, uint32_t at)
{
	assert(at < f->slots);
	if (f->of == at) {
		canon_u8(f, CANON_SELF);
		return;
	}
	if (!f->slot_name[at] && f->of != CANON_NO_SLOT) {
		canon_u8(f, CANON_NUMBER);
		canon_u8(f, (uint8_t)at);
		canon_number(f, at);
		return;
	}
	if (!f->slot_name[at])
		f->slot_name[at] = ++f->called;
	canon_u8(f, CANON_NAME);
	canon_u8(f, f->slot_name[at]);
}

/* The place of a link's slot among all; CANON_NO_SLOT: it has but a number. */
static inline uint32_t canon_at(const struct canon *f, uint32_t link,
				uint32_t slot)
{
	uint32_t first = f->slot_first[link];

	return f->slots && slot < f->slot_first[link + 1] - first
		       ? first + slot
		       : (uint32_t)CANON_NO_SLOT;
}

static inline void canon_slot(struct canon *f, uint32_t link, uint32_t slot)
{
	uint32_t at = canon_at(f, link, slot);

	if (at != CANON_NO_SLOT) {
		canon_slot_at(f, at);
		return;
	}
	canon_u8(f, CANON_NONSENSE);
	canon_u32(f, slot);
}

/* As canon_of_at(), where slots have no numbers. */
static inline void canon_of_slot(struct canon *f, uint32_t link, uint32_t slot)
{
	uint32_t at = canon_at(f, link, slot);

	if (at != CANON_NO_SLOT)
		canon_of_at(f, at);
}

/* A descriptor of queue @q by its name; nonsense stays as it is. */
static inline void canon_head(struct canon *f, uint32_t q, uint32_t head)
{
	const struct canon_queue *fq = canon_queue(f, q);

	if (head >= fq->size) {
		canon_u8(f, CANON_NONSENSE);
		canon_u32(f, head);
	} else if (fq->slot[head] != CANON_NO_SLOT) {
		canon_u8(f, CANON_SLOT);
		canon_slot_at(f, fq->slot[head]);
	} else {
		canon_u8(f, CANON_NAME);
		canon_u8(f, fq->name[head]);
	}
}

/* As canon_of_at(), where @head is called by a slot. */
static inline void canon_of_head(struct canon *f, uint32_t q, uint32_t head)
{
	uint32_t at = canon_queue(f, q)->slot[head];

	if (at != CANON_NO_SLOT)
		canon_of_at(f, at);
}

/*
 * A word that is asked whether an index moves past it. Once that index, now at
 * @ref, has left it behind, how far does not matter.
 */
static inline void canon_event(struct canon *f, uint16_t event, uint16_t ref)
{
	uint16_t ahead = (uint16_t)(event - ref);

	canon_u16(f, ahead < 0x8000 ? ahead : 0x8000);
}

/* The number of a packet that NIC @nic sent, counted back from its next. */
static inline void canon_seq(struct canon *f, uint32_t nic, uint64_t seq)
{
	canon_u32(f, (uint32_t)(f->next_seq(f->to, nic) - seq));
}

/*
 * Numbers of packets of @members NICs, as they are: for whatever is told by
 * bytes that nobody can say of which packet they are.
 */
static inline void canon_counts(struct canon *f, uint32_t nic, uint32_t members)
{
	for (uint32_t i = 0; i < members; i++)
		canon_u8(f, (uint8_t)f->next_seq(f->to, nic + i));
}

/* Each slot of @link is told by its number. */
static inline void canon_link_number(struct canon *f, uint32_t link)
{
	uint32_t end = f->slot_first[link + 1];

	for (uint32_t at = f->slot_first[link]; at < end; at++)
		canon_number(f, at);
}

#ifdef TWINRING_MUTANTS
#include "model/canon/canon_sites.h"
#endif

#endif
