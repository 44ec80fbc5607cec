/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libyaml's document interface resolves aliases and drops anchors and tags, so
 * the text first goes by as events, where they can be seen and refused.
 */
#include "sim/scenario/document/document.h"

#include <assert.h>
#include <string.h>

enum { DEPTH_MAX = 32 };

struct screen {
	yaml_parser_t parser;
	struct diag *diag;
	uint32_t set;
	uint32_t depth;
	uint32_t documents;
	bool stop; /* nothing that follows is worth reading */
};

static struct diag_place place_of_marks(const yaml_mark_t *start,
					const yaml_mark_t *end)
{
	struct diag_place at = {
		.line = (uint32_t)start->line + 1,
		.column = (uint32_t)start->column + 1,
		.length = 1,
	};

	if (end->line > start->line)
		at.length = UINT32_MAX;
	else if (end->column > start->column)
		at.length = (uint32_t)(end->column - start->column);
	return at;
}

static struct diag_place in_set(uint32_t set, struct diag_place at)
{
	return set ? (struct diag_place){.set = set} : at;
}

static void parser_open(yaml_parser_t *parser, const char *text, size_t size)
{
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(parser, (const unsigned char *)text, size);
}

/* libyaml leaves the mark of what it cannot read at 0:0: use the offset. */
static void report_reader(const struct screen *s)
{
	const yaml_parser_t *p = &s->parser;
	struct diag_place at = diag_place_at(s->diag, p->problem_offset);

	diag_error(s->diag, in_set(s->set, at), "%s (0x%02x)", p->problem,
		   (unsigned)p->problem_value);
}

static void report_parser(const struct screen *s)
{
	const yaml_parser_t *p = &s->parser;
	struct diag_place at =
		place_of_marks(&p->problem_mark, &p->problem_mark);

	if (p->error == YAML_MEMORY_ERROR)
		diag_error(s->diag, (struct diag_place){0}, "out of memory");
	else if (p->error == YAML_READER_ERROR)
		report_reader(s);
	else if (p->context && p->context_mark.line != p->problem_mark.line)
		diag_error(s->diag, in_set(s->set, at),
			   "%s, %s that begins in line %zu", p->problem,
			   p->context, p->context_mark.line + 1);
	else
		diag_error(s->diag, in_set(s->set, at), "%s%s%s", p->problem,
			   p->context ? ", " : "",
			   p->context ? p->context : "");
}

static void refuse(struct screen *s, const yaml_event_t *e, const char *words)
{
	struct diag_place at = place_of_marks(&e->start_mark, &e->end_mark);

	diag_error(s->diag, in_set(s->set, at), "%s", words);
}

static void refuse_properties(struct screen *s, const yaml_event_t *e,
			      const unsigned char *anchor,
			      const unsigned char *tag)
{
	if (anchor)
		refuse(s, e, "anchors are not supported; write the value out");
	if (tag)
		refuse(s, e, "tags are not supported; the key has its type");
}

static void enter(struct screen *s, const yaml_event_t *e)
{
	if (++s->depth <= DEPTH_MAX)
		return;
	refuse(s, e, "nested too deeply");
	s->stop = true;
}

static void screen_event(struct screen *s, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++s->documents < 2)
			break;
		refuse(s, e, "a second document; a scenario is a single one");
		s->stop = true;
		break;
	case YAML_ALIAS_EVENT:
		refuse(s, e, "aliases are not supported; write the value out");
		break;
	case YAML_SCALAR_EVENT:
		refuse_properties(s, e, e->data.scalar.anchor,
				  e->data.scalar.tag);
		break;
	case YAML_SEQUENCE_START_EVENT:
		refuse_properties(s, e, e->data.sequence_start.anchor,
				  e->data.sequence_start.tag);
		enter(s, e);
		break;
	case YAML_MAPPING_START_EVENT:
		refuse_properties(s, e, e->data.mapping_start.anchor,
				  e->data.mapping_start.tag);
		enter(s, e);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		s->depth--;
		break;
	default:
		break;
	}
}

static void screen_events(struct screen *s)
{
	bool end = false;

	while (!end && !s->stop) {
		yaml_event_t event;

		if (!yaml_parser_parse(&s->parser, &event)) {
			report_parser(s);
			return;
		}
		screen_event(s, &event);
		end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	if (s->documents == 0)
		diag_error(s->diag, in_set(s->set, (struct diag_place){0}),
			   "the file is empty");
}

static bool screen_text(const char *text, size_t size, uint32_t set,
			struct diag *diag)
{
	uint32_t before = diag->found;
	struct screen s = {.diag = diag, .set = set};

	if (!yaml_parser_initialize(&s.parser)) {
		diag_error(diag, (struct diag_place){0}, "out of memory");
		return false;
	}
	parser_open(&s.parser, text, size);
	screen_events(&s);
	yaml_parser_delete(&s.parser);
	return diag->found == before;
}

bool document_load(yaml_document_t *doc, const char *text, size_t size,
		   uint32_t set, struct diag *diag)
{
	struct screen s = {.diag = diag, .set = set};
	bool loaded;

	if (!screen_text(text, size, set, diag))
		return false;
	if (!yaml_parser_initialize(&s.parser)) {
		diag_error(diag, (struct diag_place){0}, "out of memory");
		return false;
	}
	parser_open(&s.parser, text, size);
	loaded = yaml_parser_load(&s.parser, doc);
	if (!loaded)
		report_parser(&s);
	yaml_parser_delete(&s.parser);
	assert(!loaded || yaml_document_get_root_node(doc));
	return loaded;
}

static yaml_node_t *get(yaml_document_t *doc, int node)
{
	yaml_node_t *n = yaml_document_get_node(doc, node);

	assert(n);
	return n;
}

struct diag_place document_place(yaml_document_t *doc, int node)
{
	const yaml_node_t *n = get(doc, node);
	struct diag_place at = place_of_marks(&n->start_mark, &n->end_mark);

	if (n->start_mark.index == DOCUMENT_OVERRIDE)
		return (struct diag_place){.set = (uint32_t)n->start_mark.line};
	if (n->type != YAML_SCALAR_NODE)
		at.length = 1;
	return at;
}

yaml_node_type_t document_type(yaml_document_t *doc, int node)
{
	return get(doc, node)->type;
}

const char *document_type_words(yaml_document_t *doc, int node)
{
	const yaml_node_t *n = get(doc, node);

	if (n->type == YAML_MAPPING_NODE)
		return "a mapping";
	if (n->type == YAML_SEQUENCE_NODE)
		return "a list";
	if (n->data.scalar.length)
		return document_text(doc, node) ? "text" : "text with a NUL";
	return document_is_plain(doc, node) ? "nothing" : "empty text";
}

const char *document_text(yaml_document_t *doc, int node)
{
	const yaml_node_t *n = get(doc, node);

	if (n->type != YAML_SCALAR_NODE)
		return NULL;
	if (memchr(n->data.scalar.value, '\0', n->data.scalar.length))
		return NULL;
	return (const char *)n->data.scalar.value;
}

bool document_is_plain(yaml_document_t *doc, int node)
{
	const yaml_node_t *n = get(doc, node);

	return n->type == YAML_SCALAR_NODE &&
	       n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

yaml_node_pair_t *document_pair(yaml_document_t *doc, int map, const char *key)
{
	yaml_node_t *n = get(doc, map);

	assert(n->type == YAML_MAPPING_NODE);
	for (yaml_node_pair_t *p = n->data.mapping.pairs.start;
	     p < n->data.mapping.pairs.top; p++) {
		const char *text = document_text(doc, p->key);

		if (text && strcmp(text, key) == 0)
			return p;
	}
	return NULL;
}

int document_value(yaml_document_t *doc, int map, const char *key)
{
	const yaml_node_pair_t *p = document_pair(doc, map, key);

	return p ? p->value : 0;
}

uint32_t document_items(yaml_document_t *doc, int list)
{
	const yaml_node_t *n = get(doc, list);

	assert(n->type == YAML_SEQUENCE_NODE);
	return (uint32_t)(n->data.sequence.items.top -
			  n->data.sequence.items.start);
}

int document_item(yaml_document_t *doc, int list, uint32_t i)
{
	assert(i < document_items(doc, list));
	return get(doc, list)->data.sequence.items.start[i];
}
