/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pictures, drawn by gnuplot from a script that comes with the program. Knows
 * how to start gnuplot; what is drawn is the script's affair.
 */
#ifndef TWINRING_TOOLS_PLOT_H
#define TWINRING_TOOLS_PLOT_H

#include <stdbool.h>
#include <stdio.h>

struct plot;

/* Begins a picture in @file, SVG or PNG by its ending. NULL: said why. */
struct plot *plot_begin(const char *file);

/* Where data and settings go, as gnuplot reads them. */
FILE *plot_input(struct plot *p);

/* Runs @script (a name in tools/plot) on it. False: said why. */
bool plot_end(struct plot *p, const char *script);

#endif
