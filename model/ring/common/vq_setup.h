/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What each half of a virtqueue is told when it begins, and the plain values
 * that the contract hands around, whatever the layout.
 */
#ifndef TWINRING_MODEL_RING_COMMON_VQ_SETUP_H
#define TWINRING_MODEL_RING_COMMON_VQ_SETUP_H

#include "model/cost.h"
#include "model/memory/store_buffer.h"
#include "model/probe.h"
#include "model/ring/common/ring.h"
#include "model/numbers/layouts.h"

/*
 * Where a queue lies: what a driver writes into the queue's registers, and
 * called as they are. Guest-physical.
 */
struct vq_area {
	uint64_t desc;
	uint64_t driver; /* what only the driver writes */
	uint64_t device; /* what only the device writes */
	uint16_t size;   /* descriptors */
};

/* Bytes of each of its parts. */
struct vq_parts {
	uint32_t desc;
	uint32_t driver;
	uint32_t device;
};

/* The parts as bytes that one party can reach. */
struct vq_bytes {
	uint8_t *desc;
	uint8_t *driver;
	uint8_t *device;
};

/* What a driver half remembers of a descriptor. */
struct vq_note {
	uint32_t cookie; /* the caller's, of an exposed head */
	uint32_t room;   /* device-writable bytes of its chain */
	uint32_t count;  /* descriptors taken; 0: not an exposed head */
};

/* A used element, loaded once. */
struct vq_used {
	uint32_t id;
	uint32_t len;
	uint32_t cookie;
};

/*
 * A place in a ring. A layout whose places do not count on beyond the ring's
 * size tells one round from the next by @wrap.
 */
struct vq_position {
	uint16_t index;
	bool wrap;
};

/* From where a device half goes on: the next chain, the next used element. */
struct vq_resume {
	struct vq_position chain;
	struct vq_position used;
};

struct vq_driver_setup {
	enum vq_layout layout;
	struct vq_area area;    /* written over when it begins */
	const struct gmem *mem; /* the driver's own; has to stay */
	void *account;          /* from vq_account_new() */
	uint64_t table_gpa;     /* of indirect tables; 0: none are used */
	struct probe *probe;
	struct cost_meter *cost;
	uint16_t queue; /* queue_id() */
	uint16_t start; /* where the ring begins: 0 but in tests of wrapping */
	bool event_idx; /* negotiated */
};

struct vq_device_setup {
	enum vq_layout layout;
	struct vq_area area;
	const struct gmem *mem; /* has to stay */
	struct probe *probe;
	struct cost_meter *cost;
	uint16_t queue; /* queue_id() */
	struct vq_resume from;
	bool event_idx; /* negotiated, as is: */
	bool indirect;
};

#endif
