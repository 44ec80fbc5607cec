/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ledger.h"

#include <string.h>

#include "conformance/referee/ledger_state.h"

/* The link's slots were published, or can be judged no longer. */
static void link_tell(struct ledger *l, uint32_t link)
{
	const struct link_book *b = &l->link[link];
	const struct numbering *n = numbers_of(l);
	uint32_t end = queue_first(n, link + 1);

	for (uint32_t i = queue_first(n, link); i < end; i++) {
		struct queue_book *q = &l->queue[i];

		q->reach = (uint64_t)b->slots * q->row.stride;
		if (q->reach > b->bar_size)
			q->reach = b->bar_size;
		q->row.slots = (uint32_t)((q->reach + q->row.stride - 1) /
					  q->row.stride);
		q->open = b->live && !b->stale;
	}
}

/* A new epoch: first holders as published, nothing posted, nothing sent. */
static void on_pair(void *self, const struct event *e)
{
	struct ledger *l = self;
	uint32_t link = queue_link(numbers_of(l), e->queue);
	struct link_book *b = &l->link[link];

	b->slots = e->b;
	b->live = true;
	b->stale = false;
	for (uint32_t s = 0; s < b->slots; s++)
		b->state[s] = s & 1 ? OWN_0 : OWN_1;
	b->starved[0] = b->starved[1] = 0;
	link_tell(l, link);
	for (uint32_t i = 0; i < l->setup.config->links; i++)
		if (i != link && l->link[i].live &&
		    l->link[i].region == b->region)
			referee_finding(
				&l->setup, e, CLAUSE_EXT_PARTITION, NO_SLOT,
				"links %u and %u have slots in the same memory",
				i, link);
}

static void on_unpair(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct link_book *b = link_of(l, e);

	b->live = b->stale = false;
	b->starved[0] = b->starved[1] = 0;
	link_tell(l, queue_link(numbers_of(l), e->queue));
}

static void queue_forget(struct queue_book *q)
{
	memset(q->first, 0, q->ring_size * sizeof q->first[0]);
	q->fresh = q->outstanding = 0;
	q->parked = false;
}

/* A reset: that end's rings are gone; its slots need a new epoch. */
static void on_status(void *self, const struct event *e)
{
	struct ledger *l = self;
	uint32_t nic = queue_nic(e->queue);
	struct link_book *b = link_of(l, e);

	if (e->a != 0)
		return;
	for (uint32_t i = 0; i < NIC_QUEUES; i++)
		queue_forget(&l->queue[queue_of_nic(nic, i)]);
	if (b->live && e->b != 0)
		b->stale = true;
	link_tell(l, queue_link(numbers_of(l), e->queue));
}

/*
 * A queue is reset by itself: what it has not used is not sent, or not posted.
 * What it has used can be taken until it is enabled again.
 */
static void on_queue_reset(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *q = &l->queue[e->queue];
	const struct link_book *b = link_of(l, e);

	for (uint32_t s = 0; b->live && s < b->slots; s++) {
		if (!queue_is_tx(e->queue))
			b->state[s] &= (slot_state)~q->posted;
		else if (place_of(b->state[s]) == sent(q))
			place_set(&b->state[s], own(q));
	}
	q->fresh = 0;
	q->parked = false;
}

static void on_queue_enabled(void *self, const struct event *e)
{
	struct ledger *l = self;

	queue_forget(&l->queue[e->queue]);
}

bool ledger_judges(struct ledger *l, const struct event *e, uint32_t slot)
{
	struct link_book *b = link_of(l, e);

	if (b->stale) {
		b->stale = b->live = false;
		link_tell(l, queue_link(numbers_of(l), e->queue));
		referee_finding(&l->setup, e, CLAUSE_EXT_EPOCH, slot,
				"an end was reset, and no new epoch has begun");
	}
	return b->live;
}

void ledger_beyond(const struct ledger *l, const struct queue_book *q,
		   const struct event *e)
{
	uint64_t off = e->addr - q->row.bar_gpa; /* wraps below the BAR */

	if (q->open && off < q->bar_size)
		referee_finding(&l->setup, e, CLAUSE_EXT_GEOMETRY, NO_SLOT,
				"offset %#llx is behind the %u slots that are "
				"published",
				(unsigned long long)off, q->row.slots);
}

static void on_starved(void *self, const struct event *e)
{
	struct ledger *l = self;

	link_of(l, e)->starved[queue_end(numbers_of(l), e->queue)] = e->a;
}

/* What it waited with was sent on another link: it wants nothing more here. */
static void on_elsewhere(void *self, const struct event *e)
{
	struct ledger *l = self;

	link_of(l, e)->starved[queue_end(numbers_of(l), e->queue)] = 0;
}

/* The host refuses a chain for a rule that its sender broke. */
static void on_drop(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *q = &l->queue[e->queue];

	if (e->a && e->b < q->ring_size)
		chain_spoil(q, e->b);
}

static void on_park(void *self, const struct event *e)
{
	struct ledger *l = self;

	l->queue[e->queue].parked = true;
}

static const struct event_subscriptions subscriptions;

/* The parts of a fused batch that is not plain throughout. */
static void __attribute__((cold, noinline))
on_parts(struct ledger *l, const struct event *e)
{
	parts_tell(&subscriptions, l, e);
}

static void on_fused_send(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *tx = &l->queue[e->queue];
	struct queue_book *rx = &l->queue[queue_rx(e->queue)];
	uint32_t count = event_count(e);

	if (!tx->open || l->pendings ||
	    !sends_plain(rx, tx, (uint32_t)e->addr, event_items(e), count)) {
		on_parts(l, e);
		return;
	}
	rx->outstanding += count;
	rx->fresh += count;
	tx->outstanding += count;
	link_of(l, e)->starved[tx->end] = 0;
}

static void on_fused_forward(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *tx = &l->queue[e->queue];
	const struct queue_book *rx = &l->queue[fused_receiver(e)];

	if (tx->open && forwards_plain(rx, tx, event_items(e), event_count(e)))
		tx->parked = false;
	else
		on_parts(l, e);
}

static void on_fused_take(void *self, const struct event *e)
{
	struct ledger *l = self;
	struct queue_book *q = &l->queue[e->queue];
	uint32_t count = event_count(e);

	if (!q->reach || (q->open && takes_plain(q, event_items(e), count)))
		q->outstanding -= count;
	else
		on_parts(l, e);
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(DESC) | SUBSCRIBE_BATCH(AVAILABLE) |
		 SUBSCRIBE_BATCH(USED) | SUBSCRIBE_BATCH(USED_CONSUMED) |
		 SUBSCRIBE_BATCH(GUEST_READ) | SUBSCRIBE_BATCH(GUEST_WRITE) |
		 SUBSCRIBE_BATCH(HOST_WRITE) | SUBSCRIBE_FUSED,
	.handler = {
		[EV_DESC] = ledger_desc,
		[EV_AVAILABLE] = ledger_offer,
		[EV_AVAIL_IDX] = ledger_avail_idx,
		[EV_USED] = ledger_used,
		[EV_USED_CONSUMED] = ledger_take,
		[EV_GUEST_READ] = ledger_guest_access,
		[EV_GUEST_WRITE] = ledger_guest_access,
		[EV_HOST_WRITE] = ledger_host_write,
		[EV_PAIR] = on_pair,
		[EV_UNPAIR] = on_unpair,
		[EV_STATUS] = on_status,
		[EV_QUEUE_RESET] = on_queue_reset,
		[EV_QUEUE_ENABLED] = on_queue_enabled,
		[EV_STARVED] = on_starved,
		[EV_ELSEWHERE] = on_elsewhere,
		[EV_PARK] = on_park,
		[EV_DROP] = on_drop,
		[FUSED_SEND] = on_fused_send,
		[FUSED_FORWARD] = on_fused_forward,
		[FUSED_TAKE] = on_fused_take,
	}};

static uint32_t held(const struct link_book *b, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < b->slots; s++)
		n += place_of(b->state[s]) == OWN_0 + end;
	return n;
}

static void finish_ends(struct ledger *l, struct link_book *b, uint32_t link,
			uint64_t now)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct event e = {
			.queue = queue_id(numbers_of(l), link, end, NET_TX),
			.actor = l->setup.config->link[link].end[end],
			.time = now};
		uint32_t other = held(b, !end);

		if (l->queue[e.queue].parked)
			referee_finding(&l->setup, &e, CLAUSE_EXT_PARK, NO_SLOT,
					"a send of %s is parked for good",
					vm_name(l, link, end));
		if (b->live && b->starved[end] && other > held(b, end) + 1)
			referee_finding(
				&l->setup, &e, CLAUSE_EXT_GIFT_OWED, NO_SLOT,
				"%s waits for %u slots, %s keeps %u of "
				"%u",
				vm_name(l, link, end), b->starved[end],
				vm_name(l, link, !end), other, b->slots);
	}
}

/* At rest every slot is idle, and posted by the end that does not hold it. */
static void finish_slots(struct ledger *l, struct link_book *b, uint32_t link,
			 uint64_t now)
{
	struct event e = {.queue = queue_id(numbers_of(l), link, 0, NET_RX),
			  .time = now};
	char words[64];

	for (uint32_t s = 0; s < b->slots; s++) {
		slot_state state = b->state[s];
		uint32_t place = place_of(state);

		if (place == LOST)
			continue; /* said before */
		if (place > OWN_1)
			referee_finding(&l->setup, &e, CLAUSE_EXT_CONSERVED, s,
					"at rest it is %s",
					place_words(l, link, state, words,
						    sizeof words));
		else if (!(state & posted_by(!place)))
			referee_finding(&l->setup, &e, CLAUSE_EXT_CONSERVED, s,
					"%s, but %s has not posted it",
					place_words(l, link, state, words,
						    sizeof words),
					vm_name(l, link, !place));
	}
}

static void ledger_finish(void *self, uint64_t now)
{
	struct ledger *l = self;

	for (uint32_t i = 0; i < l->setup.config->links; i++) {
		finish_ends(l, &l->link[i], i, now);
		if (l->link[i].live && !l->link[i].stale)
			finish_slots(l, &l->link[i], i, now);
	}
}

static size_t link_size(const struct link_config *c)
{
	return sizeof(struct link_book) +
	       c->members * NIC_QUEUES * sizeof(struct queue_book) +
	       c->members * NIC_QUEUES * (c->ring.size + c->bar.slots) *
		       sizeof(uint32_t) +
	       c->bar.slots * sizeof(slot_state) + 256;
}

static size_t ledger_size(const struct world_config *c)
{
	size_t size = sizeof(struct ledger) + 256 +
		      RING_SIZE_MAX * sizeof(struct segment);

	for (uint32_t i = 0; i < c->links; i++)
		size += link_size(&c->link[i]);
	return size;
}

static void queue_create(struct queue_book *q, const struct referee_setup *s,
			 uint32_t id, slot_state *state)
{
	const struct numbering *n = &s->config->numbers;
	uint32_t link = queue_link(n, id);
	const struct link_config *c = &s->config->link[link];

	q->end = (uint8_t)queue_end(n, id);
	q->posted = posted_by(q->end);
	q->state = state;
	q->slot_size = c->bar.slot_size;
	q->bar_size = s->map->link[link].bar_size;
	q->row = (struct slot_row){
		.bar_gpa = s->map->link[link].bar_gpa[q->end],
		.stride = c->bar.stride,
	};
	exact_division_init(&q->row.of_stride, c->bar.stride);
	q->ring_size = c->ring.size;
	q->first = arena_new(s->arena, uint32_t, c->ring.size);
	q->next = arena_new(s->arena, uint32_t, c->bar.slots);
}

static void link_create(struct ledger *l, const struct referee_setup *s,
			uint32_t i)
{
	const struct link_config *c = &s->config->link[i];
	struct link_book *b = &l->link[i];
	const struct numbering *n = &s->config->numbers;

	b->bar_size = s->map->link[i].bar_size;
	b->region = s->map->link[i].region;
	b->state = arena_new(s->arena, slot_state, c->bar.slots);
	for (uint32_t id = queue_first(n, i); id < queue_first(n, i + 1); id++)
		queue_create(&l->queue[id], s, id, b->state);
}

static void *ledger_create(const struct referee_setup *s)
{
	struct ledger *l = arena_new(s->arena, struct ledger, 1);

	l->setup = *s;
	l->link = arena_new(s->arena, struct link_book, s->config->links);
	l->queue = arena_new(s->arena, struct queue_book,
			     queue_count(&s->config->numbers));
	for (uint32_t i = 0; i < s->config->links; i++) {
		if (s->config->link[i].ring.size > l->pendings_max)
			l->pendings_max = s->config->link[i].ring.size;
		link_create(l, s, i);
	}
	l->pending = arena_new(s->arena, struct segment, l->pendings_max);
	return l;
}

static void queue_canon(const struct queue_book *q, uint32_t id, uint32_t link,
			uint32_t slots, struct canon *f)
{
	canon_u32(f, q->fresh);
	canon_u32(f, q->outstanding);
	canon_flags(f, q->open, q->parked);
	canon_u64(f, q->reach);
	for (uint32_t k = 0; k < q->ring_size; k++) {
		uint32_t head = canon_queue(f, id)->raw[k];
		uint32_t at = q->first[head];

		canon_of_head(f, id, head);
		for (uint32_t n = 0; at && n < slots; n++) {
			canon_slot(f, link, chain_slot(at));
			canon_u8(f, (uint8_t)(at >> 30)); /* MORE, SPOILT */
			at = chain_next(q, at);
		}
		canon_slot(f, link, NO_SLOT);
		canon_of_end(f);
	}
}

static void book_canon(const struct link_book *b, uint32_t link,
		       struct canon *f)
{
	canon_flags(f, b->live, b->stale);
	canon_u32(f, b->starved[0]);
	canon_u32(f, b->starved[1]);
	canon_u32(f, b->slots);
	for (uint32_t s = 0; s < b->slots && b->live; s++) {
		canon_of_slot(f, link, s);
		canon_u16(f, b->state[s]);
		canon_of_end(f);
	}
}

static void ledger_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct ledger *l = self;
	const uint32_t link = queue_link(numbers_of(l), q);
	const struct link_book *b = &l->link[link];

	assert(l->pendings == 0);
	if (q == queue_first(numbers_of(l), link))
		book_canon(b, link, f);
	queue_canon(&l->queue[q], q, link, b->slots, f);
}

bool ledger_lets_touch(const void *ledger, uint32_t link, uint32_t end,
		       uint32_t slot)
{
	const struct link_book *b =
		&((const struct ledger *)ledger)->link[link];
	uint32_t place;

	if (!b->live || b->stale || slot >= b->slots)
		return true;
	place = place_of(b->state[slot]);
	return place == OWN_0 + end || place == USED_0 + end;
}

const struct referee_ops ledger_referee = {
	.name = "ledger",
	.words = "one owner a slot, no touch by another, nothing lost",
	.size = ledger_size,
	.create = ledger_create,
	.subscriptions = &subscriptions,
	.finish = ledger_finish,
	.canon = ledger_canon,
};
