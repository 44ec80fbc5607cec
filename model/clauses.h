/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The catalogue of rules: what each is called, who owes it, where it stands.
 * Knows nothing of how a rule is checked.
 */
#ifndef TWINRING_MODEL_CLAUSES_H
#define TWINRING_MODEL_CLAUSES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/numbers/limits.h"

enum clause {
	CLAUSE_NONE,
#define CLAUSE(id, text_id, who, level, label, words) CLAUSE_##id,
#include "model/clauses.def"
#undef CLAUSE
	CLAUSE_COUNT
};

enum clause_party { PARTY_DRIVER, PARTY_DEVICE, PARTY_BOTH };
enum clause_level { LEVEL_MUST, LEVEL_MUST_NOT, LEVEL_SHOULD_NOT };

struct clause_info {
	const char *id;    /* stable text id, as reports print it */
	const char *label; /* block of the specification, or chapter of ours */
	const char *words;
	enum clause_party who;
	enum clause_level level;
};

/* The row of @c; never NULL for a value of the enum. */
const struct clause_info *clause_info(enum clause c);

/* The clause called @id, or CLAUSE_NONE. */
enum clause clause_find(const char *id);

/* Some clauses, each once. */
struct clause_list {
	uint32_t count;
	enum clause clause[CLAUSE_LIST_MAX];
};

bool clause_list_has(const struct clause_list *l, enum clause c);

/* Nothing happens when @c is there already, or the list is full. */
void clause_list_add(struct clause_list *l, enum clause c);

/* A peer's fault as a value: which rule broke, and what was seen. */
struct verdict {
	enum clause broken; /* CLAUSE_NONE: all is well */
	char detail[160];
};

/* Fills @v with @c and a printf-style detail; does nothing when @v is NULL. */
void verdict_set(struct verdict *v, enum clause c, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
