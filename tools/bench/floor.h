/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bare floor of a zero-copy hand-over: two split rings, a match table and
 * an owner for each slot, in one loop with nothing around it. What the real
 * ring code takes is stated as a multiple of this, from the same run.
 */
#ifndef TWINRING_TOOLS_BENCH_FLOOR_H
#define TWINRING_TOOLS_BENCH_FLOOR_H

#include <stdint.h>

struct floor;

/* NULL when memory is out. */
struct floor *floor_open(uint32_t batch);
void floor_close(struct floor *f);

/* Moves at least @packets; nanoseconds that they took, and their number. */
uint64_t floor_lap(struct floor *f, uint64_t packets, uint64_t *moved);

#endif
