/* SPDX-License-Identifier: BSD-3-Clause */
/* What a scenario expects, held against results that a test makes up. */
#include "sim/run/expectation.h"

#include <string.h>

#include "model/unit.h"

static struct run_result r;

/* A run that came to rest: a frame was sent, and arrived. */
static void result(void)
{
	memset(&r, 0, sizeof r);
	r.settled = true;
	r.all.sent.packets = r.all.delivered.packets = 1;
}

static void judge(const struct expect_config *e)
{
	expectation_judge(e, true, false, &r);
}

static void expect_unmet(const char *words)
{
	CU_ASSERT_FALSE(r.held);
	CU_ASSERT_EQUAL_FATAL(r.unmets, 1);
	CU_ASSERT_STRING_EQUAL(r.unmet[0].what, words);
}

static void nothing_is_broken(void)
{
	result();
	judge(&(struct expect_config){0});
	CU_ASSERT_TRUE(r.held);
	r.broken[CLAUSE_EXT_EPOCH] = true;
	judge(&(struct expect_config){0});
	expect_unmet("violations: EXT-EPOCH is not expected");
}

static void what_is_expected_is_found(void)
{
	const struct expect_config e = {
		.violations = {.count = 1, .clause = {CLAUSE_EXT_EPOCH}}};

	result();
	r.broken[CLAUSE_EXT_EPOCH] = true;
	judge(&e);
	CU_ASSERT_TRUE(r.held);
	result();
	judge(&e);
	expect_unmet("violations: EXT-EPOCH was expected, not found");
}

/* Nobody watched, so nothing could be found. */
static void unchecked(void)
{
	const struct expect_config e = {
		.violations = {.count = 1, .clause = {CLAUSE_EXT_EPOCH}}};

	result();
	expectation_judge(&e, false, false, &r);
	CU_ASSERT_TRUE(r.held);
}

static void numbers(void)
{
	result();
	judge(&(struct expect_config){.has_delivered = true, .delivered = 2});
	expect_unmet("delivered: expected 2, actual 1");
	result();
	judge(&(struct expect_config){.has_lost = true, .lost = 1});
	expect_unmet("lost: expected 1, actual 0");
	result();
	judge(&(struct expect_config){.has_digest = true, .digest = 0xabc});
	expect_unmet("digest: expected 0000000000000abc, actual "
		     "0000000000000000");
	result();
	judge(&(struct expect_config){.has_delivered = true, .delivered = 1});
	CU_ASSERT_TRUE(r.held);
}

/* Of a script that came to rest all was judged; what else shows nothing? */
static void what_shows_nothing(void)
{
	const struct expect_config none = {0};

	result();
	r.all.delivered.packets = 0;
	judge(&none);
	expect_unmet("delivered: no packet, so the run shows nothing; "
		     "expect: {delivered: 0} where that is right");
	result();
	r.all.delivered.packets = 0;
	expectation_judge(&none, true, true, &r);
	CU_ASSERT_TRUE(r.held);
	result();
	r.all.delivered.packets = 0;
	judge(&(struct expect_config){.has_delivered = true});
	CU_ASSERT_TRUE(r.held);
}

static void interrupted(void)
{
	result();
	r.interrupted = true;
	judge(&(struct expect_config){0});
	CU_ASSERT_FALSE(r.held);
	CU_ASSERT_EQUAL(r.unmets, 0);
}

static const struct unit_case cases[] = {
	{"nothing is broken", nothing_is_broken},
	{"what is expected is found", what_is_expected_is_found},
	{"nobody watched", unchecked},
	{"numbers", numbers},
	{"what shows nothing", what_shows_nothing},
	{"interrupted", interrupted},
};

UNIT_MAIN("expectation", cases)
