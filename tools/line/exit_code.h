/* SPDX-License-Identifier: BSD-3-Clause */
/* How a verb may end. */
#ifndef TWINRING_TOOLS_LINE_EXIT_CODE_H
#define TWINRING_TOOLS_LINE_EXIT_CODE_H

#include <errno.h>

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

#endif
