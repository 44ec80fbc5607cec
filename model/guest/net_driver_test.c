/* SPDX-License-Identifier: BSD-3-Clause */
/* What a driver does with frames, slots and buffers, and when it refuses. */
#include "model/guest/net_driver.h"

#include "model/path/pair_fixture.h"
#include "model/path/shared_buffers.h"

static struct pair t;

static void check_conserved(void)
{
	CU_ASSERT_EQUAL(t.driver[0]->pool.count + t.driver[1]->pool.count,
			t.link.slots.slots);
	CU_ASSERT_EQUAL(t.driver[0]->lent, t.driver[1]->pool.count);
	CU_ASSERT_EQUAL(t.driver[1]->lent, t.driver[0]->pool.count);
	CU_ASSERT_EQUAL(t.app[0].wrong + t.app[1].wrong, 0);
}

static void frames_move_without_a_copy(void)
{
	pair_begin(&t);
	pair_send(&t, 0, 4, 200);
	CU_ASSERT_EQUAL(t.app[1].delivered, 4);
	CU_ASSERT_EQUAL(t.app[1].last_len, 200);
	CU_ASSERT_EQUAL(t.cost.count[COST_HOST_BYTE], 0);
	check_conserved();
	pair_close(&t);
}

/* Every length from nothing to what needs all slots, both ways in turn. */
static void every_length(void)
{
	pair_config(&t);
	t.cfg.bar.slots = 8;
	t.cfg.gifts = (struct gift_config){GIFT_IMMEDIATE, 1, 1, false};
	pair_open(&t);
	pair_run(&t);
	for (uint32_t len = 0; len <= 4 * 256 - 12; len += 17) {
		uint32_t before = t.app[1].delivered;

		pair_send(&t, 0, 1, len);
		CU_ASSERT_EQUAL(t.app[1].delivered, before + 1);
		CU_ASSERT_EQUAL(t.app[1].last_len, len);
		pair_send(&t, 1, 1, len);
	}
	CU_ASSERT_EQUAL(t.cost.count[COST_HOST_BYTE], 0);
	check_conserved();
	pair_close(&t);
}

static void one_way_lives_on_gifts(void)
{
	static const enum gift_policy giving[] = {GIFT_IMMEDIATE,
						  GIFT_WATERMARK, GIFT_CREDIT};

	for (uint32_t i = 0; i < 3; i++) {
		pair_config(&t);
		t.cfg.gifts = (struct gift_config){giving[i], 2, 2, false};
		t.cfg.fallback = false;
		pair_open(&t);
		pair_run(&t);
		pair_send(&t, 0, 200, 100);
		CU_ASSERT_EQUAL(t.app[1].delivered, 200);
		CU_ASSERT(t.seen[EV_GIFT] > 0);
		CU_ASSERT_EQUAL(t.seen[EV_GIFT], t.seen[EV_GIFTED]);
		check_conserved();
		pair_close(&t);
	}
}

/* Nothing comes back: the rest goes from private memory. */
static void without_gifts_it_falls_back(void)
{
	pair_config(&t);
	t.cfg.gifts.policy = GIFT_NONE;
	pair_open(&t);
	pair_run(&t);
	pair_send(&t, 0, 50, 100);
	CU_ASSERT_EQUAL(t.app[1].delivered, 50);
	CU_ASSERT_EQUAL(t.cost.count[COST_HOST_BYTE], 46 * 100);
	check_conserved();
	pair_close(&t);
}

static void the_feature_decides_on_gifts(void)
{
	pair_config(&t);
	t.vmcfg[0].features &= ~FEATURE_BIT(F_NET_GIFT);
	t.vmcfg[1].features &= ~FEATURE_BIT(F_NET_GIFT);
	t.cfg.gifts = (struct gift_config){GIFT_IMMEDIATE, 4, 4, false};
	pair_open(&t);
	pair_run(&t);
	CU_ASSERT(t.link.paired);
	pair_send(&t, 0, 50, 100);
	CU_ASSERT_EQUAL(t.app[1].delivered, 50);
	CU_ASSERT_EQUAL(t.seen[EV_GIFT], 0);
	pair_close(&t);
}

/* Without fallback it waits, says so once, and goes on when it can. */
static void starved_until_slots_come_back(void)
{
	pair_config(&t);
	t.cfg.gifts.policy = GIFT_NONE;
	t.cfg.fallback = false;
	pair_open(&t);
	pair_run(&t);
	pair_send(&t, 0, 6, 100);
	CU_ASSERT_EQUAL(t.app[1].delivered, 4);
	CU_ASSERT_EQUAL(t.app[0].to_send, 2);
	CU_ASSERT_EQUAL(t.seen[EV_STARVED], 1);
	CU_ASSERT_EQUAL(t.last[EV_STARVED].a, 1);
	pair_send(&t, 1, 1, 100);
	CU_ASSERT_EQUAL(t.app[1].delivered, 5);
	CU_ASSERT_EQUAL(t.app[0].to_send, 1);
	pair_send(&t, 1, 1, 100);
	CU_ASSERT_EQUAL(t.app[0].to_send, 0);
	check_conserved();
	pair_close(&t);
}

static void frames_that_no_buffer_holds(void)
{
	pair_config(&t);
	t.cfg.max_frame = 5000;
	pair_open(&t);
	pair_run(&t);
	pair_send(&t, 0, 1, 5001); /* longer than allowed */
	pair_send(&t, 0, 1, 4000); /* more than all slots */
	CU_ASSERT_EQUAL(t.app[0].refused, 2);
	CU_ASSERT_EQUAL(t.seen[EV_REFUSE], 2);
	pair_close(&t);

	pair_config(&t);
	for (uint32_t i = 0; i < 2; i++)
		t.vmcfg[i].features &= ~FEATURE_BIT(F_NET_MRG_RXBUF);
	pair_open(&t);
	pair_run(&t);
	pair_send(&t, 0, 1, 256 - 12 + 1); /* one slot or nothing */
	CU_ASSERT_EQUAL(t.app[0].refused, 1);
	pair_send(&t, 0, 1, 256 - 12);
	CU_ASSERT_EQUAL(t.app[1].delivered, 1);
	pair_close(&t);
}

static void classic_over_many_buffers(void)
{
	pair_config(&t);
	strcpy(t.cfg.path, "copy");
	t.cfg.private_size = 512;
	t.cfg.private_rx = 16;
	pair_open(&t);
	pair_run(&t);
	for (uint32_t len = 0; len < 8100; len += 101) {
		uint32_t before = t.app[1].delivered;

		pair_send(&t, 0, 1, len);
		CU_ASSERT_EQUAL(t.app[1].delivered, before + 1);
		CU_ASSERT_EQUAL(t.app[1].last_len, len);
	}
	CU_ASSERT_EQUAL(t.app[1].wrong, 0);
	CU_ASSERT_EQUAL(t.driver[1]->rx_buffers.count, 0); /* all posted */
	pair_close(&t);
}

/* The same in all shapes of rings. */
static void shapes_of_rings(void)
{
	for (uint32_t shape = 0; shape < 16; shape++) {
		pair_config(&t);
		t.cfg.ring.event_idx = shape & 1;
		t.cfg.ring.indirect = shape & 2;
		t.cfg.ring.start = shape & 4 ? 65530 : 0;
		t.vmcfg[0].poll = t.vmcfg[1].poll = false;
		t.cfg.alloc = (enum alloc_policy)(shape % ALLOC_POLICIES);
		if (shape & 8)
			t.cfg.bar.stride = 320;
		pair_open(&t);
		pair_run(&t);
		for (uint32_t n = 0; n < 10; n++) {
			pair_send(&t, 0, 7, 60 + 40 * n);
			pair_send(&t, 1, 3, 600);
		}
		CU_ASSERT_EQUAL(t.app[1].delivered, 70);
		CU_ASSERT_EQUAL(t.app[0].delivered, 30);
		check_conserved();
		pair_close(&t);
	}
}

/* A device that uses what it was not given: the driver stops, no more. */
static void a_device_that_lies(void)
{
	pair_begin(&t);
	gmem_store16(vq_driver_bytes(&t.driver[0]->rx).device + 2, 9);
	t.ready[0] = true;
	pair_run(&t);
	CU_ASSERT(t.driver[0]->dead);
	pair_send(&t, 0, 1, 64);
	CU_ASSERT_EQUAL(t.app[0].to_send, 1);
	net_driver_reset(t.driver[0]);
	t.ready[0] = true;
	pair_run(&t);
	CU_ASSERT_EQUAL(t.app[1].delivered, 1);
	pair_close(&t);
}

/* Geometry that would lead out of the BAR is not believed. */
static void geometry_that_lies(void)
{
	static const struct {
		uint32_t slots, size, stride;
	} lies[] = {{9, 256, 256},     {8, 256, 512},  {8, 512, 256},
		    {0, 256, 256},     {8, 8, 256},    {UINT32_MAX, 256, 256},
		    {8, 256, 1 << 31}, {2, 4096, 4096}};

	for (uint32_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		struct virtio_net_config *c;

		pair_config(&t);
		t.cfg.path[0] = '\0';
		strcpy(t.cfg.path, "shared-buffers");
		pair_open(&t);
		pair_run(&t);
		net_driver_reset(t.driver[0]);
		pair_step(&t, 0, false); /* up to DRIVER_OK */
		c = &t.link.nic[0].dev.config;
		c->status = htole16(NET_S_LINK_UP);
		c->shared_buffers_paired = 1;
		c->slot_count = htole32(lies[i].slots);
		c->slot_size = htole32(lies[i].size);
		c->slot_stride = htole32(lies[i].stride);
		pair_step(&t, 0, false);
		CU_ASSERT_FALSE(t.driver[0]->paired);
		pair_close(&t);
	}
}

static void lengths_that_lie(void)
{
	static const uint32_t counts[] = {0, 17, 65535};

	for (uint32_t i = 0; i < 3; i++) {
		uint8_t *slot;

		pair_begin(&t);
		/* The header says so many buffers where one is used. */
		slot = t.link.region; /* slot 0: lent by end 0, held by end 1 */
		gmem_store16(slot + 10, (uint16_t)counts[i]);
		CU_ASSERT_TRUE_FATAL(nic_intake(&t.link.nic[0]));
		CU_ASSERT_NOT_EQUAL_FATAL(slots_posted(&t.link.nic[0])->head[0],
					  0);
		vq_device_used(
			&t.link.nic[0].rx,
			(uint16_t)(slots_posted(&t.link.nic[0])->head[0] - 1),
			100);
		vq_device_publish(&t.link.nic[0].rx);
		t.ready[0] = true;
		pair_run(&t);
		CU_ASSERT(t.driver[0]->dead);
		CU_ASSERT_EQUAL(t.app[0].delivered, 0);
		pair_close(&t);
	}
}

static const struct unit_case cases[] = {
	{"frames move without a copy", frames_move_without_a_copy},
	{"every length", every_length},
	{"one way lives on gifts", one_way_lives_on_gifts},
	{"without gifts it falls back", without_gifts_it_falls_back},
	{"the feature decides on gifts", the_feature_decides_on_gifts},
	{"starved until slots come back", starved_until_slots_come_back},
	{"frames that no buffer holds", frames_that_no_buffer_holds},
	{"classic over many buffers", classic_over_many_buffers},
	{"shapes of rings", shapes_of_rings},
	{"a device that lies", a_device_that_lies},
	{"geometry that lies", geometry_that_lies},
	{"lengths that lie", lengths_that_lie},
};

UNIT_MAIN("net_driver", cases)
