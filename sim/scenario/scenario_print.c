/* SPDX-License-Identifier: BSD-3-Clause */
/* A scenario as YAML that loads to the same, defaults written out. */
#include <assert.h>
#include <string.h>

#include "sim/scenario/scenario.h"
#include "sim/scenario/schema/schema.h"

struct print {
	const struct scenario *sc;
	FILE *out;
	uint32_t depth;
	bool dash; /* the next key opens an entry of a list */
};

static void print_section(struct print *p, const struct schema_section *s,
			  const void *object);

static bool is_plain(const char *text)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789"
				   "_-./ ";
	size_t length = strlen(text);

	return length > 0 && text[strspn(text, good)] == '\0' &&
	       !strchr("- ", text[0]) && text[length - 1] != ' ' &&
	       strncmp(text, "...", 3) != 0;
}

/* Reading keeps control characters out, so two escapes are enough. */
static void print_text(FILE *out, const char *text)
{
	if (is_plain(text)) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void print_key(struct print *p, const char *name)
{
	uint32_t indent = p->dash ? p->depth - 1 : p->depth;

	for (uint32_t i = 0; i < indent; i++)
		fputs("  ", p->out);
	fprintf(p->out, "%s%s:", p->dash ? "- " : "", name);
	p->dash = false;
}

static void print_bits(struct print *p, const struct schema_bits *bits,
		       uint64_t mask)
{
	fputc('\n', p->out);
	p->depth++;
	for (uint32_t i = 0; i < bits->count; i++) {
		const struct schema_bit *b = &bits->bit[i];

		print_key(p, b->name);
		fprintf(p->out, " %s\n", mask >> b->bit & 1 ? "on" : "off");
	}
	p->depth--;
}

static void print_clauses(struct print *p, const struct clause_list *l)
{
	if (l->count == 0) {
		fputs(" none\n", p->out);
		return;
	}
	for (uint32_t i = 0; i < l->count; i++)
		fprintf(p->out, "%s%s", i ? ", " : " [",
			clause_info(l->clause[i])->id);
	fputs("]\n", p->out);
}

static void print_lines(struct print *p)
{
	fputc('\n', p->out);
	for (uint32_t i = 0; i < p->sc->script_lines; i++) {
		fputs("  - ", p->out);
		print_text(p->out, p->sc->script[i].text);
		fputc('\n', p->out);
	}
}

static uint32_t list_count(const struct schema_key *key, const void *object)
{
	return *(const uint32_t *)((const char *)object + key->count);
}

static void print_list(struct print *p, const struct schema_key *key,
		       const void *object)
{
	const char *at = (const char *)object + key->offset;

	if (key->behind)
		at += key->size *
		      *(const uint32_t *)((const char *)object + key->behind);
	fputc('\n', p->out);
	p->depth += 2;
	for (uint32_t i = 0; i < list_count(key, object); i++) {
		p->dash = true;
		print_section(p, key->inside, at + i * key->size);
	}
	p->depth -= 2;
}

static void print_map(struct print *p, const struct schema_key *key,
		      const void *object)
{
	fputc('\n', p->out);
	p->depth++;
	print_section(p, key->inside, object);
	p->depth--;
}

static const char *vm_name(const struct print *p, uint8_t vm)
{
	assert(vm < p->sc->world.vms);
	return p->sc->world.vm[vm].name;
}

static void print_members(struct print *p, const uint8_t *member,
			  uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? ", " : " [", p->out);
		print_text(p->out, vm_name(p, member[i]));
	}
	fputs("]\n", p->out);
}

static void print_line(struct print *p, const char *text)
{
	fputc(' ', p->out);
	print_text(p->out, text);
	fputc('\n', p->out);
}

static void print_value(struct print *p, const struct schema_key *key,
			const void *object)
{
	const char *at = (const char *)object + key->offset;
	char text[64];

	switch (key->type) {
	case SCHEMA_TEXT:
	case SCHEMA_FILE:
		print_line(p, *(char *const *)at);
		break;
	case SCHEMA_NAME:
	case SCHEMA_PATH:
		print_line(p, at);
		break;
	case SCHEMA_VM:
		print_line(p, vm_name(p, *(const uint8_t *)at));
		break;
	case SCHEMA_MEMBERS:
		print_members(p, (const uint8_t *)at, list_count(key, object));
		break;
	case SCHEMA_BITS:
		print_bits(p, key->bits, schema_get(key, object));
		break;
	case SCHEMA_CLAUSES:
		print_clauses(p, (const struct clause_list *)at);
		break;
	case SCHEMA_LINES:
		print_lines(p);
		break;
	case SCHEMA_MAP:
		print_map(p, key, object);
		break;
	case SCHEMA_LIST:
		print_list(p, key, object);
		break;
	default:
		fprintf(p->out, " %s\n",
			schema_write(key, schema_get(key, object), text,
				     sizeof text));
	}
}

/* A choice without a default that was not made: generate beside pcap. */
static bool is_open(const struct schema_key *key, const void *object)
{
	return key->type == SCHEMA_CHOICE && !key->fallback &&
	       schema_get(key, object) < key->min;
}

/* Whether there is nothing to print for @key. */
static bool is_absent(const struct print *p, const struct schema_key *key,
		      const void *object)
{
	if (!schema_fits(key, object))
		return true;
	if (key->has)
		return !((const char *)object)[key->has];
	if (key->type == SCHEMA_LIST)
		return list_count(key, object) == 0;
	if (key->type == SCHEMA_LINES)
		return p->sc->script_lines == 0;
	if (key->type != SCHEMA_MAP)
		return is_open(key, object);
	for (const struct schema_key *k = key->inside->keys; k->name;
	     k = schema_next(k))
		if (!is_absent(p, k, object))
			return false;
	return true;
}

static void print_section(struct print *p, const struct schema_section *s,
			  const void *object)
{
	for (const struct schema_key *k = s->keys; k->name;
	     k = schema_next(k)) {
		if (is_absent(p, k, object))
			continue;
		print_key(p, k->name);
		print_value(p, k, object);
	}
}

void scenario_print(const struct scenario *sc, FILE *out)
{
	struct print p = {.sc = sc, .out = out};

	print_section(&p, &schema_top, sc);
}
