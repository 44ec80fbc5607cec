/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of one piece: numbers, words, texts, files, names. */
#include <assert.h>
#include <string.h>

#include "sim/scenario/schema/schema_fill.h"
#include "sim/text/guess.h"
#include "sim/text/utf8.h"

enum { TEXT_MAX = 255, FILE_MAX = 4095, WORDS_SIZE = 240 };

static bool refuse_word(struct schema_fill *f, const struct schema_key *key,
			const char *const *words, int node)
{
	const char *text = document_text(f->doc, node);
	char list[WORDS_SIZE], near[80];
	struct guess g = guess_of(text ? text : "");

	schema_list("one of ", words, UINT32_MAX, list, sizeof list);
	for (uint32_t i = 0; words[i]; i++)
		guess_try(&g, words[i]);
	if (!g.best)
		return schema_refuse(f, key->name, node, list);
	diag_error(f->diag, document_place(f->doc, node),
		   "'%s' needs %s, not '%.60s'%s", key->name, list, text,
		   guess_words(&g, near, sizeof near));
	return false;
}

static const char *describe(const struct schema_key *key)
{
	switch (key->type) {
	case SCHEMA_SWITCH:
		return "on or off";
	case SCHEMA_TIME:
		return "a time such as 5us (ps, ns, us, ms, s)";
	case SCHEMA_RATE:
		return "a rate such as 500 or 10k (k, M)";
	case SCHEMA_SCALE:
		return "a speed such as 2x, 0.5x or 150%";
	case SCHEMA_DIGEST:
		return "16 hexadecimal digits";
	default:
		return "a whole number, decimal or 0x";
	}
}

static bool refuse_range(struct schema_fill *f, const struct schema_key *key,
			 int node)
{
	char least[32], most[32];

	diag_error(f->diag, document_place(f->doc, node),
		   "'%s' is %.60s, allowed are %s to %s", key->name,
		   document_text(f->doc, node),
		   schema_write(key, key->min, least, sizeof least),
		   schema_write(key, key->max, most, sizeof most));
	return false;
}

static bool check_number(struct schema_fill *f, const struct schema_key *key,
			 uint64_t value, int node)
{
	struct diag_place at = document_place(f->doc, node);
	const char *text = document_text(f->doc, node);

	if (value < key->min || value > key->max)
		return refuse_range(f, key, node);
	if (key->power && (value & (value - 1))) {
		diag_error(f->diag, at, "'%s' is %.60s, not a power of two",
			   key->name, text);
		return false;
	}
	if (key->multiple && value % key->multiple) {
		diag_error(f->diag, at, "'%s' is %.60s, not a multiple of %u",
			   key->name, text, (unsigned)key->multiple);
		return false;
	}
	return true;
}

bool schema_take_simple(struct schema_fill *f, const struct schema_key *key,
			void *object, int node)
{
	const char *text = document_text(f->doc, node);
	bool worded = key->type == SCHEMA_CHOICE || key->type == SCHEMA_DIGEST;
	uint64_t value;

	if (text && !worded && !document_is_plain(f->doc, node)) {
		diag_error(f->diag, document_place(f->doc, node),
			   "'%s' needs %s without quotes", key->name,
			   describe(key));
		return false;
	}
	switch (text ? schema_read(key, text, &value) : VALUE_MALFORMED) {
	case VALUE_MALFORMED:
		if (key->type == SCHEMA_CHOICE)
			return refuse_word(f, key, key->words, node);
		return schema_refuse(f, key->name, node, describe(key));
	case VALUE_BEYOND:
		return refuse_range(f, key, node);
	case VALUE_OK:
		break;
	}
	if (key->max && !check_number(f, key, value, node))
		return false;
	schema_put(key, object, value);
	return true;
}

static bool is_printable(const char *text)
{
	for (size_t left = strlen(text); left > 0;) {
		uint32_t code;
		size_t step = utf8_next(text, left, &code);

		if (!utf8_is_printable(code))
			return false;
		text += step;
		left -= step;
	}
	return true;
}

const char *schema_text(struct schema_fill *f, const char *name, int node,
			size_t most)
{
	const char *text = document_text(f->doc, node);
	struct diag_place at = document_place(f->doc, node);

	if (!text || !*text) {
		schema_refuse(f, name, node, "text");
		return NULL;
	}
	if (strlen(text) > most) {
		diag_error(f->diag, at, "'%s' is longer than %zu bytes", name,
			   most);
		return NULL;
	}
	if (!is_printable(text)) {
		diag_error(f->diag, at, "'%s' holds a control character", name);
		return NULL;
	}
	return text;
}

/* @folder before @text, as one allocated text in @object. */
static bool keep(struct schema_fill *f, const struct schema_key *key,
		 void *object, const char *folder, int length, const char *text)
{
	size_t size = (size_t)length + strlen(text) + 1;
	char *copy = malloc(size);

	if (!copy) {
		diag_error(f->diag, (struct diag_place){0}, "out of memory");
		return false;
	}
	snprintf(copy, size, "%.*s%s", length, folder, text);
	*(char **)((char *)object + key->offset) = copy;
	return true;
}

bool schema_take_text(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node)
{
	const char *text = schema_text(f, key->name, node, TEXT_MAX);

	return text && keep(f, key, object, "", 0, text);
}

/* A profile of the house has neither a slash nor .yaml in its name. */
static bool is_bare(const struct schema_key *key, const char *text)
{
	size_t length = strlen(text);

	return key->bare && !strchr(text, '/') &&
	       (length < 5 || strcmp(text + length - 5, ".yaml") != 0);
}

/* A file's paths start at its folder; an override's where the user stands. */
bool schema_take_file(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node)
{
	const char *text = schema_text(f, key->name, node, FILE_MAX);
	const char *slash = strrchr(f->sc->file, '/');
	int length = slash ? (int)(slash - f->sc->file) + 1 : 0;

	if (!text)
		return false;
	if (is_bare(key, text) || strcmp(text, "-") == 0 || text[0] == '/' ||
	    document_place(f->doc, node).set)
		length = 0;
	return keep(f, key, object, f->sc->file, length, text);
}

bool schema_take_name(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789_-";
	const char *text = document_text(f->doc, node);
	char need[48];
	char *name = (char *)object + key->offset;

	if (!text || !*text || strlen(text) >= key->size ||
	    text[strspn(text, good)]) {
		f->names_wrong = true;
		snprintf(need, sizeof need, "1 to %u letters, digits, _ or -",
			 key->size - 1);
		return schema_refuse(f, key->name, node, need);
	}
	strcpy(name, text);
	return true;
}

bool schema_take_path(struct schema_fill *f, const struct schema_key *key,
		      void *object, int node)
{
	const char *const *paths = schema_paths();
	const char *text = document_text(f->doc, node);
	uint32_t i = schema_word(paths, text ? text : "");

	if (!paths[i])
		return refuse_word(f, key, paths, node);
	assert(strlen(paths[i]) < key->size);
	strcpy((char *)object + key->offset, paths[i]);
	return true;
}
