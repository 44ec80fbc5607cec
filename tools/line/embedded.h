/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts that are built into the program; embed.cmake writes the arrays. */
#ifndef TWINRING_TOOLS_LINE_EMBEDDED_H
#define TWINRING_TOOLS_LINE_EMBEDDED_H

#include <stddef.h>

struct embedded_text {
	const char *name; /* of the file, without its ending */
	const char *text; /* ends in a NUL that size does not count */
	size_t size;
};

/* By name, up to one without a name. */
extern const struct embedded_text profile_texts[]; /* profiles/NAME.yaml */
extern const struct embedded_text plot_texts[];    /* plot/NAME.gp */

#endif
