/* SPDX-License-Identifier: BSD-3-Clause */
/* Packets as applications sent and received them, one lie a case. */
#include "conformance/referee_harness.h"
#include "conformance/referee/integrity.h"

/* VM 0 sends on queue 1, VM 1 receives on queue 2. */
enum { TX = NET_TX, PEER_RX = NIC_QUEUES, HOST = 2 };

static void begin(struct referee_harness *h)
{
	harness_prepare(h);
	harness_open(h, &integrity_referee);
}

/* Packet @seq has a hash and a length of its own. */
static void send(struct referee_harness *h, uint32_t seq)
{
	TELL(h, .kind = EV_SEND, .queue = TX, .a = seq, .addr = 1000 + seq,
	     .len = 60 + seq, .b = 1);
}

static void sends(struct referee_harness *h, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		send(h, first + i);
}

static void arrive(struct referee_harness *h, uint32_t seq)
{
	TELL(h, .kind = EV_DELIVER, .actor = 1, .queue = PEER_RX,
	     .addr = 1000 + seq, .len = 60 + seq);
}

static void drop(struct referee_harness *h)
{
	TELL(h, .kind = EV_DROP, .actor = HOST, .queue = TX);
}

static void finish(struct referee_harness *h)
{
	h->ops->finish(h->self, h->time);
}

static void counts(struct referee_harness *h, uint64_t sent, uint64_t delivered,
		   uint64_t lost, uint64_t ended)
{
	struct integrity_counts c = integrity_counts(h->self, 0, 0);

	CU_ASSERT_EQUAL(c.sent.packets, sent);
	CU_ASSERT_EQUAL(c.delivered.packets, delivered);
	CU_ASSERT_EQUAL(c.lost.packets, lost);
	CU_ASSERT_EQUAL(c.ended.packets, ended);
}

static void all_arrive(void)
{
	struct referee_harness h;

	begin(&h);
	for (uint32_t i = 0; i < 1000; i++) {
		send(&h, 2 * i);
		send(&h, 2 * i + 1);
		arrive(&h, 2 * i);
		arrive(&h, 2 * i + 1);
	}
	finish(&h);
	harness_silent(&h);
	counts(&h, 2000, 2000, 0, 0);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 0).delivered.bytes,
			2000 * 60 + 1999 * 1000);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 1).sent.packets, 0);
	harness_close(&h);
}

static void directions_are_apart(void)
{
	struct referee_harness h;

	begin(&h);
	send(&h, 0);
	TELL(&h, .kind = EV_SEND, .actor = 1, .queue = queue_of_nic(1, NET_TX),
	     .addr = 7, .len = 9);
	TELL(&h, .kind = EV_DELIVER, .queue = 0, .addr = 7, .len = 9);
	arrive(&h, 0);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

/* A driver that forgets a packet of its application; one may be refused. */
static void taken_and_forgotten(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 2);
	TELL(&h, .kind = EV_REFUSE, .queue = TX, .a = 2, .len = 9000);
	send(&h, 3);
	harness_silent(&h);
	send(&h, 5);
	CU_ASSERT_PTR_NOT_NULL(strstr(h.finding[0].detail, "packet 4"));
	harness_finds(&h, CLAUSE_EXT_SEND, 0);
	send(&h, 6);
	harness_silent(&h);
	harness_close(&h);
}

static void twice(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 3);
	arrive(&h, 0);
	arrive(&h, 0);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	arrive(&h, 1);
	arrive(&h, 0);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	arrive(&h, 2);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

static void never_sent(void)
{
	struct referee_harness h;

	begin(&h);
	arrive(&h, 5);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

static void overtaken(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 4);
	arrive(&h, 2);
	harness_finds(&h, CLAUSE_EXT_FIFO, 1);
	arrive(&h, 0); /* its turn was called out already */
	arrive(&h, 3);
	finish(&h);
	harness_silent(&h);
	counts(&h, 4, 3, 1, 0);
	harness_close(&h);
}

static void changed(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 2);
	TELL(&h, .kind = EV_DELIVER, .actor = 1, .queue = PEER_RX, .addr = 1,
	     .len = 60);
	harness_finds(&h, CLAUSE_EXT_INTACT, 1);
	arrive(&h, 1);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

static void longer(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 1);
	TELL(&h, .kind = EV_DELIVER, .actor = 1, .queue = PEER_RX, .addr = 1000,
	     .len = 72);
	harness_finds(&h, CLAUSE_EXT_INTACT, 1);
	arrive(&h, 0);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

/* Two links that leak into each other: c gets what was for b. */
static void astray(void)
{
	struct referee_harness h;

	harness_prepare(&h);
	h.config.vms = 3;
	strcpy(h.config.vm[0].name, "a");
	strcpy(h.config.vm[1].name, "b");
	strcpy(h.config.vm[2].name, "c");
	h.config.links = 2;
	h.config.link[1] = h.config.link[0];
	h.config.link[1].end[1] = 2;
	world_number(&h.config);
	harness_open(&h, &integrity_referee);
	send(&h, 0);
	TELL(&h, .kind = EV_DELIVER, .actor = 2,
	     .queue = queue_of_nic(3, NET_RX), .addr = 1000, .len = 60);
	CU_ASSERT_PTR_NOT_NULL(strstr(h.finding[0].detail,
				      "packet 0 of a was for b, c got it"));
	harness_finds(&h, CLAUSE_EXT_INTACT, 2);
	finish(&h);
	harness_finds(&h, CLAUSE_EXT_DELIVERED, 0);
	harness_close(&h);
}

/* A packet is addressed to VM @vm, and VM 1 gets it. */
static void meant_for(uint32_t vm)
{
	struct referee_harness h;
	char was_for[NAME_SIZE + 16];

	begin(&h);
	snprintf(h.config.vm[vm].name, NAME_SIZE, "vm%u.", vm);
	snprintf(was_for, sizeof was_for, "was for vm%u.", vm);
	TELL(&h, .kind = EV_SEND, .queue = TX, .addr = 5, .len = 60, .b = vm);
	TELL(&h, .kind = EV_DELIVER, .actor = 1, .queue = PEER_RX, .addr = 5,
	     .len = 60);
	CU_ASSERT_PTR_NOT_NULL(strstr(h.finding[0].detail, was_for));
	harness_finds(&h, CLAUSE_EXT_INTACT, 1);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

/* A link may forward what is addressed to a third VM; its end must not eat it.
 */
static void not_for_this_end(void)
{
	for (uint32_t vm = 2; vm < VM_MAX; vm++)
		meant_for(vm);
}

static void missing(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 5);
	arrive(&h, 0);
	finish(&h);
	CU_ASSERT_PTR_NOT_NULL(strstr(h.finding[0].detail, "4 packets"));
	harness_finds(&h, CLAUSE_EXT_DELIVERED, 0);
	counts(&h, 5, 1, 4, 0);
	harness_close(&h);
}

static void failed(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 4);
	TELL(&h, .kind = EV_FAIL, .queue = TX, .a = 2, .len = 62);
	arrive(&h, 0);
	arrive(&h, 1);
	arrive(&h, 3);
	finish(&h);
	harness_silent(&h);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 0).failed.packets, 1);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 0).failed.bytes, 62);
	harness_close(&h);
}

/* The host has given it back before its sender knows; others go on. */
static void failed_after_others_arrived(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 4);
	TELL(&h, .kind = EV_BACK, .queue = TX);
	arrive(&h, 0);
	arrive(&h, 2);
	TELL(&h, .kind = EV_FAIL, .queue = TX, .a = 1, .len = 61);
	arrive(&h, 3);
	finish(&h);
	harness_silent(&h);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 0).failed.packets, 1);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 0).lost.packets, 0);
	harness_close(&h);
}

/* Whoever died receives no more: that is not owed. */
static void sent_to_the_dead(void)
{
	struct referee_harness h;

	begin(&h);
	TELL(&h, .kind = EV_CRASH, .actor = 1, .queue = PEER_RX);
	sends(&h, 0, 3);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

/* One that comes back takes no excuse from those that are gone. */
static void failed_behind_an_epoch(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 1);
	TELL(&h, .kind = EV_PAIR, .queue = 0);
	sends(&h, 1, 2);
	TELL(&h, .kind = EV_FAIL, .queue = TX, .a = 1, .len = 61);
	arrive(&h, 2);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

static void failed_and_delivered(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 2);
	TELL(&h, .kind = EV_FAIL, .queue = TX, .a = 1);
	arrive(&h, 0);
	arrive(&h, 1);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

/* The host drops what it handles, while older ones wait at the receiver. */
static void dropped(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 4);
	drop(&h);
	sends(&h, 4, 2);
	arrive(&h, 0);
	arrive(&h, 1);
	arrive(&h, 2);
	arrive(&h, 4);
	arrive(&h, 5);
	finish(&h);
	harness_silent(&h);
	counts(&h, 6, 5, 1, 0);
	CU_ASSERT_EQUAL(integrity_counts(h.self, 0, 0).lost.bytes, 63);
	harness_close(&h);
}

static void drop_excuses_one(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 4);
	drop(&h);
	arrive(&h, 2);
	harness_finds(&h, CLAUSE_EXT_FIFO, 1);
	finish(&h);
	harness_finds(&h, CLAUSE_EXT_DELIVERED, 0);
	counts(&h, 4, 1, 3, 0);
	harness_close(&h);
}

static void drop_does_not_excuse_later_packets(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 1);
	drop(&h);
	sends(&h, 1, 2);
	arrive(&h, 2);
	harness_finds(&h, CLAUSE_EXT_FIFO, 1);
	harness_close(&h);
}

static void drop_is_no_licence_to_reorder(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 3);
	drop(&h);
	arrive(&h, 1);
	harness_silent(&h);
	arrive(&h, 0);
	harness_finds(&h, CLAUSE_EXT_FIFO, 1);
	harness_close(&h);
}

static void epoch_ends(void)
{
	static const struct event end[] = {
		{.kind = EV_UNPAIR, .actor = HOST, .queue = 0},
		{.kind = EV_PAIR, .actor = HOST, .queue = 0},
		{.kind = EV_STATUS, .actor = 1, .queue = PEER_RX, .b = 15},
		{.kind = EV_CRASH, .actor = 1, .queue = PEER_RX},
	};
	struct referee_harness h;

	for (unsigned i = 0; i < sizeof end / sizeof *end; i++) {
		begin(&h);
		sends(&h, 0, 5);
		harness_tell(&h, end[i]);
		sends(&h, 5, 2);
		arrive(&h, 1); /* a ring may outlive its receiver's reset */
		arrive(&h, 5);
		arrive(&h, 6);
		finish(&h);
		harness_silent(&h);
		counts(&h, 7, 3, 0, 4);
		harness_close(&h);
	}
}

static void a_status_write_ends_nothing(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 1);
	TELL(&h, .kind = EV_STATUS, .queue = 0, .a = 15, .b = 11);
	finish(&h);
	harness_finds(&h, CLAUSE_EXT_DELIVERED, 0);
	harness_close(&h);
}

/* More than can be in flight, none dropped: the oldest are gone. */
static void too_many(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 200);
	sends(&h, 200, 1);
	finish(&h);
	CU_ASSERT_PTR_NOT_NULL(strstr(h.finding[0].detail, "201 packets"));
	harness_finds(&h, CLAUSE_EXT_DELIVERED, 0);
	counts(&h, 201, 0, 201, 0);
	harness_close(&h);
}

/* A receiver sleeps on 8 packets while the host drops 1000 more. */
static void dropped_for_long(void)
{
	struct referee_harness h;

	begin(&h);
	sends(&h, 0, 8);
	for (uint32_t i = 0; i < 1000; i++) {
		send(&h, 8 + i);
		drop(&h);
	}
	for (uint32_t i = 0; i < 8; i++)
		arrive(&h, i);
	sends(&h, 1008, 1);
	arrive(&h, 1008);
	finish(&h);
	harness_silent(&h);
	counts(&h, 1009, 9, 1000, 0);
	harness_close(&h);
}

/* VM 0 gives a slot of 128 bytes, and VM 1 finds that it did. */
static void give(struct referee_harness *h)
{
	h->config.link[0].bar.slot_size = 128;
	TELL(h, .kind = EV_PAIR, .a = 1, .b = 8);
	TELL(h, .kind = EV_GIFT, .queue = TX, .a = 3, .b = 1);
}

static void deliver(struct referee_harness *h, uint32_t len)
{
	TELL(h, .kind = EV_DELIVER, .actor = 1, .queue = PEER_RX, .addr = 5,
	     .len = len);
}

static void gifts_are_no_packets(void)
{
	struct referee_harness h;

	begin(&h);
	send(&h, 0);
	give(&h);
	send(&h, 1);
	arrive(&h, 0);
	TELL(&h, .kind = EV_GIFTED, .actor = 1, .queue = PEER_RX, .a = 3);
	arrive(&h, 1);
	finish(&h);
	harness_silent(&h);
	harness_close(&h);
}

static void a_gift_is_delivered(void)
{
	struct referee_harness h;

	begin(&h);
	give(&h);
	send(&h, 0);
	deliver(&h, 116); /* a slot without a header of twelve bytes */
	harness_finds(&h, CLAUSE_EXT_GIFT_EMPTY, 1);
	arrive(&h, 0);
	harness_silent(&h);
	deliver(&h, 116); /* there was but one */
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	harness_close(&h);
}

/* What is no whole slot is no gift; nor is one that came back, or ended. */
static void something_else_is_delivered(void)
{
	struct referee_harness h;

	begin(&h);
	give(&h);
	deliver(&h, 100);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	TELL(&h, .kind = EV_HEADER, .actor = HOST, .queue = 0,
	     .a = 0xa0 | 1 << 16, .b = 12, .len = 128);
	deliver(&h, 116);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	give(&h);
	TELL(&h, .kind = EV_UNPAIR, .actor = HOST, .a = 2);
	deliver(&h, 116);
	harness_finds(&h, CLAUSE_EXT_DELIVER_ONCE, 1);
	harness_close(&h);
}

static const struct unit_case cases[] = {
	{"gifts are no packets", gifts_are_no_packets},
	{"a gift is delivered", a_gift_is_delivered},
	{"something else is delivered", something_else_is_delivered},
	{"all arrive", all_arrive},
	{"directions are apart", directions_are_apart},
	{"taken and forgotten", taken_and_forgotten},
	{"delivered twice", twice},
	{"never sent", never_sent},
	{"overtaken", overtaken},
	{"changed bytes", changed},
	{"wrong length", longer},
	{"delivered on another link", astray},
	{"not for this end", not_for_this_end},
	{"missing at the end", missing},
	{"came back to its sender", failed},
	{"came back and arrived", failed_and_delivered},
	{"came back after others arrived", failed_after_others_arrived},
	{"came back behind an epoch", failed_behind_an_epoch},
	{"sent to the dead", sent_to_the_dead},
	{"dropped behind waiting ones", dropped},
	{"a drop excuses one packet", drop_excuses_one},
	{"a drop excuses no later packet", drop_does_not_excuse_later_packets},
	{"a drop is no licence to reorder", drop_is_no_licence_to_reorder},
	{"an epoch ends", epoch_ends},
	{"a status write ends nothing", a_status_write_ends_nothing},
	{"more than can be in flight", too_many},
	{"a thousand drops before a sleeper", dropped_for_long},
};

UNIT_MAIN("integrity", cases)
