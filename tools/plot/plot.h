/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pictures, drawn by gnuplot from a script that comes with the program. Knows
 * how to start gnuplot; what is drawn is the script's affair.
 */
#ifndef TWINRING_TOOLS_PLOT_PLOT_H
#define TWINRING_TOOLS_PLOT_PLOT_H

#include <stdbool.h>
#include <stdio.h>

struct plot;

/*
 * Begins a picture that is to become @file, SVG or PNG by its ending: before
 * anything runs, since without gnuplot there will be none. NULL: said why.
 */
struct plot *plot_begin(const char *file);

/* Where data and settings go, as gnuplot reads them. */
FILE *plot_input(struct plot *p);

/* Writes @text there as a string in quotes. */
void plot_text(struct plot *p, const char *text);

/* Runs @script (a name in tools/plot) on it and frees @p. False: said why. */
bool plot_end(struct plot *p, const char *script);

/* Draws nothing and frees @p, which may be NULL. */
void plot_discard(struct plot *p);

#endif
