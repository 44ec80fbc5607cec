/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/format/xml.h"

#include <string.h>

#include "sim/text/utf8.h"

/* One character for an attribute or a text; XML 1.0 cannot hold them all. */
static size_t put_character(FILE *out, const char *text, size_t size)
{
	uint32_t code;
	size_t step = utf8_next(text, size, &code);

	if (code == UTF8_INVALID || (code < 0x20 && code != '\n') ||
	    code == 0x7f || code == 0xfffe || code == 0xffff)
		fputs("\xef\xbf\xbd", out);
	else if (code == '&')
		fputs("&amp;", out);
	else if (code == '<')
		fputs("&lt;", out);
	else if (code == '>')
		fputs("&gt;", out);
	else if (code == '"')
		fputs("&quot;", out);
	else
		fwrite(text, 1, step, out);
	return step;
}

void xml_text(FILE *out, const char *text)
{
	for (size_t left = strlen(text); left > 0;) {
		size_t step = put_character(out, text, left);

		text += step;
		left -= step;
	}
}

void xml_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	xml_text(out, value);
	fputc('"', out);
}
