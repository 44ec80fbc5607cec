/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/unit.h"
#include "sim/traffic/capture/capture_fixture.h"
#include "sim/traffic/direction/direction.h"
#include "sim/traffic/direction/frame.h"

enum { ROOM = 64, LEN = 60 };

static struct made file;
static uint64_t count;
static struct capture c;
static struct direction d;
static uint8_t from[ROOM], to[ROOM]; /* of d, packet by packet */

static void begin(void)
{
	free(file.bytes);
	file = made_plain();
	count = 0;
}

static void add_short(struct made_frame f, uint32_t len)
{
	uint8_t bytes[LEN];

	made_fill(&f, bytes, LEN);
	made_record(&file, 0, 0, bytes, len, len);
	count++;
}

static void add(struct made_frame f)
{
	add_short(f, LEN);
}

static void open_file(void)
{
	struct capture_options as_is = {0};
	char error[200];

	CU_ASSERT_TRUE_FATAL(capture_open(made_save_part(&file, "a", file.len),
					  &as_is, &c, error, sizeof error));
	CU_ASSERT_EQUAL_FATAL(c.count, count);
}

/* Finds directions in world @w, and reads them all. */
static void find_in(const struct world_config *w, enum direction_by by)
{
	struct direction_reader r;

	open_file();
	CU_ASSERT_EQUAL_FATAL(direction_find(&c, w, by, true, &d),
			      DIRECTION_FOUND);
	direction_begin(&r, &d);
	for (uint64_t i = 0; i < count; i++)
		CU_ASSERT_TRUE(direction_next(&r, &from[i], &to[i]));
	CU_ASSERT_FALSE(direction_next(&r, &from[0], &to[0]));
	direction_free(&d);
	capture_close(&c);
}

/* @vms in a ring of links: 0-1, 1-2, ..., back to 0. */
static struct world_config ring(uint32_t vms)
{
	struct world_config w = {.vms = vms, .links = vms == 2 ? 1 : vms};

	for (uint32_t i = 0; i < w.links; i++) {
		w.link[i].end[0] = (uint8_t)i;
		w.link[i].end[1] = (uint8_t)((i + 1) % vms);
		w.link[i].members = 2;
	}
	return w;
}

static void find(uint32_t vms, enum direction_by by)
{
	struct world_config w = ring(vms);

	find_in(&w, by);
}

/* @senders is a VM for each packet, as a digit. */
static void expect(const char *senders)
{
	CU_ASSERT_EQUAL(strlen(senders), count);
	for (size_t i = 0; senders[i]; i++) {
		CU_ASSERT_EQUAL(from[i], senders[i] - '0');
		CU_ASSERT_EQUAL(to[i], '1' - senders[i]);
	}
}

static void by_mac(void)
{
	begin();
	add((struct made_frame){.mac_from = 7, .mac_to = 8});
	add((struct made_frame){.mac_from = 8, .mac_to = 7});
	add((struct made_frame){.mac_from = 7, .mac_to = 0xff});
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_MAC);
	CU_ASSERT_EQUAL(d.tally[DIRECTION_MAC].endpoints, 2);
	expect("010");
}

/* Both directions have the same pair of MACs: only IP tells. */
static void same_mac_pair(void)
{
	begin();
	for (int i = 0; i < 5; i++) {
		add((struct made_frame){1, 2, 10, 20, 1000, 25, 6, 0});
		add((struct made_frame){1, 2, 20, 10, 25, 1000, 6, 0});
	}
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_IP);
	expect("0101010101");
}

/* Loopback: source and destination agree in MAC and IP; ports tell. */
static void loopback(void)
{
	begin();
	for (uint16_t client = 5000; client < 5004; client++) {
		add((struct made_frame){1, 1, 1, 1, client, 7, 6, FRAME_SYN});
		add((struct made_frame){1, 1, 1, 1, 7, client, 6, FRAME_ACK});
	}
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_PORT);
	expect("01010101");
}

/* The server has the higher port, and only a SYN in the middle says so. */
static void first_syn_beats_lower_port(void)
{
	begin();
	add((struct made_frame){1, 1, 1, 1, 90, 5000, 6, FRAME_ACK});
	add((struct made_frame){1, 1, 1, 1, 6000, 80, 6, FRAME_ACK});
	add((struct made_frame){1, 1, 1, 1, 90, 5000, 6, FRAME_SYN});
	add((struct made_frame){1, 1, 1, 1, 5000, 90, 6,
				FRAME_SYN | FRAME_ACK});
	find(2, DIRECTION_PORT);
	expect("0001");
}

static void nothing_tells(void)
{
	begin();
	for (int i = 0; i < 3; i++)
		add((struct made_frame){.mac_from = 1, .mac_to = 1});
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by_guess, 3);
	CU_ASSERT_FALSE(d.one_way);
	expect("000");
}

static void one_way_is_known_as_such(void)
{
	begin();
	add((struct made_frame){1, 2, 1, 2, 1000, 9, 0, 0});
	add((struct made_frame){1, 2, 1, 2, 1000, 9, 0, 0});
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_AUTO);
	CU_ASSERT_TRUE(d.one_way);
	expect("00");
}

/* Many servers answer through one router, and nobody is heard to ask. */
static void many_senders_may_be_one_side(void)
{
	begin();
	for (uint8_t server = 10; server < 14; server++)
		add((struct made_frame){1, 2, server, 1, 80, 1000, 6, 0x10});
	find(2, DIRECTION_AUTO);
	CU_ASSERT_TRUE(d.one_way);
	expect("0000");
	find(2, DIRECTION_IP); /* who asks for it gets it */
	CU_ASSERT_EQUAL(d.tally[DIRECTION_IP].endpoints, 4);
	expect("0101");
}

static void asked_way_must_tell(void)
{
	struct world_config w = ring(2);

	begin();
	add((struct made_frame){1, 2, 1, 2, 1000, 9, 0, 0});
	add((struct made_frame){1, 2, 2, 1, 9, 1000, 0, 0});
	open_file();
	CU_ASSERT_EQUAL(direction_find(&c, &w, DIRECTION_MAC, true, &d),
			DIRECTION_ONE_ENDPOINT);
	CU_ASSERT_EQUAL(direction_advice(&c), DIRECTION_IP);
	CU_ASSERT_PTR_NULL(d.way.bytes);
	capture_close(&c);
}

static void nothing_in_a_capture_is_fine(void)
{
	begin();
	find(2, DIRECTION_MAC);
	expect("");
}

/* ARP has no IP header: whose MAC it is was learned from other frames. */
static void undecided_fall_back_to_mac(void)
{
	begin();
	add((struct made_frame){.mac_from = 6, .mac_to = 0xff});
	add((struct made_frame){5, 6, 1, 2, 0, 0, 0, 0});
	add((struct made_frame){6, 5, 2, 1, 0, 0, 0, 0});
	add((struct made_frame){.mac_from = 9, .mac_to = 0xff});
	find(2, DIRECTION_IP);
	CU_ASSERT_EQUAL(d.by_mac, 1);
	CU_ASSERT_EQUAL(d.by_guess, 1);
	expect("1010");
}

/* A tenth may stay open, no more. */
static void auto_wants_nine_tenths(void)
{
	begin();
	for (int i = 0; i < 9; i++)
		add((struct made_frame){.mac_from = (uint8_t)(1 + i % 2),
					.mac_to = 9});
	add((struct made_frame){.mac_from = 4, .mac_to = 4});
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_MAC);
	add((struct made_frame){.mac_from = 4, .mac_to = 4});
	find(2, DIRECTION_AUTO);
	CU_ASSERT_EQUAL(d.by, DIRECTION_AUTO);
}

static void many_vms(void)
{
	begin();
	for (uint8_t k = 0; k < 5; k++) /* endpoints 0 to 4 in VMs 0 to 3 */
		add((struct made_frame){.mac_from = k + 1, .mac_to = k + 2});
	add((struct made_frame){.mac_from = 1, .mac_to = 3});
	add((struct made_frame){.mac_from = 2, .mac_to = 77});
	add((struct made_frame){.mac_from = 3, .mac_to = 0xff});
	find(4, DIRECTION_MAC);
	CU_ASSERT_EQUAL(memcmp(from, "\0\1\2\3\0\0\1\2", 8), 0);
	CU_ASSERT_EQUAL(to[0], 1);
	CU_ASSERT_EQUAL(to[3], 0);
	CU_ASSERT_EQUAL(to[4], 1); /* 6 is unknown: its first link */
	CU_ASSERT_EQUAL(to[5], 1); /* 2 is known, but no link joins */
	CU_ASSERT_EQUAL(to[6], 0); /* unknown: its first link */
	CU_ASSERT_EQUAL(to[7], DIRECTION_ALL);
	CU_ASSERT_EQUAL(d.placement.endpoints, 5);
	CU_ASSERT_EQUAL(d.placement.end[4].vm, 0);
	CU_ASSERT_EQUAL(d.placement.end[0].packets, 2);
	CU_ASSERT_STRING_EQUAL(d.placement.end[0].name, "02:00:00:00:00:01");
	CU_ASSERT_EQUAL(d.placement.torn_packets, 1);
	CU_ASSERT_EQUAL(d.placement.torn_shown, 1);
	CU_ASSERT_EQUAL(d.placement.torn[0].end[0].vm, 0);
	CU_ASSERT_EQUAL(d.placement.torn[0].end[1].vm, 2);
	CU_ASSERT_EQUAL(d.placement.strays, 2);
}

static void a_vm_without_link_sends_from_the_first(void)
{
	struct world_config w = ring(3);

	w.links = 1; /* 0-1; VM 2 stands alone */
	begin();
	add((struct made_frame){.mac_from = 1, .mac_to = 2});
	add((struct made_frame){.mac_from = 2, .mac_to = 1});
	add((struct made_frame){.mac_from = 3, .mac_to = 9});
	find_in(&w, DIRECTION_MAC);
	CU_ASSERT_EQUAL(from[2], 0);
	CU_ASSERT_EQUAL(to[2], 1);
	CU_ASSERT_EQUAL(d.placement.torn_packets, 1);
	CU_ASSERT_TRUE(d.placement.torn[0].alone);
	CU_ASSERT_EQUAL(d.placement.torn[0].end[0].vm, 2);
}

/* Four of five endpoints talk to the fifth, which lives with the first. */
static void conversations_are_torn(void)
{
	begin();
	for (uint8_t k = 1; k <= 5; k++)
		add((struct made_frame){.mac_from = k,
					.mac_to = k < 5 ? 5 : 1});
	add((struct made_frame){.mac_from = 5, .mac_to = 1});
	add((struct made_frame){.mac_from = 5, .mac_to = 3});
	find(4, DIRECTION_MAC);
	/* 1 and 5 in VM 0, 3 in VM 2; 2 and 4 are their neighbours */
	CU_ASSERT_EQUAL(d.placement.torn_packets, 5);
	CU_ASSERT_EQUAL(d.placement.torn_shown, 2);
	CU_ASSERT_EQUAL(d.placement.torn[0].packets, 3);
	CU_ASSERT_EQUAL(d.placement.torn[0].end[0].vm, 0);
	CU_ASSERT_EQUAL(d.placement.torn[0].end[1].vm, 0);
	CU_ASSERT_EQUAL(d.placement.torn[1].packets, 2);
	CU_ASSERT_EQUAL(d.placement.torn[1].end[0].vm, 2);
	find(2, DIRECTION_MAC); /* two machines, one link: as ever */
	CU_ASSERT_EQUAL(d.placement.torn_packets, 0);
	CU_ASSERT_EQUAL(d.placement.strays, 0);
}

static void short_frames_are_guessed(void)
{
	begin();
	add((struct made_frame){.mac_from = 1, .mac_to = 2});
	add((struct made_frame){.mac_from = 2, .mac_to = 1});
	add_short((struct made_frame){.mac_from = 2, .mac_to = 1}, 13);
	find(2, DIRECTION_MAC);
	CU_ASSERT_EQUAL(d.by_guess, 1);
	expect("010");
}

static void cleans_up(void)
{
	static const char *const names[] = {"a", NULL};

	free(file.bytes);
	made_clean(names);
	CU_ASSERT_NOT_EQUAL(access(made_folder(), F_OK), 0);
}

static const struct unit_case cases[] = {
	{"by MAC", by_mac},
	{"same MAC pair both ways", same_mac_pair},
	{"loopback", loopback},
	{"first SYN beats lower port", first_syn_beats_lower_port},
	{"nothing tells", nothing_tells},
	{"one way is known as such", one_way_is_known_as_such},
	{"many senders may be one side", many_senders_may_be_one_side},
	{"the way asked for must tell", asked_way_must_tell},
	{"nothing in a capture is fine", nothing_in_a_capture_is_fine},
	{"undecided ones fall back to MAC", undecided_fall_back_to_mac},
	{"auto wants nine tenths", auto_wants_nine_tenths},
	{"many VMs", many_vms},
	{"a VM without link sends from the first",
	 a_vm_without_link_sends_from_the_first},
	{"conversations are torn", conversations_are_torn},
	{"short frames are guessed", short_frames_are_guessed},
	{"cleans up", cleans_up},
};

UNIT_MAIN("direction", cases)
