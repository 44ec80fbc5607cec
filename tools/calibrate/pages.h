/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages of memory that are there, and how long it takes to protect one. */
#ifndef TWINRING_TOOLS_CALIBRATE_PAGES_H
#define TWINRING_TOOLS_CALIBRATE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

/* @count pages, each written to. NULL: there is no memory. */
uint8_t *pages_map(uint32_t count);
void pages_unmap(uint8_t *at, uint32_t count);

/* Picoseconds of a call that takes away or gives back the right to write. */
bool pages_protect_ps(uint8_t *page, uint64_t *ps);

#endif
