/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A profile from YAML, strictly: every price once, none that is not counted,
 * each with its source. A price that nobody can trace is no price.
 */
#include "sim/world/cost_model.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sim/scenario/document/document.h"
#include "sim/text/guess.h"
#include "sim/text/value.h"

enum { WAKE_DELAY = COST_KINDS, INTERRUPT_DELAY, ROWS };

/* No price of one thing is longer than a second. */
#define COST_PRICE_MAX UINT64_C(1000000000000)

struct reading {
	yaml_document_t *doc;
	struct diag *diag;
	struct cost_model *price;
	bool seen[ROWS];
};

static const char *row_name(int row)
{
	assert(row >= 0 && row < ROWS);
	if (row == WAKE_DELAY)
		return "wake-delay";
	if (row == INTERRUPT_DELAY)
		return "interrupt-delay";
	return cost_info((enum cost)row)->name;
}

static uint64_t *row_value(struct cost_model *p, int row)
{
	if (row == WAKE_DELAY)
		return &p->wake_delay_ps;
	if (row == INTERRUPT_DELAY)
		return &p->interrupt_delay_ps;
	return &p->ps[row];
}

/* The name of a profile is that of its file. */
static void set_name(struct cost_model *p, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t length = strlen(base);

	if (length > 5 && strcmp(base + length - 5, ".yaml") == 0)
		length -= 5;
	if (length >= sizeof p->name)
		length = sizeof p->name - 1;
	memcpy(p->name, base, length);
	p->name[length] = '\0';
}

static int find_row(struct reading *r, int key)
{
	const char *name = document_text(r->doc, key);
	struct guess g = guess_of(name ? name : "");
	char near[80];

	for (int row = 0; name && row < ROWS; row++) {
		if (strcmp(row_name(row), name) == 0)
			return row;
		guess_try(&g, row_name(row));
	}
	diag_error(r->diag, document_place(r->doc, key),
		   "unknown price '%.60s'%s", name ? name : "?",
		   guess_words(&g, near, sizeof near));
	return ROWS;
}

static void take_ps(struct reading *r, int row, int node)
{
	const char *text = document_text(r->doc, node);
	uint64_t ps = 0;
	bool good = text && document_is_plain(r->doc, node) &&
		    value_number(text, &ps) == VALUE_OK && ps <= COST_PRICE_MAX;

	if (good)
		*row_value(r->price, row) = ps;
	else
		diag_error(r->diag, document_place(r->doc, node),
			   "'ps' needs a whole number from 0 to %" PRIu64
			   ", not %s%.40s%s",
			   COST_PRICE_MAX, text ? "'" : "",
			   text ? text : document_type_words(r->doc, node),
			   text ? "'" : "");
}

static void check_source(struct reading *r, int node)
{
	const char *text = document_text(r->doc, node);

	if (!text || !*text)
		diag_error(r->diag, document_place(r->doc, node),
			   "'source' needs text that says where the price "
			   "comes from");
}

/* Notes keys of a row that are neither of its two, and those given twice. */
static void check_keys(struct reading *r, int map)
{
	yaml_node_t *n = yaml_document_get_node(r->doc, map);

	for (yaml_node_pair_t *p = n->data.mapping.pairs.start;
	     p < n->data.mapping.pairs.top; p++) {
		const char *key = document_text(r->doc, p->key);

		if (!key || (strcmp(key, "ps") && strcmp(key, "source")))
			diag_error(r->diag, document_place(r->doc, p->key),
				   "unknown key '%.60s'; a price has 'ps' and "
				   "'source'",
				   key ? key : "?");
		else if (document_pair(r->doc, map, key) != p)
			diag_error(r->diag, document_place(r->doc, p->key),
				   "'%s' is given twice", key);
	}
}

static void take_row(struct reading *r, int row, int node)
{
	int ps, source;

	if (document_type(r->doc, node) != YAML_MAPPING_NODE) {
		diag_error(r->diag, document_place(r->doc, node),
			   "'%s' needs {ps: NUMBER, source: \"...\"}, not %s",
			   row_name(row), document_type_words(r->doc, node));
		return;
	}
	check_keys(r, node);
	ps = document_value(r->doc, node, "ps");
	source = document_value(r->doc, node, "source");
	if (ps)
		take_ps(r, row, ps);
	if (source)
		check_source(r, source);
	if (!ps || !source)
		diag_error(r->diag, document_place(r->doc, node),
			   "'%s' has no '%s'", row_name(row),
			   ps ? "source" : "ps");
}

static void take_pair(struct reading *r, const yaml_node_pair_t *p)
{
	int row = find_row(r, p->key);

	if (row == ROWS)
		return;
	if (r->seen[row])
		diag_error(r->diag, document_place(r->doc, p->key),
			   "'%s' is given twice", row_name(row));
	r->seen[row] = true;
	take_row(r, row, p->value);
}

static void take_all(struct reading *r)
{
	yaml_node_t *root = yaml_document_get_root_node(r->doc);

	if (document_type(r->doc, 1) != YAML_MAPPING_NODE) {
		diag_error(r->diag, document_place(r->doc, 1),
			   "a profile is a mapping of prices, not %s",
			   document_type_words(r->doc, 1));
		return;
	}
	for (yaml_node_pair_t *p = root->data.mapping.pairs.start;
	     p < root->data.mapping.pairs.top; p++)
		take_pair(r, p);
	for (int row = 0; row < ROWS; row++)
		if (!r->seen[row])
			diag_error(r->diag, (struct diag_place){0},
				   "there is no price for '%s'", row_name(row));
}

bool cost_model_parse(struct cost_model *p, const char *file, const char *text,
		      size_t size, FILE *talk)
{
	yaml_document_t doc;
	struct diag diag;
	struct reading r = {.doc = &doc, .diag = &diag, .price = p};

	assert(file && text && talk);
	*p = (struct cost_model){.name = ""};
	set_name(p, file);
	diag_init(&diag, file, NULL);
	diag_source(&diag, text, size);
	if (document_load(&doc, text, size, 0, &diag)) {
		take_all(&r);
		yaml_document_delete(&doc);
	}
	diag_print(&diag, talk);
	return diag.found == 0;
}
