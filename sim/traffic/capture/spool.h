/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bytes that are put down once, one behind the other, and read anywhere: in
 * memory while they are few, in a temporary file without a name beyond that.
 * The file is gone when it is closed.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_SPOOL_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct spool {
	uint8_t *bytes; /* the last of them; all, while there is no file */
	uint64_t held;  /* in bytes */
	uint64_t room;  /* of bytes */
	uint64_t most;  /* to be held in memory */
	uint64_t filed; /* in the file */
	int fd;         /* the file, or -1 */
};

/* Where files lie: @path, which must stay; /var/tmp if it is never called. */
void spool_set_folder(const char *path);

/* At most @most bytes, more than 0, are held in memory. */
void spool_begin(struct spool *s, uint64_t most);

/* Adds @len bytes. False: no memory, or no temporary file; errno says why. */
bool spool_add(struct spool *s, const void *bytes, uint64_t len);

/*
 * Reads @len bytes from @offset on, fewer at the end: how many. Below 0 after
 * an error, which errno names.
 */
int64_t spool_read(const struct spool *s, uint64_t offset, void *into,
		   uint64_t len);

/* Where a file stands: all that a pipe can be read from. */
#define SPOOL_ON UINT64_MAX

/* Reads @len bytes of @fd from @offset on, as above. */
int64_t spool_read_file(int fd, uint64_t offset, void *into, uint64_t len);

void spool_end(struct spool *s);

#endif
