/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bridge: behind which of its ports a MAC lies, learned from frames that came
 * in there. It is told addresses and answers with ports; what a port is, and
 * how frames reach it, it does not know.
 */
#ifndef TWINRING_MODEL_HOST_BRIDGE_H
#define TWINRING_MODEL_HOST_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/canon/canon.h"

enum {
	BRIDGE_PORTS_MAX = 64, /* a set of them is one word */
	BRIDGE_BUCKETS = 64,
	BRIDGE_WAYS = 4, /* addresses that a bucket remembers */
	MAC_SIZE = 6,
	MACS_SIZE = 2 * MAC_SIZE /* a frame begins with: to whom, from whom */
};

struct bridge_entry {
	uint8_t mac[MAC_SIZE];
	uint8_t port;
	bool known;
};

/*
 * All zeros, but for the number of ports: nothing is learned yet. Time does not
 * pass here, so nothing is forgotten but what a full bucket has no room for:
 * what was learned there first.
 */
struct bridge {
	struct bridge_entry entry[BRIDGE_BUCKETS][BRIDGE_WAYS];
	uint32_t ports;
};

/* No port: nobody with that address was heard of. */
enum { BRIDGE_UNKNOWN = BRIDGE_PORTS_MAX };

/* Whoever has @mac was heard at @port. Groups send nothing, and are no one. */
void bridge_learn(struct bridge *b, const uint8_t *mac, uint32_t port);
uint32_t bridge_lookup(const struct bridge *b, const uint8_t *mac);

/*
 * A frame that begins with @macs came in at @port: learns from it, and says to
 * which ports it goes, a bit each. To all others where nobody knows better, to
 * none where it need not leave that port.
 */
uint64_t bridge_ports(struct bridge *b, const uint8_t *macs, uint32_t port);

void bridge_canon(const struct bridge *b, struct canon *f);

#endif
