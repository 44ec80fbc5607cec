/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/format/as_text.h"

#include <stdlib.h>

char *as_text(void (*write)(FILE *out, const void *what), const void *what)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write(out, what);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
