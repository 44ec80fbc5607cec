/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of several pieces: machines, switches, clauses, scripts. */
#include <assert.h>
#include <string.h>

#include "sim/scenario/schema/schema_fill.h"
#include "sim/text/guess.h"

static bool refuse_vm(struct schema_fill *f, const char *name, int node)
{
	struct guess g = guess_of(name);
	char near[80];

	if (f->names_wrong)
		return false;
	for (uint32_t i = 0; i < f->sc->world.vms; i++)
		guess_try(&g, f->sc->world.vm[i].name);
	diag_error(f->diag, document_place(f->doc, node),
		   "no vm is called '%.60s'%s", name,
		   guess_words(&g, near, sizeof near));
	return false;
}

static bool take_vm(struct schema_fill *f, const char *key, uint8_t *vm,
		    int node)
{
	const char *name = document_text(f->doc, node);

	if (!name || !*name)
		return schema_refuse(f, key, node, "the name of a vm");
	for (uint32_t i = 0; i < f->sc->world.vms; i++) {
		if (strcmp(f->sc->world.vm[i].name, name) == 0) {
			*vm = (uint8_t)i;
			return true;
		}
	}
	return refuse_vm(f, name, node);
}

bool schema_take_vm(struct schema_fill *f, const struct schema_key *key,
		    void *object, int node)
{
	return take_vm(f, key->name, (uint8_t *)object + key->offset, node);
}

/* Whether so many machines can be named; after an error if not. */
static bool members_fit(struct schema_fill *f, const struct schema_key *key,
			int node, uint32_t items)
{
	if (items >= key->min && items <= key->max)
		return true;
	if (key->max == 2)
		diag_error(f->diag, document_place(f->doc, node),
			   "'%s' has %u entries, not two", key->name, items);
	else
		diag_error(f->diag, document_place(f->doc, node),
			   "'%s' has %u entries, allowed are %u to %u",
			   key->name, items, (unsigned)key->min,
			   (unsigned)key->max);
	return false;
}

/* Whether the last of @count machines is not among those before it. */
static bool member_is_new(struct schema_fill *f, const struct schema_key *key,
			  const uint8_t *member, uint32_t count, int node)
{
	const uint8_t vm = member[count - 1];

	if (!memchr(member, vm, count - 1))
		return true;
	diag_error(f->diag, document_place(f->doc, node),
		   "'%s' names '%s' twice", key->name,
		   f->sc->world.vm[vm].name);
	return false;
}

bool schema_take_members(struct schema_fill *f, const struct schema_key *key,
			 void *object, int node)
{
	uint8_t *member = (uint8_t *)object + key->offset;
	uint32_t *count = (void *)((char *)object + key->count);
	uint32_t items;
	bool known = true;

	if (document_type(f->doc, node) != YAML_SEQUENCE_NODE)
		return schema_refuse(f, key->name, node,
				     key->max == 2
					     ? "a list of two vms, [vm1, vm2]"
					     : "a list of vms, [vm1, vm2]");
	items = document_items(f->doc, node);
	if (!members_fit(f, key, node, items))
		return false;
	for (uint32_t i = 0; i < items; i++)
		known &= take_vm(f, key->name, &member[i],
				 document_item(f->doc, node, i));
	for (uint32_t i = 0; i < items && known; i++)
		known = member_is_new(f, key, member, i + 1,
				      document_item(f->doc, node, i));
	*count = items;
	return known;
}

static uint64_t all_bits(const struct schema_bits *bits)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < bits->count; i++)
		mask |= UINT64_C(1) << bits->bit[i].bit;
	return mask;
}

static bool take_all_bits(struct schema_fill *f, const struct schema_key *key,
			  void *object, int node)
{
	const struct schema_bits *bits = key->bits;
	const char *text = document_text(f->doc, node);
	char what[80];

	if (text && bits->none && strcmp(text, bits->none) == 0) {
		schema_put(key, object, 0);
		return true;
	}
	if (text && bits->all && strcmp(text, bits->all) == 0) {
		schema_put(key, object, all_bits(bits));
		return true;
	}
	if (!bits->none)
		return schema_refuse(f, key->name, node,
				     "a mapping of switches");
	snprintf(what, sizeof what, "%s, %s or a mapping of switches",
		 bits->none, bits->all);
	return schema_refuse(f, key->name, node, what);
}

static bool take_bit(struct schema_fill *f, const struct schema_bit *bit,
		     uint64_t *mask, int node)
{
	struct schema_key key = {.name = bit->name, .type = SCHEMA_SWITCH};
	bool on;

	key.size = sizeof on;
	if (!schema_take_simple(f, &key, &on, node))
		return false;
	*mask &= ~(UINT64_C(1) << bit->bit);
	*mask |= (uint64_t)on << bit->bit;
	return true;
}

bool schema_take_bits(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node)
{
	const struct schema_bits *bits = key->bits;
	uint64_t mask = schema_bits_default(bits);
	const char *names[64];

	assert(bits->count < 40);
	if (document_type(f->doc, node) != YAML_MAPPING_NODE)
		return take_all_bits(f, key, object, node);
	for (uint32_t i = 0; i < bits->count; i++) {
		int value = document_value(f->doc, node, bits->bit[i].name);

		names[i] = bits->bit[i].name;
		if (value)
			take_bit(f, &bits->bit[i], &mask, value);
	}
	schema_check_keys(f, node, names, bits->count);
	schema_put(key, object, mask);
	return true;
}

static bool take_clause(struct schema_fill *f, const struct schema_key *key,
			struct clause_list *l, int node)
{
	const char *text = document_text(f->doc, node);
	enum clause c = text ? clause_find(text) : CLAUSE_NONE;
	struct guess g = guess_of(text ? text : "");
	char near[80];

	if (!text || !*text)
		return schema_refuse(f, key->name, node, "names of clauses");
	for (int i = CLAUSE_NONE + 1; i < CLAUSE_COUNT; i++)
		guess_try(&g, clause_info((enum clause)i)->id);
	if (c == CLAUSE_NONE) {
		diag_error(f->diag, document_place(f->doc, node),
			   "no clause is called '%.60s'%s", text,
			   guess_words(&g, near, sizeof near));
		return false;
	}
	if (clause_list_has(l, c)) {
		diag_error(f->diag, document_place(f->doc, node),
			   "clause '%s' is listed twice", text);
		return false;
	}
	clause_list_add(l, c);
	return true;
}

/* How many entries a list has; false after an error: there are too many. */
static bool items_fit(struct schema_fill *f, const struct schema_key *key,
		      int node, uint32_t *items)
{
	*items = document_items(f->doc, node);
	if (*items <= key->max)
		return true;
	diag_error(f->diag, document_place(f->doc, node),
		   "'%s' has %u entries, allowed are 0 to %u", key->name,
		   *items, (unsigned)key->max);
	return false;
}

bool schema_take_clauses(struct schema_fill *f, const struct schema_key *key,
			 void *object, int node)
{
	struct clause_list *l = (void *)((char *)object + key->offset);
	const char *text = document_text(f->doc, node);
	uint32_t items;

	if (text && strcmp(text, "none") == 0)
		return true;
	if (document_type(f->doc, node) != YAML_SEQUENCE_NODE)
		return schema_refuse(f, key->name, node,
				     "none or a list of clauses");
	if (!items_fit(f, key, node, &items))
		return false;
	for (uint32_t i = 0; i < items; i++)
		take_clause(f, key, l, document_item(f->doc, node, i));
	return true;
}

/* An order of the script; what it means is for its reader to say. */
static void take_line(struct schema_fill *f, struct script_line *line, int node,
		      uint32_t number)
{
	struct diag_place at = document_place(f->doc, node);
	char name[24];
	const char *text;

	snprintf(name, sizeof name, "script[%u]", number);
	text = schema_text(f, name, node, SCRIPT_LINE - 1);
	if (!text)
		return;
	strcpy(line->text, text);
	line->line = at.line;
	line->column = at.column;
}

bool schema_take_lines(struct schema_fill *f, const struct schema_key *key,
		       void *object, int node)
{
	struct scenario *sc = object;
	uint32_t items;

	if (document_type(f->doc, node) != YAML_SEQUENCE_NODE)
		return schema_refuse(f, key->name, node, "a list of orders");
	if (!items_fit(f, key, node, &items))
		return false;
	sc->script = calloc(items + 1, sizeof sc->script[0]);
	if (!sc->script) {
		diag_error(f->diag, (struct diag_place){0}, "out of memory");
		return false;
	}
	sc->script_lines = items;
	for (uint32_t i = 0; i < items; i++)
		take_line(f, &sc->script[i], document_item(f->doc, node, i), i);
	return true;
}
