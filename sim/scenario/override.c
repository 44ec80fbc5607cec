/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Follows a key through schema and document side by side. Where the document
 * is not what the schema asks for it stops quietly: reading will complain.
 */
#include "sim/scenario/override.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/schema/schema.h"
#include "sim/text/guess.h"
#include "sim/text/utf8.h"

enum { SEGMENT = 48, ALL = UINT32_MAX };

struct override {
	yaml_document_t *doc;
	struct diag *diag;
	struct diag_place at; /* of every error: the override itself */
	const char *value;
};

struct segment {
	char name[SEGMENT];
	uint32_t index; /* ALL: none was given */
	bool last;
};

static void set_in_section(struct override *o, const struct schema_section *s,
			   int map, const char *path);

static bool out_of_memory(struct override *o)
{
	diag_error(o->diag, o->at, "out of memory");
	return false;
}

/* Reads the number in "[7]"; returns what follows it, NULL after an error. */
static const char *take_index(struct override *o, const char *path,
			      struct segment *seg)
{
	size_t length = strspn(path + 1, "0123456789");
	char digits[8];

	if (length == 0 || length >= sizeof digits || path[1 + length] != ']') {
		diag_error(o->diag, o->at, "'%s[' needs a number and a ]",
			   seg->name);
		return NULL;
	}
	snprintf(digits, sizeof digits, "%.*s", (int)length, path + 1);
	seg->index = (uint32_t)strtoul(digits, NULL, 10);
	return path + length + 2;
}

/* Reads "name" or "name[7]" up to a dot or =; NULL after an error. */
static const char *take_segment(struct override *o, const char *path,
				struct segment *seg)
{
	size_t length = strcspn(path, ".[=");

	seg->index = ALL;
	snprintf(seg->name, sizeof seg->name, "%.*s", (int)length, path);
	path += length;
	if (*path == '[')
		path = take_index(o, path, seg);
	if (!path)
		return NULL;
	seg->last = *path != '.';
	if (*path != '.' && *path != '=') {
		diag_error(o->diag, o->at, "a dot or = follows '%s'",
			   seg->name);
		return NULL;
	}
	return path + 1;
}

static void refuse_unknown(struct override *o, const char *name,
			   const struct schema_section *s)
{
	struct guess g = guess_of(name);
	char near[80];

	for (const struct schema_key *k = s->keys; k->name; k = schema_next(k))
		guess_try(&g, k->name);
	for (const struct schema_key *k = schema_link.keys;
	     s == &schema_top && k->name; k = schema_next(k))
		guess_try(&g, k->name);
	diag_error(o->diag, o->at, "unknown key '%s'%s", name,
		   guess_words(&g, near, sizeof near));
}

static bool is_yaml(const char *value)
{
	return *value && strchr("[{\"'", *value);
}

/* The value as a new node, 0 after an error. */
static int new_value(struct override *o)
{
	yaml_document_t from;
	int node;

	if (!is_yaml(o->value))
		node = document_add_text(o->doc, o->at.set, o->value);
	else if (!document_load(&from, o->value, strlen(o->value), o->at.set,
				o->diag))
		return 0;
	else {
		node = document_add_copy(o->doc, o->at.set, &from, 1);
		yaml_document_delete(&from);
	}
	if (!node)
		out_of_memory(o);
	return node;
}

static void put_value(struct override *o, int map, const char *key)
{
	int node = new_value(o);

	if (node && !document_put(o->doc, o->at.set, map, key, node))
		out_of_memory(o);
}

/* The mapping at @key of @map, made if there is none; 0: something else. */
static int mapping_at(struct override *o, int map, const char *key)
{
	int node = document_value(o->doc, map, key);
	const char *text = node ? document_text(o->doc, node) : NULL;

	if (node && document_type(o->doc, node) == YAML_MAPPING_NODE)
		return node;
	if (node && !(text && !*text))
		return 0;
	node = document_add_map(o->doc, o->at.set);
	if (!node || !document_put(o->doc, o->at.set, map, key, node)) {
		out_of_memory(o);
		return 0;
	}
	return node;
}

/* Puts a mapping of all switches in the place of "2015". */
static bool write_out_bits(struct override *o, const struct schema_key *key,
			   int map)
{
	const struct schema_bits *bits = key->bits;
	int node = document_value(o->doc, map, key->name);
	const char *text = node ? document_text(o->doc, node) : NULL;
	bool all = text && bits->all && strcmp(text, bits->all) == 0;
	bool none = text && bits->none && strcmp(text, bits->none) == 0;

	if (!all && !none)
		return true;
	node = document_add_map(o->doc, o->at.set);
	if (!node || !document_put(o->doc, o->at.set, map, key->name, node))
		return out_of_memory(o);
	for (uint32_t i = 0; i < bits->count; i++) {
		int value = document_add_text(o->doc, o->at.set,
					      all ? "on" : "off");

		if (!value || !document_put(o->doc, o->at.set, node,
					    bits->bit[i].name, value))
			return out_of_memory(o);
	}
	return true;
}

static void set_bit(struct override *o, const struct schema_key *key, int map,
		    const char *path)
{
	struct segment seg;
	struct guess g;
	char near[80];

	if (!take_segment(o, path, &seg))
		return;
	if (seg.last && seg.index == ALL &&
	    schema_find_bit(key->bits, seg.name)) {
		if (!write_out_bits(o, key, map))
			return;
		map = mapping_at(o, map, key->name);
		if (map)
			put_value(o, map, seg.name);
		return;
	}
	g = guess_of(seg.name);
	for (uint32_t i = 0; i < key->bits->count; i++)
		guess_try(&g, key->bits->bit[i].name);
	diag_error(o->diag, o->at, "unknown key '%s'%s", seg.name,
		   guess_words(&g, near, sizeof near));
}

static void refuse_index(struct override *o, const struct schema_key *key,
			 uint32_t items, uint32_t index)
{
	if (items == 0)
		diag_error(o->diag, o->at, "'%s' has no entries", key->name);
	else
		diag_error(o->diag, o->at,
			   "there is no %s[%u]; the last one is %s[%u]",
			   key->name, index, key->name, items - 1);
}

static void set_in_list(struct override *o, const struct schema_key *key,
			int map, const struct segment *seg, const char *path)
{
	int list = document_value(o->doc, map, key->name);
	uint32_t items;

	if (list && document_type(o->doc, list) != YAML_SEQUENCE_NODE)
		return;
	items = list ? document_items(o->doc, list) : 0;
	if (items == 0 || (seg->index != ALL && seg->index >= items)) {
		refuse_index(o, key, items, seg->index);
		return;
	}
	for (uint32_t i = 0; i < items; i++) {
		int item = document_item(o->doc, list, i);

		if (seg->index != ALL && seg->index != i)
			continue;
		if (document_type(o->doc, item) == YAML_MAPPING_NODE)
			set_in_section(o, key->inside, item, path);
	}
}

static void set_key(struct override *o, const struct schema_key *key, int map,
		    const struct segment *seg, const char *path)
{
	if (key->type == SCHEMA_LIST && !seg->last) {
		set_in_list(o, key, map, seg, path);
	} else if (seg->index != ALL) {
		diag_error(o->diag, o->at,
			   key->type == SCHEMA_LIST ? "a key follows '%s[%u]'"
						    : "'%s' takes no [%u]",
			   seg->name, seg->index);
	} else if (seg->last) {
		put_value(o, map, key->name);
	} else if (key->type == SCHEMA_BITS) {
		set_bit(o, key, map, path);
	} else if (key->type == SCHEMA_MAP) {
		map = mapping_at(o, map, key->name);
		if (map)
			set_in_section(o, key->inside, map, path);
	} else {
		diag_error(o->diag, o->at, "'%s' has no keys in it", key->name);
	}
}

/* The key that @path begins with, in all links and networks that have it. */
static void set_everywhere(struct override *o, const char *name, int map,
			   const char *path)
{
	static const struct segment every[] = {
		{.name = "networks", .index = ALL},
		{.name = "links", .index = ALL},
	};
	uint32_t set = 0;

	for (uint32_t i = 0; i < sizeof every / sizeof every[0]; i++) {
		const struct schema_key *list =
			schema_find(&schema_top, every[i].name);

		if (!schema_find(list->inside, name) ||
		    !document_value(o->doc, map, list->name))
			continue;
		set_in_list(o, list, map, &every[i], path);
		set++;
	}
	if (!set)
		refuse_index(o, schema_find(&schema_top, "links"), 0, ALL);
}

static void set_in_section(struct override *o, const struct schema_section *s,
			   int map, const char *path)
{
	const struct schema_key *key;
	struct segment seg;
	const char *rest = take_segment(o, path, &seg);

	if (!rest)
		return;
	key = schema_find(s, seg.name);
	if (key)
		set_key(o, key, map, &seg, rest);
	else if (s == &schema_top && (schema_find(&schema_link, seg.name) ||
				      schema_find(&schema_network, seg.name)))
		set_everywhere(o, seg.name, map, path);
	else
		refuse_unknown(o, seg.name, s);
}

static bool is_utf8(const char *text)
{
	uint32_t code = 0;

	for (size_t left = strlen(text); left > 0 && code != UTF8_INVALID;) {
		size_t step = utf8_next(text, left, &code);

		text += step;
		left -= step;
	}
	return code != UTF8_INVALID;
}

static void apply(struct override *o, const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text) {
		diag_error(o->diag, o->at, "needs key=value");
	} else if (!is_utf8(text)) {
		diag_error(o->diag, o->at, "invalid UTF-8");
	} else {
		o->value = equals + 1;
		set_in_section(o, &schema_top, 1, text);
	}
}

void override_apply(yaml_document_t *doc, const struct scenario_override *set,
		    uint32_t count, struct diag *diag)
{
	if (document_type(doc, 1) != YAML_MAPPING_NODE)
		return;
	for (uint32_t i = 0; i < count; i++) {
		struct override o = {
			.doc = doc, .diag = diag, .at = {.set = i + 1}};

		apply(&o, set[i].text);
	}
}
