/* SPDX-License-Identifier: BSD-3-Clause */
/* Pairing: when the host joins two ends, why it does not, and epochs. */
#include "model/host/link.h"

#include "model/path/pair_fixture.h"

static struct pair t;

static void paired(bool expected)
{
	CU_ASSERT_EQUAL(t.link.paired, expected);
	for (uint32_t i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(t.driver[i]->paired, expected);
		CU_ASSERT_EQUAL(t.link.nic[i].dev.config.shared_buffers_paired,
				expected);
	}
	if (expected)
		CU_ASSERT_EQUAL(t.driver[0]->epoch, t.driver[1]->epoch);
}

static void two_ends_are_paired(void)
{
	pair_begin(&t);
	paired(true);
	CU_ASSERT_EQUAL(t.link.reject_reason, REJECT_NONE);
	CU_ASSERT_EQUAL(t.seen[EV_PAIR], 1);
	CU_ASSERT_EQUAL(t.last[EV_PAIR].b, 8);
	CU_ASSERT_EQUAL(t.driver[0]->pool.count, 4);
	CU_ASSERT_EQUAL(t.driver[1]->pool.count, 4);
	CU_ASSERT_EQUAL(t.driver[0]->lent, 4);
	CU_ASSERT_EQUAL(t.driver[1]->lent, 4);
	CU_ASSERT_EQUAL(link_pair(&t.link), REJECT_NONE); /* once is enough */
	CU_ASSERT_EQUAL(t.seen[EV_PAIR], 1);
	pair_close(&t);
}

/* Refused, and yet every frame arrives: the host copies. */
static void refused(enum reject_reason why)
{
	pair_open(&t);
	pair_run(&t);
	CU_ASSERT_EQUAL(t.link.reject_reason, why);
	CU_ASSERT(strlen(reject_reason_words(why)) > 5);
	paired(false);
	CU_ASSERT_EQUAL(t.seen[EV_PAIR], 0);
	pair_send(&t, 0, 10, 200);
	pair_send(&t, 1, 10, 200);
	CU_ASSERT_EQUAL(t.app[0].delivered, 10);
	CU_ASSERT_EQUAL(t.app[1].delivered, 10);
	CU_ASSERT_EQUAL(t.app[0].wrong + t.app[1].wrong, 0);
	CU_ASSERT_EQUAL(t.cost.count[COST_HOST_BYTE], 20 * 200);
	pair_close(&t);
}

static void refused_without_the_feature(void)
{
	pair_config(&t);
	t.vmcfg[1].features &= ~FEATURE_BIT(F_NET_SHARED_BUFFERS);
	refused(REJECT_FEATURE);
}

static void refused_for_the_header(void)
{
	pair_config(&t);
	t.vmcfg[0].features |= FEATURE_BIT(F_NET_HASH_REPORT);
	refused(REJECT_HEADER);
	pair_config(&t);
	t.vmcfg[0].features &= ~FEATURE_BIT(F_NET_MRG_RXBUF);
	refused(REJECT_HEADER);
	pair_config(&t);
	t.vmcfg[0].features &= ~FEATURE_BIT(F_NET_GIFT);
	refused(REJECT_HEADER);
}

static void refused_for_offloads(void)
{
	static const enum feature_bit sends[] = {F_NET_CSUM, F_NET_HOST_TSO4,
						 F_NET_HOST_TSO6};

	for (uint32_t i = 0; i < 3; i++)
		for (uint32_t end = 0; end < 2; end++) {
			pair_config(&t);
			t.vmcfg[end].features |=
				FEATURE_BIT(sends[i]) | FEATURE_BIT(F_NET_CSUM);
			refused(REJECT_OFFLOADS);
		}
}

static void offloads_that_fit(void)
{
	pair_config(&t);
	t.vmcfg[0].features |=
		FEATURE_BIT(F_NET_CSUM) | FEATURE_BIT(F_NET_HOST_TSO4);
	t.vmcfg[1].features |=
		FEATURE_BIT(F_NET_GUEST_CSUM) | FEATURE_BIT(F_NET_GUEST_TSO4);
	pair_open(&t);
	pair_run(&t);
	paired(true);
	pair_close(&t);
}

static void refused_for_small_rings(void)
{
	pair_config(&t);
	t.cfg.ring.size = 4;
	t.cfg.private_rx = 3;
	refused(REJECT_GEOMETRY);
	pair_config(&t);
	t.cfg.bar.slots = 1;
	refused(REJECT_GEOMETRY);
}

static void refused_by_the_path(void)
{
	pair_config(&t);
	strcpy(t.cfg.path, "copy");
	refused(REJECT_PATH);
}

static void the_pool_fits_the_rings(void)
{
	struct link_config c;

	pair_config(&t);
	c = t.cfg;
	CU_ASSERT_EQUAL(link_usable_slots(&c), 8);
	c.ring.size = 8;
	CU_ASSERT_EQUAL(link_usable_slots(&c), 4);
	c.private_rx = 8;
	CU_ASSERT_EQUAL(link_usable_slots(&c), 0);
	c.private_rx = 100;
	CU_ASSERT_EQUAL(link_usable_slots(&c), 0);
	c.rules &= ~RULE_BIT(RULE_POOL_FITS);
	CU_ASSERT_EQUAL(link_usable_slots(&c), 8);
}

static void unpaired_on_request(void)
{
	uint32_t epoch;

	pair_begin(&t);
	pair_send(&t, 0, 3, 100);
	epoch = t.link.epoch;
	link_unpair(&t.link, REJECT_ASKED);
	pair_run(&t);
	paired(false);
	CU_ASSERT(t.link.epoch > epoch);
	CU_ASSERT_EQUAL(t.link.reject_reason, REJECT_ASKED);
	/* The link is down: what is to be sent waits. */
	pair_send(&t, 0, 2, 100);
	CU_ASSERT_EQUAL(t.app[0].to_send, 2);
	CU_ASSERT_EQUAL(t.app[1].delivered, 3);
	link_pair(&t.link);
	pair_run(&t);
	paired(true);
	CU_ASSERT_EQUAL(t.app[1].delivered, 5);
	CU_ASSERT_EQUAL(t.app[1].wrong, 0);
	pair_close(&t);
}

/* Joined at once again: not before both have begun anew. */
static void unpaired_and_paired_in_one_breath(void)
{
	pair_begin(&t);
	link_unpair(&t.link, REJECT_ASKED);
	CU_ASSERT_EQUAL(link_pair(&t.link), REJECT_DOWN);
	CU_ASSERT_FALSE(t.link.paired);
	pair_run(&t);
	paired(true);
	pair_send(&t, 1, 5, 100);
	CU_ASSERT_EQUAL(t.app[0].delivered, 5);
	pair_close(&t);
}

/* A fresh pool after each reset of either end: nothing is lost or doubled. */
static void resets_of_either_end(void)
{
	uint32_t last;

	pair_begin(&t);
	for (uint32_t n = 0; n < 20; n++) {
		last = t.link.epoch;
		pair_send(&t, n & 1, 3, 300);
		net_driver_reset(t.driver[n / 2 & 1]);
		t.ready[n / 2 & 1] = true;
		pair_run(&t);
		paired(true);
		CU_ASSERT(t.link.epoch > last);
		CU_ASSERT_EQUAL(
			t.driver[0]->pool.count + t.driver[1]->pool.count, 8);
	}
	CU_ASSERT_EQUAL(t.app[0].delivered + t.app[1].delivered, 60);
	CU_ASSERT_EQUAL(t.app[0].wrong + t.app[1].wrong, 0);
	pair_close(&t);
}

static void both_reset_at_once(void)
{
	pair_begin(&t);
	net_driver_reset(t.driver[0]);
	net_driver_reset(t.driver[1]);
	t.ready[0] = t.ready[1] = true;
	pair_run(&t);
	paired(true);
	pair_send(&t, 0, 4, 64);
	CU_ASSERT_EQUAL(t.app[1].delivered, 4);
	pair_close(&t);
}

static void a_crash_parts(void)
{
	pair_begin(&t);
	t.vm[1].crashed = true;
	link_crash(&t.link, 1);
	pair_run(&t);
	CU_ASSERT_FALSE(t.link.paired);
	CU_ASSERT_FALSE(t.driver[0]->paired);
	CU_ASSERT_FALSE(t.driver[0]->link_up);
	CU_ASSERT_EQUAL(t.seen[EV_CRASH], 1);
	pair_send(&t, 0, 1, 64);
	CU_ASSERT_EQUAL(t.app[0].to_send, 1);
	pair_close(&t);
}

/* What the last epoch left in the slots is gone. */
static void slots_are_zeroed(void)
{
	pair_begin(&t);
	pair_send(&t, 0, 3, 200);
	CU_ASSERT_NOT_EQUAL(t.link.region[256 + 12], 0);
	link_unpair(&t.link, REJECT_ASKED);
	for (uint32_t i = 0; i < 8 * 256; i++)
		CU_ASSERT_EQUAL_FATAL(t.link.region[i], 0);
	pair_run(&t);
	pair_close(&t);
}

/* Without rule epoch the other end is not told. */
static void without_the_rule_only_one_forgets(void)
{
	pair_config(&t);
	t.cfg.rules &= ~RULE_BIT(RULE_EPOCH);
	pair_open(&t);
	pair_run(&t);
	net_driver_reset(t.driver[0]);
	t.ready[0] = true;
	pair_run(&t);
	CU_ASSERT(t.link.paired);
	CU_ASSERT_EQUAL(t.link.epoch, 1);
	CU_ASSERT(t.driver[1]->paired);
	pair_close(&t);
}

/* The driver of @end resets that queue; by whom it is worked comes after. */
static void reset_begin(uint32_t end, uint32_t queue)
{
	CU_ASSERT(net_driver_reset_queue(t.driver[end], queue));
	CU_ASSERT_FALSE(net_driver_reset_queue(t.driver[end], queue));
	pair_step(&t, end, false);
	CU_ASSERT_EQUAL(t.last[EV_QUEUE_ASKED].queue, queue_of_nic(end, queue));
	pair_step(&t, end, false); /* it looks, and waits (VQRST-DRV-1) */
	CU_ASSERT(t.waits[end]);
}

static void with_queue_resets(const char *path)
{
	pair_config(&t);
	strcpy(t.cfg.path, path);
	t.cfg.ring.reset = true;
	t.cfg.ring.start = 65500;
	pair_open(&t);
	pair_run(&t);
}

/* VQRST-DEV-1 to -3: nothing but what was in hand, and positions begin anew. */
static void a_queue_by_itself(uint32_t end, uint32_t queue)
{
	struct nic *n = &t.link.nic[end];
	const struct vq_device *q = nic_queue(n, queue);
	uint64_t asked = t.seen[EV_QUEUE_ASKED], used;

	pair_send(&t, end, 3, 300);
	pair_send(&t, !end, 3, 300);
	reset_begin(end, queue);
	CU_ASSERT(vq_device_live(q));
	pair_step(&t, 2 + (queue == NET_TX ? end : !end), false);
	CU_ASSERT_EQUAL(t.seen[EV_QUEUE_RESET], asked + 1);
	CU_ASSERT_FALSE(vq_device_live(q));
	CU_ASSERT_FALSE(n->dev.queue[queue].enabled);
	used = t.seen[EV_USED];
	pair_step(&t, 2, false);
	pair_step(&t, 3, false);
	CU_ASSERT_EQUAL(t.seen[EV_USED], used);
	t.ready[end] = true;
	pair_run(&t);
	CU_ASSERT_EQUAL(t.seen[EV_QUEUE_ENABLED], asked + 1);
	CU_ASSERT(vq_device_live(q));
	CU_ASSERT((uint16_t)(vq_device_popped(q) - t.cfg.ring.start) <= 16);
	CU_ASSERT_EQUAL(vq_device_given(q), t.cfg.ring.start);
}

static void queues_one_by_one(const char *path)
{
	with_queue_resets(path);
	for (uint32_t end = 0; end < LINK_ENDS; end++)
		for (uint32_t queue = 0; queue < NET_QUEUES; queue++)
			a_queue_by_itself(end, queue);
	pair_send(&t, 0, 9, 300);
	pair_send(&t, 1, 9, 300);
	CU_ASSERT_EQUAL(t.app[0].delivered, 21);
	CU_ASSERT_EQUAL(t.app[1].delivered, 21);
	CU_ASSERT_EQUAL(t.app[0].wrong + t.app[1].wrong, 0);
	CU_ASSERT_EQUAL(t.seen[EV_UNPAIR] + t.seen[EV_DROP], 0);
	pair_close(&t);
}

static void queues_one_by_one_with_slots(void)
{
	queues_one_by_one("shared-buffers");
}

static void queues_one_by_one_with_copies(void)
{
	queues_one_by_one("copy");
}

/* What the receiver's ring cannot take now waits; its own way back, too. */
static void a_send_waits_for_a_queue(void)
{
	with_queue_resets("shared-buffers");
	reset_begin(1, NET_RX);
	pair_step(&t, 2, false);
	t.app[0].to_send = 2;
	t.app[0].len = 100;
	pair_step(&t, 0, false);
	pair_step(&t, 2, false);
	CU_ASSERT(t.link.worker[0].parked);
	reset_begin(0, NET_RX);
	pair_step(&t, 3, false);
	pair_step(&t, 2, false);
	pair_step(&t, 2, true); /* the time that it may wait is over */
	CU_ASSERT(t.link.worker[0].parked);
	CU_ASSERT(t.link.paired);
	t.ready[0] = t.ready[1] = true;
	pair_run(&t);
	CU_ASSERT_EQUAL(t.app[1].delivered, 2);
	CU_ASSERT_EQUAL(t.seen[EV_RETURNED] + t.seen[EV_UNPAIR], 0);
	pair_close(&t);
}

/* A chain in the host's hands is not used: it is offered again, and first. */
static void a_held_send_is_let_go(void)
{
	with_queue_resets("shared-buffers");
	reset_begin(1, NET_RX);
	pair_step(&t, 2, false);
	t.app[0].to_send = 3;
	t.app[0].len = 100;
	pair_step(&t, 0, false);
	pair_step(&t, 2, false);
	CU_ASSERT(held_any(&t.link.worker[0].held));
	reset_begin(0, NET_TX);
	pair_step(&t, 2, false);
	CU_ASSERT_FALSE(held_any(&t.link.worker[0].held));
	t.ready[0] = t.ready[1] = true;
	pair_run(&t);
	CU_ASSERT_EQUAL(t.app[1].delivered, 3);
	CU_ASSERT_EQUAL(t.seen[EV_DROP], 0);
	pair_close(&t);
}

/* Whatever else happens to a device whose queue is away. */
static void while_a_queue_is_in_reset(void)
{
	with_queue_resets("shared-buffers");
	for (uint32_t i = 0; i < 6; i++) {
		reset_begin(i & 1, NET_RX);
		if (i < 2)
			pair_step(&t, 2 + !(i & 1), false);
		if (i % 3 == 0)
			link_unpair(&t.link, REJECT_DOWN);
		else
			net_driver_reset(t.driver[i % 3 == 1]);
		t.ready[0] = t.ready[1] = true;
		pair_run(&t);
		paired(true);
		pair_send(&t, 0, 3, 100);
		pair_send(&t, 1, 3, 100);
	}
	CU_ASSERT_EQUAL(t.app[0].delivered + t.app[1].delivered, 36);
	pair_close(&t);
}

/* A driver that enables it with addresses that cannot be. */
static void enabled_at_no_place(void)
{
	struct vq_area area = {.size = 16};

	with_queue_resets("shared-buffers");
	reset_begin(0, NET_TX);
	pair_step(&t, 2, false);
	pci_driver_queue(&t.driver[0]->pci, NET_TX, &area, 2, 0);
	CU_ASSERT(t.link.nic[0].dev.status & STATUS_NEEDS_RESET);
	t.ready[0] = true;
	pair_run(&t);
	paired(true);
	pair_close(&t);
}

static void no_queue_resets_unasked(void)
{
	pair_begin(&t);
	CU_ASSERT_FALSE(net_driver_reset_queue(t.driver[0], NET_RX));
	pair_close(&t);
}

static void words_for_every_reject_reason(void)
{
	for (int r = 0; r < REJECT_REASONS; r++)
		for (int k = 0; k < r; k++)
			CU_ASSERT_STRING_NOT_EQUAL(
				reject_reason_words((enum reject_reason)r),
				reject_reason_words((enum reject_reason)k));
}

static const struct unit_case cases[] = {
	{"two ends are paired", two_ends_are_paired},
	{"refused without the feature", refused_without_the_feature},
	{"refused for the header", refused_for_the_header},
	{"refused for offloads", refused_for_offloads},
	{"offloads that fit", offloads_that_fit},
	{"refused for small rings", refused_for_small_rings},
	{"refused by the path", refused_by_the_path},
	{"the pool fits the rings", the_pool_fits_the_rings},
	{"unpaired on request", unpaired_on_request},
	{"unpaired and paired in one breath",
	 unpaired_and_paired_in_one_breath},
	{"resets of either end", resets_of_either_end},
	{"both reset at once", both_reset_at_once},
	{"a crash parts", a_crash_parts},
	{"slots are zeroed", slots_are_zeroed},
	{"without the rule only one forgets",
	 without_the_rule_only_one_forgets},
	{"queues one by one, with slots", queues_one_by_one_with_slots},
	{"queues one by one, with copies", queues_one_by_one_with_copies},
	{"a send waits for a queue", a_send_waits_for_a_queue},
	{"a held send is let go", a_held_send_is_let_go},
	{"while a queue is away", while_a_queue_is_in_reset},
	{"enabled at no place", enabled_at_no_place},
	{"no queue resets unasked", no_queue_resets_unasked},
	{"words for every reject_reason", words_for_every_reject_reason},
};

UNIT_MAIN("link", cases)
