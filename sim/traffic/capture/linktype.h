/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets of other link types as Ethernet: which bytes to leave out in front,
 * and which header to put there instead.
 */
#ifndef TWINRING_SIM_TRAFFIC_CAPTURE_LINKTYPE_H
#define TWINRING_SIM_TRAFFIC_CAPTURE_LINKTYPE_H

#include <stdbool.h>
#include <stdint.h>

enum { ETHERNET_HEADER = 14 };

/* @type is libpcap's DLT_ number. */
bool linktype_is_ethernet(int type);
bool linktype_is_known(int type);

/*
 * Writes the header for a packet of @type whose first @len bytes are @bytes
 * and returns how many of them it replaces, at most @len. MAC addresses are
 * made of the IP addresses, so that the same host has the same one throughout.
 */
uint32_t linktype_convert(int type, const uint8_t *bytes, uint32_t len,
			  uint8_t header[ETHERNET_HEADER]);

#endif
