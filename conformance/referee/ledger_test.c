/* SPDX-License-Identifier: BSD-3-Clause */
/* Who waits for slots, and by whose doing one is lost. */
#include "conformance/referee/ledger.h"

#include "conformance/hearing.h"

enum { SLOTS = 8, SLOT = 128, BAR = 1 << 16, TX = 1 };

/* A link of eight slots, four of them held by either end. */
static void begin(struct hearing *h)
{
	hearing_prepare(h);
	h->config.link[0].bar = (struct bar_config){SLOTS, SLOT, SLOT};
	for (uint32_t end = 0; end < 2; end++)
		h->map.link[0].bar_gpa[end] = BAR;
	h->map.link[0].bar_size = (uint64_t)SLOTS * SLOT;
	hearing_open(h, &ledger_referee);
	HEAR(h, .kind = EV_PAIR, .a = 1, .b = SLOTS);
}

/* VM 0 sends two of its slots, which VM 1 has posted, and VM 1 keeps them. */
static void two_are_kept(struct hearing *h)
{
	for (uint32_t s = 0; s < SLOTS; s++)
		HEAR(h, .kind = EV_OFFER, .queue = s & 1 ? 2 : 0,
		     .actor = s & 1, .a = s / 2 | 1 << 16,
		     .addr = BAR + s * SLOT, .len = SLOT);
	for (uint32_t k = 0; k < 2; k++) {
		uint64_t at = BAR + (2 * k + 1) * SLOT;

		HEAR(h, .kind = EV_OFFER, .queue = 0, .a = (4 + k) | 1 << 16,
		     .addr = at, .len = SLOT);
		HEAR(h, .kind = EV_OFFER, .queue = TX, .a = k | 1 << 16,
		     .addr = at, .len = 60);
		HEAR(h, .kind = EV_USED, .actor = 2, .queue = 2, .a = k,
		     .len = 60);
		HEAR(h, .kind = EV_USED, .actor = 2, .queue = TX, .a = k);
		HEAR(h, .kind = EV_TAKE, .actor = 1, .queue = 2, .a = k,
		     .len = 60);
	}
}

static void starves(struct hearing *h, uint16_t queue)
{
	HEAR(h, .kind = EV_STARVED, .queue = queue, .a = 1);
}

static void close(struct hearing *h)
{
	hearing_silent(h);
	hearing_close(h);
}

static void who_starves_is_owed(void)
{
	struct hearing h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, TX);
	hearing_silent(&h);
	h.ops->finish(h.self, h.time);
	hearing_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* Who has fewer owes nothing. */
static void the_other_is_owed_nothing(void)
{
	struct hearing h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, 3);
	h.ops->finish(h.self, h.time);
	close(&h);
}

/* The packet left by another link: nobody waits for slots any more. */
static void nothing_is_owed_elsewhere(void)
{
	struct hearing h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, TX);
	HEAR(&h, .kind = EV_ELSEWHERE, .queue = TX);
	h.ops->finish(h.self, h.time);
	hearing_silent(&h);
	starves(&h, TX); /* with the next one */
	h.ops->finish(h.self, h.time);
	hearing_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* What goes elsewhere for one end says nothing of the other. */
static void each_end_for_itself(void)
{
	struct hearing h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, TX);
	HEAR(&h, .kind = EV_ELSEWHERE, .actor = 1, .queue = 3);
	h.ops->finish(h.self, h.time);
	hearing_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* A send of VM 0 in slot 1, which VM 1 has posted, completed by nobody. */
static void one_is_sent(struct hearing *h)
{
	HEAR(h, .kind = EV_OFFER, .queue = 2, .actor = 1, .a = 0 | 1 << 16,
	     .addr = BAR + SLOT, .len = SLOT);
	HEAR(h, .kind = EV_OFFER, .queue = 0, .a = 4 | 1 << 16,
	     .addr = BAR + SLOT, .len = SLOT);
	HEAR(h, .kind = EV_OFFER, .queue = TX, .a = 3 | 1 << 16,
	     .addr = BAR + SLOT, .len = 5);
}

static void ends(struct hearing *h)
{
	HEAR(h, .kind = EV_USED, .actor = 2, .queue = TX, .a = 3);
}

/* What is lost for nothing is the host's doing. */
static void the_host_loses_a_slot(void)
{
	struct hearing h;

	begin(&h);
	one_is_sent(&h);
	HEAR(&h, .kind = EV_DROP, .actor = 2, .queue = TX, .b = 3);
	ends(&h);
	hearing_finds(&h, CLAUSE_EXT_OUTCOME, 2);
	close(&h);
}

/* What is refused for a rule that the sender broke is the sender's. */
static void the_sender_loses_a_slot(void)
{
	struct hearing h;

	begin(&h);
	one_is_sent(&h);
	HEAR(&h, .kind = EV_DROP, .actor = 2, .queue = TX,
	     .a = CLAUSE_NET_TX_HDR, .b = 3);
	ends(&h);
	close(&h);
}

/* So is a slot that is sent in one chain with one that may not be. */
static void in_bad_company(void)
{
	struct hearing h;

	begin(&h);
	HEAR(&h, .kind = EV_OFFER, .queue = 0, .a = 4 | 1 << 16,
	     .addr = BAR + SLOT, .len = SLOT);
	HEAR(&h, .kind = EV_DESC, .queue = TX, .a = 1, .addr = BAR, .len = 60);
	HEAR(&h, .kind = EV_OFFER, .queue = TX, .a = 3 | 2 << 16,
	     .addr = BAR + SLOT, .len = SLOT, .b = 1);
	hearing_finds(&h, CLAUSE_EXT_ONE_OWNER, 0);
	HEAR(&h, .kind = EV_DROP, .actor = 2, .queue = TX, .b = 3);
	ends(&h);
	close(&h);
}

static const struct unit_case cases[] = {
	{"who starves is owed", who_starves_is_owed},
	{"the other is owed nothing", the_other_is_owed_nothing},
	{"nothing is owed elsewhere", nothing_is_owed_elsewhere},
	{"each end for itself", each_end_for_itself},
	{"the host loses a slot", the_host_loses_a_slot},
	{"the sender loses a slot", the_sender_loses_a_slot},
	{"in bad company", in_bad_company},
};

UNIT_MAIN("ledger", cases)
