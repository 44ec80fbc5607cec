/* SPDX-License-Identifier: BSD-3-Clause */
/* A run as a JUnit test suite: one case for the run, one for each clause. */
#ifndef TWINRING_TOOLS_REPORT_JUNIT_H
#define TWINRING_TOOLS_REPORT_JUNIT_H

#include "tools/report/outcome.h"

/* @outcome is a struct outcome, as output_write() wants it. */
void junit_run(FILE *out, const void *outcome);

#endif
