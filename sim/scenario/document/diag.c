/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages are collected here and printed once, sorted; text is not trusted. */
#include "sim/scenario/document/diag.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "sim/text/utf8.h"
#include "sim/text/visible.h"

/* Characters of a source line: at most, before the place, for an ellipsis. */
enum { SHOWN = 100, BEFORE = 60, DOTS = 3 };

void diag_init(struct diag *d, const char *file,
	       const struct scenario_override *set)
{
	assert(file);
	memset(d, 0, sizeof *d);
	d->file = file;
	d->set = set;
}

void diag_source(struct diag *d, const char *text, size_t size)
{
	assert(text);
	d->text = text;
	d->size = size;
}

static int compare(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_places(const struct diag_place *a,
			  const struct diag_place *b)
{
	int order = compare(a->set, b->set);

	if (order == 0)
		order = compare(a->line, b->line);
	return order ? order : compare(a->column, b->column);
}

static bool known(const struct diag *d, const struct diag_entry *e)
{
	for (uint32_t i = 0; i < d->count; i++)
		if (compare_places(&d->entry[i].at, &e->at) == 0 &&
		    strcmp(d->entry[i].text, e->text) == 0)
			return true;
	return false;
}

static void insert(struct diag *d, const struct diag_entry *e)
{
	uint32_t i = d->count;

	while (i > 0 && compare_places(&d->entry[i - 1].at, &e->at) > 0)
		i--;
	if (d->count == DIAG_MAX) {
		d->more++;
		if (i == DIAG_MAX)
			return;
		d->count--;
	}
	memmove(&d->entry[i + 1], &d->entry[i],
		(d->count - i) * sizeof d->entry[0]);
	d->entry[i] = *e;
	d->count++;
	assert(d->count <= DIAG_MAX);
}

void diag_error(struct diag *d, struct diag_place at, const char *format, ...)
{
	struct diag_entry e = {.at = at};
	va_list args;

	va_start(args, format);
	vsnprintf(e.text, sizeof e.text, format, args);
	va_end(args);
	d->found++;
	if (!known(d, &e))
		insert(d, &e);
}

bool diag_full(const struct diag *d)
{
	return d->count == DIAG_MAX;
}

/* Bytes of the line break at @at, CR LF being one; 0: none there. */
static size_t break_at(const struct diag *d, size_t at)
{
	uint32_t code;
	size_t step = utf8_next(d->text + at, d->size - at, &code);

	if (!utf8_is_break(code))
		return 0;
	if (code == '\r' && at + 1 < d->size && d->text[at + 1] == '\n')
		return 2;
	return step;
}

struct diag_place diag_place_at(const struct diag *d, size_t offset)
{
	struct diag_place at = {.line = 1, .column = 1, .length = 1};

	for (size_t i = 0; i < offset && i < d->size;) {
		size_t step = break_at(d, i);
		uint32_t code;

		if (step) {
			at.line++;
			at.column = 1;
		} else {
			step = utf8_next(d->text + i, d->size - i, &code);
			at.column++;
		}
		i += step;
	}
	return at;
}

/* The first byte of line @line, or false beyond the end of the file. */
static bool line_start(const struct diag *d, uint32_t line, size_t *start)
{
	size_t i = 0;

	while (line > 1 && i < d->size) {
		size_t step = break_at(d, i);
		uint32_t code;

		if (step)
			line--;
		else
			step = utf8_next(d->text + i, d->size - i, &code);
		i += step;
	}
	*start = i;
	return line == 1 && i < d->size;
}

/* One character of foreign text; what could upset a terminal becomes '?'. */
static size_t put_clean(const char *text, size_t size, FILE *out)
{
	uint32_t code;
	size_t step = utf8_next(text, size, &code);

	if (code == '\t')
		fputc(' ', out);
	else if (code == UTF8_INVALID || !utf8_is_printable(code))
		fputc('?', out);
	else
		fwrite(text, 1, step, out);
	return step;
}

/* Prints characters @from to @from + SHOWN of a line; returns how many. */
static uint32_t put_line(const struct diag *d, size_t i, uint32_t from,
			 FILE *out)
{
	uint32_t seen = 0, shown = 0;

	while (i < d->size && shown < SHOWN && !break_at(d, i)) {
		uint32_t code;

		if (seen++ < from) {
			i += utf8_next(d->text + i, d->size - i, &code);
			continue;
		}
		i += put_clean(d->text + i, d->size - i, out);
		shown++;
	}
	return shown;
}

static void put_source(const struct diag *d, const struct diag_place *at,
		       FILE *out)
{
	bool is_far = at->column > SHOWN - 20;
	uint32_t from = is_far ? at->column - BEFORE : 0;
	uint32_t caret = at->column - 1 - from; /* shown before the caret */
	uint32_t shown;
	size_t start;

	if (!d->text || !line_start(d, at->line, &start))
		return;
	fprintf(out, "%5u | %s", at->line, is_far ? "..." : "");
	shown = put_line(d, start, from, out);
	fprintf(out, "\n      | %*s^", (int)(caret + (is_far ? DOTS : 0)), "");
	for (uint32_t i = 1; i < at->length && caret + i < shown; i++)
		fputc('~', out);
	fputc('\n', out);
}

static void put_entry(const struct diag *d, const struct diag_entry *e,
		      FILE *out)
{
	if (e->at.set) {
		fputs("--set ", out);
		fputs(VISIBLE(d->set[e->at.set - 1].text), out);
	} else {
		fputs(VISIBLE(d->file), out);
	}
	if (!e->at.set && e->at.line)
		fprintf(out, ":%u:%u", e->at.line, e->at.column);
	fputs(": error: ", out);
	fputs(VISIBLE(e->text), out);
	fputc('\n', out);
	if (!e->at.set && e->at.line)
		put_source(d, &e->at, out);
}

void diag_print(const struct diag *d, FILE *out)
{
	for (uint32_t i = 0; i < d->count; i++)
		put_entry(d, &d->entry[i], out);
	if (d->more)
		fprintf(out, "%s: %u more errors are not shown\n",
			VISIBLE(d->file), d->more);
}
