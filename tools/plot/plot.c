/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* memfd_create() */
#include "tools/plot/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/system/child.h"
#include "sim/text/visible.h"
#include "tools/line/embedded.h"
#include "tools/screen/output.h"

enum { NO_PROGRAM = 127, TAIL = 64 };

/* One kind of picture: what gnuplot calls it, and how a whole one ends. */
struct format {
	const char *ending, *terminal, *last;
};

static const struct format formats[] = {
	{".svg",
	 "svg size 1100,800 dynamic noenhanced background rgb 'white' "
	 "font 'DejaVu Sans,11'",
	 "</svg>"},
	{".png", "pngcairo size 1100,800 noenhanced font 'DejaVu Sans,10'",
	 "IEND"},
};

struct plot {
	const struct format *format;
	struct output to;
	FILE *script; /* in memory; gnuplot reads it when it is complete */
};

static const struct format *format_of(const char *file)
{
	const char *dot = strrchr(file, '.');

	for (size_t i = 0; dot && i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(dot, formats[i].ending) == 0)
			return &formats[i];
	fprintf(stderr, "twinring: %s: a picture ends in .svg or .png\n",
		VISIBLE(file));
	return NULL;
}

/* Runs gnuplot with @in and @out as its own. False: said why. */
static bool gnuplot(const char *option, int in, int out)
{
	char words[CHILD_WORDS];
	int status;
	pid_t pid;

	fflush(NULL);
	pid = child_begin();
	if (pid == 0) {
		if (dup2(in, STDIN_FILENO) >= 0 &&
		    dup2(out, STDOUT_FILENO) >= 0)
			execlp("gnuplot", "gnuplot", option, (char *)NULL);
		_exit(NO_PROGRAM);
	}
	if (pid < 0) {
		fprintf(stderr, "twinring: gnuplot cannot be started: %s\n",
			strerror(errno));
		return false;
	}
	child_ended(pid, true, &status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM)
		fprintf(stderr, "twinring: no gnuplot, which draws pictures; "
				"install gnuplot-nox\n");
	else if (status != 0)
		fprintf(stderr, "twinring: gnuplot %s\n",
			child_words(status, words, sizeof words));
	return status == 0;
}

static bool gnuplot_is_there(void)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool there = nowhere >= 0 && gnuplot("--version", nowhere, nowhere);

	if (nowhere >= 0)
		close(nowhere);
	return there;
}

/* A file that lies in memory and has no name; NULL: said why. */
static FILE *memory_file(void)
{
	int fd = memfd_create("picture", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+b");

	if (!file) {
		fprintf(stderr, "twinring: no memory for a picture\n");
		if (fd >= 0)
			close(fd);
	}
	return file;
}

struct plot *plot_begin(const char *file)
{
	const struct format *format = format_of(file);
	struct plot *p;

	if (!format || !gnuplot_is_there())
		return NULL;
	p = calloc(1, sizeof *p);
	if (!p) {
		fprintf(stderr, "twinring: out of memory\n");
		return NULL;
	}
	p->format = format;
	p->script = memory_file();
	if (p->script && output_open(&p->to, file)) {
		fprintf(p->script, "set terminal %s\n", format->terminal);
		return p;
	}
	plot_discard(p);
	return NULL;
}

FILE *plot_input(struct plot *p)
{
	return p->script;
}

void plot_text(struct plot *p, const char *text)
{
	fputc('\'', p->script);
	for (text = VISIBLE(text); *text; text++) {
		if (*text == '\'')
			fputc('\'', p->script);
		fputc(*text, p->script);
	}
	fputc('\'', p->script);
}

static const char *script_text(const char *name)
{
	for (const struct embedded_text *t = plot_texts; t->name; t++)
		if (strcmp(t->name, name) == 0)
			return t->text;
	return "";
}

/* gnuplot says nothing of a picture that it could not write to its end. */
static bool is_whole(const struct plot *p, FILE *picture)
{
	char tail[TAIL];
	size_t n;

	if (fseek(picture, -TAIL, SEEK_END) != 0)
		return false;
	n = fread(tail, 1, TAIL, picture);
	rewind(picture);
	return memmem(tail, n, p->format->last, strlen(p->format->last));
}

static void copy(FILE *out, const void *from)
{
	FILE *picture = *(FILE *const *)from;
	char part[4096];
	size_t n;

	while ((n = fread(part, 1, sizeof part, picture)) > 0)
		fwrite(part, 1, n, out);
}

/* @picture is what gnuplot made of it. */
static bool draw(struct plot *p, FILE *picture)
{
	rewind(p->script);
	if (!gnuplot("-", fileno(p->script), fileno(picture)))
		return false;
	if (is_whole(p, picture))
		return output_write(&p->to, copy, &picture);
	fprintf(stderr, "twinring: %s: gnuplot could not draw it\n",
		VISIBLE(p->to.path));
	return false;
}

bool plot_end(struct plot *p, const char *script)
{
	FILE *picture = memory_file();
	bool good = picture && fputs(script_text(script), p->script) != EOF &&
		    fflush(p->script) == 0 && draw(p, picture);

	if (picture)
		fclose(picture);
	plot_discard(p);
	return good;
}

void plot_discard(struct plot *p)
{
	if (!p)
		return;
	output_discard(&p->to);
	if (p->script)
		fclose(p->script);
	free(p);
}
