/* SPDX-License-Identifier: BSD-3-Clause */
/* What a driver may expose, judged from DESC and OFFER, one lie a case. */
#include <string.h>

#include "conformance/referee/ring/chains.h"
#include "conformance/ring_harness.h"

static void good_chains(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 3, 60, RH_WRITE, 0); /* last to first, as our driver */
	rh_desc(&r, 2, 60, RH_NEXT, 3);
	rh_chain(&r, 1, 3, 12, RH_NEXT);
	rh_desc(&r, 5, 60, RH_NEXT, 6); /* first to last */
	rh_desc(&r, 6, 60, 0, 0);
	rh_chain(&r, 4, 3, 12, RH_NEXT);
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 4, 0);
	rh_used(&r, 1, 60);
	rh_used_idx(&r);
	rh_call(&r);
	rh_take(&r, 4, 0);
	rh_take(&r, 1, 60);
	rh_offer(&r, 2);
	rh_offer(&r, 6);
	rh_close(&r);
}

static void good_tables(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	rh_desc(&r, 0, 12, RH_NEXT, 1);
	rh_desc(&r, 1, 60, RH_WRITE, 0);
	rh_chain(&r, 0, 2, 32, RH_INDIRECT);
	rh_desc(&r, 0, 60, 0, 0);
	rh_chain(&r, 1, 1, 16, RH_INDIRECT);
	rh_desc(&r, 0, 60, 0, 0); /* a table behind a direct descriptor */
	rh_desc(&r, 3, 16, RH_INDIRECT, 0);
	rh_chain(&r, 2, 2, 12, RH_NEXT);
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 0, 60);
	rh_close(&r);
}

static void head_outside(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 8);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DRIVER);
	rh_close(&r);
}

static void next_outside(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 2, 60, RH_NEXT, 8);
	rh_chain(&r, 1, 3, 12, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DRIVER);
	rh_desc(&r, 9, 60, 0, 0);
	rh_finds(&r, CLAUSE_SPLIT_HEAD, RH_DRIVER);
	rh_chain(&r, 3, 2, 12, RH_NEXT);
	rh_close(&r);
}

static void readable_behind_writable(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 2, 60, 0, 0);
	rh_chain(&r, 1, 2, 12, RH_NEXT | RH_WRITE);
	rh_finds(&r, CLAUSE_SPLIT_ORDER, RH_DRIVER);
	rh_close(&r);
}

static void no_descriptor(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_chain(&r, 1, 0, 0, 0);
	rh_finds(&r, CLAUSE_SPLIT_ONE_DESC, RH_DRIVER);
	rh_close(&r);
}

static void too_many_bytes(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 2, 1, RH_WRITE, 0);
	rh_chain(&r, 1, 2, UINT32_MAX, RH_NEXT);
	rh_silent(&r); /* 2^32 are not too many */
	rh_desc(&r, 4, 2, RH_WRITE, 0);
	rh_chain(&r, 3, 2, UINT32_MAX, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_CHAIN_BYTES, RH_DRIVER);
	rh_close(&r);
}

static void loops(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 2, 1, RH_NEXT, 1);
	rh_chain(&r, 1, 2, 1, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_CHAIN_BYTES, RH_DRIVER);
	rh_desc(&r, 5, 1, RH_NEXT, 4);
	rh_desc(&r, 4, 1, RH_NEXT, 5);
	rh_chain(&r, 3, 3, 1, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_CHAIN_BYTES, RH_DRIVER);
	rh_close(&r);
}

static void too_long(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 2, .indirect = true);
	rh_desc(&r, 0, 1, RH_NEXT, 1);
	rh_desc(&r, 1, 1, 0, 0);
	rh_chain(&r, 0, 2, 32, RH_INDIRECT);
	rh_silent(&r);
	rh_desc(&r, 0, 1, RH_NEXT, 1);
	rh_desc(&r, 1, 1, RH_NEXT, 2);
	rh_desc(&r, 2, 1, 0, 0);
	rh_chain(&r, 1, 3, 48, RH_INDIRECT);
	rh_finds(&r, CLAUSE_SPLIT_CHAIN_LONG, RH_DRIVER);
	rh_close(&r);
}

static void not_written(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_chain(&r, 1, 2, 12, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_ORDER, RH_DRIVER);
	rh_desc(&r, 3, 12, RH_NEXT, 4);
	rh_chain(&r, 2, 3, 12, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_ORDER, RH_DRIVER);
	rh_close(&r);
}

static void indirect_not_negotiated(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_chain(&r, 1, 1, 16, RH_INDIRECT);
	rh_finds(&r, CLAUSE_SPLIT_INDIR_FEATURE, RH_DRIVER);
	rh_close(&r);
}

static void indirect_and_next(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	rh_desc(&r, 0, 60, 0, 0);
	rh_chain(&r, 1, 1, 16, RH_INDIRECT | RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_INDIR_NEXT, RH_DRIVER);
	rh_close(&r);
}

static void nested(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	rh_desc(&r, 0, 16, RH_INDIRECT, 0);
	rh_chain(&r, 1, 1, 16, RH_INDIRECT);
	rh_finds(&r, CLAUSE_SPLIT_INDIR_NEST, RH_DRIVER);
	rh_close(&r);
}

static void table_of_no_size(void)
{
	static const uint32_t wrong[] = {0, 15, 17, 40};
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	for (unsigned i = 0; i < 4; i++) {
		rh_desc(&r, 0, 60, 0, 0);
		rh_chain(&r, i, 1, wrong[i], RH_INDIRECT);
		rh_finds(&r, CLAUSE_SPLIT_INDIR_TABLE, RH_DRIVER);
	}
	rh_close(&r);
}

static void next_behind_the_table(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	rh_desc(&r, 0, 60, RH_NEXT, 2);
	rh_chain(&r, 1, 2, 32, RH_INDIRECT);
	rh_finds(&r, CLAUSE_SPLIT_INDIR_TABLE, RH_DRIVER);
	rh_close(&r);
}

/* Tables of VM 0 lie in [0x1000, 0x1100); rh_chain() puts them at 0x1000. */
static void table_outside_of_memory(void)
{
	struct ring_harness r;

	harness_prepare(&r.h);
	r.h.config.link[0].ring =
		(struct ring_config){.size = 32, .indirect = true};
	r.h.map.vm[0].ram_gpa = 0x1000;
	r.h.map.vm[0].ram_size = 0x100;
	harness_open(&r.h, &ringwatch_referee);
	rh_rewind(&r);
	rh_desc(&r, 0, 60, 0, 0);
	rh_chain(&r, 0, 1, 0x100, RH_INDIRECT);
	rh_silent(&r);
	rh_desc(&r, 0, 60, 0, 0);
	rh_chain(&r, 1, 1, 0x110, RH_INDIRECT);
	rh_finds(&r, CLAUSE_SPLIT_INDIR_TABLE, RH_DRIVER);
	rh_close(&r);
}

static void live_head_again(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 3);
	rh_offer(&r, 3);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_close(&r);
}

static void used_but_not_visible(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_offer(&r, 3);
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 3, 1);
	rh_offer(&r, 3);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_close(&r);
}

/* Whoever watches a driver from outside sees no TAKE. */
static void visible_and_used_again(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 4);
	for (int i = 0; i < 100; i++) {
		rh_desc(&r, i % 2 ? 2 : 1, 60, RH_WRITE, 0);
		rh_chain(&r, i % 2, 2, 12, RH_NEXT);
		rh_publish(&r);
		rh_kick(&r);
		rh_used(&r, i % 2, 60);
		rh_used_idx(&r);
		rh_call(&r);
	}
	rh_close(&r);
}

static void live_member_rewritten(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 2, 60, 0, 0);
	rh_chain(&r, 1, 2, 12, RH_NEXT);
	rh_desc(&r, 2, 90, 0, 0);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_close(&r);
}

/* What has been seen of the chain stays a chain, and can be judged again. */
static void member_written_twice(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 3, 60, 0, 0);
	rh_desc(&r, 3, 60, RH_NEXT, 3);
	rh_chain(&r, 1, 3, 12, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_CHAIN_BYTES, RH_DRIVER);
	rh_offer(&r, 1);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_close(&r);
}

static void live_member_in_another_chain(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	rh_desc(&r, 2, 60, RH_NEXT, 3);
	rh_desc(&r, 3, 60, 0, 0);
	rh_chain(&r, 1, 3, 12, RH_NEXT);
	rh_desc(&r, 3, 60, 0, 0);
	rh_chain(&r, 4, 2, 12, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_desc(&r, 1, 60, 0, 0);
	rh_chain(&r, 5, 2, 12, RH_NEXT);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_close(&r);
}

/* With tables about, a stray write shows when the entry is written. */
static void live_head_rewritten_beside_a_table(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8, .indirect = true);
	rh_offer(&r, 5);
	rh_desc(&r, 5, 1, 0, 0);
	rh_desc(&r, 0, 60, 0, 0);
	rh_chain(&r, 6, 1, 16, RH_INDIRECT);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_close(&r);
}

static void overrun(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 4);
	for (uint32_t i = 0; i < 4; i++)
		rh_offer(&r, i);
	rh_silent(&r);
	rh_offer(&r, 0);
	rh_finds(&r, CLAUSE_SPLIT_AVAIL_OVERRUN, RH_DRIVER);
	rh_close(&r);
}

/* A chain of @count whose descriptors are written in one order or the other. */
static void chain_write(struct chains *c, uint32_t head, uint32_t count,
			uint16_t write, bool backwards)
{
	struct verdict why;
	struct event ev = {.kind = EV_AVAILABLE,
			   .item = {0x1000, 100, head | count << 16},
			   .b = RH_NEXT | write | 7 << 16};

	for (uint32_t k = 1; k < count; k++) {
		uint32_t n = backwards ? count - k : k;
		bool last = n == count - 1;
		struct event desc = {
			.kind = EV_DESC,
			.item = {0x1000 * (n + 1), 100 + n, head + n},
			.b = last ? write
				  : RH_NEXT | write | (head + n + 1) << 16};

		CU_ASSERT(chains_desc(c, &desc, &why));
	}
	CU_ASSERT(chains_offer(c, &ev, &why));
}

/* What is known of a chain does not hang on the order of writing it. */
static void either_order(void)
{
	enum { SIZE = 16 };
	static uint8_t memory[2][4096];

	for (uint32_t count = 2; count <= SIZE; count++)
		for (uint32_t write = 0; write < 2; write++) {
			struct chains c[2];

			for (uint32_t way = 0; way < 2; way++) {
				struct arena a = {.base = memory[way],
						  .size = sizeof memory[way]};

				memset(memory[way], 0, sizeof memory[way]);
				chains_init(&c[way], SIZE, false, &a);
				chains_reset(&c[way], 0);
				chain_write(&c[way], 0, count,
					    write ? RH_WRITE : 0, way);
			}
			CU_ASSERT_EQUAL(c[0].outstanding, c[1].outstanding);
			CU_ASSERT_EQUAL(c[1].fresh_count, 0);
			for (uint32_t i = 0; i < count; i++) {
				const struct chain_note *a = &c[0].note[i];
				const struct chain_note *b = &c[1].note[i];

				CU_ASSERT_EQUAL(a->state, b->state);
				CU_ASSERT_EQUAL(a->room, b->room);
				CU_ASSERT_EQUAL(a->count, b->count);
				CU_ASSERT_EQUAL(a->at, b->at);
				if (i + 1 < count)
					CU_ASSERT_EQUAL(a->next, b->next);
			}
		}
}

/* What is like such a chain but for its end is followed all the same. */
static void nearly_alike(void)
{
	struct ring_harness r;

	RH_OPEN(&r, .size = 8);
	rh_desc(&r, 4, 60, RH_WRITE, 0);
	rh_desc(&r, 3, 60, RH_NEXT, 4);
	rh_chain(&r, 2, 3, 12, RH_NEXT);
	rh_offer(&r, 7);
	rh_silent(&r);
	rh_desc(&r, 5, 60, 0, 0);
	rh_desc(&r, 7, 60, RH_NEXT, 5);
	rh_finds(&r, CLAUSE_SPLIT_LIVE_DESC, RH_DRIVER);
	rh_chain(&r, 1, 3, 12, RH_NEXT);
	r.h.said = 0;
	rh_publish(&r);
	rh_kick(&r);
	rh_used(&r, 2, 60); /* has room for 60 */
	rh_close(&r);
}

static const struct unit_case cases[] = {
	{"good chains", good_chains},
	{"good tables", good_tables},
	{"head outside of the table", head_outside},
	{"next outside of the table", next_outside},
	{"readable behind writable", readable_behind_writable},
	{"no descriptor", no_descriptor},
	{"more than 2^32 bytes", too_many_bytes},
	{"loops", loops},
	{"longer than the queue", too_long},
	{"exposed before it was written", not_written},
	{"INDIRECT without the feature", indirect_not_negotiated},
	{"INDIRECT with NEXT", indirect_and_next},
	{"nested tables", nested},
	{"tables of no whole size", table_of_no_size},
	{"next behind the table", next_behind_the_table},
	{"table outside of memory", table_outside_of_memory},
	{"a live head again", live_head_again},
	{"used but not yet visible", used_but_not_visible},
	{"used, visible and exposed again", visible_and_used_again},
	{"a live member rewritten", live_member_rewritten},
	{"a live member in another chain", live_member_in_another_chain},
	{"a member is written twice", member_written_twice},
	{"a live head rewritten beside a table",
	 live_head_rewritten_beside_a_table},
	{"overrun", overrun},
	{"written in either order", either_order},
	{"nearly alike", nearly_alike},
};

UNIT_MAIN("chains", cases)
