/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "model/unit.h"
#include "sim/traffic/capture/spool.h"

enum { MEMORY = 1000, ALL = 100000 };

static uint8_t byte_at(uint64_t i)
{
	return (uint8_t)(i * 7 >> 3);
}

/* Written in pieces of all sizes, read from anywhere. */
static void more_than_memory(void)
{
	uint8_t part[3000];
	uint64_t at = 0;
	struct spool s;

	spool_begin(&s, MEMORY);
	for (uint64_t len = 0; at < ALL; len = (len + 37) % 2500) {
		for (uint64_t i = 0; i < len; i++)
			part[i] = byte_at(at + i);
		CU_ASSERT_TRUE_FATAL(spool_add(&s, part, len));
		at += len;
		CU_ASSERT(s.room <= MEMORY);
	}
	CU_ASSERT(s.fd >= 0);
	for (uint64_t from = 0; from <= at + 10; from += 513) {
		uint64_t most = from < at ? at - from : 0;
		int64_t got = spool_read(&s, from, part, sizeof part);

		CU_ASSERT_EQUAL((uint64_t)got,
				most < sizeof part ? most : sizeof part);
		for (int64_t i = 0; i < got; i++)
			CU_ASSERT_EQUAL_FATAL(part[i],
					      byte_at(from + (uint64_t)i));
	}
	spool_end(&s);
}

static void little_needs_no_file(void)
{
	struct spool s;
	uint8_t part[MEMORY] = {[MEMORY - 1] = 3};

	spool_set_folder("/nonexistent");
	spool_begin(&s, MEMORY);
	CU_ASSERT_TRUE(spool_add(&s, part, MEMORY));
	CU_ASSERT_EQUAL(s.fd, -1);
	CU_ASSERT_FALSE(spool_add(&s, part, 1));
	CU_ASSERT_EQUAL(errno, ENOENT);
	CU_ASSERT_EQUAL(spool_read(&s, MEMORY - 1, part, 9), 1);
	CU_ASSERT_EQUAL(part[0], 3);
	spool_end(&s);
	spool_set_folder("/var/tmp");
}

static const struct unit_case cases[] = {
	{"more than memory", more_than_memory},
	{"little needs no file", little_needs_no_file},
};

UNIT_MAIN("spool", cases)
