/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/clauses.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct clause_info clauses[CLAUSE_COUNT] = {
	[CLAUSE_NONE] = {"none", "", "no rule", PARTY_BOTH, LEVEL_MUST},
#define CLAUSE(id, text_id, who, level, label, words) \
	[CLAUSE_##id] = {text_id, label, words, PARTY_##who, LEVEL_##level},
#include "model/clauses.def"
#undef CLAUSE
};

const struct clause_info *clause_info(enum clause c)
{
	assert(c < CLAUSE_COUNT);
	return &clauses[c];
}

enum clause clause_find(const char *id)
{
	for (int c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++)
		if (strcmp(clauses[c].id, id) == 0)
			return (enum clause)c;
	return CLAUSE_NONE;
}

bool clause_list_has(const struct clause_list *l, enum clause c)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (l->clause[i] == c)
			return true;
	return false;
}

void clause_list_add(struct clause_list *l, enum clause c)
{
	if (l->count < CLAUSE_LIST_MAX && !clause_list_has(l, c))
		l->clause[l->count++] = c;
}

void verdict_set(struct verdict *v, enum clause c, const char *format, ...)
{
	va_list args;

	if (!v)
		return;
	v->broken = c;
	va_start(args, format);
	vsnprintf(v->detail, sizeof v->detail, format, args);
	va_end(args);
}
