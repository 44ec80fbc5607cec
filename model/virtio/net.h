/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The network device's wire formats: packet header and configuration space,
 * with the fields that the Shared Buffers BAR adds behind its feature bit.
 */
#ifndef TWINRING_MODEL_VIRTIO_NET_H
#define TWINRING_MODEL_VIRTIO_NET_H

#include <stddef.h>

#include "model/virtio/features.h"

/* struct virtio_net_hdr, all little-endian. */
struct virtio_net_hdr {
	uint8_t flags;
	uint8_t gso_type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t num_buffers; /* not in the 10-byte form */
	uint32_t hash_value;  /* only in the 20-byte form */
	uint16_t hash_report;
	uint16_t padding;
};

_Static_assert(sizeof(struct virtio_net_hdr) == 20, "longest form");
_Static_assert(offsetof(struct virtio_net_hdr, num_buffers) == 10, "layout");
_Static_assert(offsetof(struct virtio_net_hdr, hash_value) == 12, "layout");

enum net_hdr_flag {
	NET_HDR_NEEDS_CSUM = 0x01,
	NET_HDR_DATA_VALID = 0x02,
	/* With the GIFT feature only, which excludes IPSEC: */
	NET_HDR_RETURNED = 0x20, /* device: could not be delivered */
	NET_HDR_WANT = 0x40,     /* driver: please give slots back */
	NET_HDR_GIFT = 0x80,     /* driver: an empty slot, no packet */
};

enum { NET_HDR_COMMON = 12 }; /* bytes of nearly every header */

#define NET_HDR_EXTENSION (NET_HDR_RETURNED | NET_HDR_WANT | NET_HDR_GIFT)

enum net_gso { NET_GSO_NONE = 0, NET_GSO_TCPV4 = 1, NET_GSO_TCPV6 = 4 };

/* struct virtio_net_config; the last six fields are the extension's. */
struct virtio_net_config {
	uint8_t mac[6];
	uint16_t status;
	uint16_t max_virtqueue_pairs;
	uint16_t mtu;
	uint32_t speed;
	uint8_t duplex;
	uint8_t rss_max_key_size;
	uint16_t rss_max_indirection_table_length;
	uint32_t supported_hash_types;
	uint32_t supported_tunnel_types;
	uint8_t shared_buffers_offset;  /* 0 or 1: which end this is */
	uint8_t shared_buffers_paired;  /* 1 while the peer can be reached */
	uint16_t shared_buffers_queues; /* queue pairs that slots belong to */
	uint32_t slot_size;
	uint32_t slot_count;
	uint32_t slot_stride;
	uint32_t epoch;
};

_Static_assert(offsetof(struct virtio_net_config, mtu) == 10, "layout");
_Static_assert(offsetof(struct virtio_net_config, shared_buffers_offset) == 28,
	       "behind the fields of virtio 1.4");
_Static_assert(sizeof(struct virtio_net_config) == 48, "no padding");

enum { NET_S_LINK_UP = 1 };

/* What a header of @size bytes says, as an event tells it: all but lengths. */
static inline uint32_t net_hdr_says(const uint8_t *at, uint32_t size)
{
	uint32_t says = at[offsetof(struct virtio_net_hdr, flags)] |
			(uint32_t)at[offsetof(struct virtio_net_hdr, gso_type)]
				<< 8;

	at += offsetof(struct virtio_net_hdr, num_buffers);
	return size < NET_HDR_COMMON
		       ? says
		       : says | (uint32_t)(at[0] | at[1] << 8) << 16;
}

/* Bytes of the packet header under @features. */
static inline uint32_t net_hdr_size(uint64_t features)
{
	if (feature_on(features, F_NET_HASH_REPORT))
		return 20;
	if (feature_on(features, F_VERSION_1) ||
	    feature_on(features, F_NET_MRG_RXBUF))
		return 12;
	return 10;
}

#endif
