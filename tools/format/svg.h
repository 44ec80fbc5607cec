/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes SVG in whole pixels, the same bytes for the same calls everywhere.
 * How a class looks is said once, in the style that a picture begins with.
 * Knows shapes; what they show it must not know.
 */
#ifndef TWINRING_TOOLS_FORMAT_SVG_H
#define TWINRING_TOOLS_FORMAT_SVG_H

#include <stdio.h>

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* @title is what a reader without eyes for pictures gets; @style is CSS. */
void svg_begin(FILE *out, int width, int height, const char *title,
	       const char *style);
void svg_end(FILE *out);

void svg_rect(FILE *out, const char *class, int x, int y, int width,
	      int height);
void svg_line(FILE *out, const char *class, int x1, int y1, int x2, int y2);

/* A line with a head at its end. */
void svg_arrow(FILE *out, const char *class, int x1, int y1, int x2, int y2);

/* @text may hold anything, as in xml_text(). */
void svg_text(FILE *out, const char *class, enum svg_anchor anchor, int x,
	      int y, const char *text);

#endif
