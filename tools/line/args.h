/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a verb: one table drives parsing and --help. Knows how an
 * option is spelled; what it means is its verb's affair.
 */
#ifndef TWINRING_TOOLS_LINE_ARGS_H
#define TWINRING_TOOLS_LINE_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an option does to the request that its verb is given. */
enum args_kind {
	ARGS_OWN,    /* what the verb's take() says */
	ARGS_TEXT,   /* a const char * becomes its value */
	ARGS_OUTPUT, /* likewise; of all of these one can be -, at most */
	ARGS_ON,     /* a bool becomes true */
	ARGS_OFF     /* a bool becomes false */
};

struct args_option {
	const char *name;  /* without dashes */
	const char *value; /* what it takes, as --help shows it, or NULL */
	const char *words; /* for --help; lines end in \n but for the last */
	char letter;       /* of -x, or 0 */
	enum args_kind kind;
	size_t at; /* offset of what becomes something, in the request */
};

struct args;

struct args_verb {
	const char *name;
	const char *operands;             /* as the usage line shows them */
	const char *words;                /* what it does, whole lines */
	const struct args_option *option; /* up to one without a name */
	const char *examples;             /* whole lines, or NULL */
	uint32_t least, most;             /* operands that it takes */
	/* An option of ARGS_OWN. An exit code. */
	int (*take)(void *request, int option, const char *value);
	/* All options were read; does what was asked for. An exit code. */
	int (*perform)(void *request, const struct args *a);
};

struct args {
	const struct args_verb *verb;
	int argc;
	char **argv;
	const char *value; /* of the option that was read last, or NULL */
	char **operand;
	uint32_t operands;
	int exit_code; /* of what ended it before it was done */
};

/*
 * Reads the command line into @request and performs it. --help goes to standard
 * output, what is wrong to standard error. An exit code.
 */
int args_perform(const struct args_verb *verb, void *request, int argc,
		 char **argv);

/*
 * The @value of option @name as a number from 1 to @most in *out. An exit code,
 * after words where it is none.
 */
int args_number(const struct args_verb *verb, const char *name,
		const char *value, uint64_t most, uint64_t *out);

/* EXIT_PASSED where @value of @option was @good, else words and EXIT_USAGE. */
int args_value(const struct args_verb *verb, int option, const char *value,
	       bool good);

/* Says what is wrong and where help is; returns EXIT_USAGE. */
int args_refuse(const struct args_verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
