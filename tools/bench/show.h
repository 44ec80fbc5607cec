/* SPDX-License-Identifier: BSD-3-Clause */
/* A sweep for people, for scripts, and as a picture. All of it is measured. */
#ifndef TWINRING_TOOLS_BENCH_SHOW_H
#define TWINRING_TOOLS_BENCH_SHOW_H

#include <stdio.h>

#include "tools/bench/sweep.h"

void show_table(FILE *out, const struct sweep_result *r);

/* As docs/JSON.md says; for output_write(). */
void show_json(FILE *out, const void *result);

/* Rows for tools/plot/bench.gp. */
void show_data(FILE *out, const struct sweep_result *r);

#endif
