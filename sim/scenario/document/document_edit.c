/* SPDX-License-Identifier: BSD-3-Clause */
/* Edits of a document by overrides; every new node says which one it is of. */
#include "sim/scenario/document/document.h"

#include <assert.h>
#include <string.h>

/* Leaves the mark that document_place() understands; @node may be 0. */
static int belongs_to(yaml_document_t *doc, uint32_t set, int node)
{
	yaml_node_t *n = node ? yaml_document_get_node(doc, node) : NULL;

	if (!n)
		return 0;
	n->start_mark = (yaml_mark_t){.index = DOCUMENT_OVERRIDE, .line = set};
	n->end_mark = n->start_mark;
	return node;
}

static int add_scalar(yaml_document_t *doc, uint32_t set, const void *text,
		      size_t size, yaml_scalar_style_t style)
{
	return belongs_to(
		doc, set,
		yaml_document_add_scalar(doc, NULL, text, (int)size, style));
}

int document_add_text(yaml_document_t *doc, uint32_t set, const char *text)
{
	return add_scalar(doc, set, text, strlen(text),
			  YAML_PLAIN_SCALAR_STYLE);
}

int document_add_map(yaml_document_t *doc, uint32_t set)
{
	return belongs_to(
		doc, set,
		yaml_document_add_mapping(doc, NULL, YAML_ANY_MAPPING_STYLE));
}

static int copy_list(yaml_document_t *doc, uint32_t set, yaml_document_t *from,
		     const yaml_node_t *n)
{
	int list =
		yaml_document_add_sequence(doc, NULL, YAML_ANY_SEQUENCE_STYLE);

	for (const int *i = n->data.sequence.items.start;
	     list && i < n->data.sequence.items.top; i++) {
		int item = document_add_copy(doc, set, from, *i);

		if (!item ||
		    !yaml_document_append_sequence_item(doc, list, item))
			return 0;
	}
	return belongs_to(doc, set, list);
}

static int copy_map(yaml_document_t *doc, uint32_t set, yaml_document_t *from,
		    const yaml_node_t *n)
{
	int map = document_add_map(doc, set);

	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start;
	     map && p < n->data.mapping.pairs.top; p++) {
		int key = document_add_copy(doc, set, from, p->key);
		int value = document_add_copy(doc, set, from, p->value);

		if (!key || !value ||
		    !yaml_document_append_mapping_pair(doc, map, key, value))
			return 0;
	}
	return map;
}

/* Recursion is bounded: document_load() refuses deep nesting. */
int document_add_copy(yaml_document_t *doc, uint32_t set, yaml_document_t *from,
		      int node)
{
	const yaml_node_t *n = yaml_document_get_node(from, node);

	assert(n && doc != from);
	if (n->type == YAML_MAPPING_NODE)
		return copy_map(doc, set, from, n);
	if (n->type == YAML_SEQUENCE_NODE)
		return copy_list(doc, set, from, n);
	return add_scalar(doc, set, n->data.scalar.value, n->data.scalar.length,
			  n->data.scalar.style);
}

bool document_put(yaml_document_t *doc, uint32_t set, int map, const char *key,
		  int value)
{
	yaml_node_pair_t *pair = document_pair(doc, map, key);
	int name;

	assert(value);
	if (pair) {
		pair->value = value;
		return true;
	}
	name = document_add_text(doc, set, key);
	return name && yaml_document_append_mapping_pair(doc, map, name, value);
}
