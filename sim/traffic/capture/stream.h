/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes of a file, or of standard input, to be read anywhere and more than
 * once. A plain file is read where it lies; what is packed or comes through a
 * pipe is spooled first. Knows bytes; what they mean is the caller's.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_STREAM_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/traffic/capture/spool.h"
#include "sim/traffic/capture/unpack.h"

enum { STREAM_HEAD = 8 };

struct stream {
	int fd;         /* a plain file, or -1: all is in spool */
	uint64_t begin; /* the place in fd that counts as byte 0 */
	struct spool spool;
	enum packing packing;
	uint8_t head[STREAM_HEAD]; /* the first bytes, unpacked */
	uint32_t held;             /* bytes in head */
	char problem[128];         /* why no more was unpacked; "": it was */
};

/* Opens @file ("-": standard input). False with a message in @error. */
bool stream_open(struct stream *s, const char *file, char *error,
		 uint32_t size);
void stream_close(struct stream *s);

/*
 * Reads @len bytes from @offset on, fewer at the end: how many. Below 0 after
 * an error, which errno names.
 */
int64_t stream_read(const struct stream *s, uint64_t offset, void *into,
		    uint64_t len);

#endif
