/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file, or standard input, as a FILE that reads what gzip may have packed.
 * Knows bytes; what they mean is the caller's.
 */
#ifndef TWINRING_SIM_TRAFFIC_STREAM_H
#define TWINRING_SIM_TRAFFIC_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { STREAM_HEAD = 4 };

/* Must stay where it is until @file is closed. */
struct stream {
	FILE *file; /* the caller closes it */
	void *gz;
	bool gzip;
	uint8_t head[STREAM_HEAD]; /* the first bytes; they are read again */
	uint32_t held;             /* bytes in head */
	uint32_t given;            /* of these, read by the caller */
	char problem[128];         /* why reading failed; empty: it did not */
};

/* Opens @file ("-": standard input). False with a message in @error. */
bool stream_open(struct stream *s, const char *file, char *error,
		 uint32_t size);

#endif
