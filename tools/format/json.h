/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes JSON, the same bytes for the same calls everywhere: two spaces a
 * level, no floating point, keys in the order of the calls. Knows syntax; what
 * is written it must not know.
 */
#ifndef TWINRING_TOOLS_FORMAT_JSON_H
#define TWINRING_TOOLS_FORMAT_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	uint32_t depth;
	bool filled; /* something stands before, on this level */
};

struct json json_to(FILE *out);

/* @key is NULL in arrays and for the outermost value. */
void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

/* @text may hold anything: what is not UTF-8 becomes U+FFFD. NULL is null. */
void json_text(struct json *j, const char *key, const char *text);
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* @value / 10^@digits, with all @digits behind the point. */
void json_decimal(struct json *j, const char *key, uint64_t value,
		  uint32_t digits);

/* An array of numbers on one line. */
void json_numbers(struct json *j, const char *key, const uint32_t *value,
		  uint32_t count);

/* 16 hexadecimal digits as text: a number of this size would be rounded. */
void json_hex(struct json *j, const char *key, uint64_t value);

/* The final newline. */
void json_end(struct json *j);

#endif
