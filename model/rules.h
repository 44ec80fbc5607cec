/* SPDX-License-Identifier: BSD-3-Clause */
/* The switches of the repaired protocol; see model/rules.def. */
#ifndef TWINRING_MODEL_RULES_H
#define TWINRING_MODEL_RULES_H

#include "model/clauses.h"

enum rule {
#define RULE(id, name, fixes, clause, words) RULE_##id,
#include "model/rules.def"
#undef RULE
	RULE_COUNT
};

#define RULE_BIT(rule) (1u << (rule))
#define RULES_ALL      ((1u << RULE_COUNT) - 1)
#define RULES_2015     0u /* the proposal as it was written */

struct rule_info {
	const char *name;   /* as scenarios spell it */
	const char *fixes;  /* F1 to F13 */
	enum clause clause; /* what a referee names when the rule is off */
	const char *words;
};

const struct rule_info *rule_info(enum rule r);

#endif
