/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The packets of one source of a capture that does not fit into memory: a
 * window of them, which goes through the file as the source is played. Going on
 * is cheap; going back beyond the window reads from the beginning again.
 */
#ifndef TWINRING_SIM_TRAFFIC_LANE_H
#define TWINRING_SIM_TRAFFIC_LANE_H

#include "sim/traffic/feed.h"

/*
 * Blocks of a window. Each but the last of a pass has as many rows as a run of
 * packets, so that the run may be looked at twice, round the end of a pass too.
 */
enum { LANE_BLOCKS = 3 };

struct lane_block {
	struct source_packet *row;
	uint8_t *bytes;
	uint64_t room; /* of bytes */
	uint32_t first, count;
};

struct lane {
	struct feed feed;
	uint32_t pass;        /* packets in all */
	uint32_t next;        /* the packet that feed is before */
	uint64_t block_bytes; /* a block is full with so many */
	uint32_t now;         /* the block last used */
	uint32_t last;        /* the block last filled */
	struct lane_block block[LANE_BLOCKS];
	uint8_t from, to;
	const char *problem; /* NULL: none */
};

/*
 * The @pass packets that go from VM @from to VM @to, in blocks of about
 * @block_bytes. NULL: out of memory.
 */
struct lane *lane_open(const struct feed_plan *plan, uint8_t from, uint8_t to,
		       uint32_t pass, uint64_t block_bytes);
void lane_close(struct lane *l);

/* Loads what is not in the window; as lane_row(). */
const struct source_packet *lane_load(struct lane *l, uint32_t place);

/*
 * The packet at @place of a pass, its bytes too; it stays while its block is
 * among the last LANE_BLOCKS. NULL with a problem set: it cannot be read.
 */
static inline const struct source_packet *lane_row(struct lane *l,
						   uint32_t place)
{
	const struct lane_block *b = &l->block[l->now];

	if (place - b->first < b->count)
		return &b->row[place - b->first];
	return lane_load(l, place);
}

#endif
