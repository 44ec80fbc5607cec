/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/rules.h"

#include <assert.h>

static const struct rule_info rules[RULE_COUNT] = {
#define RULE(id, name, fixes, clause, words) \
	[RULE_##id] = {name, fixes, CLAUSE_##clause, words},
#include "model/rules.def"
#undef RULE
};

const struct rule_info *rule_info(enum rule r)
{
	assert(r < RULE_COUNT);
	return &rules[r];
}
