/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who sends: for each packet of a capture the VM that it leaves and the VM
 * that it is for. Endpoints are what appears as a source; they are numbered as
 * they appear, and endpoint k lives in VM k modulo the VMs. Where more than two
 * VMs are, two endpoints can talk only if a link joins theirs.
 *
 * Memory grows with the endpoints of the way that tells, and by port with the
 * flows; never with the packets.
 */
#ifndef TWINRING_SIM_TRAFFIC_DIRECTION_DIRECTION_H
#define TWINRING_SIM_TRAFFIC_DIRECTION_DIRECTION_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/config.h"
#include "sim/scenario/schema/config.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/capture/spool.h"

/* In place of a receiver: every VM that shares a link with the sender. */
enum { DIRECTION_ALL = 0xff };

/* What one way of telling makes of a capture. */
struct direction_tally {
	uint64_t endpoints;
	uint64_t decided; /* packets whose two ends differ */
	uint64_t replies; /* by IP: of these, those that go to an endpoint */
};

enum { ENDPOINT_NAME = 48, PLACED_MAX = 64, TORN_MAX = 3 };

/* Where an endpoint lives, and what it sends. */
struct placed {
	char name[ENDPOINT_NAME]; /* an address, or the side it is on */
	uint64_t packets;
	uint8_t vm;
};

/* Two endpoints that talk though no link joins their VMs, or have only one. */
struct torn {
	struct placed end[2];
	uint64_t packets; /* between them */
	bool alone;       /* end[0] sends, and no link ends at its VM */
};

struct placement {
	uint64_t endpoints;
	uint64_t torn_packets; /* of endpoints that no link joins */
	/* packets to addresses that send nothing, where VMs are more than two:
	 * the first link of the sender's VM takes them */
	uint64_t strays;
	uint32_t shown;      /* endpoints, the first */
	uint32_t torn_shown; /* conversations, the first */
	struct placed end[PLACED_MAX];
	struct torn torn[TORN_MAX];
};

struct direction {
	enum direction_by by; /* DIRECTION_AUTO: none tells */
	/* Of the ways that were looked at: auto ends with the first good one */
	struct direction_tally tally[DIRECTION_PORT + 1];
	bool one_way;      /* none tells, since only one side sends: one MAC,
			    * and nothing goes to an IP address that sends */
	uint64_t by_mac;   /* undecided, but their MAC was seen before */
	uint64_t by_guess; /* undecided, taken as from VM 0 */
	struct placement placement;
	uint64_t frames[VM_MAX]; /* of each sender */
	uint64_t bytes[VM_MAX];  /* on the wire */
	uint64_t full;           /* frames that are not empty */
	/* of them, copies too: by sender, then receiver */
	uint64_t *sent;
	uint32_t vms;
	struct spool way; /* of each packet: sender, receiver; a byte */
};

/* Frames from VM @from to VM @to. */
static inline uint64_t *direction_sent(const struct direction *d, uint32_t from,
				       uint32_t to)
{
	assert(from < d->vms && to < d->vms);
	return &d->sent[from * d->vms + to];
}

enum direction_answer {
	DIRECTION_FOUND,
	DIRECTION_ONE_ENDPOINT, /* the way that was asked for does not tell */
	DIRECTION_NO_MEMORY,    /* or no temporary file; errno says why */
	DIRECTION_CHANGED       /* the file is not what it was when opened */
};

/*
 * Finds the directions of @c in a world of at least two VMs and one link. With
 * DIRECTION_AUTO an answer is always found, even if it is "all from VM 0".
 * Unless @keep is set only the sums are made, and way is empty. Unless
 * DIRECTION_FOUND is returned, nothing needs to be freed.
 */
enum direction_answer direction_find(const struct capture *c,
				     const struct world_config *world,
				     enum direction_by by, bool keep,
				     struct direction *out);
void direction_free(struct direction *d);

/* The VMs that a packet from VM @from goes to, as bits; @to may be ALL. */
uint64_t direction_receivers(const struct world_config *w, uint32_t from,
			     uint32_t to);

/* Reads what was kept, packet by packet. */
struct direction_reader {
	const struct direction *d;
	uint64_t at; /* packets read */
	uint32_t left, held;
	uint8_t part[4096];
};

void direction_begin(struct direction_reader *r, const struct direction *d);

/* Where the next packet leaves and goes to; false: it cannot be read. */
bool direction_next(struct direction_reader *r, uint8_t *from, uint8_t *to);

const char *direction_name(enum direction_by by);

/* The first way that tells enough; DIRECTION_AUTO: none, or it cannot be said.
 */
enum direction_by direction_advice(const struct capture *c);

#endif
