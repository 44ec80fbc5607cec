/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A YAML text as a tree of nodes that know their places, edits included.
 * Nodes are numbers from 1, 0 is none: adding one may move all others. Knows
 * libyaml and which parts of YAML a scenario may use; no key.
 */
#ifndef TWINRING_SIM_SCENARIO_DOCUMENT_DOCUMENT_H
#define TWINRING_SIM_SCENARIO_DOCUMENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

#include "sim/scenario/document/diag.h"

/* Index of the mark of a node of an override; its line is the override. */
#define DOCUMENT_OVERRIDE SIZE_MAX

/*
 * Parses @text. False after noting errors: syntax, a second document, anchors,
 * aliases, tags, depth, nothing at all. With @set not 0 the errors belong to
 * that override. The caller deletes *doc after true.
 */
bool document_load(yaml_document_t *doc, const char *text, size_t size,
		   uint32_t set, struct diag *diag);

struct diag_place document_place(yaml_document_t *doc, int node);

yaml_node_type_t document_type(yaml_document_t *doc, int node);

/* "a mapping", "a list", "text", "nothing", for messages */
const char *document_type_words(yaml_document_t *doc, int node);

/* The text of a scalar; NULL for other nodes and for text that holds a NUL. */
const char *document_text(yaml_document_t *doc, int node);

/* Whether it is a scalar without quotes. */
bool document_is_plain(yaml_document_t *doc, int node);

/* The pair of @key in @map, the first one of several; NULL: none. */
yaml_node_pair_t *document_pair(yaml_document_t *doc, int map, const char *key);

/* The value of @key in @map, or 0. */
int document_value(yaml_document_t *doc, int map, const char *key);

uint32_t document_items(yaml_document_t *doc, int list);
int document_item(yaml_document_t *doc, int list, uint32_t i);

/* New nodes that belong to override @set; 0 when memory or UTF-8 fails. */
int document_add_text(yaml_document_t *doc, uint32_t set, const char *text);
int document_add_map(yaml_document_t *doc, uint32_t set);

/* A copy of node @node of @from, with all that is in it. */
int document_add_copy(yaml_document_t *doc, uint32_t set, yaml_document_t *from,
		      int node);

/* Makes @value the value of @key in @map; false when memory fails. */
bool document_put(yaml_document_t *doc, uint32_t set, int map, const char *key,
		  int value);

#endif
