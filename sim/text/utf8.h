/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8, one character at a time; knows no file and no message. */
#ifndef TWINRING_SIM_TEXT_UTF8_H
#define TWINRING_SIM_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_INVALID = 0xffffffff };

/*
 * The first character of @size bytes at @text, @size at least 1. Returns the
 * bytes that it takes; a byte that begins no character takes one and sets
 * *code to UTF8_INVALID.
 */
size_t utf8_next(const char *text, size_t size, uint32_t *code);

/* Whether @code ends a line in YAML: LF, CR, NEL, LS, PS. */
bool utf8_is_break(uint32_t code);

/* Whether @code may be shown on a terminal and put into a quoted string. */
bool utf8_is_printable(uint32_t code);

#endif
