/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames by formula: the n-th frame of a generator depends on its seed and on
 * n only, so that any number of them needs the memory of one of each shape.
 * Knows frames; when they are sent is the source's.
 */
#ifndef TWINRING_SIM_TRAFFIC_GENERATE_H
#define TWINRING_SIM_TRAFFIC_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/guest/app.h"
#include "model/numbers/limits.h"

enum {
	GENERATE_STAMP = 48, /* offset of the little-endian sequence number */
	GENERATE_MIN = FRAME_MIN,
	GENERATE_MAX = 262144,
};

_Static_assert((int)GENERATE_MAX >= (int)FRAME_MAX, "all can be made");

enum generate_shape { GENERATE_FIXED, GENERATE_IMIX, GENERATE_DRAWN };

struct generator_config {
	enum generate_shape shape;
	uint32_t bytes; /* fixed: of each; drawn: at most; imix: unused */
	uint64_t seed;
	uint32_t stream; /* tells the generators of one seed apart */
	uint8_t from, to;
};

struct generator;

/* NULL when memory is out. */
struct generator *generate_open(const struct generator_config *config);
void generate_close(struct generator *g);

/*
 * Sets bytes, len and hash to those of frame @n. The bytes lie in the
 * generator and hold until the next call for the same generator, which makes
 * a generator an affair of one thread.
 */
void generate_frame(struct generator *g, uint64_t n, struct app_packet *out);

/*
 * Writes frame @n and those behind it to the buffers @to, @most of them, up to
 * the first that there is no room for: how many.
 */
uint32_t generate_run(struct generator *g, uint64_t n,
		      const struct app_buffers *to, uint32_t most,
		      struct app_frame *out);

/* Length of every frame, 0 if they differ. */
uint32_t generate_len(const struct generator *g);

#endif
