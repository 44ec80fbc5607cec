/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A test program in one line: a table of cases and unit_run(). Each program is
 * one CUnit suite and one CTest.
 */
#ifndef TWINRING_MODEL_UNIT_H
#define TWINRING_MODEL_UNIT_H

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

struct unit_case {
	const char *name;
	void (*run)(void);
};

/*
 * What the running case has shown of @rule: that @judge finds it "broken", or
 * "kept". conformance/test.d/clauses.sh counts for each rule what shows it.
 */
static inline void unit_judged(const char *verdict, const char *judge,
			       const char *rule)
{
	printf("\njudged\t%s\t%s\t%s\t%s\n", verdict, judge, rule,
	       CU_get_current_suite()->pName);
}

/* Runs @count cases as suite @name; the value is main()'s. */
static inline int unit_run(const char *name, const struct unit_case *cases,
			   size_t count)
{
	unsigned failed;
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	suite = CU_add_suite(name, NULL, NULL);
	for (size_t i = 0; suite && i < count; i++)
		if (!CU_add_test(suite, cases[i].name, cases[i].run))
			suite = NULL;
	if (!suite)
		return EXIT_FAILURE;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failed = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define UNIT_MAIN(name, cases)                                                 \
	int main(void)                                                         \
	{                                                                      \
		return unit_run(name, cases, sizeof(cases) / sizeof *(cases)); \
	}

#endif
