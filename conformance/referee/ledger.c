/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where a slot is. Values of ends are counted on: OWN + end and so on. */
enum place {
	OWN_0, /* held by the VM at end 0, idle */
	OWN_1,
	SENT_0, /* on the transmit queue of end 0, or with the host */
	SENT_1,
	USED_0, /* in the used ring of end 0's receive queue */
	USED_1,
	LOST
};

#define NEXT_NONE 0xffffffffu

/* Chains of slots on one ring. */
struct queue_book {
	uint32_t *first;      /* by head; NONE: no slots */
	uint32_t *next;       /* by slot: the next one of its chain */
	uint32_t fresh;       /* slot offers that are not published yet */
	uint32_t outstanding; /* chains offered and not taken back */
	bool parked;
};

struct link_book {
	uint8_t *place;             /* by slot */
	uint8_t *posted[2];         /* by slot: lent by this end */
	struct queue_book queue[4]; /* by queue_id() & 3 */
	uint64_t bar_gpa[2];
	uint64_t bar_size;
	uint32_t stride, shift, slot_size, slots;
	uint32_t region;
	uint32_t ring_size;
	uint32_t starved[2]; /* slots that the driver waits for */
	bool live;
	bool stale; /* an end was reset and no new epoch has begun */
};

/* Segments of a chain whose available entry has not been seen yet. */
struct pending {
	uint64_t addr;
	uint32_t len;
};

struct ledger {
	const struct world_config *config;
	struct link_book *link;
	struct pending *pending; /* of one chain: one thread, one at a time */
	uint32_t pendings;
	uint32_t pendings_max;
	void (*report)(void *to, const struct finding *f);
	void *to;
};

static void __attribute__((format(printf, 5, 6)))
found(struct ledger *l, const struct event *e, enum clause clause,
      uint32_t slot, const char *format, ...)
{
	struct finding f = {.clause = clause,
			    .event = *e,
			    .link = queue_link(e->queue),
			    .slot = slot};
	va_list args;

	va_start(args, format);
	vsnprintf(f.detail, sizeof f.detail, format, args);
	va_end(args);
	l->report(l->to, &f);
}

static const char *vm_name(const struct ledger *l, uint32_t link, uint32_t end)
{
	return l->config->vm[l->config->link[link].end[end]].name;
}

/* Who has a slot, in words. */
static const char *place_words(const struct ledger *l, uint32_t link,
			       uint8_t place, char *out, size_t size)
{
	static const char *const words[] = {"held by", "sent by",
					    "in the used ring of"};

	if (place == LOST)
		return "lost";
	snprintf(out, size, "%s %s", words[place / 2],
		 vm_name(l, link, place & 1));
	return out;
}

/* The slot that holds @addr in the BAR of @end; false: it is no slot. */
static bool slot_at(const struct link_book *b, uint32_t end, uint64_t addr,
		    uint32_t *slot, uint32_t *off)
{
	uint64_t at = addr - b->bar_gpa[end]; /* wraps below the BAR */

	if (at >= b->bar_size)
		return false;
	*slot = (uint32_t)(b->shift ? at >> b->shift : at / b->stride);
	*off = (uint32_t)(at - (uint64_t)*slot * b->stride);
	return *slot < b->slots;
}

static void place_set(struct link_book *b, uint32_t slot, uint8_t place)
{
	b->place[slot] = place;
}

/* A new epoch: first holders as published, nothing posted, nothing sent. */
static void on_pair(struct ledger *l, const struct event *e)
{
	uint32_t link = queue_link(e->queue);
	struct link_book *b = &l->link[link];

	b->slots = e->b;
	b->live = true;
	b->stale = false;
	for (uint32_t s = 0; s < b->slots; s++) {
		place_set(b, s, s & 1 ? OWN_0 : OWN_1);
		b->posted[0][s] = b->posted[1][s] = 0;
	}
	b->starved[0] = b->starved[1] = 0;
	for (uint32_t i = 0; i < l->config->links; i++)
		if (i != link && l->link[i].live &&
		    l->link[i].region == b->region)
			found(l, e, CLAUSE_EXT_PARTITION, NO_SLOT,
			      "links %u and %u have slots in the same memory",
			      i, link);
}

static void on_unpair(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];

	b->live = b->stale = false;
	b->starved[0] = b->starved[1] = 0;
}

static void queue_forget(struct queue_book *q, uint32_t ring_size)
{
	memset(q->first, 0, ring_size * sizeof q->first[0]);
	q->fresh = q->outstanding = 0;
	q->parked = false;
}

/* A reset: that end's rings are gone; its slots need a new epoch. */
static void on_status(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];
	uint32_t end = queue_end(e->queue);

	if (e->a != 0)
		return;
	queue_forget(&b->queue[2 * end], b->ring_size);
	queue_forget(&b->queue[2 * end + 1], b->ring_size);
	if (b->live && e->b != 0)
		b->stale = true;
}

/* True when slots can be judged; names what goes on in a dead epoch. */
static bool judged(struct ledger *l, struct link_book *b, const struct event *e,
		   uint32_t slot)
{
	if (b->stale) {
		b->stale = b->live = false;
		found(l, e, CLAUSE_EXT_EPOCH, slot,
		      "an end was reset, and no new epoch has begun");
	}
	return b->live;
}

/* False when the slot was posted already. */
static bool offer_rx(struct ledger *l, struct link_book *b,
		     const struct event *e, uint32_t slot, uint32_t len)
{
	uint32_t end = queue_end(e->queue);

	if (len != b->slot_size)
		found(l, e, CLAUSE_EXT_WHOLE_SLOTS, slot,
		      "%u bytes of a slot of %u are posted", len, b->slot_size);
	if (b->posted[end][slot]) {
		found(l, e, CLAUSE_EXT_ONE_OWNER, slot, "posted twice by %s",
		      vm_name(l, queue_link(e->queue), end));
		return false;
	}
	b->posted[end][slot] = 1;
	b->queue[e->queue & 3].fresh++;
	return true;
}

/* False when the sender has no right to the slot. */
static bool offer_tx(struct ledger *l, struct link_book *b,
		     const struct event *e, uint32_t slot)
{
	uint32_t end = queue_end(e->queue), link = queue_link(e->queue);
	const struct queue_book *rx = &b->queue[2 * end];
	char words[64];

	if (b->place[slot] != OWN_0 + end) {
		found(l, e, CLAUSE_EXT_ONE_OWNER, slot, "sent by %s while %s",
		      vm_name(l, link, end),
		      place_words(l, link, b->place[slot], words,
				  sizeof words));
		return false;
	}
	if (!b->posted[end][slot]) {
		if (rx->outstanding >= b->ring_size)
			found(l, e, CLAUSE_EXT_POOL_FITS, slot,
			      "sent, but its receive ring of %u is "
			      "full",
			      b->ring_size);
		else
			found(l, e, CLAUSE_EXT_POST_FIRST, slot,
			      "sent before it was posted for receive");
	}
	place_set(b, slot, (uint8_t)(SENT_0 + end));
	return true;
}

/* Puts @slot into the chain of @head. */
static void chain_book(struct queue_book *q, uint32_t head, uint32_t slot)
{
	q->next[slot] = q->first[head] ? q->first[head] - 1 : NEXT_NONE;
	q->first[head] = slot + 1;
}

static void offer_segment(struct ledger *l, struct link_book *b,
			  const struct event *e, uint64_t addr, uint32_t len)
{
	struct queue_book *q = &b->queue[e->queue & 3];
	bool good;
	uint32_t slot, off;

	if (!slot_at(b, queue_end(e->queue), addr, &slot, &off))
		return;
	if (!judged(l, b, e, slot))
		return;
	if (off || len > b->slot_size) {
		found(l, e, CLAUSE_EXT_WHOLE_SLOTS, slot, "offset %u, %u bytes",
		      off, len);
		return;
	}
	good = queue_is_tx(e->queue) ? offer_tx(l, b, e, slot)
				     : offer_rx(l, b, e, slot, len);
	if (good)
		chain_book(q, e->a & 0xffff, slot);
}

static void on_offer(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];
	struct queue_book *q = &b->queue[e->queue & 3];
	uint32_t head = e->a & 0xffff;

	q->outstanding++;
	if (head >= b->ring_size)
		return;
	q->first[head] = 0;
	if (!(e->b & 4)) /* not INDIRECT */
		offer_segment(l, b, e, e->addr, e->len);
	while (l->pendings) {
		const struct pending *p = &l->pending[--l->pendings];

		offer_segment(l, b, e, p->addr, p->len);
	}
	if (!queue_is_tx(e->queue) && q->first[head] &&
	    q->next[q->first[head] - 1] != NEXT_NONE)
		found(l, e, CLAUSE_EXT_WHOLE_SLOTS, q->first[head] - 1,
		      "several slots are posted as one receive chain");
}

static void on_desc(struct ledger *l, const struct event *e)
{
	if (l->pendings < l->pendings_max)
		l->pending[l->pendings++] =
			(struct pending){.addr = e->addr, .len = e->len};
}

/* The transmit index must not run ahead of posts that belong before it.
 */
static void on_avail_idx(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];
	struct queue_book *q = &b->queue[e->queue & 3];

	if (!queue_is_tx(e->queue)) {
		q->fresh = 0;
		return;
	}
	if (b->live && b->queue[(e->queue & 3) - 1].fresh)
		found(l, e, CLAUSE_EXT_POST_FIRST, NO_SLOT,
		      "sends became available before the posts of "
		      "their slots");
}

/* A slot reaches end @end: delivered, or returned to who sent it. */
static void slot_handed(struct ledger *l, struct link_book *b,
			const struct event *e, uint32_t slot, uint32_t end,
			bool single)
{
	uint8_t place = b->place[slot];
	char words[64];

	if (place != SENT_0 && place != SENT_1)
		found(l, e, single ? CLAUSE_EXT_HOLDER : CLAUSE_EXT_WHOLE_SLOTS,
		      slot, "handed to %s while %s",
		      vm_name(l, queue_link(e->queue), end),
		      place_words(l, queue_link(e->queue), place, words,
				  sizeof words));
	b->posted[end][slot] = 0;
	place_set(b, slot, (uint8_t)(USED_0 + end));
}

static void slot_completed(struct ledger *l, struct link_book *b,
			   const struct event *e, uint32_t slot, uint32_t end)
{
	if (b->place[slot] != SENT_0 + end)
		return;
	found(l, e, CLAUSE_EXT_OUTCOME, slot,
	      "completed, but neither delivered nor returned: lost");
	place_set(b, slot, LOST);
}

static void on_used(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];
	struct queue_book *q = &b->queue[e->queue & 3];
	uint32_t end = queue_end(e->queue), slot;
	bool single;

	if (queue_is_tx(e->queue))
		q->parked = false;
	if (e->a >= b->ring_size || !q->first[e->a])
		return;
	slot = q->first[e->a] - 1;
	single = q->next[slot] == NEXT_NONE;
	if (!judged(l, b, e, slot))
		return;
	for (; slot != NEXT_NONE; slot = q->next[slot]) {
		if (queue_is_tx(e->queue))
			slot_completed(l, b, e, slot, end);
		else
			slot_handed(l, b, e, slot, end, single);
	}
}

static void on_take(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];
	struct queue_book *q = &b->queue[e->queue & 3];
	uint32_t end = queue_end(e->queue), slot;

	q->outstanding--;
	if (e->a >= b->ring_size || !q->first[e->a])
		return;
	slot = q->first[e->a] - 1;
	q->first[e->a] = 0;
	if (queue_is_tx(e->queue) || !judged(l, b, e, slot))
		return;
	for (; slot != NEXT_NONE; slot = q->next[slot])
		place_set(b, slot, (uint8_t)(OWN_0 + end));
}

static void on_guest_access(struct ledger *l, const struct event *e)
{
	uint32_t link = queue_link(e->queue), end = queue_end(e->queue);
	struct link_book *b = &l->link[link];
	uint32_t slot, off;
	char words[64];

	if (!slot_at(b, end, e->addr, &slot, &off) || !judged(l, b, e, slot))
		return;
	if (b->place[slot] != OWN_0 + end)
		found(l, e, CLAUSE_EXT_TOUCH, slot, "%s by %s while %s",
		      e->kind == EV_GUEST_WRITE ? "written" : "read",
		      vm_name(l, link, end),
		      place_words(l, link, b->place[slot], words,
				  sizeof words));
}

/* The host may fix the header of a slot that it is handing over; no
 * more. */
static void on_host_write(struct ledger *l, const struct event *e)
{
	struct link_book *b = &l->link[queue_link(e->queue)];
	uint32_t slot, off;
	char words[64];

	if (!slot_at(b, queue_end(e->queue), e->addr, &slot, &off) ||
	    !judged(l, b, e, slot))
		return;
	if (e->a == 0 || (b->place[slot] != SENT_0 && b->place[slot] != SENT_1))
		found(l, e, CLAUSE_EXT_CLASSIC, slot,
		      "%u bytes written by the host while %s", e->len,
		      place_words(l, queue_link(e->queue), b->place[slot],
				  words, sizeof words));
}

static void on_starved(struct ledger *l, const struct event *e)
{
	l->link[queue_link(e->queue)].starved[queue_end(e->queue)] = e->a;
}

#define BIT(kind) (UINT64_C(1) << EV_##kind)

static const uint64_t wanted = BIT(DESC) | BIT(OFFER) | BIT(AVAIL_IDX) |
			       BIT(USED) | BIT(TAKE) | BIT(GUEST_READ) |
			       BIT(GUEST_WRITE) | BIT(HOST_WRITE) | BIT(PAIR) |
			       BIT(UNPAIR) | BIT(STATUS) | BIT(STARVED) |
			       BIT(SEND) | BIT(PARK) | BIT(CRASH);

static void watch_one(struct ledger *l, const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EV_DESC:
		on_desc(l, e);
		break;
	case EV_OFFER:
		on_offer(l, e);
		break;
	case EV_AVAIL_IDX:
		on_avail_idx(l, e);
		break;
	case EV_USED:
		on_used(l, e);
		break;
	case EV_TAKE:
		on_take(l, e);
		break;
	case EV_GUEST_READ:
	case EV_GUEST_WRITE:
		on_guest_access(l, e);
		break;
	case EV_HOST_WRITE:
		on_host_write(l, e);
		break;
	case EV_PAIR:
		on_pair(l, e);
		break;
	case EV_UNPAIR:
		on_unpair(l, e);
		break;
	case EV_STATUS:
		on_status(l, e);
		break;
	case EV_STARVED:
		on_starved(l, e);
		break;
	case EV_SEND:
		l->link[queue_link(e->queue)].starved[queue_end(e->queue)] = 0;
		break;
	case EV_PARK:
		l->link[queue_link(e->queue)].queue[e->queue & 3].parked = true;
		break;
	default:
		break;
	}
}

static void ledger_watch(void *self, const struct event *ev, uint32_t count)
{
	struct ledger *l = self;

	for (const struct event *e = ev; e < ev + count; e++)
		if (wanted >> e->kind & 1)
			watch_one(l, e);
}

static uint32_t held(const struct link_book *b, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < b->slots; s++)
		n += b->place[s] == OWN_0 + end;
	return n;
}

static void finish_ends(struct ledger *l, struct link_book *b, uint32_t link)
{
	for (uint32_t end = 0; end < 2; end++) {
		struct event e = {.queue = queue_id(link, end, 1),
				  .actor = l->config->link[link].end[end]};
		uint32_t other = held(b, !end);

		if (b->queue[2 * end + 1].parked)
			found(l, &e, CLAUSE_EXT_PARK, NO_SLOT,
			      "a send of %s is parked for good",
			      vm_name(l, link, end));
		if (b->live && b->starved[end] && other > held(b, end) + 1)
			found(l, &e, CLAUSE_EXT_GIFT_OWED, NO_SLOT,
			      "%s waits for %u slots, %s keeps %u of "
			      "%u",
			      vm_name(l, link, end), b->starved[end],
			      vm_name(l, link, !end), other, b->slots);
	}
}

/* At rest every slot is idle, and posted by the end that does not hold
 * it. */
static void finish_slots(struct ledger *l, struct link_book *b, uint32_t link)
{
	struct event e = {.queue = queue_id(link, 0, 0)};
	char words[64];

	for (uint32_t s = 0; s < b->slots; s++) {
		uint8_t place = b->place[s];

		if (place == LOST)
			continue; /* said before */
		if (place > OWN_1)
			found(l, &e, CLAUSE_EXT_CONSERVED, s,
			      "at rest it is %s",
			      place_words(l, link, place, words, sizeof words));
		else if (!b->posted[!place][s])
			found(l, &e, CLAUSE_EXT_CONSERVED, s,
			      "%s, but %s has not posted it",
			      place_words(l, link, place, words, sizeof words),
			      vm_name(l, link, !place));
	}
}

static void ledger_finish(void *self)
{
	struct ledger *l = self;

	for (uint32_t i = 0; i < l->config->links; i++) {
		finish_ends(l, &l->link[i], i);
		if (l->link[i].live && !l->link[i].stale)
			finish_slots(l, &l->link[i], i);
	}
}

static size_t link_size(const struct link_config *c)
{
	return 4 * (c->ring.size + c->bar.slots) * sizeof(uint32_t) +
	       3 * c->bar.slots + 256;
}

static size_t ledger_size(const struct world_config *c)
{
	size_t size = sizeof(struct ledger) + 256 +
		      c->links * sizeof(struct link_book) +
		      RING_SIZE_MAX * sizeof(struct pending);

	for (uint32_t i = 0; i < c->links; i++)
		size += link_size(&c->link[i]);
	return size;
}

static void link_create(struct ledger *l, const struct referee_setup *s,
			uint32_t i)
{
	const struct link_config *c = &s->config->link[i];
	struct link_book *b = &l->link[i];

	b->bar_gpa[0] = s->map->link[i].bar_gpa[0];
	b->bar_gpa[1] = s->map->link[i].bar_gpa[1];
	b->bar_size = s->map->link[i].bar_size;
	b->region = s->map->link[i].region;
	b->slot_size = c->bar.slot_size;
	b->stride = c->bar.stride;
	if ((b->stride & (b->stride - 1)) == 0)
		b->shift = (uint32_t)__builtin_ctz(b->stride);
	b->ring_size = c->ring.size;
	b->place = arena_new(s->arena, uint8_t, c->bar.slots);
	b->posted[0] = arena_new(s->arena, uint8_t, c->bar.slots);
	b->posted[1] = arena_new(s->arena, uint8_t, c->bar.slots);
	for (uint32_t q = 0; q < 4; q++) {
		b->queue[q].first = arena_new(s->arena, uint32_t, c->ring.size);
		b->queue[q].next = arena_new(s->arena, uint32_t, c->bar.slots);
	}
}

static void *ledger_create(const struct referee_setup *s)
{
	struct ledger *l = arena_new(s->arena, struct ledger, 1);

	l->config = s->config;
	l->report = s->report;
	l->to = s->to;
	l->link = arena_new(s->arena, struct link_book, s->config->links);
	for (uint32_t i = 0; i < s->config->links; i++) {
		if (s->config->link[i].ring.size > l->pendings_max)
			l->pendings_max = s->config->link[i].ring.size;
		link_create(l, s, i);
	}
	l->pending = arena_new(s->arena, struct pending, l->pendings_max);
	return l;
}

const struct referee_ops ledger_referee = {
	.name = "ledger",
	.words = "one owner a slot, no touch by another, nothing lost",
	.size = ledger_size,
	.create = ledger_create,
	.watch = ledger_watch,
	.finish = ledger_finish,
};
