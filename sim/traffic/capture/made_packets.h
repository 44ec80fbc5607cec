/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests only: all packets of a small capture, each with all of its bytes.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_MADE_PACKETS_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_MADE_PACKETS_H

#include <assert.h>
#include <stdlib.h>

#include "sim/traffic/capture/capture.h"

/* As many as @c counts, each padded; for made_forget(). */
static inline struct capture_packet *made_packets(const struct capture *c)
{
	struct capture_packet *p = calloc(c->count + 1, sizeof *p);
	struct capture_reader r;

	assert(p && capture_begin(&r, c));
	for (uint64_t i = 0; i < c->count; i++) {
		uint8_t *bytes;

		assert(capture_next(&r, &p[i]));
		bytes = malloc(p[i].len + 1u);
		assert(bytes);
		capture_copy(&p[i], bytes);
		p[i].bytes = bytes;
	}
	assert(!capture_next(&r, &p[c->count]));
	capture_end(&r);
	p[c->count].bytes = NULL;
	return p;
}

static inline void made_forget(struct capture_packet *p)
{
	for (uint64_t i = 0; p && p[i].bytes; i++)
		free((uint8_t *)p[i].bytes);
	free(p);
}

#endif
