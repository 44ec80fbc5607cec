/* SPDX-License-Identifier: BSD-3-Clause */
/* What counts as near, and that nothing far is ever suggested. */
#include "sim/text/guess.h"

#include <string.h>

#include "model/unit.h"

static const char *guess(const char *word)
{
	static const char *const words[] = {"gift_threshold", "seed", "copy",
					    "epoch", "ring"};
	struct guess g = guess_of(word);

	for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
		guess_try(&g, words[i]);
	return g.best ? g.best : "";
}

static void distances(void)
{
	CU_ASSERT_EQUAL(guess_distance("", ""), 0);
	CU_ASSERT_EQUAL(guess_distance("", "abc"), 3);
	CU_ASSERT_EQUAL(guess_distance("abc", "abc"), 0);
	CU_ASSERT_EQUAL(guess_distance("abc", "ac"), 1);
	CU_ASSERT_EQUAL(guess_distance("abc", "acb"), 1);
	CU_ASSERT_EQUAL(guess_distance("kitten", "sitting"), 3);
}

static void near_words(void)
{
	CU_ASSERT_STRING_EQUAL(guess("gift_treshold"), "gift_threshold");
	CU_ASSERT_STRING_EQUAL(guess("sede"), "seed");
	CU_ASSERT_STRING_EQUAL(guess("cpoy"), "copy");
	CU_ASSERT_STRING_EQUAL(guess("rings"), "ring");
}

static void far_words(void)
{
	char longer[200];

	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	CU_ASSERT_STRING_EQUAL(guess("foo"), "");
	CU_ASSERT_STRING_EQUAL(guess("x"), "");
	CU_ASSERT_STRING_EQUAL(guess(""), "");
	CU_ASSERT_STRING_EQUAL(guess("bursts"), "");
	CU_ASSERT_STRING_EQUAL(guess(longer), "");
}

static void words(void)
{
	struct guess g = guess_of("sed");
	char text[40];

	CU_ASSERT_STRING_EQUAL(guess_words(&g, text, sizeof text), "");
	guess_try(&g, "seed");
	guess_try(&g, "send");
	CU_ASSERT_STRING_EQUAL(guess_words(&g, text, sizeof text),
			       "; did you mean 'seed'?");
}

static const struct unit_case cases[] = {
	{"edits are counted, a swap as one", distances},
	{"a slip of the finger is understood", near_words},
	{"what is far off is not suggested", far_words},
	{"of equals the first is named", words},
};

UNIT_MAIN("guess", cases)
