/* SPDX-License-Identifier: BSD-3-Clause */
/* Each spelling that is taken, and each near miss that is not. */
#include "sim/text/value.h"

#include <string.h>

#include "model/unit.h"

typedef enum value_answer reader(const char *text, uint64_t *out);

static void good(reader *read, const char *text, uint64_t expected)
{
	uint64_t value = ~expected;

	CU_ASSERT_EQUAL(read(text, &value), VALUE_OK);
	CU_ASSERT_EQUAL(value, expected);
}

static void bad(reader *read, const char *const *texts,
		enum value_answer answer)
{
	uint64_t value;

	for (; *texts; texts++) {
		if (read(*texts, &value) != answer)
			printf("\n'%s' ", *texts);
		CU_ASSERT_EQUAL(read(*texts, &value), answer);
	}
}

static void numbers(void)
{
	static const char *const malformed[] = {
		"",   "lots", "256abc", "1e3", "+5", "1_000",
		"0x", "0xg",  "0X1f",   "1.0", " 1", "1 ",
		"-",  "--1",  "0b1",    "0o7", NULL};
	static const char *const beyond[] = {"-5",
					     "-0",
					     "18446744073709551616",
					     "0x10000000000000000",
					     "99999999999999999999999999",
					     NULL};

	good(value_number, "0", 0);
	good(value_number, "010", 10);
	good(value_number, "0x1F", 31);
	good(value_number, "18446744073709551615", UINT64_MAX);
	good(value_number, "0xffffffffffffffff", UINT64_MAX);
	bad(value_number, malformed, VALUE_MALFORMED);
	bad(value_number, beyond, VALUE_BEYOND);
}

static void switches(void)
{
	static const char *const malformed[] = {"",  "On", "TRUE", "y",
						"1", "0",  "offf", NULL};

	good(value_switch, "on", 1);
	good(value_switch, "true", 1);
	good(value_switch, "yes", 1);
	good(value_switch, "off", 0);
	good(value_switch, "false", 0);
	good(value_switch, "no", 0);
	bad(value_switch, malformed, VALUE_MALFORMED);
}

static void times(void)
{
	static const char *const malformed[] = {"",      "5",    "5 us", "us",
						"1.5us", "5m",   "5US",  "00",
						"0x5us", "+5us", "-5",   NULL};
	static const char *const beyond[] = {"-5us", "18446745s",
					     "99999999999999999999ps", NULL};

	bad(value_time, malformed, VALUE_MALFORMED);
	good(value_time, "0", 0);
	good(value_time, "0ms", 0);
	good(value_time, "7ps", 7);
	good(value_time, "7ns", 7000);
	good(value_time, "7us", 7000000);
	good(value_time, "7ms", 7000000000);
	good(value_time, "18446744s", 18446744000000000000u);
	good(value_time, "18446744073709551615ps", UINT64_MAX);
	bad(value_time, beyond, VALUE_BEYOND);
}

static void rates(void)
{
	static const char *const malformed[] = {"",   "k",    "1K",  "1m",
						"1G", "1.5M", "1kk", NULL};
	static const char *const beyond[] = {"-1k", "18446744073709551616",
					     "18446744073710M", NULL};

	good(value_rate, "500", 500);
	good(value_rate, "10k", 10000);
	good(value_rate, "3M", 3000000);
	bad(value_rate, malformed, VALUE_MALFORMED);
	bad(value_rate, beyond, VALUE_BEYOND);
}

static void scales(void)
{
	static const char *const malformed[] = {"",    "2",   "x",      "%",
						".5x", "1.x", "1.234x", "1.5%",
						"-2x", "2X",  "2xx",    NULL};
	static const char *const beyond[] = {"184467440737095517x",
					     "99999999999999999999%", NULL};

	good(value_scale, "2x", 200);
	good(value_scale, "0.5x", 50);
	good(value_scale, "0.25x", 25);
	good(value_scale, "0.05x", 5);
	good(value_scale, "150%", 150);
	bad(value_scale, malformed, VALUE_MALFORMED);
	bad(value_scale, beyond, VALUE_BEYOND);
}

static void digests(void)
{
	static const char *const malformed[] = {"",
						"0x",
						"123",
						"0123456789abcde",
						"0123456789abcdef0",
						"0123456789abcdeg",
						"0x0123456789abcde",
						NULL};

	good(value_digest, "0123456789abcdef", 0x0123456789abcdef);
	good(value_digest, "0x0123456789ABCDEF", 0x0123456789abcdef);
	good(value_digest, "ffffffffffffffff", UINT64_MAX);
	bad(value_digest, malformed, VALUE_MALFORMED);
}

static void times_written(void)
{
	char text[32];

	CU_ASSERT_STRING_EQUAL(value_time_text(0, text, sizeof text), "0");
	CU_ASSERT_STRING_EQUAL(value_time_text(1, text, sizeof text), "1ps");
	CU_ASSERT_STRING_EQUAL(value_time_text(1500000, text, sizeof text),
			       "1500ns");
	CU_ASSERT_STRING_EQUAL(value_time_text(1000000000, text, sizeof text),
			       "1ms");
	CU_ASSERT_STRING_EQUAL(value_time_text(UINT64_MAX, text, sizeof text),
			       "18446744073709551615ps");
}

static const struct unit_case cases[] = {
	{"numbers are decimal or 0x, whole and in 64 bits", numbers},
	{"six words for on and off", switches},
	{"times have a unit", times},
	{"rates may have k or M", rates},
	{"scales are factors or percent", scales},
	{"digests have 16 digits", digests},
	{"times are written in the largest unit that fits", times_written},
};

UNIT_MAIN("value", cases)
