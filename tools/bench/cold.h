/* SPDX-License-Identifier: BSD-3-Clause */
/* Puts memory out of every cache, so that the next lap fetches it. */
#ifndef TWINRING_TOOLS_BENCH_COLD_H
#define TWINRING_TOOLS_BENCH_COLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Flushes @size bytes at @at; false where the machine has no way to do so. */
bool cold_flush(const uint8_t *at, size_t size);

#endif
