/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/finding.h"

#include <stdarg.h>
#include <stdio.h>

void referee_finding(const struct referee_setup *s, const struct event *ev,
		     enum clause broken, uint32_t slot, const char *format, ...)
{
	struct finding f = {.clause = broken,
			    .event = *ev,
			    .link = queue_link(&s->config->numbers, ev->queue),
			    .slot = slot};
	va_list args;

	va_start(args, format);
	vsnprintf(f.detail, sizeof f.detail, format, args);
	va_end(args);
	s->report(s->to, &f);
}
