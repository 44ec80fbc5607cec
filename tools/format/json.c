/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/format/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sim/text/utf8.h"

struct json json_to(FILE *out)
{
	return (struct json){.out = out};
}

/* One character of a string; what JSON or a terminal minds is escaped. */
static size_t put_character(FILE *out, const char *text, size_t size)
{
	uint32_t code;
	size_t step = utf8_next(text, size, &code);

	if (code == UTF8_INVALID)
		fputs("\\ufffd", out);
	else if (code == '"' || code == '\\')
		fprintf(out, "\\%c", (int)code);
	else if (code == '\n')
		fputs("\\n", out);
	else if (code == '\t')
		fputs("\\t", out);
	else if (code < 0x20 || code == 0x7f)
		fprintf(out, "\\u%04" PRIx32, code);
	else
		fwrite(text, 1, step, out);
	return step;
}

static void put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (size_t left = strlen(text); left > 0;) {
		size_t step = put_character(out, text, left);

		text += step;
		left -= step;
	}
	fputc('"', out);
}

static void put_line(struct json *j)
{
	fputc('\n', j->out);
	for (uint32_t i = 0; i < j->depth; i++)
		fputs("  ", j->out);
}

/* Whatever comes before a value: comma, line, key. */
static void begin_value(struct json *j, const char *key)
{
	if (j->filled)
		fputc(',', j->out);
	if (j->depth)
		put_line(j);
	if (key) {
		put_string(j->out, key);
		fputs(": ", j->out);
	}
	j->filled = true;
}

static void open_level(struct json *j, const char *key, char bracket)
{
	begin_value(j, key);
	fputc(bracket, j->out);
	j->depth++;
	j->filled = false;
}

static void close_level(struct json *j, char bracket)
{
	assert(j->depth > 0);
	j->depth--;
	if (j->filled)
		put_line(j);
	fputc(bracket, j->out);
	j->filled = true;
}

void json_object(struct json *j, const char *key)
{
	open_level(j, key, '{');
}

void json_object_end(struct json *j)
{
	close_level(j, '}');
}

void json_array(struct json *j, const char *key)
{
	open_level(j, key, '[');
}

void json_array_end(struct json *j)
{
	close_level(j, ']');
}

void json_text(struct json *j, const char *key, const char *text)
{
	if (!text) {
		json_null(j, key);
		return;
	}
	begin_value(j, key);
	put_string(j->out, text);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
	begin_value(j, key);
	fprintf(j->out, "%" PRIu64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin_value(j, key);
	fputs(value ? "true" : "false", j->out);
}

void json_null(struct json *j, const char *key)
{
	begin_value(j, key);
	fputs("null", j->out);
}

void json_decimal(struct json *j, const char *key, uint64_t value,
		  uint32_t digits)
{
	uint64_t one = 1;

	assert(digits > 0 && digits < 19);
	for (uint32_t i = 0; i < digits; i++)
		one *= 10;
	begin_value(j, key);
	fprintf(j->out, "%" PRIu64 ".%0*" PRIu64, value / one, (int)digits,
		value % one);
}

void json_hex(struct json *j, const char *key, uint64_t value)
{
	char text[17];

	snprintf(text, sizeof text, "%016" PRIx64, value);
	json_text(j, key, text);
}

void json_numbers(struct json *j, const char *key, const uint32_t *value,
		  uint32_t count)
{
	begin_value(j, key);
	fputc('[', j->out);
	for (uint32_t i = 0; i < count; i++)
		fprintf(j->out, "%s%" PRIu32, i ? ", " : "", value[i]);
	fputc(']', j->out);
}

void json_end(struct json *j)
{
	assert(j->depth == 0 && j->filled);
	fputc('\n', j->out);
}
