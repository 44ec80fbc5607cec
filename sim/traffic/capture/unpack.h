/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packed bytes unpacked as they are read: gzip, bzip2, xz and zstd, of one or
 * of several parts. Knows nothing of what the bytes mean.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_UNPACK_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_UNPACK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum packing {
	PACKING_NONE,
	PACKING_GZIP,
	PACKING_BZIP2,
	PACKING_XZ,
	PACKING_ZSTD,
	PACKING_KINDS
};

/*
 * Memory that a packer may ask for: enough for what its own program reads when
 * nothing else is said (xz -9 needs 65 MiB, zstd --ultra 128 MiB).
 */
#define UNPACK_MEMORY_MOST (UINT64_C(1) << 28)

/* As people write it; "" for PACKING_NONE. */
const char *packing_name(enum packing p);

/* How a file that begins with these bytes is packed. */
enum packing packing_of(const uint8_t *head, uint32_t len);

/*
 * The packer of a file that begins with these bytes, where it is one that is
 * known and cannot be read here, with the command that unpacks it; or NULL.
 */
const char *packing_foreign(const uint8_t *head, uint32_t len,
			    const char **command);

struct unpack;

/*
 * Unpacks what @fd gives after the @len bytes of @head, which were read from it
 * already. NULL: out of memory.
 */
struct unpack *unpack_begin(enum packing p, int fd, const uint8_t *head,
			    uint32_t len);

/* Bytes into @into; 0: the end, or unpack_problem() is not empty. */
size_t unpack_read(struct unpack *u, uint8_t *into, size_t room);

/* Why unpacking failed, "" while it did not. */
const char *unpack_problem(const struct unpack *u);

void unpack_end(struct unpack *u);

#endif
