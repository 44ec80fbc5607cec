/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical bytes of a state: two states with the same bytes have the same
 * future, whatever their indexes, descriptor numbers and packet numbers have
 * counted up to, and whichever of their slots is which. Knows how such numbers
 * are made relative; whose they are is known by those who write them.
 * docs/EXPLORE.md argues why it is sound.
 */
#ifndef TWINRING_SIM_FOLD_H
#define TWINRING_SIM_FOLD_H

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	FOLD_RING_MAX = 64,       /* descriptors of a ring that can be folded */
	FOLD_QUEUES_MAX = 32,     /* queues of a world, 4 a link */
	FOLD_BYTES_MAX = 1 << 16, /* of one state, generously */
	FOLD_LINKS_MAX = FOLD_QUEUES_MAX / 4,
	FOLD_SLOTS_MAX = 16, /* of all links, if they have no numbers */
	FOLD_WORDS_MAX = 1 + FOLD_SLOTS_MAX,
	FOLD_NO_SLOT = 0xff
};

/*
 * How one queue is told: from where indexes count, what heads are called. One
 * that nothing puts before or behind others is called by its slot.
 */
struct fold_queue {
	uint16_t base;
	uint16_t size;
	uint8_t name[FOLD_RING_MAX]; /* by descriptor */
	uint8_t raw[FOLD_RING_MAX];  /* by name; then those with slots */
	uint8_t slot[FOLD_RING_MAX]; /* by descriptor, or FOLD_NO_SLOT */
};

/*
 * Where slots have no numbers, each part of a state calls them by the order in
 * which it first mentions them, and what has no order is said of each slot by
 * itself. All parts, and what all of them together say of each slot, are the
 * state, whichever slot is which. Slots of all links are counted through.
 */
struct fold {
	uint8_t *first;
	uint8_t *at; /* where the next byte goes */
	uint8_t *end;
	/* Says how a queue is told, once somebody asks; the world's affair. */
	void (*name)(const void *to, uint32_t q, struct fold_queue *out);
	uint64_t (*next_seq)(const void *to, uint32_t nic);
	const void *to;
	uint64_t seed;  /* of digests, with which nothing else changes */
	uint32_t named; /* queues that were asked for since fold_begin() */
	struct fold_queue queue[FOLD_QUEUES_MAX]; /* by queue_id() */
	uint32_t slots;                           /* 0: they have numbers */
	uint32_t slot_first[FOLD_LINKS_MAX + 1];  /* by link */
	uint8_t called;                    /* slots that have a name so far */
	uint8_t slot_name[FOLD_SLOTS_MAX]; /* from 1; 0: none yet */
	uint64_t slot_said[FOLD_SLOTS_MAX];
	uint32_t of; /* the slot that is told of, or FOLD_NO_SLOT */
	uint8_t *of_first;
};

/* A part of a state is told by itself: nothing is known from those before. */
static inline void fold_begin(struct fold *f, uint8_t *at, uint32_t size)
{
	f->first = f->at = at;
	f->end = at + size;
	f->named = 0;
	f->called = 0;
	f->of = FOLD_NO_SLOT;
	memset(f->slot_name, 0, sizeof f->slot_name);
	memset(f->slot_said, 0, sizeof f->slot_said);
}

/* Words of a part's digest. */
static inline uint32_t fold_words(const struct fold *f)
{
	return 1 + f->slots;
}

/*
 * Ends part @part: @out[0] is a digest of it, and each word that follows one of
 * all that it says of a slot, or 0.
 */
void fold_end(const struct fold *f, uint32_t part, uint64_t *out);

/*
 * The digest of a state is the sum of its parts' digests, and of these for what
 * is said of each slot, itself a sum over all parts.
 */
uint64_t fold_seed(uint64_t number); /* for fold.seed; 0 is 0 */
uint64_t fold_slot_digest(uint64_t said);
uint64_t fold_slots_digest(const struct fold *f, const uint64_t *sum);

static inline const struct fold_queue *fold_queue(struct fold *f, uint32_t q)
{
	if (!(f->named >> q & 1)) {
		f->name(f->to, q, &f->queue[q]);
		f->named |= UINT32_C(1) << q;
	}
	return &f->queue[q];
}

static inline void fold_bytes(struct fold *f, const void *from, uint32_t size)
{
	assert(size <= (uint64_t)(f->end - f->at));
	memcpy(f->at, from, size);
	f->at += size;
}

static inline void fold_u8(struct fold *f, uint8_t v)
{
	assert(f->at < f->end);
	*f->at++ = v;
}

static inline void fold_u16(struct fold *f, uint16_t v)
{
	v = htole16(v);
	fold_bytes(f, &v, sizeof v);
}

static inline void fold_u32(struct fold *f, uint32_t v)
{
	v = htole32(v);
	fold_bytes(f, &v, sizeof v);
}

static inline void fold_u64(struct fold *f, uint64_t v)
{
	v = htole64(v);
	fold_bytes(f, &v, sizeof v);
}

/* An index of queue @q, counted from where its driver stands. */
static inline void fold_index(struct fold *f, uint32_t q, uint16_t index)
{
	fold_u16(f, (uint16_t)(index - fold_queue(f, q)->base));
}

/* What stands before a name, so that each can be told from the others. */
enum fold_kind {
	FOLD_NAME,
	FOLD_SLOT,    /* the head that this slot is called by */
	FOLD_SELF,    /* the slot that is told of */
	FOLD_NUMBER,  /* nothing orders it: its number is said of it, too */
	FOLD_NONSENSE /* as it is */
};

/* What is written up to fold_of_end() is said of slot @at, and has no order. */
static inline void fold_of_at(struct fold *f, uint32_t at)
{
	assert(f->of == FOLD_NO_SLOT && at < f->slots);
	f->of = at;
	f->of_first = f->at;
}

/* Where nothing was begun, what was written stays. */
void fold_of_end(struct fold *f);

/* Slot @at is like no other one: it goes by its number. */
void fold_number(struct fold *f, uint32_t at);

/* Slot @at by its name, which it may get here. */
static inline void fold_slot_at(struct fold *f, uint32_t at)
{
	assert(at < f->slots);
	if (f->of == at) {
		fold_u8(f, FOLD_SELF);
		return;
	}
	if (!f->slot_name[at] && f->of != FOLD_NO_SLOT) {
		fold_u8(f, FOLD_NUMBER);
		fold_u8(f, (uint8_t)at);
		fold_number(f, at);
		return;
	}
	if (!f->slot_name[at])
		f->slot_name[at] = ++f->called;
	fold_u8(f, FOLD_NAME);
	fold_u8(f, f->slot_name[at]);
}

/* The place of a link's slot among all; FOLD_NO_SLOT: it has but a number. */
static inline uint32_t fold_at(const struct fold *f, uint32_t link,
			       uint32_t slot)
{
	uint32_t first = f->slot_first[link];

	return f->slots && slot < f->slot_first[link + 1] - first
		       ? first + slot
		       : (uint32_t)FOLD_NO_SLOT;
}

static inline void fold_slot(struct fold *f, uint32_t link, uint32_t slot)
{
	uint32_t at = fold_at(f, link, slot);

	if (at != FOLD_NO_SLOT) {
		fold_slot_at(f, at);
		return;
	}
	fold_u8(f, FOLD_NONSENSE);
	fold_u32(f, slot);
}

/* As fold_of_at(), where slots have no numbers. */
static inline void fold_of_slot(struct fold *f, uint32_t link, uint32_t slot)
{
	uint32_t at = fold_at(f, link, slot);

	if (at != FOLD_NO_SLOT)
		fold_of_at(f, at);
}

/* A descriptor of queue @q by its name; nonsense stays as it is. */
static inline void fold_head(struct fold *f, uint32_t q, uint32_t head)
{
	const struct fold_queue *fq = fold_queue(f, q);

	if (head >= fq->size) {
		fold_u8(f, FOLD_NONSENSE);
		fold_u32(f, head);
	} else if (fq->slot[head] != FOLD_NO_SLOT) {
		fold_u8(f, FOLD_SLOT);
		fold_slot_at(f, fq->slot[head]);
	} else {
		fold_u8(f, FOLD_NAME);
		fold_u8(f, fq->name[head]);
	}
}

/* As fold_of_at(), where @head is called by a slot. */
static inline void fold_of_head(struct fold *f, uint32_t q, uint32_t head)
{
	uint32_t at = fold_queue(f, q)->slot[head];

	if (at != FOLD_NO_SLOT)
		fold_of_at(f, at);
}

/*
 * A word that is asked whether an index moves past it. Once that index, now at
 * @ref, has left it behind, how far does not matter.
 */
static inline void fold_event(struct fold *f, uint16_t event, uint16_t ref)
{
	uint16_t ahead = (uint16_t)(event - ref);

	fold_u16(f, ahead < 0x8000 ? ahead : 0x8000);
}

/* The number of a packet that NIC @nic sent, counted back from its next. */
static inline void fold_seq(struct fold *f, uint32_t nic, uint64_t seq)
{
	fold_u32(f, (uint32_t)(f->next_seq(f->to, nic) - seq));
}

#endif
