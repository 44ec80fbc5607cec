/* SPDX-License-Identifier: BSD-3-Clause */
/* From a document to a scenario, key by key along the schema. */
#ifndef TWINRING_SIM_SCENARIO_SCHEMA_SCHEMA_FILL_H
#define TWINRING_SIM_SCENARIO_SCHEMA_SCHEMA_FILL_H

#include "sim/scenario/document/document.h"
#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"

struct schema_fill {
	yaml_document_t *doc;
	struct diag *diag;
	struct scenario *sc;
	char label[24];   /* of the object at hand, "links[0]: ", or "" */
	bool unsure;      /* its kind is not known, nor what fits it */
	bool names_wrong; /* a VM has no proper name: no talk of unknown ones */
};

/*
 * Fills @sc, all zero but for its file, with what @doc says and with defaults.
 * Every error goes to @diag, and the default stands in its place.
 */
void schema_fill(struct scenario *sc, yaml_document_t *doc, struct diag *diag);

/*
 * One value, of the type in the name, from @node into @object. False after an
 * error. For schema_fill() only.
 */
bool schema_take_simple(struct schema_fill *f, const struct schema_key *key,
			void *object, int node);
bool schema_take_text(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node);
bool schema_take_file(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node);
bool schema_take_name(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node);
bool schema_take_path(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node);
bool schema_take_vm(struct schema_fill *f, const struct schema_key *key,
		    void *object, int node);
bool schema_take_members(struct schema_fill *f, const struct schema_key *key,
			 void *object, int node);
bool schema_take_bits(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node);
bool schema_take_clauses(struct schema_fill *f, const struct schema_key *key,
			 void *object, int node);
bool schema_take_lines(struct schema_fill *f, const struct schema_key *key,
		       void *object, int node);

/* Text of at most @most bytes that can be shown; NULL after an error. */
const char *schema_text(struct schema_fill *f, const char *name, int node,
			size_t most);

/* Notes keys of @map that are not among @names, and those given twice. */
void schema_check_keys(struct schema_fill *f, int map, const char *const *names,
		       uint32_t count);

/*
 * @lead and @words, at most @count of them or up to NULL, with commas; what
 * @out has no room for is left out. Returns @out.
 */
const char *schema_list(const char *lead, const char *const *words,
			uint32_t count, char *out, size_t size);

/* Notes that @key needs @what instead of @node; false. */
bool schema_refuse(struct schema_fill *f, const char *key, int node,
		   const char *what);

#endif
