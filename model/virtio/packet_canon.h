/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canonical forms of the bytes of packets. Those of a frame that a script made
 * count up, from the sender's number on, behind the addresses of two machines
 * if there is room for them; any other bytes are told as they are. Knows how
 * such frames are made; not where they lie.
 */
#ifndef TWINRING_MODEL_VIRTIO_PACKET_CANON_H
#define TWINRING_MODEL_VIRTIO_PACKET_CANON_H

#include "model/canon/canon.h"

enum { NO_NIC = 0xffffffff };

/* What bytes may say of who sent them. */
struct packet_senders {
	uint32_t link;
	uint32_t nic;   /* whose they are by the queue; NO_NIC: any */
	uint32_t first; /* NIC of its members, which follow each other */
	uint32_t members;
	const uint8_t *vm; /* of each: the last byte of its MAC, less 1 */
};

/*
 * One piece of a packet: all of it, its beginning with a header, or more of
 * it. False: its flags have a bit of @waste, and nothing more is read.
 */
bool packet_canon(const struct packet_senders *from, struct canon *f,
		  const uint8_t *at, uint32_t len, uint8_t waste);

/* The same of a frame that has no header before it, and is read as a whole. */
void packet_frame_canon(const struct packet_senders *from, struct canon *f,
			const uint8_t *at, uint32_t len);

#endif
