/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The packets of a capture in order, each with the VM that sends it, those that
 * it goes to, and when: what a source hands out. Shared by those who make
 * sources of captures; nobody else.
 */
#ifndef TWINRING_SIM_TRAFFIC_FEED_H
#define TWINRING_SIM_TRAFFIC_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/schema/config.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/direction/direction.h"

/* A packet of a capture, ready to be handed out. */
struct source_packet {
	const uint8_t *bytes;
	uint64_t hash;
	uint64_t due;  /* within a pass */
	uint64_t rest; /* of due, in 1 / rate ps */
	uint32_t len;
	uint16_t gso_size;
	uint16_t hdr_len;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint8_t gso_type;
	bool copied;
};

enum { FEED_ALIGN = 8 }; /* of frames that lie behind one another */

/* Bytes that a frame of @len takes where frames lie behind one another. */
static inline uint64_t feed_room(uint32_t len)
{
	return ((uint64_t)len + FEED_ALIGN - 1) / FEED_ALIGN * FEED_ALIGN;
}

/* A capture and all that is known about how it is played; it must stay. */
struct feed_plan {
	const struct capture *c;
	const struct direction *d;
	const struct world_config *world;
	const struct traffic_config *traffic;
};

struct feed {
	const struct feed_plan *plan;
	struct capture_reader reader;
	struct direction_reader ways;
	struct capture_packet packet; /* the last one; never empty */
	uint64_t place;               /* of it, not counting empty ones */
	uint64_t taken;               /* packets that are not empty */
	uint64_t to;                  /* VMs that it goes to, as bits */
	uint8_t from;
	bool failed; /* it ended early: the file was changed, or unreadable */
};

/* False: out of memory, nothing to end. */
bool feed_begin(struct feed *f, const struct feed_plan *plan);
void feed_end(struct feed *f);
void feed_rewind(struct feed *f);

/* Goes on to the next packet that is not empty; false behind the last. */
bool feed_next(struct feed *f);

/* The row of that packet, whose bytes are written to @to: feed_room() of it. */
struct source_packet feed_row(const struct feed *f, uint8_t *to);

/* How a time of the capture is played: 0 where there is no pace of its own. */
uint64_t feed_scaled(const struct traffic_config *t, uint64_t ps);

/* Whether packets have places in time, and not the times recorded. */
bool feed_is_rate(const struct traffic_config *t);

#endif
