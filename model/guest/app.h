/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The application on top of a guest driver: where packets come from and where
 * they end. The driver asks; whoever builds a world answers.
 */
#ifndef TWINRING_MODEL_GUEST_APP_H
#define TWINRING_MODEL_GUEST_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum app_answer {
	APP_PACKET, /* *out is the next packet */
	APP_LATER,  /* nothing yet; *wait_ps from now there will be */
	APP_NOTHING /* nothing until something is delivered, or ever */
};

/* A packet that an application wants sent. */
struct app_packet {
	const uint8_t *bytes; /* NULL: the payload is left as it is */
	uint64_t seq;         /* counts from 0 on each NIC */
	uint64_t hash;        /* of bytes, for whoever compares */
	uint32_t len;         /* bytes of the frame, no virtio header */
	uint16_t gso_size;    /* 0 unless gso_type is set */
	uint16_t hdr_len;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint8_t gso_type; /* VIRTIO_NET_HDR_GSO_* */
	uint8_t to;       /* VM that it is for */
	bool copied;      /* one of several copies: goes from private memory */
};

/* Where frames lie, or are to be written: buffers of a row of equal ones. */
struct app_buffers {
	uint8_t *base; /* a frame's first byte in number 0 */
	size_t stride;
	const uint32_t *number; /* of each buffer */
	uint32_t count;
	uint32_t room; /* bytes of a frame at most */
};

/* Where the @k-th frame begins. */
static inline uint8_t *app_buffer(const struct app_buffers *b, uint32_t k)
{
	return b->base + b->number[k] * b->stride;
}

/* A frame that was written where it goes; its header has nothing to say. */
struct app_frame {
	uint64_t hash; /* of its bytes, for whoever compares */
	uint32_t len;
};

enum { APP_BATCH_MAX = 64 };

/* Such frames, one behind the other. */
struct app_batch {
	uint64_t seq; /* of the first; it counts up */
	uint8_t to;   /* VM that they are for */
	struct app_frame frame[APP_BATCH_MAX];
};

/* Bytes of a received frame, in place. */
struct app_segment {
	const uint8_t *bytes;
	uint32_t len;
};

/* @nic is nic_id(). */
struct app_ops {
	/* The next packet to send, which stays next until taken. */
	enum app_answer (*peek)(void *app, uint32_t nic, struct app_packet *out,
				uint64_t *wait_ps);
	/* The packet last peeked is the driver's now: sent, or refused. */
	void (*taken)(void *app, uint32_t nic, bool refused);
	/*
	 * Packets that are next, as many and as long as @to has room for,
	 * APP_BATCH_MAX at most, not copied and not to be cut: their bytes are
	 * written there, and they are the driver's now. How many; fewer when
	 * another is next, or none.
	 */
	uint32_t (*fill)(void *app, uint32_t nic, const struct app_buffers *to,
			 struct app_batch *out);
	/* Frames arrived, each in one piece: @len bytes in each of @in. */
	void (*arrive)(void *app, uint32_t nic, const struct app_buffers *in,
		       const uint32_t *len);
	/* A frame of @len bytes arrived in @count pieces. */
	void (*deliver)(void *app, uint32_t nic,
			const struct app_segment *piece, uint32_t count,
			uint32_t len);
};

#endif
