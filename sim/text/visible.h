/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of files as a terminal may be shown them. */
#ifndef TWINRING_SIM_TEXT_VISIBLE_H
#define TWINRING_SIM_TEXT_VISIBLE_H

#include <stddef.h>

enum { VISIBLE_SIZE = 4096 };

/*
 * Writes @text with what a terminal would obey, and bytes that are no UTF-8, as
 * \xNN, each a byte; what does not fit into @size bytes is left out. Returns
 * @out.
 */
const char *visible(const char *text, char *out, size_t size);

/* The same, for one message. */
#define VISIBLE(text) visible(text, (char[VISIBLE_SIZE]){0}, VISIBLE_SIZE)

#endif
