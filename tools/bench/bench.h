/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Measures the real ring code with a clock: one world, its guests and host
 * workers stepped in turn, balanced traffic both ways. Nothing is modelled
 * here, and nothing measured here enters a modelled figure.
 */
#ifndef TWINRING_TOOLS_BENCH_BENCH_H
#define TWINRING_TOOLS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far the packet buffers reach; see bench_pool_words(). */
enum bench_pool { POOL_L1, POOL_L2, POOL_L3, POOL_DRAM, BENCH_POOLS };

const char *bench_pool_name(enum bench_pool p);
const char *bench_pool_words(enum bench_pool p);

struct bench_case {
	const char *path;
	uint32_t bytes; /* of a frame */
	uint32_t batch; /* packets that an actor handles in a step */
	enum bench_pool pool;
	bool read;     /* the receiver reads the payload */
	bool referees; /* the ledger checks every hand-over */
};

/* What a case comes to in slots and bytes. */
struct bench_shape {
	uint32_t slots; /* or private buffers of each end */
	uint32_t slot_size;
	uint32_t stride;
	uint64_t pool_bytes;
};

/* False when the pool cannot hold the batch in flight. */
bool bench_shape(const struct bench_case *c, struct bench_shape *out);

struct bench;

/* NULL, with words in @error, when memory is out or nothing crosses. */
struct bench *bench_open(const struct bench_case *c, char *error, size_t size);
void bench_close(struct bench *b);

/*
 * Moves packets until all buffers have been used once or more and at least
 * @packets have crossed; nanoseconds that they took, and their number.
 */
uint64_t bench_lap(struct bench *b, uint64_t packets, uint64_t *moved);

/* Broken rules that the ledger found: a bench that cheats measures nothing. */
uint64_t bench_violations(const struct bench *b);

#endif
