/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/screen/output.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "sim/text/visible.h"

enum { ERROR_SIZE = VISIBLE_SIZE + 128 };

static bool say(const char *error)
{
	fprintf(stderr, "twinring: %s\n", error);
	return false;
}

bool output_is_stdout(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

bool output_open(struct output *o, const char *path)
{
	char error[ERROR_SIZE];

	*o = (struct output){.path = path};
	if (!path || output_is_stdout(path))
		return true;
	o->file = outfile_open(path, error, sizeof error);
	return o->file || say(error);
}

FILE *output_stream(struct output *o)
{
	FILE *out = o->file ? outfile_stream(o->file) : stdout;

	if (!out)
		fprintf(stderr, "twinring: cannot write '%s': %s\n",
			VISIBLE(o->path), strerror(errno));
	return out;
}

bool output_close(struct output *o)
{
	char error[ERROR_SIZE];
	struct outfile *file = o->file;

	o->file = NULL; /* failures of standard output are main()'s to see */
	return !file || outfile_close(file, error, sizeof error) || say(error);
}

bool output_write(struct output *o, void (*write)(FILE *out, const void *what),
		  const void *what)
{
	FILE *out = output_stream(o);

	if (!out)
		return false;
	write(out, what);
	return output_close(o);
}

void output_discard(struct output *o)
{
	outfile_discard(o->file);
	o->file = NULL;
}

void output_text(FILE *out, const void *what)
{
	fputs(what, out);
}
