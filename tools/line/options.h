/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Options that several verbs have, as rows of their tables. @type is what the
 * verb calls its request, with members of these names.
 */
#ifndef TWINRING_TOOLS_LINE_OPTIONS_H
#define TWINRING_TOOLS_LINE_OPTIONS_H

#include "tools/line/args.h"

/* For the verb to take: load_set(). */
#define OPTION_SET(says)                                             \
	{                                                            \
		.name = "set", .value = "KEY=VALUE", .words = (says) \
	}

/* Writes to the file that @type's @member names. */
#define OPTION_OUTPUT(called, type, member, says)                        \
	{                                                                \
		.name = (called), .value = "FILE", .words = (says),      \
		.kind = ARGS_OUTPUT, .at = offsetof(struct type, member) \
	}

#define OPTION_JSON(type)                 \
	OPTION_OUTPUT("json", type, json, \
		      "write the result as JSON (docs/JSON.md)")

#define OPTION_ON(called, type, member, says)                       \
	{                                                           \
		.name = (called), .words = (says), .kind = ARGS_ON, \
		.at = offsetof(struct type, member)                 \
	}

#define OPTION_NO_PROGRESS(type, what)                                  \
	{                                                               \
		.name = "no-progress",                                  \
		.words = "no " what ", though this is a terminal",      \
		.kind = ARGS_OFF, .at = offsetof(struct type, progress) \
	}

#define OPTION_QUIET(type, what)                                             \
	{                                                                    \
		.name = "quiet", .words = "print only " what, .letter = 'q', \
		.kind = ARGS_ON, .at = offsetof(struct type, quiet)          \
	}

#endif
