/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates. */
#include "sim/text/utf8.h"

#include <assert.h>

/* The length that a first byte announces; 0 where none begins so. */
static size_t announced(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

/* Overlong three- and four-byte forms, surrogates, beyond the last plane. */
static bool out_of_place(uint32_t code, size_t length)
{
	return (length == 3 && code < 0x800) ||
	       (length == 4 && code < 0x10000) ||
	       (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff;
}

size_t utf8_next(const char *text, size_t size, uint32_t *code)
{
	static const uint8_t mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const uint8_t *byte = (const uint8_t *)text;
	size_t length;
	uint32_t value;

	assert(size > 0);
	length = announced(byte[0]);
	*code = UTF8_INVALID;
	if (length == 0 || length > size)
		return 1;
	value = byte[0] & mask[length];
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (byte[i] & 0x3f);
	}
	if (out_of_place(value, length))
		return 1;
	*code = value;
	return length;
}

bool utf8_is_break(uint32_t code)
{
	return code == '\n' || code == '\r' || code == 0x85 || code == 0x2028 ||
	       code == 0x2029;
}

bool utf8_is_printable(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return false;
	/* marks that reorder what follows, and line breaks */
	if (code == 0x200e || code == 0x200f)
		return false;
	if (code >= 0x2028 && code <= 0x202e)
		return false;
	if (code >= 0x2066 && code <= 0x2069)
		return false;
	return code != 0xfeff && code <= 0x10ffff;
}
