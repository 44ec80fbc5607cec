/* SPDX-License-Identifier: BSD-3-Clause */
/* Who waits for slots, and by whose doing one is lost. */
#include "conformance/referee/ledger.h"

#include "conformance/referee_harness.h"

enum {
	SLOTS = 8,
	SLOT = 128,
	BAR = 1 << 16,
	TX = NET_TX,
	PEER_RX = NIC_QUEUES
};

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
		TELL(h, .kind = EV_AVAILABLE, .queue = s & 1 ? PEER_RX : NET_RX,
		     .actor = s & 1, .a = s / 2 | 1 << 16,
		     .addr = BAR + s * SLOT, .len = SLOT);
	for (uint32_t k = 0; k < 2; k++) {
		uint64_t at = BAR + (2 * k + 1) * SLOT;

		TELL(h, .kind = EV_AVAILABLE, .queue = NET_RX,
		     .a = (4 + k) | 1 << 16, .addr = at, .len = SLOT);
		TELL(h, .kind = EV_AVAILABLE, .queue = TX, .a = k | 1 << 16,
		     .addr = at, .len = 60);
		TELL(h, .kind = EV_USED, .actor = 2, .queue = PEER_RX, .a = k,
		     .len = 60);
		TELL(h, .kind = EV_USED, .actor = 2, .queue = TX, .a = k);
		TELL(h, .kind = EV_USED_CONSUMED, .actor = 1, .queue = PEER_RX,
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

/* Writes the beginning of slot @slot, or of what would be one. */
static void writes(struct referee_harness *h, uint32_t vm, uint32_t slot)
{
	TELL(h, .kind = EV_GUEST_WRITE, .actor = (actor_id)vm,
	     .queue = queue_of_nic(vm, NET_TX), .addr = BAR + slot * SLOT,
	     .len = 8, .b = vm);
}

static void lends(struct referee_harness *h, uint32_t vm, uint32_t slot)
{
	TELL(h, .kind = EV_AVAILABLE, .actor = (actor_id)vm,
	     .queue = queue_of_nic(vm, NET_RX), .a = 1 << 16,
	     .addr = BAR + slot * SLOT, .len = SLOT);
}

/* Slots with odd numbers are those that VM 0 begins with. */
static void who_begins_with_a_slot_may_write_it(void)
{
	struct referee_harness h;

	begin(&h);
	for (uint32_t s = 0; s < SLOTS; s++)
		writes(&h, !(s & 1), s);
	close(&h);
}

static void first_holders_are_mistaken(void)
{
	struct referee_harness h;

	begin(&h);
	lends(&h, 0, 2);
	lends(&h, 1, 5);
	writes(&h, 0, 4);
	harness_finds(&h, CLAUSE_EXT_GEOMETRY, 0);
	writes(&h, 1, 3);
	harness_finds(&h, CLAUSE_EXT_GEOMETRY, 1);
	close(&h);
}

/* Who has lent nothing is back from a reset, as far as anybody can tell. */
static void nothing_is_lent(void)
{
	struct referee_harness h;

	begin(&h);
	writes(&h, 0, 4);
	harness_finds(&h, CLAUSE_EXT_TOUCH, 0);
	close(&h);
}

/* A slot that was lent is known not to be one's own. */
static void a_lent_slot_is_touched(void)
{
	struct referee_harness h;

	begin(&h);
	lends(&h, 0, 4);
	writes(&h, 0, 4);
	harness_finds(&h, CLAUSE_EXT_TOUCH, 0);
	close(&h);
}

/* Six of the eight are published: what lies behind them is no slot. */
static void a_slot_that_is_not_published(void)
{
	struct referee_harness h;

	begin(&h);
	TELL(&h, .kind = EV_UNPAIR, .a = 2);
	TELL(&h, .kind = EV_PAIR, .a = 3, .b = 6);
	writes(&h, 0, 5);
	harness_silent(&h);
	writes(&h, 0, 7);
	harness_finds(&h, CLAUSE_EXT_GEOMETRY, 0);
	TELL(&h, .kind = EV_AVAILABLE, .queue = NET_RX, .a = 1 << 16,
	     .addr = BAR + 6 * SLOT, .len = SLOT);
	harness_finds(&h, CLAUSE_EXT_GEOMETRY, 0);
	close(&h);
}

/* Who has fewer owes nothing. */
static void nothing_is_due_to_the_other(void)
{
	struct referee_harness h;

	begin(&h);
	two_are_kept(&h);
	starves(&h, queue_of_nic(1, NET_TX));
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
	TELL(&h, .kind = EV_ELSEWHERE, .actor = 1,
	     .queue = queue_of_nic(1, NET_TX));
	h.ops->finish(h.self, h.time);
	harness_finds(&h, CLAUSE_EXT_GIFT_OWED, 0);
	close(&h);
}

/* A send of VM 0 in slot 1, which VM 1 has posted, completed by nobody. */
static void one_is_sent(struct referee_harness *h)
{
	TELL(h, .kind = EV_AVAILABLE, .queue = PEER_RX, .actor = 1,
	     .a = 0 | 1 << 16, .addr = BAR + SLOT, .len = SLOT);
	TELL(h, .kind = EV_AVAILABLE, .queue = NET_RX, .a = 4 | 1 << 16,
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
	TELL(&h, .kind = EV_AVAILABLE, .queue = NET_RX, .a = 4 | 1 << 16,
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
	{"who begins with a slot may write it",
	 who_begins_with_a_slot_may_write_it},
	{"first holders are mistaken", first_holders_are_mistaken},
	{"nothing is lent", nothing_is_lent},
	{"a lent slot is touched", a_lent_slot_is_touched},
	{"a slot that is not published", a_slot_that_is_not_published},
};

UNIT_MAIN("ledger", cases)
