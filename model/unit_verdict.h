/* SPDX-License-Identifier: BSD-3-Clause */
/* What a test expects of a verdict, for the rules that no referee names. */
#ifndef TWINRING_MODEL_UNIT_VERDICT_H
#define TWINRING_MODEL_UNIT_VERDICT_H

#include "model/clauses.h"
#include "model/unit.h"

/* Whoever is tested, @judge, has named @clause in @why. */
static inline void verdict_names(const char *judge, const struct verdict *why,
				 enum clause clause)
{
	CU_ASSERT_EQUAL(why->broken, clause);
	CU_ASSERT_NOT_EQUAL(why->detail[0], 0);
	if (why->broken == clause)
		unit_judged("broken", judge, clause_info(clause)->id);
}

/* It was @good, and by that keeps @clause. */
static inline void verdict_none(const char *judge, bool good,
				enum clause clause)
{
	CU_ASSERT(good);
	if (good)
		unit_judged("kept", judge, clause_info(clause)->id);
}

#endif
