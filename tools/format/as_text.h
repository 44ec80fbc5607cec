/* SPDX-License-Identifier: BSD-3-Clause */
/* What is written to files, as a text in memory. */
#ifndef TWINRING_TOOLS_FORMAT_AS_TEXT_H
#define TWINRING_TOOLS_FORMAT_AS_TEXT_H

#include <stdio.h>

/* What @write writes of @what; the caller frees it. NULL: out of memory. */
char *as_text(void (*write)(FILE *out, const void *what), const void *what);

#endif
