/* SPDX-License-Identifier: BSD-3-Clause */
/* The raw ring against bytes written down by hand from the specification. */
#include "conformance/raw_ring.h"
#include "model/unit.h"

#include <string.h>

static void layout(void)
{
	struct raw_ring r;

	CU_ASSERT_EQUAL(raw_ring_place(&r, NULL, 0, 0x1001, 4),
			0x1010 + 64 + 16 + 4 + 32 + 2);
	CU_ASSERT_EQUAL(r.desc, 0x1010);
	CU_ASSERT_EQUAL(r.avail, 0x1010 + 64);
	CU_ASSERT_EQUAL(r.used, 0x1010 + 64 + 16);
	raw_ring_place(&r, NULL, 0, 0, 32768);
	CU_ASSERT_EQUAL(r.avail, 524288);
	CU_ASSERT_EQUAL(r.used, 524288 + 65544);
}

static void bytes(void)
{
	static const uint8_t want[] = {
		/* descriptors 0 and 1 */
		8, 7, 6, 5, 4, 3, 2, 1, 0xd, 0xc, 0xb, 0xa, 2, 0, 1, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		/* available: flags, idx, two entries, used_event; padding */
		1, 0, 0x34, 0x12, 1, 0, 0, 0, 0x78, 0x56, 0, 0,
		/* used: flags, idx, two elements, avail_event */
		1, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6,
		5, 0xbc, 0x9a};
	uint8_t memory[sizeof want] = {0};
	struct raw_ring r;

	CU_ASSERT_EQUAL(raw_ring_place(&r, memory, 0x100, 0x100, 2),
			0x100 + sizeof want);
	raw_ring_put_desc(&r, 0,
			  (struct raw_desc){0x0102030405060708, 0x0a0b0c0d,
					    RAW_WRITE, 1});
	raw_ring_put_avail_flags(&r, 1);
	raw_ring_put_avail_idx(&r, 0x1234);
	raw_ring_put_avail(&r, 4, 1);
	raw_ring_put_used_event(&r, 0x5678);
	raw_ring_put_used_flags(&r, 1);
	raw_ring_put_used_idx(&r, 0xffff);
	raw_ring_put_used(&r, 65535, 0x01020304, 0x05060708);
	raw_ring_put_avail_event(&r, 0x9abc);
	CU_ASSERT_EQUAL(memcmp(memory, want, sizeof want), 0);
	CU_ASSERT_EQUAL(raw_ring_desc(&r, 0).addr, 0x0102030405060708);
	CU_ASSERT_EQUAL(raw_ring_desc(&r, 0).len, 0x0a0b0c0d);
	CU_ASSERT_EQUAL(raw_ring_avail(&r, 0), 1);
	CU_ASSERT_EQUAL(raw_ring_avail_idx(&r), 0x1234);
	CU_ASSERT_EQUAL(raw_ring_used_event(&r), 0x5678);
	CU_ASSERT_EQUAL(raw_ring_used_id(&r, 1), 0x01020304);
	CU_ASSERT_EQUAL(raw_ring_used_len(&r, 1), 0x05060708);
	CU_ASSERT_EQUAL(raw_ring_used_idx(&r), 0xffff);
	CU_ASSERT_EQUAL(raw_ring_avail_event(&r), 0x9abc);
}

static const struct unit_case cases[] = {
	{"layout", layout},
	{"bytes", bytes},
};

UNIT_MAIN("raw_ring", cases)
