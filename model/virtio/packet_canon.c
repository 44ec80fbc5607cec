/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/virtio/packet_canon.h"

#include "model/virtio/net.h"

enum {
	ADDRESSES = 12,
	SENDER = ADDRESSES - 1 /* the last byte of its MAC */
};

/* Bytes of a frame that a script made count up, beginning at its number. */
static bool counts_up(const uint8_t *at, uint32_t len)
{
	for (uint32_t i = 1; i < len; i++)
		if (at[i] != (uint8_t)(at[i - 1] + 1))
			return false;
	return len > 0;
}

/* So the first of them, seen from the sender's next number, says it all. */
static bool counted_canon(struct canon *f, const uint8_t *at, uint32_t len,
			  uint32_t nic)
{
	if (!counts_up(at, len))
		return false;
	canon_u8(f, 1);
	canon_u8(f, (uint8_t)(f->next_seq(f->to, nic) - at[0]));
	return true;
}

/* Addresses, which tell who sent it, and bytes that count up. */
static bool frame_canon(const struct packet_senders *from, struct canon *f,
			const uint8_t *at, uint32_t len)
{
	uint32_t end = 0;

	if (len <= ADDRESSES)
		return false;
	while (end < from->members && from->vm[end] + 1 != at[SENDER])
		end++;
	if (end == from->members || !counts_up(at + ADDRESSES, len - ADDRESSES))
		return false;
	canon_u8(f, 2);
	canon_bytes(f, at, ADDRESSES);
	return counted_canon(f, at + ADDRESSES, len - ADDRESSES,
			     from->first + end);
}

void packet_frame_canon(const struct packet_senders *from, struct canon *f,
			const uint8_t *at, uint32_t len)
{
	if (from->nic != NO_NIC && counted_canon(f, at, len, from->nic))
		return;
	if (frame_canon(from, f, at, len))
		return;
	canon_u8(f, 0);
	canon_bytes(f, at, len);
	if (len)
		canon_counts(f, from->first, from->members);
}

bool packet_canon(const struct packet_senders *from, struct canon *f,
		  const uint8_t *at, uint32_t len, uint8_t waste)
{
	uint32_t skip = len < NET_HDR_COMMON ? 0 : NET_HDR_COMMON;
	struct packet_senders any = *from;

	if (from->nic != NO_NIC && counted_canon(f, at, len, from->nic))
		return true;
	canon_u8(f, 0);
	canon_bytes(f, at, skip);
	if (skip && at[0] & waste)
		return false;
	any.nic = NO_NIC;
	packet_frame_canon(&any, f, at + skip, len - skip);
	return true;
}
