/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the ledger knows: where each slot is, and which chains of slots are on
 * each ring. What nearly all events say is booked here, in loops over whole
 * runs; what is odd, and what it means, is the ledger's.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_SLOT_BOOK_H
#define TWINRING_CONFORMANCE_REFEREE_SLOT_BOOK_H

#include "model/event.h"
#include "model/slots/exact_division.h"

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

/* What is known of a slot: its place in one byte, who posted it in another. */
typedef uint16_t slot_state;

enum { POSTED_0 = 0x100, POSTED_1 = 0x200, POSTED = 0x300 };

/* Of a chain whose available entry has not been seen yet. */
struct segment {
	uint64_t addr;
	uint32_t len;
};

/* A slot in a chain: its number + 1, and this bit if the chain goes on. */
#define MORE 0x80000000u

/* The same for the first of a chain that its sender should not have sent. */
#define SPOILT 0x40000000u

/* Where slots lie. Loops have a copy of it, which no store can change. */
struct slot_row {
	uint64_t bar_gpa; /* in the queue's VM */
	struct exact_division of_stride;
	uint32_t stride;
	uint32_t slots; /* that begin within reach */
};

/* One ring: the chains of slots on it, and all that its events need. */
struct queue_book {
	_Alignas(64) struct slot_row row;
	uint64_t reach;    /* bytes of slots, as published */
	uint64_t bar_size; /* and of what they might have been */
	slot_state *state; /* of the link, by slot */
	uint32_t *first;   /* by head; 0: no slots */
	uint32_t slot_size;
	uint32_t fresh; /* slot offers that are not published yet */
	uint16_t ring_size;
	slot_state posted; /* by its VM: the bit in a slot's state */
	uint8_t end;
	bool open; /* the slots can be judged */
	bool parked;
	uint32_t outstanding; /* chains offered and not taken back */
	uint32_t *next;       /* by slot: the next one of its chain, if MORE */
};

struct link_book {
	slot_state *state; /* by slot */
	uint64_t bar_size;
	uint32_t slots;
	uint32_t region;
	uint32_t starved[2]; /* slots that the driver waits for */
	bool live;
	bool stale; /* an end was reset and no new epoch has begun */
};

static inline uint8_t place_of(slot_state state)
{
	return (uint8_t)state;
}

static inline slot_state posted_by(uint32_t end)
{
	return (slot_state)(POSTED_0 << end);
}

/* Places of a queue's own end. */
static inline uint8_t own(const struct queue_book *q)
{
	return (uint8_t)(OWN_0 + q->end);
}

static inline uint8_t sent(const struct queue_book *q)
{
	return (uint8_t)(SENT_0 + q->end);
}

static inline uint8_t used(const struct queue_book *q)
{
	return (uint8_t)(USED_0 + q->end);
}

static inline bool is_sent(slot_state state)
{
	return (place_of(state) & ~1u) == SENT_0; /* or SENT_1 */
}

static inline void place_set(slot_state *state, uint32_t place)
{
	*state = (slot_state)((*state & POSTED) | place);
}

/* The slot that begins at @addr; no less than their number if none does. */
static inline uint64_t slot_begins(const struct slot_row *r, uint64_t addr)
{
	return exact_division_which(r->of_stride, addr - r->bar_gpa);
}

/* The slot that @addr is in; false: it is in none. */
static inline bool slot_at(const struct queue_book *q, uint64_t addr,
			   uint32_t *slot, uint32_t *off)
{
	uint64_t at = addr - q->row.bar_gpa; /* wraps below the BAR */

	if (at >= q->reach)
		return false;
	*slot = (uint32_t)(at / q->row.stride);
	*off = (uint32_t)(at % q->row.stride);
	return true;
}

/* What stands for @slot, behind which is what @more stands for. */
static inline uint32_t chain_link(uint32_t slot, uint32_t more)
{
	return (slot + 1) | (more ? MORE : 0);
}

/* Puts @slot into the chain of @head. */
static inline void chain_book(struct queue_book *q, uint32_t head,
			      uint32_t slot)
{
	uint32_t more = q->first[head];

	q->next[slot] = more;
	q->first[head] = chain_link(slot, more);
}

static inline uint32_t chain_slot(uint32_t link)
{
	return (link & ~(MORE | SPOILT)) - 1;
}

/* What becomes of the slots of this chain is their sender's doing. */
static inline void chain_spoil(struct queue_book *q, uint32_t head)
{
	if (q->first[head])
		q->first[head] |= SPOILT;
}

/* What stands behind @link in its chain, 0 at the end. */
static inline uint32_t chain_next(const struct queue_book *q, uint32_t link)
{
	return link & MORE ? q->next[chain_slot(link)] : 0;
}

/* States of a slot whose other end has posted it, on its usual way. */
static inline slot_state idle_here(const struct queue_book *q)
{
	return (slot_state)(POSTED | own(q));
}

static inline slot_state sent_here(const struct queue_book *q)
{
	return (slot_state)(POSTED | (SENT_0 + !q->end));
}

static inline slot_state handed(const struct queue_book *q)
{
	return (slot_state)((POSTED & ~q->posted) | used(q));
}

static inline slot_state held_here(const struct queue_book *q)
{
	return (slot_state)((POSTED & ~q->posted) | own(q));
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
	const uint32_t size = q->slot_size, ring_size = q->ring_size;
	const struct slot_row row = q->row;
	const slot_state idle = idle_here(q), posted = q->posted;
	const slot_state gone = (slot_state)(POSTED | sent(q));
	uint32_t *first = q->first;
	slot_state *state = q->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint64_t slot = slot_begins(&row, i->addr);
		uint32_t head = i->a & 0xffff;

		if (slot >= row.slots ||
		    (tx ? state[slot] != idle || i->len > size
			: state[slot] & posted || i->len != size) ||
		    head >= ring_size)
			break;
		if (tx)
			state[slot] = gone;
		else
			state[slot] |= posted;
		first[head] = (uint32_t)slot + 1;
	}
	return (uint32_t)(i - item);
}

/* The same for the @count segments of a chain that is sent, the last first. */
static inline uint32_t chain_plain(struct queue_book *q, uint32_t head,
				   const struct segment *segment,
				   uint32_t count)
{
	const struct slot_row row = q->row;
	const uint32_t size = q->slot_size;
	const slot_state idle = idle_here(q);
	const slot_state gone = (slot_state)(POSTED | sent(q));
	uint32_t *next = q->next, link = q->first[head];
	slot_state *state = q->state;
	const struct segment *i = segment + count;

	for (; i > segment; i--) {
		uint64_t slot = slot_begins(&row, i[-1].addr);

		if (slot >= row.slots || state[slot] != idle ||
		    i[-1].len > size)
			break;
		state[slot] = gone;
		next[slot] = link;
		link = chain_link((uint32_t)slot, link);
	}
	q->first[head] = link;
	return (uint32_t)(segment + count - i);
}

/* The slot of @head; beyond all where it has none or many, or is too large. */
static inline uint32_t plain_slot(const uint32_t *first, uint32_t ring_size,
				  uint32_t head)
{
	return head < ring_size ? first[head] - 1 : UINT32_MAX;
}

/*
 * Slots go from the state @before to @after: sent ones reach who posted them,
 * which is this end and not the sender, or what was handed over is taken.
 */
static inline uint32_t moves_plain(const struct queue_book *q, bool taken,
				   slot_state before, slot_state after,
				   const struct event_item *item,
				   uint32_t count)
{
	uint32_t *first = q->first, ring_size = q->ring_size;
	const uint32_t slots = q->row.slots;
	slot_state *state = q->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint32_t at = plain_slot(first, ring_size, i->a);

		if (at >= slots || state[at] != before)
			break;
		state[at] = after;
		if (taken)
			first[i->a] = 0;
	}
	return (uint32_t)(i - item);
}

/* Sends whose slots have been delivered are completed: their chains end. */
static inline uint32_t ends_plain(const struct queue_book *q,
				  const struct event_item *item, uint32_t count)
{
	uint32_t *first = q->first, ring_size = q->ring_size;
	const uint32_t slots = q->row.slots;
	const uint8_t under_way = sent(q);
	const slot_state *state = q->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint32_t at = plain_slot(first, ring_size, i->a);

		if (at >= slots || place_of(state[at]) == under_way)
			break;
		first[i->a] = 0;
	}
	return (uint32_t)(i - item);
}

/*
 * Slots are touched from their beginning on by who holds them, or their
 * headers by a @host; or memory is that holds no slots.
 */
static inline uint32_t touches_plain(const struct queue_book *q, bool host,
				     const struct event_item *item,
				     uint32_t count)
{
	const uint8_t place = host ? sent(q) : own(q);
	const struct slot_row row = q->row;
	const slot_state *state = q->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint64_t slot = slot_begins(&row, i->addr);

		if (slot < row.slots
			    ? place_of(state[slot]) != place || (host && !i->a)
			    : i->addr - row.bar_gpa < q->bar_size)
			break;
	}
	return (uint32_t)(i - item);
}

/*
 * Fused batches, buffer by buffer: all that happens to one slot at once, and
 * each slot once. That is the same as one part behind the other where no slot
 * comes twice; where one does, the second time finds it in another state. What
 * was booked of a fused batch that is not plain throughout is then undone, and
 * its parts are looked at one by one.
 */

/* Whether an item names heads that lie in a ring, whose size is a power of 2.
 */
static inline bool heads_within(const struct event_item *i, uint32_t ring_size)
{
	return !(i->a & ~fused_heads(ring_size - 1, ring_size - 1));
}

/* The first @count slots are in the state @before again. */
static inline void undo(const struct queue_book *q, slot_state before,
			const struct event_item *item, uint32_t count)
{
	for (uint32_t k = 0; k < count; k++)
		q->state[slot_begins(&q->row, item[k].addr)] = before;
}

/* Held slots are written, posted on @rx and sent on @tx. */
static inline bool sends_plain(const struct queue_book *rx,
			       const struct queue_book *tx, uint32_t posted_len,
			       const struct event_item *item, uint32_t count)
{
	const uint32_t size = tx->slot_size, ring_size = tx->ring_size;
	const struct slot_row row = tx->row;
	const slot_state held = held_here(tx);
	const slot_state gone = (slot_state)(POSTED | sent(tx));
	uint32_t *rx_first = rx->first, *tx_first = tx->first;
	slot_state *state = tx->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint64_t slot = slot_begins(&row, i->addr);

		if (slot >= row.slots || i->len > size || state[slot] != held ||
		    !heads_within(i, ring_size))
			break;
		state[slot] = gone;
		rx_first[fused_rx(i)] = (uint32_t)slot + 1;
		tx_first[fused_tx(i)] = (uint32_t)slot + 1;
	}
	if (i == end && posted_len == size)
		return true;
	undo(tx, held, item, (uint32_t)(i - item));
	return false;
}

/*
 * Whether the chain of one slot that @link stands for begins at @addr. What
 * stands for none, or for a longer one, has no place among the slots.
 */
static inline bool begins_at(const struct slot_row *r, uint32_t link,
			     uint64_t addr)
{
	uint64_t slot = link - 1u;

	return slot < r->slots && addr == r->bar_gpa + slot * r->stride;
}

/* Sent slots get their header and are used on @rx, where they are posted. */
static inline bool forwards_plain(const struct queue_book *rx,
				  const struct queue_book *tx,
				  const struct event_item *item, uint32_t count)
{
	const uint32_t ring_size = tx->ring_size;
	const struct slot_row row = tx->row;
	const slot_state before = sent_here(rx), after = handed(rx);
	const uint32_t *rx_first = rx->first;
	uint32_t *tx_first = tx->first;
	slot_state *state = tx->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint32_t link;

		if (!heads_within(i, ring_size))
			break;
		link = rx_first[fused_rx(i)];
		if (tx_first[fused_tx(i)] != link ||
		    !begins_at(&row, link, i->addr) ||
		    state[link - 1] != before)
			break;
		state[link - 1] = after;
		tx_first[fused_tx(i)] = 0;
	}
	if (i == end)
		return true;
	/* These sends have their outcome in any case: they stay ended. */
	undo(tx, before, item, (uint32_t)(i - item));
	return false;
}

/* Slots that were handed over are taken from @q and read. */
static inline bool takes_plain(const struct queue_book *q,
			       const struct event_item *item, uint32_t count)
{
	const uint32_t ring_size = q->ring_size;
	const struct slot_row row = q->row;
	const slot_state before = handed(q), after = held_here(q);
	uint32_t *first = q->first;
	slot_state *state = q->state;
	const struct event_item *i = item, *end = item + count;

	for (; i < end; i++) {
		uint32_t link;

		if (i->a >= ring_size)
			break;
		link = first[i->a];
		if (!begins_at(&row, link, i->addr) ||
		    state[link - 1] != before)
			break;
		state[link - 1] = after;
		first[i->a] = 0;
	}
	if (i == end)
		return true;
	undo(q, before, item, (uint32_t)(i - item));
	while (i-- > item)
		first[i->a] = (uint32_t)slot_begins(&row, i->addr) + 1;
	return false;
}

#endif
