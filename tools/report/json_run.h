/* SPDX-License-Identifier: BSD-3-Clause */
/* A run as JSON, "twinring-run-1"; docs/JSON.md says what each key means. */
#ifndef TWINRING_TOOLS_REPORT_JSON_RUN_H
#define TWINRING_TOOLS_REPORT_JSON_RUN_H

#include "tools/report/outcome.h"

/* @outcome is a struct outcome, as output_write() wants it. */
void json_run(FILE *out, const void *outcome);

#endif
