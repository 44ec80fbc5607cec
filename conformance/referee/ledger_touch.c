/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of slots that is touched. */
#include "conformance/referee/ledger_state.h"

/*
 * The other end holds the slot, or has sent it, and this one has not lent it,
 * as it has others: it takes it for one that it began with.
 */
static bool never_lent(const struct queue_book *q, uint32_t slot)
{
	const uint8_t place = place_of(q->state[slot]);
	bool lends = false;

	for (uint32_t s = 0; s < q->row.slots; s++)
		lends |= q->state[s] & q->posted;
	return lends &&
	       (place == OWN_0 + !q->end || place == SENT_0 + !q->end) &&
	       !(q->state[slot] & q->posted);
}

/* Memory that was touched by somebody who should not, or in a dead epoch. */
static void __attribute__((cold, noinline))
touch_wrong(struct ledger *l, const struct event *e, uint32_t slot)
{
	const struct queue_book *q = &l->queue[e->queue];
	uint32_t link = queue_link(numbers_of(l), e->queue),
		 end = queue_end(numbers_of(l), e->queue);
	const char *where;
	char words[64];

	if (!ledger_judges(l, e, slot))
		return;
	where = place_words(l, link, q->state[slot], words, sizeof words);
	if (e->kind == EV_HOST_WRITE)
		referee_finding(&l->setup, e, CLAUSE_EXT_CLASSIC, slot,
				"%u bytes written by the host while %s", e->len,
				where);
	else if (never_lent(q, slot))
		referee_finding(&l->setup, e, CLAUSE_EXT_GEOMETRY, slot,
				"%s by %s, which has never lent it: it is %s",
				e->kind == EV_GUEST_WRITE ? "written" : "read",
				vm_name(l, link, end), where);
	else
		referee_finding(&l->setup, e, CLAUSE_EXT_TOUCH, slot,
				"%s by %s while %s",
				e->kind == EV_GUEST_WRITE ? "written" : "read",
				vm_name(l, link, end), where);
}

/* Whether the access @one of a slot is wrong, on a closer look. */
static bool touch_is_wrong(const struct queue_book *q, bool host,
			   const struct event *one, uint32_t slot)
{
	slot_state state = q->state[slot];

	return !q->open || (host ? one->a == 0 || !is_sent(state)
				 : place_of(state) != own(q));
}

static inline void on_access(struct ledger *l, const struct event *e, bool host)
{
	const struct queue_book *q = &l->queue[e->queue];
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e), k = q->reach ? 0 : count, slot, off;

	while (k < count) {
		struct event one;

		if (q->open)
			k += touches_plain(q, host, item + k, count - k);
		if (k == count)
			break;
		one = event_nth(e, k++);
		if (!slot_at(q, one.addr, &slot, &off)) {
			if (!host)
				ledger_beyond(l, q, &one);
		} else if (touch_is_wrong(q, host, &one, slot)) {
			touch_wrong(l, &one, slot);
		}
	}
}

/* A guest may touch slots that it holds. */
void ledger_guest_access(void *self, const struct event *e)
{
	on_access(self, e, false);
}

/* The host may fix the header of a slot that it is handing over; no more. */
void ledger_host_write(void *self, const struct event *e)
{
	on_access(self, e, true);
}
