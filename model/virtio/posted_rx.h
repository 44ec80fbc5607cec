/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic delivery by whoever is the device half of a receive queue: the
 * posted buffers in line, and a frame copied into as many as it takes.
 */
#ifndef TWINRING_MODEL_VIRTIO_POSTED_RX_H
#define TWINRING_MODEL_VIRTIO_POSTED_RX_H

#include "model/memory/arena.h"
#include "model/ring/iov_copy.h"
#include "model/ring/virtqueue.h"
#include "model/virtio/net.h"

#define NOT_A_SLOT 0xffffffffu

/* A receive chain that was taken in and not yet used. */
struct posted {
	uint64_t gpa;  /* of its one segment */
	uint32_t room; /* writable bytes */
	uint32_t slot; /* that it is, or NOT_A_SLOT */
	uint16_t head;
	uint16_t count; /* segments */
};

struct canon;

struct posted_rx {
	struct vq_device *rx;
	const struct gmem *mem; /* of the VM whose queue it is */
	struct posted *fifo;    /* room for the ring's size */
	struct ring_seg *seg;   /* scratch for one chain */
	uint32_t mask;
	uint32_t first;
	uint32_t count;
	uint16_t vm;
};

enum line_end {
	LINE_DONE,  /* delivered: used elements are written, not published */
	LINE_WAIT,  /* too few buffers are posted */
	LINE_BROKEN /* the driver broke a rule: nothing is used, the queue stops
		     */
};

void posted_rx_init(struct posted_rx *l, struct vq_device *rx,
		    const struct gmem *mem, uint16_t vm, uint16_t size,
		    struct arena *arena);
size_t posted_rx_arena(uint16_t size);

/* Adds a chain; false, with the rule, when more are in line than the ring can
 * hold. */
bool posted_rx_post(struct posted_rx *l, const struct ring_chain *c,
		    struct verdict *why);

/*
 * Takes in up to @most of the chains that are ready, as long as they are of
 * one segment and there is room in line; how many.
 */
uint32_t posted_rx_post_batch(struct posted_rx *l, uint32_t most);

/* The @k-th chain in line, and that the first @count have been used. */
static inline const struct posted *posted_rx_at(const struct posted_rx *l,
						uint32_t k)
{
	return &l->fifo[(l->first + k) & l->mask];
}

static inline void posted_rx_used(struct posted_rx *l, uint32_t count)
{
	l->first += count;
	l->count -= count;
}

/* What the receiving driver negotiated. */
struct rx_form {
	uint64_t features;
	uint32_t hdr_len;
};

/* Leaves in @h what the receiver negotiated; the frame takes @chains chains. */
void rx_header_fit(struct virtio_net_hdr *h, uint64_t features,
		   uint32_t chains);

/* A header, as its first two bytes, says that its packet has offloads. */
static inline bool rx_header_offloads(uint16_t flags_and_gso)
{
	const uint32_t flags = NET_HDR_NEEDS_CSUM | NET_HDR_DATA_VALID;

	return flags_and_gso & (flags | 0xff00u);
}

/*
 * Tells of the header of a packet of @len bytes, itself included, that @queue
 * gets at @gpa, if it @says something (net_hdr_says). WANT is but a hint.
 */
static inline void rx_header_tell(struct probe *p, uint16_t queue,
				  uint32_t says, uint64_t gpa, uint32_t len,
				  uint32_t hdr_len)
{
	const uint32_t plain = hdr_len < NET_HDR_COMMON ? 0 : 1 << 16;

	if ((says & ~(uint32_t)NET_HDR_WANT) != plain)
		probe_emit(p, EV_HEADER, queue, says, gpa, len, hdr_len);
}

/*
 * Copies @frame bytes from @src, all of which can be reached, behind
 * @h, whose flags and buffer count are made fit for the receiver (NET-RX-DEV-1
 * to -4). All buffers that the frame takes are filled before one of them is
 * used. The queue works before; where it is stopped, the line is empty then.
 */
enum line_end posted_rx_deliver(struct posted_rx *l, const struct iov_copy *m,
				struct cursor *src, struct virtio_net_hdr *h,
				uint32_t frame, const struct rx_form *form);

/* The canonical form of what is in line of receive queue @queue of @link. */
void posted_rx_canon(const struct posted_rx *l, struct canon *f, uint32_t link,
		     uint32_t queue);

#endif
