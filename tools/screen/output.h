/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A result on its way to a file or to standard output. It is opened before
 * anything runs, and a file gets its name only when it is complete.
 */
#ifndef TWINRING_TOOLS_SCREEN_OUTPUT_H
#define TWINRING_TOOLS_SCREEN_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/system/outfile.h"

/* One that was not asked for is all zero. */
struct output {
	const char *path; /* "-": standard output */
	struct outfile *file;
};

/* Whether @path is "-", standard output; NULL is nowhere. */
bool output_is_stdout(const char *path);

/*
 * Opens @path, or nothing where that is NULL. False after a message to standard
 * error.
 */
bool output_open(struct output *o, const char *path);

/* Where to write what is written as it comes. NULL: said why. */
FILE *output_stream(struct output *o);

/* Completes it, if it was asked for. False: said why, an older file is left. */
bool output_close(struct output *o);

/* Lets @write fill it and completes it. False as above. */
bool output_write(struct output *o, void (*write)(FILE *out, const void *what),
		  const void *what);

/* Leaves things as they were. */
void output_discard(struct output *o);

/* For output_write(): @what is a text that is complete. */
void output_text(FILE *out, const void *what);

#endif
