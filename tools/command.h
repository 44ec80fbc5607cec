/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The verbs of twinring and how each may end. Knows command lines; what a verb
 * does is in its own cmd_*.c.
 */
#ifndef TWINRING_TOOLS_COMMAND_H
#define TWINRING_TOOLS_COMMAND_H

#include <errno.h>
#include <stdint.h>

/* Exit codes, with --json as without. 128 + signal: it was interrupted. */
enum exit_code {
	EXIT_PASSED = 0,
	EXIT_VIOLATED = 1,   /* a rule was broken, an expectation not met */
	EXIT_USAGE = 2,      /* the command line or the scenario is wrong */
	EXIT_INPUT = 3,      /* an input cannot be read */
	EXIT_FAILED = 4,     /* an output cannot be written, memory is out */
	EXIT_INCOMPLETE = 5, /* all held, but a limit cut the work off */
	EXIT_SIGNAL = 128
};

/*
 * What a failure means that would end with @code, where errno was 0 before it:
 * whatever could not be done for want of memory has failed.
 */
static inline int exit_code_of(int code)
{
	return errno == ENOMEM ? EXIT_FAILED : code;
}

struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
	const char *words;                 /* one line */
};

int cmd_run(int argc, char **argv);
int cmd_explore(int argc, char **argv);
int cmd_swarm(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_pcap(int argc, char **argv);

#endif
