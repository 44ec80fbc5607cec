/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of a verb: one table drives parsing and --help. Knows how an
 * option is spelled; what it means is its verb's affair.
 */
#ifndef TWINRING_TOOLS_LINE_ARGS_H
#define TWINRING_TOOLS_LINE_ARGS_H

#include <stdbool.h>
#include <stdint.h>

struct args_option {
	const char *name;  /* without dashes */
	const char *value; /* what it takes, as --help shows it, or NULL */
	const char *words; /* for --help; lines end in \n but for the last */
	char letter;       /* of -x, or 0 */
};

struct args_verb {
	const char *name;
	const char *operands;             /* as the usage line shows them */
	const char *words;                /* what it does, whole lines */
	const struct args_option *option; /* up to one without a name */
	const char *examples;             /* whole lines, or NULL */
	uint32_t least, most;             /* operands that it takes */
};

struct args {
	const struct args_verb *verb;
	int argc;
	char **argv;
	const char *value; /* of the option that was read last, or NULL */
	char **operand;    /* valid once args_next() has returned ARGS_DONE */
	uint32_t operands;
	int exit_code; /* valid once it has returned ARGS_STOP */
};

enum {
	ARGS_DONE = -1, /* options are read, operands are as many as asked */
	ARGS_STOP = -2  /* end the verb with exit_code: help, or an error */
};

void args_begin(struct args *a, const struct args_verb *verb, int argc,
		char **argv);

/*
 * The next option, as its place in the table, or one of the above. --help goes
 * to standard output, what is wrong to standard error.
 */
int args_next(struct args *a);

/*
 * Hands each option to @take until one gives an exit code that is not
 * EXIT_PASSED. ARGS_DONE when all were taken; else how the verb ends.
 */
int args_each(struct args *a,
	      int (*take)(void *to, int option, const char *value), void *to);

/*
 * The @value of option @name as a number from 1 to @most in *out. An exit code,
 * after words where it is none.
 */
int args_number(const struct args_verb *verb, const char *name,
		const char *value, uint64_t most, uint64_t *out);

/* Says what is wrong and where help is; returns EXIT_USAGE. */
int args_refuse(const struct args_verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
