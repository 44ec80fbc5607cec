/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The walk: in the order of the table, not of the file, so that a default, or
 * whether a key fits, can lean on the keys before. The table bounds its depth.
 */
#include "sim/scenario/schema/schema_fill.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/text/guess.h"

enum { KEYS_MAX = 40 };

static void fill_section(struct schema_fill *f, const struct schema_section *s,
			 void *object, int map);

const char *schema_list(const char *lead, const char *const *words,
			uint32_t count, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "%s", lead);

	for (uint32_t i = 0; i < count && words[i] && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 i ? ", " : "", words[i]);
	return out;
}

bool schema_refuse(struct schema_fill *f, const char *key, int node,
		   const char *what)
{
	const char *text = document_text(f->doc, node);
	struct diag_place at = document_place(f->doc, node);

	if (text && *text)
		diag_error(f->diag, at, "'%s' needs %s, not '%.60s'", key, what,
			   text);
	else
		diag_error(f->diag, at, "'%s' needs %s, not %s", key, what,
			   document_type_words(f->doc, node));
	return false;
}

static void refuse_key(struct schema_fill *f, struct diag_place at,
		       const char *name, const char *const *names,
		       uint32_t count)
{
	struct guess g = guess_of(name);
	char words[KEYS_MAX * 16];

	if (diag_full(f->diag)) {
		diag_error(f->diag, at, "unknown key");
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		guess_try(&g, names[i]);
	if (strcmp(name, "<<") == 0)
		diag_error(f->diag, at,
			   "merge keys are not supported; write the values "
			   "out");
	else
		diag_error(f->diag, at, "unknown key '%.60s'%s", name,
			   g.best ? guess_words(&g, words, sizeof words)
				  : schema_list("; there are ", names, count,
						words, sizeof words));
}

/* An override has no lines to tell of. */
static void refuse_again(struct schema_fill *f, struct diag_place at,
			 const char *name, uint32_t first)
{
	if (at.set)
		diag_error(f->diag, at, "duplicate key '%s'", name);
	else
		diag_error(f->diag, at,
			   "duplicate key '%s', first set at line %u", name,
			   first);
}

void schema_check_keys(struct schema_fill *f, int map, const char *const *names,
		       uint32_t count)
{
	const yaml_node_t *n = yaml_document_get_node(f->doc, map);
	struct diag_place first[KEYS_MAX] = {{0}};

	assert(count < KEYS_MAX);
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start;
	     p < n->data.mapping.pairs.top; p++) {
		struct diag_place at = document_place(f->doc, p->key);
		const char *name = document_text(f->doc, p->key);
		uint32_t i = 0;

		if (!name) {
			diag_error(f->diag, at, "a key is a single word");
			continue;
		}
		while (i < count && strcmp(names[i], name) != 0)
			i++;
		if (i == count)
			refuse_key(f, at, name, names, count);
		else if (first[i].length || first[i].set)
			refuse_again(f, at, name, first[i].line);
		else
			first[i] = at;
	}
}

static void check_section_keys(struct schema_fill *f,
			       const struct schema_section *s, int map)
{
	const char *names[KEYS_MAX];
	uint32_t count = 0;

	for (const struct schema_key *k = s->keys; k->name;
	     k = schema_next(k)) {
		assert(count < KEYS_MAX - 1);
		names[count++] = k->name;
	}
	schema_check_keys(f, map, names, count);
}

/* Captures are looked at later, and may not fit. */
static void keep_place(struct schema_fill *f, struct traffic_config *t,
		       int node)
{
	struct diag_place at = document_place(f->doc, node);

	t->line = at.line;
	t->column = at.column;
}

/* An object of a list: what is unsure in one is nothing to the others. */
static void fill_item(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node, uint32_t number)
{
	f->unsure = false;
	snprintf(f->label, sizeof f->label, "%s[%u]: ", key->name, number);
	if (key->inside == &schema_traffic)
		keep_place(f, object, node);
	if (document_type(f->doc, node) == YAML_MAPPING_NODE) {
		fill_section(f, key->inside, object, node);
	} else {
		char name[24];

		snprintf(name, sizeof name, "%s[%u]", key->name, number);
		schema_refuse(f, name, node, "a mapping");
		if (key->inside == &schema_vm)
			f->names_wrong = true;
	}
	f->label[0] = '\0';
}

static bool take_list(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node)
{
	uint32_t *count = (void *)((char *)object + key->count);
	uint32_t items, first = 0;

	if (document_type(f->doc, node) != YAML_SEQUENCE_NODE)
		return schema_refuse(f, key->name, node, "a list");
	items = document_items(f->doc, node);
	if (items < key->min || items > key->max) {
		diag_error(f->diag, document_place(f->doc, node),
			   "'%s' has %u entries, allowed are %u to %u",
			   key->name, items, (unsigned)key->min,
			   (unsigned)key->max);
		if (items > key->max)
			return false;
	}
	if (key->behind)
		first = *(const uint32_t *)((const char *)object + key->behind);
	if (first + items > key->max) {
		diag_error(f->diag, document_place(f->doc, node),
			   "'%s' has %u entries beside %u links, allowed are "
			   "%u in all",
			   key->name, items, first, (unsigned)key->max);
		return false;
	}
	for (uint32_t i = 0; i < items; i++) {
		*count = i + 1;
		fill_item(f, key,
			  (char *)object + key->offset +
				  (first + i) * key->size,
			  document_item(f->doc, node, i), i);
	}
	return true;
}

static bool take_map(struct schema_fill *f, const struct schema_key *key,
		     void *object, int node)
{
	if (document_type(f->doc, node) != YAML_MAPPING_NODE)
		return schema_refuse(f, key->name, node, "a mapping");
	fill_section(f, key->inside, object, node);
	return true;
}

static bool take(struct schema_fill *f, const struct schema_key *key,
		 void *object, int node)
{
	switch (key->type) {
	case SCHEMA_TEXT:
		return schema_take_text(f, key, object, node);
	case SCHEMA_FILE:
		return schema_take_file(f, key, object, node);
	case SCHEMA_NAME:
		return schema_take_name(f, key, object, node);
	case SCHEMA_PATH:
		return schema_take_path(f, key, object, node);
	case SCHEMA_VM:
		return schema_take_vm(f, key, object, node);
	case SCHEMA_MEMBERS:
		return schema_take_members(f, key, object, node);
	case SCHEMA_BITS:
		return schema_take_bits(f, key, object, node);
	case SCHEMA_CLAUSES:
		return schema_take_clauses(f, key, object, node);
	case SCHEMA_LINES:
		return schema_take_lines(f, key, object, node);
	case SCHEMA_MAP:
		return take_map(f, key, object, node);
	case SCHEMA_LIST:
		return take_list(f, key, object, node);
	default:
		return schema_take_simple(f, key, object, node);
	}
}

static void default_simple(const struct schema_key *key, void *object)
{
	uint64_t value = 0;

	if (key->derive)
		value = key->derive(object);
	else if (!key->fallback ||
		 schema_read(key, key->fallback, &value) != VALUE_OK)
		return;
	schema_put(key, object, value);
}

static void default_text(struct schema_fill *f, const struct schema_key *key,
			 void *object)
{
	char *copy = key->fallback ? strdup(key->fallback) : NULL;

	if (key->fallback && !copy)
		diag_error(f->diag, (struct diag_place){0}, "out of memory");
	*(char **)((char *)object + key->offset) = copy;
}

static void fill_default(struct schema_fill *f, const struct schema_key *key,
			 void *object)
{
	switch (key->type) {
	case SCHEMA_TEXT:
	case SCHEMA_FILE:
		default_text(f, key, object);
		break;
	case SCHEMA_PATH:
		assert(strlen(key->fallback) < key->size);
		strcpy((char *)object + key->offset, key->fallback);
		break;
	case SCHEMA_BITS:
		schema_put(key, object, schema_bits_default(key->bits));
		break;
	case SCHEMA_MAP:
		fill_section(f, key->inside, object, 0);
		break;
	default:
		if (key->type <= SCHEMA_SIMPLE)
			default_simple(key, object);
	}
}

static void refuse_missing(struct schema_fill *f, const struct schema_key *key,
			   int map)
{
	struct diag_place at = document_place(f->doc, map);

	if (key->instead)
		diag_error(f->diag, at, "%sneeds '%s' or '%s'", f->label,
			   key->name, key->instead);
	else
		diag_error(f->diag, at, "%smissing required key '%s'", f->label,
			   key->name);
	if (key->type == SCHEMA_NAME)
		f->names_wrong = true;
	if (key->instead)
		f->unsure = true;
}

/* Points at the key in a file, at the override that gave a value. */
static struct diag_place place_of_pair(struct schema_fill *f,
				       const yaml_node_pair_t *pair)
{
	struct diag_place value = document_place(f->doc, pair->value);

	return value.set ? value : document_place(f->doc, pair->key);
}

static void fill_key(struct schema_fill *f, const struct schema_key *key,
		     void *object, int map)
{
	const yaml_node_pair_t *pair = NULL;
	bool fits = schema_fits(key, object);
	bool taken = false;

	if (map)
		pair = document_pair(f->doc, map, key->name);
	if (pair && !fits && !f->unsure)
		diag_error(f->diag, place_of_pair(f, pair), "'%s' %s",
			   key->name, key->fit->words);
	else if (pair)
		taken = take(f, key, object, pair->value);
	else if (map && key->required && fits && !(key->fit && f->unsure) &&
		 !(key->instead && document_pair(f->doc, map, key->instead)))
		refuse_missing(f, key, map);
	if (pair && !taken && key->type == SCHEMA_CHOICE)
		f->unsure = true;
	if (!taken && key->inside == &schema_vm)
		f->names_wrong = true;
	if (!taken)
		fill_default(f, key, object);
	else if (key->has)
		*((char *)object + key->has) = true;
}

static void fill_section(struct schema_fill *f, const struct schema_section *s,
			 void *object, int map)
{
	for (const struct schema_key *k = s->keys; k->name; k = schema_next(k))
		fill_key(f, k, object, map);
	if (map)
		check_section_keys(f, s, map);
}

void schema_fill(struct scenario *sc, yaml_document_t *doc, struct diag *diag)
{
	struct schema_fill f = {.doc = doc, .diag = diag, .sc = sc};

	if (document_type(doc, 1) != YAML_MAPPING_NODE)
		schema_refuse(&f, "scenario", 1, "a mapping");
	else
		fill_section(&f, &schema_top, sc, 1);
	sc->world.links = sc->listed_links + sc->listed_networks;
}
