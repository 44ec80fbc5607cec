/* SPDX-License-Identifier: BSD-3-Clause */
/* What the bar says, without a clock and without a terminal. */
#include "tools/screen/progress.h"

#include "model/unit.h"

#define SECOND_NS UINT64_C(1000000000)

static void says(uint64_t done, uint64_t total, const char *expected)
{
	char line[100];

	progress_line(line, sizeof line, done, total, 5000000, 10 * SECOND_NS);
	CU_ASSERT_STRING_EQUAL(line, expected);
}

static void known(void)
{
	says(0, 1000,
	     "[>                             ]   0%  "
	     "0 packets/s  ETA -:--");
	says(100000, 400000,
	     "[=======>                      ]  25%  "
	     "9999 packets/s  ETA 0:30");
	says(400000, 400000,
	     "[==============================] 100%  "
	     "39996 packets/s  ETA 0:00");
	says(100000, 100000000,
	     "[>                             ]   0%  "
	     "9999 packets/s  ETA 2:46:30");
}

static void unknown(void)
{
	says(12, 0, "12 packets, virtual time 5 us");
	says(12, UINT64_MAX, "12 packets, virtual time 5 us");
	says(12, 11, "12 packets, virtual time 5 us");
}

static void narrow(void)
{
	char line[8];

	progress_line(line, sizeof line, 1, 2, 0, 1);
	CU_ASSERT_STRING_EQUAL(line, "[======");
}

static const struct unit_case cases[] = {
	{"a known total", known},
	{"no total", unknown},
	{"a narrow terminal", narrow},
};

UNIT_MAIN("tools.report.progress", cases)
