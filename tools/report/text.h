/* SPDX-License-Identifier: BSD-3-Clause */
/* A run for people to read, 80 columns wide; what is modelled says so. */
#ifndef TWINRING_TOOLS_REPORT_TEXT_H
#define TWINRING_TOOLS_REPORT_TEXT_H

#include "tools/report/outcome.h"

/* Everything; @colour marks how it went. */
void text_run(FILE *out, const struct outcome *o, bool colour);

/* Only how it went, and what was broken or not met. */
void text_verdict(FILE *out, const struct outcome *o, bool colour);

#endif
