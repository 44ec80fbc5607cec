/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A result on its way to a file or to standard output. A file gets its name
 * only when it is complete: nobody ever reads half of one.
 */
#ifndef TWINRING_TOOLS_REPORT_OUTPUT_H
#define TWINRING_TOOLS_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

/* Whether @path is "-", standard output; NULL is nowhere. */
bool output_is_stdout(const char *path);

/*
 * Whether @path looks like something that can be written: asked before a long
 * run, not after it. False after a message to standard error.
 */
bool output_check(const char *path);

/*
 * Lets @write fill @path. False, after a message to standard error, when that
 * did not work out; an older file is then still there.
 */
bool output_write(const char *path, void (*write)(FILE *out, const void *what),
		  const void *what);

/* For output_write(): @what is a text that is complete. */
void output_text(FILE *out, const void *what);

#endif
