/* SPDX-License-Identifier: BSD-3-Clause */
/* The reference of all keys, as Markdown tables, from the schema alone. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/schema/config.h"
#include "sim/scenario/schema/schema.h"

static void print_words(const char *const *words, FILE *out)
{
	for (uint32_t i = 0; words[i]; i++)
		fprintf(out, "%s`%s`", i ? ", " : "", words[i]);
}

static void print_range(const struct schema_key *key, FILE *out)
{
	char least[32], most[32];

	fprintf(out, "%s to %s",
		schema_write(key, key->min, least, sizeof least),
		schema_write(key, key->max, most, sizeof most));
	if (key->power)
		fputs(", a power of two", out);
	if (key->multiple)
		fprintf(out, ", a multiple of %u", (unsigned)key->multiple);
}

static void print_bits_values(const struct schema_bits *bits, FILE *out)
{
	if (bits->none)
		fprintf(out, "`%s` (all off), `%s` (all on) or ", bits->none,
			bits->all);
	fputs("a mapping of switches", out);
}

/* False: its values are no list, and no name. */
static bool print_counted_values(const struct schema_key *key, FILE *out)
{
	unsigned most = (unsigned)key->max;

	switch (key->type) {
	case SCHEMA_NAME:
		fprintf(out, "1 to %u letters, digits, `_`, `-`",
			(unsigned)key->size - 1);
		return true;
	case SCHEMA_CLAUSES:
		fprintf(out, "`none` or a list of at most %u clauses", most);
		return true;
	case SCHEMA_LINES:
		fprintf(out, "a list of at most %u texts", most);
		return true;
	case SCHEMA_MEMBERS:
		if (key->max == 2)
			fputs("a list of two machines", out);
		else
			fprintf(out, "a list of %u to %u machines",
				(unsigned)key->min, most);
		return true;
	case SCHEMA_LIST:
		fprintf(out, "a list of %u to %u mappings", (unsigned)key->min,
			most);
		return true;
	default:
		return false;
	}
}

static void print_values(const struct schema_key *key, FILE *out)
{
	static const char *const plain[] = {
		[SCHEMA_SWITCH] = "`on` or `off`",
		[SCHEMA_DIGEST] = "16 hexadecimal digits",
		[SCHEMA_TEXT] = "text",
		[SCHEMA_FILE] = "a path",
		[SCHEMA_VM] = "the name of a machine",
		[SCHEMA_MAP] = "a mapping",
	};

	if (key->type == SCHEMA_CHOICE)
		print_words(key->words, out);
	else if (key->type == SCHEMA_PATH)
		print_words(schema_paths(), out);
	else if (key->type == SCHEMA_BITS)
		print_bits_values(key->bits, out);
	else if (print_counted_values(key, out))
		return;
	else if (key->type < sizeof plain / sizeof plain[0] && plain[key->type])
		fputs(plain[key->type], out);
	else
		print_range(key, out);
}

static void print_default(const struct schema_key *key, FILE *out)
{
	if (key->instead)
		fprintf(out, "required, or `%s`", key->instead);
	else if (key->required)
		fputs("required", out);
	else if (key->derive)
		fputs(key->fallback, out);
	else if (key->fallback)
		fprintf(out, "`%s`", key->fallback);
	else if (key->type == SCHEMA_BITS && key->bits->all)
		fprintf(out, "`%s`", key->bits->all);
	else if (key->type == SCHEMA_BITS || key->inside)
		fputs("see below", out);
	else
		fputs("none", out);
}

static void print_head(const char *title, FILE *out)
{
	fprintf(out, "## `%s`\n\n", title);
	fputs("| key | values | default | meaning |\n", out);
	fputs("|---|---|---|---|\n", out);
}

static void print_bits(const struct schema_section *s,
		       const struct schema_key *key, FILE *out)
{
	char title[64];

	snprintf(title, sizeof title, "%s.%s", s->title, key->name);
	fputc('\n', out);
	print_head(title, out);
	for (uint32_t i = 0; i < key->bits->count; i++) {
		const struct schema_bit *b = &key->bits->bit[i];

		fprintf(out, "| `%s` | `on` or `off` | `%s` | %s |\n", b->name,
			b->on ? "on" : "off", b->about);
	}
}

/* The next key that is not told of elsewhere. */
static const struct schema_key *next_here(const struct schema_section *s,
					  const struct schema_key *k)
{
	return s->also ? k + 1 : schema_next(k);
}

static void print_table(const struct schema_section *s, FILE *out)
{
	print_head(s->title, out);
	for (const struct schema_key *k = s->keys; k->name;
	     k = next_here(s, k)) {
		fprintf(out, "| `%s` | ", k->name);
		print_values(k, out);
		fputs(" | ", out);
		print_default(k, out);
		fprintf(out, " | %s%s%s |\n", k->about, k->fit ? "; " : "",
			k->fit ? k->fit->words : "");
	}
	if (s->also)
		fprintf(out, "\nIts other keys are those of `%s`.\n", s->also);
	for (const struct schema_key *k = s->keys; k->name;
	     k = next_here(s, k)) {
		if (k->type == SCHEMA_BITS)
			print_bits(s, k, out);
		if (!k->inside)
			continue;
		fputc('\n', out);
		print_table(k->inside, out);
	}
}

void schema_print(FILE *out)
{
	print_table(&schema_top, out);
}
