/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/text/visible.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/text/utf8.h"

enum { ESCAPE = 4 }; /* bytes that \xNN takes */

const char *visible(const char *text, char *out, size_t size)
{
	size_t left = strlen(text), used = 0;

	assert(size > 0);
	while (left) {
		uint32_t code;
		size_t n = utf8_next(text, left, &code);
		bool plain = code != UTF8_INVALID && utf8_is_printable(code);

		if (used + (plain ? n : ESCAPE * n) >= size)
			break;
		if (plain)
			memcpy(out + used, text, n);
		for (size_t i = 0; i < n && !plain; i++)
			snprintf(out + used + ESCAPE * i, ESCAPE + 1, "\\x%02x",
				 (unsigned)(uint8_t)text[i]);
		used += plain ? n : ESCAPE * n;
		text += n;
		left -= n;
	}
	out[used] = '\0';
	return out;
}
