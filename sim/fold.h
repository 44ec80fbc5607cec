/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical bytes of a state: two states with the same bytes have the same
 * future, whatever their indexes, descriptor numbers and packet numbers have
 * counted up to. Knows how such numbers are made relative; whose they are is
 * known by those who write them. docs/EXPLORE.md argues why it is sound.
 */
#ifndef TWINRING_SIM_FOLD_H
#define TWINRING_SIM_FOLD_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	FOLD_RING_MAX = 64,       /* descriptors of a ring that can be folded */
	FOLD_QUEUES_MAX = 32,     /* queues of a world, 4 a link */
	FOLD_BYTES_MAX = 1 << 16, /* of one state, generously */
};

/* How one queue is told: from where indexes count, what heads are called. */
struct fold_queue {
	uint16_t base;
	uint16_t size;
	uint8_t name[FOLD_RING_MAX]; /* by descriptor */
	uint8_t raw[FOLD_RING_MAX];  /* by name */
};

struct fold {
	uint8_t *at; /* where the next byte goes */
	uint8_t *end;
	/* Says how a queue is told, once somebody asks; the world's affair. */
	void (*name)(const void *to, uint32_t q, struct fold_queue *out);
	uint64_t (*next_seq)(const void *to, uint32_t nic);
	const void *to;
	uint32_t named; /* queues that were asked for since fold_begin() */
	struct fold_queue queue[FOLD_QUEUES_MAX]; /* by queue_id() */
};

/* A part of a state is told by itself: nothing is known from those before. */
static inline void fold_begin(struct fold *f, uint8_t *at, uint32_t size)
{
	f->at = at;
	f->end = at + size;
	f->named = 0;
}

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
	fold_bytes(f, &v, sizeof v);
}

static inline void fold_u32(struct fold *f, uint32_t v)
{
	fold_bytes(f, &v, sizeof v);
}

static inline void fold_u64(struct fold *f, uint64_t v)
{
	fold_bytes(f, &v, sizeof v);
}

/* An index of queue @q, counted from where its driver stands. */
static inline void fold_index(struct fold *f, uint32_t q, uint16_t index)
{
	fold_u16(f, (uint16_t)(index - fold_queue(f, q)->base));
}

/* A descriptor of queue @q by its name; nonsense stays as it is. */
static inline void fold_head(struct fold *f, uint32_t q, uint32_t head)
{
	const struct fold_queue *fq = fold_queue(f, q);

	fold_u32(f, head < fq->size ? fq->name[head] : head);
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
