/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the ledger knows: where each slot is, and which chains of slots are on
 * each ring. What nearly all events say is booked here, in loops over whole
 * runs; what is odd, and what it means, is the ledger's.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_SLOT_BOOK_H
#define TWINRING_CONFORMANCE_REFEREE_SLOT_BOOK_H

#include "model/probe.h"

/* Where a slot is. Values of ends are counted on: OWN_0 + end and so on. */
enum place {
	OWN_0, /* held by the VM at end 0, idle */
	OWN_1,
	SENT_0, /* on the transmit queue of end 0, or with the host */
	SENT_1,
	USED_0, /* in the used ring of end 0's receive queue */
	USED_1,
	LOST
};

/* What is known of a slot, in one byte: its place, and who has posted it. */
enum { PLACE = 7, POSTED_0 = 8, POSTED_1 = 16, POSTED = 24 };

/* A slot in a chain: its number + 1, and this bit if the chain goes on. */
#define MORE 0x80000000u

/* One ring: the chains of slots on it, and all that its events need. */
struct queue_book {
	_Alignas(64) uint64_t bar_gpa; /* in its VM */
	uint64_t reach;                /* bytes of slots, as published */
	uint64_t inverse;              /* 2^64 / stride, rounded up */
	uint8_t *state;                /* of the link, by slot */
	uint32_t *first;               /* by head; 0: no slots */
	uint32_t stride;
	uint32_t slot_size;
	uint32_t slots;
	uint32_t fresh; /* slot offers that are not published yet */
	uint16_t ring_size;
	uint8_t end;
	uint8_t posted; /* by its VM: the bit in a slot's state */
	bool open;      /* the slots can be judged */
	bool parked;
	uint32_t outstanding; /* chains offered and not taken back */
	uint32_t *next;       /* by slot: the next one of its chain, if MORE */
};

struct link_book {
	uint8_t *state; /* by slot */
	uint64_t bar_size;
	uint32_t slots;
	uint32_t region;
	uint32_t starved[2]; /* slots that the driver waits for */
	bool live;
	bool stale; /* an end was reset and no new epoch has begun */
};

static inline uint32_t place_of(uint8_t state)
{
	return state & PLACE;
}

static inline uint8_t posted_by(uint32_t end)
{
	return (uint8_t)(POSTED_0 << end);
}

/* Places of a queue's own end. */
static inline uint32_t own(const struct queue_book *q)
{
	return OWN_0 + (uint32_t)q->end;
}

static inline uint32_t sent(const struct queue_book *q)
{
	return SENT_0 + (uint32_t)q->end;
}

static inline uint32_t used(const struct queue_book *q)
{
	return USED_0 + (uint32_t)q->end;
}

static inline bool is_sent(uint8_t state)
{
	return (state & (PLACE & ~1u)) == SENT_0; /* or SENT_1 */
}

static inline void place_set(uint8_t *state, uint32_t place)
{
	*state = (uint8_t)((*state & ~PLACE) | place);
}

/* @at / stride, for @inverse of that stride and @at below 2^32. */
static inline uint32_t times_inverse(uint64_t at, uint64_t inverse)
{
	return (uint32_t)((unsigned __int128)at * inverse >> 64);
}

/* The slot that @addr is in; false: it is in none. */
static inline bool slot_at(const struct queue_book *q, uint64_t addr,
			   uint32_t *slot, uint32_t *off)
{
	uint64_t at = addr - q->bar_gpa; /* wraps below the BAR */

	if (at >= q->reach)
		return false;
	*slot = times_inverse(at, q->inverse);
	*off = (uint32_t)at - *slot * q->stride;
	return true;
}

/* Puts @slot into the chain of @head. */
static inline void chain_book(struct queue_book *q, uint32_t head,
			      uint32_t slot)
{
	uint32_t more = q->first[head];

	q->next[slot] = more;
	q->first[head] = (slot + 1) | (more ? MORE : 0);
}

static inline uint32_t chain_slot(uint32_t link)
{
	return (link & ~MORE) - 1;
}

/* What stands behind @link in its chain, 0 at the end. */
static inline uint32_t chain_next(const struct queue_book *q, uint32_t link)
{
	return link & MORE ? q->next[chain_slot(link)] : 0;
}

/* States of a slot whose other end has posted it, on its usual way. */
static inline uint8_t sent_here(const struct queue_book *q)
{
	return (uint8_t)(POSTED | (SENT_0 + !q->end));
}

static inline uint8_t handed(const struct queue_book *q)
{
	return (uint8_t)((POSTED & ~q->posted) | used(q));
}

static inline uint8_t held_here(const struct queue_book *q)
{
	return (uint8_t)((POSTED & ~q->posted) | own(q));
}

/*
 * What nearly all events say, in loops over whole runs: slots on their usual
 * way, one to a chain. Each loop ends at the first item that needs a closer
 * look, and returns how many it booked.
 */

/* Idle slots that their holder has posted are sent; or whole ones are posted.
 */
static inline uint32_t offers_plain(const struct queue_book *q, bool tx,
				    const struct event_item *item,
				    uint32_t count)
{
	const uint64_t gpa = q->bar_gpa, reach = q->reach, inv = q->inverse;
	const uint32_t stride = q->stride, size = q->slot_size;
	const uint32_t ring_size = q->ring_size;
	const uint8_t idle = POSTED | own(q), posted = q->posted;
	uint32_t *first = q->first;
	uint8_t *state = q->state;
	uint32_t k;

	for (k = 0; k < count; k++) {
		uint64_t at = item[k].addr - gpa;
		uint32_t slot = times_inverse(at, inv);
		uint32_t head = item[k].a & 0xffff;

		if (at >= reach || (uint32_t)at != slot * stride ||
		    (tx ? state[slot] != idle || item[k].len > size
			: state[slot] & posted || item[k].len != size) ||
		    head >= ring_size)
			break;
		state[slot] = tx ? idle ^ OWN_0 ^ SENT_0 : state[slot] | posted;
		first[head] = slot + 1;
	}
	return k;
}

/*
 * Slots go from the state @before to @after: sent ones reach who posted them,
 * which is this end and not the sender, or what was handed over is taken.
 */
static inline uint32_t moves_plain(const struct queue_book *q, bool taken,
				   uint8_t before, uint8_t after,
				   const struct event_item *item,
				   uint32_t count)
{
	uint32_t *first = q->first, ring_size = q->ring_size;
	uint8_t *state = q->state;
	uint32_t k;

	for (k = 0; k < count; k++) {
		uint32_t at;

		if (item[k].a >= ring_size)
			break;
		at = first[item[k].a] - 1; /* no slots, or many: too large */
		if (at >= q->slots || state[at] != before)
			break;
		state[at] = after;
		if (taken)
			first[item[k].a] = 0;
	}
	return k;
}

/* Sends whose slots have been delivered are completed. */
static inline uint32_t ends_plain(const struct queue_book *q,
				  const struct event_item *item, uint32_t count)
{
	const uint32_t *first = q->first, ring_size = q->ring_size;
	const uint32_t under_way = sent(q);
	const uint8_t *state = q->state;
	uint32_t k;

	for (k = 0; k < count; k++) {
		uint32_t at;

		if (item[k].a >= ring_size)
			break;
		at = first[item[k].a] - 1;
		if (at >= q->slots || place_of(state[at]) == under_way)
			break;
	}
	return k;
}

/* Completed sends are taken: their slots are elsewhere. */
static inline uint32_t reaps_plain(const struct queue_book *q,
				   const struct event_item *item,
				   uint32_t count)
{
	uint32_t *first = q->first, ring_size = q->ring_size;
	uint32_t k;

	for (k = 0; k < count && item[k].a < ring_size; k++)
		first[item[k].a] = 0;
	return k;
}

/* Slots are touched by who holds them, or their headers by a @host. */
static inline uint32_t touches_plain(const struct queue_book *q, bool host,
				     const struct event_item *item,
				     uint32_t count)
{
	const uint64_t gpa = q->bar_gpa, reach = q->reach, inv = q->inverse;
	const uint32_t place = host ? sent(q) : own(q);
	const uint8_t *state = q->state;
	uint32_t k;

	for (k = 0; k < count; k++) {
		uint64_t at = item[k].addr - gpa;

		if (at < reach &&
		    (place_of(state[times_inverse(at, inv)]) != place ||
		     (host && !item[k].a)))
			break;
	}
	return k;
}

#endif
