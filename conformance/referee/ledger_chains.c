/* SPDX-License-Identifier: BSD-3-Clause */
/* Chains of slots: offered, used, taken. */
#include "conformance/referee/ledger_state.h"

/* False when the slot was posted already. */
static bool offer_rx(struct ledger *l, struct queue_book *q,
		     const struct event *e, uint32_t slot, uint32_t len)
{
	uint32_t end = queue_end(numbers_of(l), e->queue);

	if (len != q->slot_size)
		referee_finding(&l->setup, e, CLAUSE_EXT_WHOLE_SLOTS, slot,
				"%u bytes of a slot of %u are posted", len,
				q->slot_size);
	if (q->state[slot] & posted_by(end)) {
		referee_finding(
			&l->setup, e, CLAUSE_EXT_ONE_OWNER, slot,
			"posted twice by %s",
			vm_name(l, queue_link(numbers_of(l), e->queue), end));
		return false;
	}
	q->state[slot] |= posted_by(end);
	q->fresh++;
	return true;
}

/* False when the sender has no right to the slot. */
static bool offer_tx(struct ledger *l, struct queue_book *q,
		     const struct event *e, uint32_t slot)
{
	uint32_t end = queue_end(numbers_of(l), e->queue),
		 link = queue_link(numbers_of(l), e->queue);
	char words[64];

	if (place_of(q->state[slot]) != OWN_0 + end) {
		referee_finding(&l->setup, e, CLAUSE_EXT_ONE_OWNER, slot,
				"sent by %s while %s", vm_name(l, link, end),
				place_words(l, link, q->state[slot], words,
					    sizeof words));
		return false;
	}
	if (!(q->state[slot] & posted_by(end))) {
		if (l->queue[queue_rx(e->queue)].outstanding >= q->ring_size)
			referee_finding(&l->setup, e, CLAUSE_EXT_POOL_FITS,
					slot,
					"sent, but its receive ring of %u is "
					"full",
					q->ring_size);
		else
			referee_finding(
				&l->setup, e, CLAUSE_EXT_POST_FIRST, slot,
				"sent before it was posted for receive");
	}
	place_set(&q->state[slot], SENT_0 + end);
	return true;
}

/* False when the driver must not offer it. */
static bool offer_segment(struct ledger *l, struct queue_book *q,
			  const struct event *e, uint64_t addr, uint32_t len)
{
	bool good;
	uint32_t slot, off;

	if (!slot_at(q, addr, &slot, &off)) {
		struct event one = *e;

		one.addr = addr;
		ledger_beyond(l, q, &one);
		return true;
	}
	if (!ledger_judges(l, e, slot))
		return true;
	if (off || len > q->slot_size) {
		referee_finding(&l->setup, e, CLAUSE_EXT_WHOLE_SLOTS, slot,
				"offset %u, %u bytes", off, len);
		return false;
	}
	good = queue_is_tx(e->queue) ? offer_tx(l, q, e, slot)
				     : offer_rx(l, q, e, slot, len);
	if (good)
		chain_book(q, e->a & 0xffff, slot);
	return good;
}

/* Any chain, segment by segment. */
static void __attribute__((noinline))
offer_chain(struct ledger *l, struct queue_book *q, const struct event *e)
{
	uint32_t head = e->a & 0xffff;
	bool good = true;

	if (head >= q->ring_size)
		return;
	q->first[head] = 0;
	if (!(e->b & DESC_INDIRECT))
		good = offer_segment(l, q, e, e->addr, e->len);
	while (l->pendings) {
		const struct segment *s;

		if (q->open && queue_is_tx(e->queue))
			l->pendings -=
				chain_plain(q, head, l->pending, l->pendings);
		if (!l->pendings)
			break;
		s = &l->pending[--l->pendings];
		good &= offer_segment(l, q, e, s->addr, s->len);
	}
	if (!good && queue_is_tx(e->queue))
		chain_spoil(q, head);
	if (!queue_is_tx(e->queue) && q->first[head] & MORE)
		referee_finding(
			&l->setup, e, CLAUSE_EXT_WHOLE_SLOTS,
			chain_slot(q->first[head]),
			"several slots are posted as one receive chain");
}

void ledger_offer(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *q = &l->queue[e->queue];
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e), k = 0, n;
	bool tx = queue_is_tx(e->queue);

	q->outstanding += count;
	if (!q->reach) { /* there have never been slots */
		l->pendings = 0;
		return;
	}
	if (tx) /* whoever sends does not starve */
		link_of(l, e)->starved[q->end] = 0;
	while (k < count) {
		if (q->open && !l->pendings && !(e->b & DESC_INDIRECT)) {
			n = tx ? offers_plain(q, true, item + k, count - k)
			       : offers_plain(q, false, item + k, count - k);
			q->fresh += tx ? 0 : n;
			k += n;
		}
		if (k < count) {
			struct event one = event_nth(e, k++);

			offer_chain(l, q, &one);
		}
	}
}

void ledger_desc(void *self, const struct event *e)
{
	struct ledger *l = self;
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e);

	for (uint32_t k = 0; k < count && l->pendings < l->pendings_max; k++)
		l->pending[l->pendings++] = (struct segment){
			.addr = item[k].addr, .len = item[k].len};
}

/* The transmit index must not run ahead of posts that belong before it. */
void ledger_avail_idx(void *self, const struct event *e)
{
	struct ledger *l = self;

	if (!queue_is_tx(e->queue)) {
		l->queue[e->queue].fresh = 0;
		return;
	}
	if (link_of(l, e)->live && l->queue[queue_rx(e->queue)].fresh)
		referee_finding(&l->setup, e, CLAUSE_EXT_POST_FIRST, NO_SLOT,
				"sends became available before the posts of "
				"their slots");
}

/* A slot reaches end @end: delivered, or returned to who sent it. */
static void slot_handed(struct ledger *l, struct queue_book *q,
			const struct event *e, uint32_t slot, bool single)
{
	slot_state *state = &q->state[slot];
	uint32_t link = queue_link(numbers_of(l), e->queue);
	char words[64];

	if (!is_sent(*state))
		referee_finding(
			&l->setup, e,
			single ? CLAUSE_EXT_HOLDER : CLAUSE_EXT_WHOLE_SLOTS,
			slot, "handed to %s while %s", vm_name(l, link, q->end),
			place_words(l, link, *state, words, sizeof words));
	*state &= (slot_state)~q->posted;
	place_set(state, used(q));
}

/* The first slot of a chain, from @at on, that still is sent; 0: none. */
static inline uint32_t chain_sent(const struct queue_book *q, uint32_t at)
{
	const uint8_t under_way = sent(q);
	const slot_state *state = q->state;

	while (at && place_of(state[chain_slot(at)]) != under_way)
		at = chain_next(q, at);
	return at;
}

/* Of a chain that was @spoilt it is lost by its sender's doing. */
static void slot_lost(struct ledger *l, struct queue_book *q,
		      const struct event *e, uint32_t slot, bool spoilt)
{
	if (!spoilt)
		referee_finding(
			&l->setup, e, CLAUSE_EXT_OUTCOME, slot,
			"completed, but neither delivered nor returned: lost");
	place_set(&q->state[slot], LOST);
}

/* Any chain that has slots is used; a send ends with that. */
static void __attribute__((noinline))
used_chain(struct ledger *l, struct queue_book *q, const struct event *e)
{
	uint32_t at = q->first[e->a];
	bool single = !(at & MORE), tx = queue_is_tx(e->queue);
	bool spoilt = at & SPOILT;

	if (tx)
		q->first[e->a] = 0;
	if (!ledger_judges(l, e, chain_slot(at)))
		return;
	if (tx)
		for (; (at = chain_sent(q, at)); at = chain_next(q, at))
			slot_lost(l, q, e, chain_slot(at), spoilt);
	else
		for (; at; at = chain_next(q, at))
			slot_handed(l, q, e, chain_slot(at), single);
}

void ledger_used(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *q = &l->queue[e->queue];
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e), k = 0;
	bool tx = queue_is_tx(e->queue);

	if (tx)
		q->parked = false;
	if (!q->reach)
		return;
	while (k < count) {
		if (q->open)
			k += tx ? ends_plain(q, item + k, count - k)
				: moves_plain(q, false, sent_here(q), handed(q),
					      item + k, count - k);
		if (k < count) {
			struct event one = event_nth(e, k++);

			if (one.a < q->ring_size && q->first[one.a])
				used_chain(l, q, &one);
		}
	}
}

/* Any chain of slots, the first of them @at, is taken from the ring. */
static void __attribute__((noinline))
take_chain(struct ledger *l, struct queue_book *q, const struct event *e)
{
	uint32_t at = q->first[e->a];

	q->first[e->a] = 0;
	if (!at || !ledger_judges(l, e, chain_slot(at)))
		return;
	for (; at; at = chain_next(q, at))
		place_set(&q->state[chain_slot(at)], own(q));
}

/* Of a send that is taken back nothing is known any more. */
void ledger_take(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *q = &l->queue[e->queue];
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e), k = 0;

	q->outstanding -= count;
	if (!q->reach || queue_is_tx(e->queue))
		return;
	while (k < count) {
		if (q->open)
			k += moves_plain(q, true, handed(q), held_here(q),
					 item + k, count - k);
		if (k < count) {
			struct event one = event_nth(e, k++);

			if (one.a < q->ring_size)
				take_chain(l, q, &one);
		}
	}
}
