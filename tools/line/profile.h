/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where prices come from: a profile that is built in, by its name, or a file.
 * Knows names and files; what a price means it must not know.
 */
#ifndef TWINRING_TOOLS_LINE_PROFILE_H
#define TWINRING_TOOLS_LINE_PROFILE_H

#include <stddef.h>
#include <stdio.h>

#include "sim/world/cost_model.h"
#include "tools/line/embedded.h"

/*
 * Finds and reads the profile called @name: a file if there is a slash in it
 * or .yaml at its end. Returns an exit code; what is wrong goes to @talk.
 */
int profile_load(const char *name, struct cost_model *out, FILE *talk);

/* The first line of @p's text, which says what it is about. */
const char *profile_words(const struct embedded_text *p, char *out,
			  size_t size);

#endif
