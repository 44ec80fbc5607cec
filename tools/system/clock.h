/* SPDX-License-Identifier: BSD-3-Clause */
/* The clock of measurements. Nothing that is modelled may include this. */
#ifndef TWINRING_TOOLS_SYSTEM_CLOCK_H
#define TWINRING_TOOLS_SYSTEM_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

#endif
