/* SPDX-License-Identifier: BSD-3-Clause */
/* How a referee says that a rule was broken. */
#ifndef TWINRING_CONFORMANCE_REFEREE_FINDING_H
#define TWINRING_CONFORMANCE_REFEREE_FINDING_H

#include "sim/watch/referee.h"

/*
 * Reports to whom @s names that @ev broke @broken, on its queue's link and of
 * @slot, which may be NO_SLOT; @format says how, in printf's words.
 */
__attribute__((cold, noinline, format(printf, 5, 6))) void referee_finding(
	const struct referee_setup *s, const struct event *ev,
	enum clause broken, uint32_t slot, const char *format, ...);

#endif
