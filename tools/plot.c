/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/plot.h"

#include "tools/embedded.h"

#include <stdlib.h>
#include <string.h>

struct plot {
	FILE *pipe;
	const char *file;
};

static const char *terminal_of(const char *file)
{
	const char *dot = strrchr(file, '.');

	if (dot && strcmp(dot, ".svg") == 0)
		return "svg size 1100,800 dynamic background rgb 'white' "
		       "font 'DejaVu Sans,11'";
	if (dot && strcmp(dot, ".png") == 0)
		return "pngcairo size 1100,800 font 'DejaVu Sans,10'";
	return NULL;
}

/* @text as a string in gnuplot's single quotes. */
static void put_quoted(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

struct plot *plot_begin(const char *file)
{
	const char *terminal = terminal_of(file);
	struct plot *p;

	if (!terminal) {
		fprintf(stderr,
			"twinring: %s: a picture ends in .svg or .png\n", file);
		return NULL;
	}
	p = calloc(1, sizeof *p);
	if (p)
		p->pipe = popen("gnuplot", "w");
	if (!p || !p->pipe) {
		fprintf(stderr, "twinring: gnuplot cannot be started\n");
		free(p);
		return NULL;
	}
	p->file = file;
	fprintf(p->pipe, "set terminal %s\nset output ", terminal);
	put_quoted(p->pipe, file);
	fputc('\n', p->pipe);
	return p;
}

FILE *plot_input(struct plot *p)
{
	return p->pipe;
}

static const char *script_text(const char *name)
{
	for (const struct embedded_text *t = plot_texts; t->name; t++)
		if (strcmp(t->name, name) == 0)
			return t->text;
	return NULL;
}

bool plot_end(struct plot *p, const char *script)
{
	const char *text = script_text(script);
	bool good = text && fputs(text, p->pipe) != EOF;

	good = pclose(p->pipe) == 0 && good;
	if (!good)
		fprintf(stderr,
			"twinring: %s: gnuplot could not draw it; is "
			"gnuplot-nox installed?\n",
			p->file);
	free(p);
	return good;
}
