/* SPDX-License-Identifier: BSD-3-Clause */
/* A capture in words, with what each way of telling its two sides makes of it.
 */
#ifndef TWINRING_SIM_TRAFFIC_DIRECTION_CAPTURE_INFO_H
#define TWINRING_SIM_TRAFFIC_DIRECTION_CAPTURE_INFO_H

#include <stdio.h>

#include "sim/traffic/capture/capture.h"

/*
 * Writes what is known about @c, read from @file, for people to read. False
 * with a message in @error: memory ran out on the way, or the file changed.
 */
bool capture_describe(const struct capture *c, const char *file, FILE *out,
		      char *error, uint32_t size);

#endif
