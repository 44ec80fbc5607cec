/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/line/args.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/guess.h"
#include "sim/text/visible.h"
#include "tools/line/exit_code.h"

enum {
	OPTIONS_MAX = 32,
	HELP = 1000, /* what getopt returns for --help; others: LONG + i */
	LONG = 2000,
	COLUMN = 24 /* where the words of an option begin */
};

static const struct args_option help_option = {
	.name = "help", .letter = 'h', .words = "show this and end"};

static uint32_t option_count(const struct args_verb *verb)
{
	uint32_t n = 0;

	while (verb->option[n].name)
		n++;
	assert(n < OPTIONS_MAX);
	return n;
}

static void print_option(const struct args_option *o)
{
	char head[80];
	int used = snprintf(head, sizeof head, "  %c%c%c --%s%s%s",
			    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
			    o->letter ? ',' : ' ', o->name, o->value ? " " : "",
			    o->value ? o->value : "");

	printf("%s", head);
	if (used > COLUMN - 2) {
		putchar('\n');
		used = 0;
	}
	for (const char *line = o->words; line;) {
		size_t length = strcspn(line, "\n");

		printf("%*s%.*s\n", COLUMN - used, "", (int)length, line);
		used = 0;
		line = line[length] ? line + length + 1 : NULL;
	}
}

static void print_help(const struct args_verb *verb)
{
	printf("Usage: twinring %s [OPTION]...%s%s\n\n%s\nOptions:\n",
	       verb->name, *verb->operands ? " " : "", verb->operands,
	       verb->words);
	for (const struct args_option *o = verb->option; o->name; o++)
		print_option(o);
	print_option(&help_option);
	if (verb->examples)
		printf("\nExamples:\n%s", verb->examples);
}

int args_refuse(const struct args_verb *verb, const char *format, ...)
{
	char words[VISIBLE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof words, format, args);
	va_end(args);
	fprintf(stderr, "twinring %s: %s\nTry 'twinring %s --help'.\n",
		verb->name, VISIBLE(words), verb->name);
	return EXIT_USAGE;
}

enum { ARGS_DONE = -1, ARGS_STOP = -2 };

static int stop(struct args *a, int code)
{
	a->exit_code = code;
	return ARGS_STOP;
}

/* How many options begin with @name: with two, it stands for neither. */
static uint32_t count_prefixed(const struct args_verb *verb, const char *name)
{
	uint32_t n = 0;

	for (const struct args_option *o = verb->option; o->name; o++)
		n += strncmp(o->name, name, strlen(name)) == 0;
	return n;
}

/* The word that getopt choked on: no option has this name, or several. */
static int refuse_unknown(struct args *a)
{
	const char *word = a->argv[optind - 1];
	char name[64], near[80];
	struct guess g;

	snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="),
		 word + 2);
	if (count_prefixed(a->verb, name) > 1)
		return stop(a, args_refuse(a->verb,
					   "option '--%s' could be several",
					   name));
	g = guess_of(name);
	for (const struct args_option *o = a->verb->option; o->name; o++)
		guess_try(&g, o->name);
	guess_try(&g, help_option.name);
	if (g.best)
		snprintf(near, sizeof near, "; did you mean '--%s'?", g.best);
	else
		near[0] = '\0';
	return stop(
		a, args_refuse(a->verb, "unknown option '--%s'%s", name, near));
}

static const char *long_name(const struct args *a, int code)
{
	if (code == HELP)
		return help_option.name;
	return a->verb->option[code - LONG].name;
}

/* getopt's '?': an unknown option, or a value where none belongs. */
static int refuse_option(struct args *a)
{
	if (optopt == 0)
		return refuse_unknown(a);
	if (optopt >= HELP)
		return stop(a,
			    args_refuse(a->verb, "option '--%s' takes no value",
					long_name(a, optopt)));
	return stop(a, args_refuse(a->verb, "unknown option '-%c'", optopt));
}

static int refuse_missing(struct args *a)
{
	if (optopt >= LONG)
		return stop(a,
			    args_refuse(a->verb, "option '--%s' needs %s",
					long_name(a, optopt),
					a->verb->option[optopt - LONG].value));
	return stop(a,
		    args_refuse(a->verb, "option '-%c' needs a value", optopt));
}

static int take_operands(struct args *a)
{
	const struct args_verb *v = a->verb;

	a->operand = a->argv + optind;
	a->operands = (uint32_t)(a->argc - optind);
	if (a->operands < v->least)
		return stop(a, args_refuse(v, "needs %s", v->operands));
	if (a->operands > v->most)
		return stop(a, args_refuse(v, "'%s' is one word too many",
					   a->operand[v->most]));
	return ARGS_DONE;
}

/* What getopt wants to know, from the table. */
static void describe(const struct args *a, struct option *longs, char *shorts)
{
	uint32_t n = option_count(a->verb);

	*shorts++ = ':';
	*shorts++ = help_option.letter;
	for (uint32_t i = 0; i < n; i++) {
		const struct args_option *o = &a->verb->option[i];

		longs[i] = (struct option){o->name, o->value ? 1 : 0, NULL,
					   LONG + (int)i};
		if (o->letter)
			*shorts++ = o->letter;
		if (o->letter && o->value)
			*shorts++ = ':';
	}
	longs[n] = (struct option){help_option.name, 0, NULL, HELP};
	longs[n + 1] = (struct option){0};
	*shorts = '\0';
}

/*
 * The next option, as its place in the table; ARGS_DONE when all are read and
 * operands are as many as asked, ARGS_STOP to end with a->exit_code.
 */
static int next(struct args *a)
{
	struct option longs[OPTIONS_MAX + 2];
	char shorts[2 * OPTIONS_MAX + 4];
	int code;

	describe(a, longs, shorts);
	code = getopt_long(a->argc, a->argv, shorts, longs, NULL);
	a->value = optarg;
	if (code == -1)
		return take_operands(a);
	if (code == '?')
		return refuse_option(a);
	if (code == ':')
		return refuse_missing(a);
	if (code == HELP || code == help_option.letter) {
		print_help(a->verb);
		return stop(a, EXIT_PASSED);
	}
	if (code >= LONG)
		return code - LONG;
	for (uint32_t i = 0; a->verb->option[i].name; i++)
		if (a->verb->option[i].letter == code)
			return (int)i;
	assert(false);
	return stop(a, EXIT_FAILED);
}

static int take(struct args *a, void *request, int option)
{
	const struct args_option *o = &a->verb->option[option];
	char *at = (char *)request + o->at;

	switch (o->kind) {
	case ARGS_TEXT:
	case ARGS_OUTPUT:
		*(const char **)at = a->value;
		break;
	case ARGS_ON:
	case ARGS_OFF:
		*(bool *)at = o->kind == ARGS_ON;
		break;
	case ARGS_OWN:
		return a->verb->take(request, option, a->value);
	}
	return EXIT_PASSED;
}

/* Outputs that go to standard output. */
static uint32_t count_stdouts(const struct args *a, const void *request)
{
	uint32_t n = 0;

	for (const struct args_option *o = a->verb->option; o->name; o++) {
		const char *file = NULL;

		if (o->kind == ARGS_OUTPUT)
			file = *(const char *const *)((const char *)request +
						      o->at);
		n += file && strcmp(file, "-") == 0;
	}
	return n;
}

int args_perform(const struct args_verb *verb, void *request, int argc,
		 char **argv)
{
	struct args a = {.verb = verb, .argc = argc, .argv = argv};
	int option, code;

	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while ((option = next(&a)) >= 0) {
		code = take(&a, request, option);
		if (code != EXIT_PASSED)
			return code;
	}
	if (option == ARGS_STOP)
		return a.exit_code;
	if (count_stdouts(&a, request) > 1)
		return args_refuse(verb, "only one FILE can be -");
	return verb->perform(request, &a);
}

int args_value(const struct args_verb *verb, int option, const char *value,
	       bool good)
{
	if (good)
		return EXIT_PASSED;
	return args_refuse(verb, "--%s: cannot be '%s'",
			   verb->option[option].name, value);
}

int args_number(const struct args_verb *verb, const char *name,
		const char *value, uint64_t most, uint64_t *out)
{
	char *end;

	*out = strtoull(value, &end, 10);
	if (value[0] >= '0' && value[0] <= '9' && *end == '\0' && *out &&
	    *out <= most)
		return EXIT_PASSED;
	return args_refuse(verb,
			   "'--%s' needs a number from 1 to %llu, not "
			   "'%.60s'",
			   name, (unsigned long long)most, value);
}
