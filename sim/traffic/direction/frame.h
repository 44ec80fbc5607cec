/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the headers of a frame say: Ethernet, VLAN tags, IP, TCP, UDP. Nothing
 * beyond the given length is read, and no length field is believed.
 */
#ifndef TWINRING_SIM_TRAFFIC_DIRECTION_FRAME_H
#define TWINRING_SIM_TRAFFIC_DIRECTION_FRAME_H

#include <stdbool.h>
#include <stdint.h>

enum { FRAME_TCP = 6, FRAME_UDP = 17 };

enum { FRAME_SYN = 0x02, FRAME_ACK = 0x10 };

struct frame {
	const uint8_t *mac_to, *mac_from; /* NULL: too short for Ethernet */
	const uint8_t *ip_from, *ip_to;   /* NULL: no IP header */
	uint32_t l4;                      /* offset of TCP or UDP, 0: none */
	uint32_t data;                    /* offset behind TCP, 0: no TCP */
	uint16_t type;                    /* behind the VLAN tags */
	uint16_t port_from, port_to;      /* where l4 is set */
	uint8_t ip_version;               /* 4, 6 or 0 */
	uint8_t protocol;
	uint8_t tcp_flags;
	bool fragment;
};

void frame_parse(const uint8_t *bytes, uint32_t len, struct frame *out);

/* Bytes of an IP address of this frame. */
static inline uint32_t frame_ip_size(const struct frame *f)
{
	return f->ip_version == 6 ? 16 : 4;
}

#endif
