/* SPDX-License-Identifier: BSD-3-Clause */
/* What a device writes, and a mirror touches, one lie a case. */
#include "conformance/referee/device_access.h"

#include "conformance/referee_harness.h"

enum { RX = NET_RX, TX = NET_TX, HOST = 2, MIRROR = 1, LEN = 64 };
enum { NEXT = 1, WRITE = 2, INDIRECT = 4 };
enum { TABLE = 0x1000, TABLES = 0x2000, SENDS = 0x4000, POSTS = 0x8000 };

static void status(struct referee_harness *h, uint32_t now)
{
	TELL(h, .kind = EV_STATUS, .queue = RX, .a = now);
}

static void begin(struct referee_harness *h)
{
	harness_prepare(h);
	h->config.link[0].ring.indirect = true;
	h->map.table[TX].gpa = TABLE;
	h->map.table[TX].size = 8 * 16;
	harness_open(h, &device_access_referee);
	status(h, 15);
}

static void close(struct referee_harness *h)
{
	harness_silent(h);
	harness_close(h);
}

static void offer(struct referee_harness *h, uint16_t queue, uint32_t head,
		  uint64_t addr, uint32_t flags)
{
	TELL(h, .kind = EV_AVAILABLE, .queue = queue, .a = head | 1 << 16,
	     .addr = addr, .len = LEN, .b = flags);
}

static void desc(struct referee_harness *h, uint32_t index, uint64_t addr,
		 uint32_t flags)
{
	TELL(h, .kind = EV_DESC, .queue = TX, .a = index, .addr = addr,
	     .len = LEN, .b = flags);
}

static void used(struct referee_harness *h, uint16_t queue, uint32_t head)
{
	TELL(h, .kind = EV_USED, .actor = HOST, .queue = queue, .a = head);
}

static void writes(struct referee_harness *h, uint64_t addr, uint32_t len)
{
	TELL(h, .kind = EV_HOST_WRITE, .actor = HOST, .queue = RX, .addr = addr,
	     .len = len, .b = 0);
}

/* Between buffers that are to be read, and where one was. */
static void buffers_are_written(void)
{
	struct referee_harness h;

	begin(&h);
	offer(&h, TX, 0, SENDS, 0);
	offer(&h, TX, 1, SENDS + 2 * LEN, 0);
	offer(&h, RX, 0, POSTS, WRITE);
	offer(&h, RX, 1, SENDS + LEN, WRITE);
	writes(&h, POSTS, LEN);
	writes(&h, SENDS + LEN, LEN);
	used(&h, TX, 0);
	writes(&h, SENDS, LEN);
	writes(&h, TABLE + 8 * 16, LEN);
	writes(&h, TABLE - LEN, LEN);
	close(&h);
}

static void what_is_sent_is_written(void)
{
	struct referee_harness h;

	begin(&h);
	offer(&h, TX, 0, SENDS, 0);
	writes(&h, SENDS + LEN - 1, 1);
	harness_finds(&h, CLAUSE_SPLIT_DESC_READONLY, HOST);
	writes(&h, SENDS - 1, 2);
	harness_finds(&h, CLAUSE_SPLIT_DESC_READONLY, HOST);
	writes(&h, SENDS - 1, LEN + 2);
	harness_finds(&h, CLAUSE_SPLIT_DESC_READONLY, HOST);
	close(&h);
}

/* What stands behind the first of a chain, and in an indirect table. */
static void any_piece_of_a_chain_is_written(void)
{
	struct referee_harness h;

	begin(&h);
	desc(&h, 1, SENDS + 2 * LEN, 0);
	offer(&h, TX, 0, SENDS, NEXT);
	writes(&h, SENDS + 2 * LEN, 1);
	harness_finds(&h, CLAUSE_SPLIT_DESC_READONLY, HOST);
	desc(&h, 0, SENDS + 4 * LEN, 0);
	offer(&h, TX, 2, TABLES, INDIRECT);
	writes(&h, SENDS + 4 * LEN, 1);
	harness_finds(&h, CLAUSE_SPLIT_DESC_READONLY, HOST);
	used(&h, TX, 0);
	used(&h, TX, 2);
	writes(&h, SENDS, 5 * LEN);
	close(&h);
}

static void a_table_is_written(void)
{
	struct referee_harness h;

	begin(&h);
	writes(&h, TABLE + 8, 4);
	harness_finds(&h, CLAUSE_SPLIT_TABLE_READONLY, HOST);
	desc(&h, 0, SENDS, 0);
	offer(&h, TX, 2, TABLES, INDIRECT);
	writes(&h, TABLES + 8, 4);
	harness_finds(&h, CLAUSE_SPLIT_TABLE_READONLY, HOST);
	used(&h, TX, 2);
	writes(&h, TABLES + 8, 4);
	close(&h);
}

static void a_reset_gives_all_back(void)
{
	struct referee_harness h;

	begin(&h);
	offer(&h, TX, 0, SENDS, 0);
	status(&h, 0);
	status(&h, 15);
	writes(&h, SENDS, LEN);
	offer(&h, TX, 1, SENDS, 0);
	TELL(&h, .kind = EV_QUEUE_RESET, .actor = HOST, .queue = TX);
	writes(&h, SENDS, LEN);
	close(&h);
}

/* Slots change hands while they are out: others watch over them. */
static void slots_are_others_affair(void)
{
	struct referee_harness h;

	harness_prepare(&h);
	h.map.link[0].bar_gpa[0] = SENDS;
	h.map.link[0].bar_size = 8 * LEN;
	harness_open(&h, &device_access_referee);
	status(&h, 15);
	offer(&h, TX, 0, SENDS, 0);
	writes(&h, SENDS, 12);
	close(&h);
}

static void mirrors(struct referee_harness *h, enum event_kind kind)
{
	TELL(h, .kind = kind, .actor = MIRROR, .queue = TX, .addr = POSTS,
	     .len = LEN, .b = 0);
}

static void a_mirror_works_while_its_peer_runs(void)
{
	struct referee_harness h;

	begin(&h);
	offer(&h, TX, 0, SENDS, 0);
	mirrors(&h, EV_GUEST_READ);
	mirrors(&h, EV_GUEST_WRITE);
	status(&h, 0);
	TELL(&h, .kind = EV_GUEST_WRITE, .actor = 0, .queue = TX, .addr = SENDS,
	     .len = LEN, .b = 0); /* its own memory */
	status(&h, 15);
	mirrors(&h, EV_GUEST_READ);
	close(&h);
}

static void a_mirror_goes_on(void)
{
	struct referee_harness h;

	begin(&h);
	status(&h, 0);
	mirrors(&h, EV_GUEST_READ);
	harness_finds(&h, CLAUSE_EXT_MIRROR_STOP, MIRROR);
	status(&h, 11);
	mirrors(&h, EV_GUEST_WRITE);
	harness_finds(&h, CLAUSE_EXT_MIRROR_STOP, MIRROR);
	status(&h, 15);
	TELL(&h, .kind = EV_CRASH, .queue = RX);
	mirrors(&h, EV_GUEST_READ);
	harness_finds(&h, CLAUSE_EXT_MIRROR_STOP, MIRROR);
	close(&h);
}

/* It is a device, too. */
static void a_mirror_writes_what_is_sent(void)
{
	struct referee_harness h;

	begin(&h);
	offer(&h, TX, 0, POSTS, 0);
	mirrors(&h, EV_GUEST_WRITE);
	harness_finds(&h, CLAUSE_SPLIT_DESC_READONLY, MIRROR);
	close(&h);
}

static const struct unit_case cases[] = {
	{"buffers are written", buffers_are_written},
	{"what is sent is written", what_is_sent_is_written},
	{"any piece of a chain is written", any_piece_of_a_chain_is_written},
	{"a table is written", a_table_is_written},
	{"a reset gives all back", a_reset_gives_all_back},
	{"slots are others' affair", slots_are_others_affair},
	{"a mirror works while its peer runs",
	 a_mirror_works_while_its_peer_runs},
	{"a mirror goes on", a_mirror_goes_on},
	{"a mirror writes what is sent", a_mirror_writes_what_is_sent},
};

UNIT_MAIN("device_access", cases)
