/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whose a frame is, told in one of three ways. By MAC and by IP an endpoint is
 * an address. By port there are two: the side of the clients and the side of
 * the servers, since the many ports of one client would else be spread over
 * all VMs. Knows endpoints; VMs and links are direction's.
 */
#ifndef TWINRING_SIM_TRAFFIC_TELLER_H
#define TWINRING_SIM_TRAFFIC_TELLER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/traffic/capture.h"
#include "sim/traffic/direction.h"
#include "sim/traffic/frame.h"
#include "sim/traffic/keyset.h"

/* One way of telling, applied to one capture. */
struct teller {
	const struct capture *c;
	enum direction_by by;
	struct keyset ends;  /* what appeared as a source */
	struct keyset flows; /* by port: both ends; marks say who serves */
};

struct key teller_mac_key(const uint8_t *mac);

/*
 * Finds all endpoints of the capture and counts. False when memory is out; in
 * any case the caller frees.
 */
bool teller_learn(struct teller *t, struct direction_tally *out);
void teller_free(struct teller *t);

/*
 * The endpoints of packet @i, whose headers go to @f; false if they cannot be
 * told apart. Only after teller_learn().
 */
bool teller_ends(const struct teller *t, uint64_t i, struct frame *f,
		 struct key *from, struct key *to);

#endif
