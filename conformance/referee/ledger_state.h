/* SPDX-License-Identifier: BSD-3-Clause */
/* The ledger's own state, for its files alone. */
#ifndef TWINRING_CONFORMANCE_REFEREE_LEDGER_STATE_H
#define TWINRING_CONFORMANCE_REFEREE_LEDGER_STATE_H

#include <stdio.h>

#include "conformance/referee/finding.h"
#include "conformance/referee/slot_book.h"
#include "sim/watch/referee.h"

enum { DESC_INDIRECT = 4 };

struct ledger {
	struct referee_setup setup;
	struct link_book *link;
	struct queue_book *queue; /* by queue_id(numbers_of(l), ) */
	struct segment *pending;  /* of one chain: one thread, one at a time */
	uint32_t pendings;
	uint32_t pendings_max;
};

static inline const struct numbering *numbers_of(const struct ledger *l)
{
	return &l->setup.config->numbers;
}

static inline const char *vm_name(const struct ledger *l, uint32_t link,
				  uint32_t end)
{
	return l->setup.config->vm[l->setup.config->link[link].end[end]].name;
}

/* Who has a slot, in words. */
static inline const char *place_words(const struct ledger *l, uint32_t link,
				      slot_state state, char *out, size_t size)
{
	static const char *const words[] = {"held by", "sent by",
					    "in the used ring of"};
	uint32_t place = place_of(state);

	if (place == LOST)
		return "lost";
	snprintf(out, size, "%s %s", words[place / 2],
		 vm_name(l, link, place & 1));
	return out;
}

static inline struct link_book *link_of(struct ledger *l, const struct event *e)
{
	return &l->link[queue_link(numbers_of(l), e->queue)];
}

/*
 * True when slots can be judged. Where an end was reset and goes on without a
 * new epoch, that is named once, and nothing is judged until there is one.
 */
bool ledger_judges(struct ledger *l, const struct event *e, uint32_t slot);

/* An address in the BAR, used by a driver, that is in no published slot. */
void ledger_beyond(const struct ledger *l, const struct queue_book *q,
		   const struct event *e);

/* What is to be done with events of each kind: ledger_chains.c, ... */
void ledger_desc(void *self, const struct event *e);
void ledger_offer(void *self, const struct event *e);
void ledger_avail_idx(void *self, const struct event *e);
void ledger_used(void *self, const struct event *e);
void ledger_take(void *self, const struct event *e);

/* ... ledger_touch.c: a guest's accesses, and the host's. */
void ledger_guest_access(void *self, const struct event *e);
void ledger_host_write(void *self, const struct event *e);

#endif
