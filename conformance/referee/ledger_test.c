/* SPDX-License-Identifier: BSD-3-Clause */
/* Who waits for slots, and by whose doing one is lost. */
#include "conformance/referee/ledger.h"

#include "conformance/referee_harness.h"

enum { SLOTS = 8, SLOT = 128, BAR = 1 << 16, TX = 1 };

/* A link of eight slots, four of them held by either end. */
static void begin(struct referee_harness *h)
{
	harness_prepare(h);
	h->config.link[0].bar = (struct bar_config){SLOTS, SLOT, SLOT};
	for (uint32_t end = 0; end < 2; end++)
		h->map.link[0].bar_gpa[end] = BAR;
	h->map.link[0].bar_size = (uint64_t)SLOTS * SLOT;
	harness_open(h, &ledger_referee);
	TELL(h, .kind = EV_PAIR, .a = 1, .b = SLOTS);
}

/* VM 0 sends two of its slots, which VM 1 has posted, and VM 1 keeps them. */
static void two_are_kept(struct referee_harness *h)
{
	for (uint32_t s = 0; s < SLOTS; s++)
		TELL(h, .kind = EV_AVAILABLE, .queue = s & 1 ? 2 : 0,
		     .actor = s & 1, .a = s / 2 | 1 << 16,
		     .addr = BAR + s * SLOT, .len = SLOT);
	for (uint32_t k = 0; k < 2; k++) {
		uint64_t at = BAR + (2 * k + 1) * SLOT;

		TELL(h, .kind = EV_AVAILABLE, .queue = 0,
		     .a = (4 + k) | 1 << 16, .addr = at, .len = SLOT);
		TELL(h, .kind = EV_AVAILABLE, .queue = TX, .a = k | 1 << 16,
		     .addr = at, .len = 60);
		TELL(h, .kind = EV_USED, .actor = 2, .queue = 2, .a = k,
		     .len = 60);
		TELL(h, .kind = EV_USED, .actor = 2, .queue = TX, .a = k);
		TELL(h, .kind = EV_USED_CONSUMED, .actor = 1, .queue = 2,
		     .a = k, .len = 60);
	}
}

static void starves(struct referee_harness *h, uint16_t queue)
{
	TELL(h, .kind = EV_STARVED, .queue = queue, .a = 1);
}

static void close(struct referee_harness *h)
{
	harness_silent(h);
	harness_close(h);
}

static void who_starves_is_owed(void)
{
	struct referee_harness h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, TX);
	harness_silent(&h);
	h.ops->finish(h.self, h.time);
	harness_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* Who has fewer owes nothing. */
static void nothing_is_due_to_the_other(void)
{
	struct referee_harness h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, 3);
	h.ops->finish(h.self, h.time);
	close(&h);
}

/* The packet left by another link: nobody waits for slots any more. */
static void nothing_is_due_elsewhere(void)
{
	struct referee_harness h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, TX);
	TELL(&h, .kind = EV_ELSEWHERE, .queue = TX);
	h.ops->finish(h.self, h.time);
	harness_silent(&h);
	starves(&h, TX); /* with the next one */
	h.ops->finish(h.self, h.time);
	harness_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* What goes elsewhere for one end says nothing of the other. */
static void each_end_for_itself(void)
{
	struct referee_harness h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, TX);
	TELL(&h, .kind = EV_ELSEWHERE, .actor = 1, .queue = 3);
	h.ops->finish(h.self, h.time);
	harness_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* A send of VM 0 in slot 1, which VM 1 has posted, completed by nobody. */
static void one_is_sent(struct referee_harness *h)
{
	TELL(h, .kind = EV_AVAILABLE, .queue = 2, .actor = 1, .a = 0 | 1 << 16,
	     .addr = BAR + SLOT, .len = SLOT);
	TELL(h, .kind = EV_AVAILABLE, .queue = 0, .a = 4 | 1 << 16,
	     .addr = BAR + SLOT, .len = SLOT);
	TELL(h, .kind = EV_AVAILABLE, .queue = TX, .a = 3 | 1 << 16,
	     .addr = BAR + SLOT, .len = 5);
}

static void ends(struct referee_harness *h)
{
	TELL(h, .kind = EV_USED, .actor = 2, .queue = TX, .a = 3);
}

/* What is lost for nothing is the host's doing. */
static void the_host_loses_a_slot(void)
{
	struct referee_harness h;

	begin(&h);
	one_is_sent(&h);
	TELL(&h, .kind = EV_DROP, .actor = 2, .queue = TX, .b = 3);
	ends(&h);
	harness_finds(&h, CLAUSE_EXT_OUTCOME, 2);
	close(&h);
}

/* What is refused for a rule that the sender broke is the sender's. */
static void the_sender_loses_a_slot(void)
{
	struct referee_harness h;

	begin(&h);
	one_is_sent(&h);
	TELL(&h, .kind = EV_DROP, .actor = 2, .queue = TX,
	     .a = CLAUSE_NET_TX_HDR, .b = 3);
	ends(&h);
	close(&h);
}

/* So is a slot that is sent in one chain with one that may not be. */
static void in_bad_company(void)
{
	struct referee_harness h;

	begin(&h);
	TELL(&h, .kind = EV_AVAILABLE, .queue = 0, .a = 4 | 1 << 16,
	     .addr = BAR + SLOT, .len = SLOT);
	TELL(&h, .kind = EV_DESC, .queue = TX, .a = 1, .addr = BAR, .len = 60);
	TELL(&h, .kind = EV_AVAILABLE, .queue = TX, .a = 3 | 2 << 16,
	     .addr = BAR + SLOT, .len = SLOT, .b = 1);
	harness_finds(&h, CLAUSE_EXT_ONE_OWNER, 0);
	TELL(&h, .kind = EV_DROP, .actor = 2, .queue = TX, .b = 3);
	ends(&h);
	close(&h);
}

static const struct unit_case cases[] = {
	{"who starves is owed", who_starves_is_owed},
	{"the other is owed nothing", nothing_is_due_to_the_other},
	{"nothing is owed elsewhere", nothing_is_due_elsewhere},
	{"each end for itself", each_end_for_itself},
	{"the host loses a slot", the_host_loses_a_slot},
	{"the sender loses a slot", the_sender_loses_a_slot},
	{"in bad company", in_bad_company},
};

UNIT_MAIN("ledger", cases)
