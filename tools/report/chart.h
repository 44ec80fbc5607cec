/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A story as a picture: a lane for each party, an arrow for what went from one
 * to another, and beside each move who then holds each slot. Knows how it
 * looks; the story is told elsewhere.
 */
#ifndef TWINRING_TOOLS_REPORT_CHART_H
#define TWINRING_TOOLS_REPORT_CHART_H

#include "sim/explore/search.h"

/* A story of a scenario. */
struct chart_counterexample {
	const struct scenario *sc;
	const struct search_violation *v;
};

/* Writes @what, a struct chart_counterexample, as SVG; for output_write(). */
void chart_write(FILE *out, const void *what);

#endif
