/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who sends: for each packet of a capture the VM that it leaves and the VM
 * that it is for. Endpoints are what appears as a source; they are numbered as
 * they appear, and endpoint k lives in VM k modulo the VMs.
 */
#ifndef TWINRING_SIM_TRAFFIC_DIRECTION_H
#define TWINRING_SIM_TRAFFIC_DIRECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/config.h"
#include "sim/traffic/capture.h"
#include "sim/scenario/scenario.h"

/* In direction.to: every VM that shares a link with the sender. */
enum { DIRECTION_ALL = 0xff };

/* What one way of telling makes of a capture. */
struct direction_tally {
	uint64_t endpoints;
	uint64_t decided; /* packets whose two ends differ */
	uint64_t replies; /* of these, those that go to an endpoint */
};

struct direction {
	enum direction_by by; /* DIRECTION_AUTO: none tells */
	struct direction_tally tally[DIRECTION_PORT + 1];
	bool one_way;      /* none tells, since only one side sends: one MAC,
			    * and nothing goes to an IP address that sends */
	uint64_t by_mac;   /* undecided, but their MAC was seen before */
	uint64_t by_guess; /* undecided, taken as from VM 0 */
	uint8_t *from;     /* a VM for each packet; owned */
	uint8_t *to;       /* a VM or DIRECTION_ALL; owned */
};

enum direction_answer {
	DIRECTION_FOUND,
	DIRECTION_ONE_ENDPOINT, /* the way that was asked for does not tell */
	DIRECTION_NO_MEMORY
};

/*
 * Finds the directions of @c in a world of at least two VMs and one link. With
 * DIRECTION_AUTO an answer is always found, even if it is "all from VM 0".
 * Unless DIRECTION_FOUND is returned, nothing needs to be freed.
 */
enum direction_answer direction_find(const struct capture *c,
				     const struct world_config *world,
				     enum direction_by by,
				     struct direction *out);
void direction_free(struct direction *d);

const char *direction_name(enum direction_by by);

/* The first way that tells enough, or DIRECTION_AUTO; from the tallies. */
enum direction_by direction_best(const struct direction *d, uint64_t packets);

#endif
