/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many processes this machine can run at once. No result depends on it.
 */
#ifndef TWINRING_TOOLS_SYSTEM_CORES_H
#define TWINRING_TOOLS_SYSTEM_CORES_H

#include <stdint.h>
#include <unistd.h>

/* 1 where nobody says. */
static inline uint64_t cores_online(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 0 ? (uint64_t)cores : 1;
}

#endif
