/* SPDX-License-Identifier: BSD-3-Clause */
/* An answer holds where all that was read is the same, and nowhere else. */
#include "sim/explore/store/read_trie.h"

#include <string.h>

#include "model/unit.h"
#include "sim/explore/store/set.h"

enum { VARIABLES = 70, QUERIES = 2, SET = 2, LATER = 69 };

/* One state, in one component, of which variable 0 is not the first word. */
static struct {
	uint64_t word[1 + VARIABLES];
	uint32_t number[1], place[VARIABLES];
	struct trie_state state;
	struct read_trie trie;
} f;

static void set(uint32_t variable, uint64_t value)
{
	f.word[1 + variable] = trie_mix(variable, value);
}

static void begin(void)
{
	uint64_t none[SET] = {0};

	memset(&f, 0, sizeof f);
	f.number[0] = 1;
	f.state = (struct trie_state){f.word, f.number, f.place};
	for (uint32_t i = 0; i < VARIABLES; i++) {
		f.place[i] = i;
		set(i, 0);
	}
	CU_ASSERT_TRUE_FATAL(trie_open(&f.trie, QUERIES, VARIABLES, false));
	for (uint32_t q = 0; q < QUERIES; q++)
		CU_ASSERT_TRUE_FATAL(trie_begin(&f.trie, q, none, none));
}

/* Tells that @count variables were read to answer @q, of any number. */
static uint32_t tell(uint32_t q, const uint16_t *variable, uint32_t count,
		     uint64_t word)
{
	uint64_t seen[SET] = {0};
	struct trie_reads read = {(uint16_t *)variable, count, seen};
	uint32_t answer;

	for (uint32_t i = 0; i < count; i++)
		set_add(seen, variable[i]);
	answer = trie_tell(&f.trie, q, &f.state, &read, word, 0, false);
	CU_ASSERT_NOT_EQUAL_FATAL(answer, 0);
	CU_ASSERT_EQUAL(trie_answer(&f.trie, answer)->word, word);
	for (uint32_t i = 0; i < count; i++)
		CU_ASSERT_TRUE(
			set_has(trie_known(&f.trie, answer), variable[i]));
	return answer;
}

static uint32_t ask(uint32_t q)
{
	return trie_ask(&f.trie, q, &f.state);
}

static const uint16_t some[] = {3, 7, 11, 20, 21, 22, 64, 65};
enum { SOME = sizeof some / sizeof some[0] };

static void holds_where_it_was_read(void)
{
	uint32_t answer, other;

	begin();
	CU_ASSERT_EQUAL(ask(0), 0);
	answer = tell(0, some, SOME, 100);
	CU_ASSERT_EQUAL(ask(0), answer);
	CU_ASSERT_EQUAL(ask(1), 0);
	set(4, 9); /* which was not read */
	CU_ASSERT_EQUAL(ask(0), answer);
	for (uint32_t i = 0; i < SOME; i++) {
		set(some[i], 1);
		CU_ASSERT_EQUAL(ask(0), 0);
		other = tell(0, some, SOME, 200 + i);
		CU_ASSERT_EQUAL(ask(0), other);
		set(some[i], 0);
		CU_ASSERT_EQUAL(ask(0), answer);
	}
	trie_close(&f.trie);
}

/* What is read next may hang on what the first few held. */
static void reads_may_differ(void)
{
	const uint16_t few[] = {3, 4, 5, 6, 40}, more[] = {3, 4, 5, 6, 50, 51};
	uint32_t one, two;

	begin();
	one = tell(0, few, 5, 1);
	set(3, 5);
	CU_ASSERT_EQUAL(ask(0), 0);
	two = tell(0, more, 6, 2);
	set(40, 8);
	CU_ASSERT_EQUAL(ask(0), two);
	set(3, 0);
	CU_ASSERT_EQUAL(ask(0), 0);
	set(40, 0);
	set(51, 1);
	CU_ASSERT_EQUAL(ask(0), one);
	trie_close(&f.trie);
}

/* The first who told has told; the mark goes with the answer. */
static void first_answer_stays(void)
{
	struct trie_reads read = {(uint16_t *)some, SOME, (uint64_t[SET]){0}};
	uint32_t answer;

	begin();
	for (uint32_t i = 0; i < SOME; i++)
		set_add(read.set, some[i]);
	answer = trie_tell(&f.trie, 0, &f.state, &read, 1, 17, true);
	CU_ASSERT_TRUE(answer & TRIE_MARK);
	CU_ASSERT_EQUAL(ask(0), answer);
	CU_ASSERT_EQUAL(trie_tell(&f.trie, 0, &f.state, &read, 2, 18, false),
			answer);
	CU_ASSERT_EQUAL(trie_answer(&f.trie, answer)->says, 17);
	CU_ASSERT_TRUE(trie_next(&f.trie) > (answer & ~TRIE_MARK));
	trie_close(&f.trie);
}

/* Variables that come later were zero in all that was told before. */
static void later_variables_were_zero(void)
{
	uint64_t later[SET] = {0};
	uint32_t before, since;

	begin();
	set_add(later, LATER);
	before = tell(0, some, SOME, 1);
	CU_ASSERT_TRUE_FATAL(trie_widen(&f.trie, 0, later));
	CU_ASSERT_EQUAL(ask(0), before);
	set(LATER, 1);
	CU_ASSERT_EQUAL(ask(0), 0);
	since = tell(0, some, SOME, 2);
	CU_ASSERT_EQUAL(ask(0), since);
	CU_ASSERT_TRUE_FATAL(trie_shorten(&f.trie, 0, later));
	CU_ASSERT_EQUAL(ask(0), 0);
	set(LATER, 0);
	CU_ASSERT_EQUAL(ask(0), before);
	CU_ASSERT_TRUE_FATAL(trie_forget(&f.trie, 0));
	CU_ASSERT_EQUAL(ask(0), 0);
	trie_close(&f.trie);
}

static const struct unit_case cases[] = {
	{"an answer holds where it was read", holds_where_it_was_read},
	{"reads may differ", reads_may_differ},
	{"the first answer stays", first_answer_stays},
	{"later cells were zero", later_variables_were_zero},
};

UNIT_MAIN("memo", cases)
