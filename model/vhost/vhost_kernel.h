/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The control plane of vhost-net: one open file of the host's kernel, which
 * serves the two rings of a NIC once its owner has told it all that it needs,
 * in an order that it insists on. It knows calls and states; what a bound ring
 * does, and what a tap is, is for whoever it tells.
 */
#ifndef TWINRING_MODEL_VHOST_VHOST_KERNEL_H
#define TWINRING_MODEL_VHOST_VHOST_KERNEL_H

#include "model/clauses.h"
#include "model/ring/virtqueue.h"

enum {
	VHOST_RINGS = 2,
	VHOST_REGIONS = 64, /* of a table of memory */
	VHOST_FILES = 8,    /* that an owner has open */
	VHOST_UNBIND = -1   /* instead of a file */
};

enum vhost_request {
	VHOST_GET_FEATURES,
	VHOST_SET_FEATURES,
	VHOST_SET_OWNER,
	VHOST_RESET_OWNER,
	VHOST_SET_MEM_TABLE,
	VHOST_SET_VRING_NUM,
	VHOST_SET_VRING_ADDR,
	VHOST_SET_VRING_BASE,
	VHOST_GET_VRING_BASE,
	VHOST_SET_VRING_KICK,
	VHOST_SET_VRING_CALL,
	VHOST_NET_SET_BACKEND,
	VHOST_REQUESTS
};

/* How a call ends, by the names that the kernel has for it. */
enum vhost_error {
	VHOST_OK,
	VHOST_EPERM,
	VHOST_E2BIG,
	VHOST_EBADF,
	VHOST_EFAULT,
	VHOST_EBUSY,
	VHOST_EINVAL,
	VHOST_ENOTSOCK,
	VHOST_EOPNOTSUPP,
	VHOST_ENOBUFS
};

/* What a file is that the owner names by its number. */
enum vhost_file { VHOST_FILE_NONE, VHOST_FILE_EVENTFD, VHOST_FILE_TAP };

struct vhost_region {
	uint64_t gpa;
	uint64_t size;
};

struct vhost_call {
	enum vhost_request request;
	uint32_t index; /* of a ring */
	uint64_t value; /* a size, an index, features */
	int32_t file;   /* or VHOST_UNBIND */
	uint32_t flags; /* of addresses or a table; none are known */
	uint32_t count; /* of regions */
	const struct vhost_region *region;
	struct vq_area area; /* where a ring is; its size is said apart */
};

/* What a ring does, for whoever serves it; at and unbind say its next index. */
struct vhost_ops {
	bool (*bind)(void *to, uint32_t ring, const struct vq_area *area,
		     uint16_t base, struct verdict *why);
	uint16_t (*at)(void *to, uint32_t ring);
	uint16_t (*unbind)(void *to, uint32_t ring);
};

struct vhost_ring {
	struct vq_area area;
	uint16_t base;
	bool sized, placed, kicked, called, bound;
};

struct vhost_kernel {
	const struct vhost_ops *ops;
	void *to;
	uint64_t offered, features;
	struct vhost_region region[VHOST_REGIONS];
	uint32_t regions;
	uint8_t file[VHOST_FILES]; /* enum vhost_file */
	uint8_t layout;            /* enum vq_layout, of both rings */
	bool owned;
	struct vhost_ring ring[VHOST_RINGS];
};

/*
 * One call of the owner. What is wrong ends it before anything has changed, and
 * @why names the rule that it broke.
 */
enum vhost_error vhost_kernel_call(struct vhost_kernel *v,
				   const struct vhost_call *c, uint64_t *answer,
				   struct verdict *why);

/* The worker has a ring to serve: its back end is bound. */
static inline bool vhost_kernel_serves(const struct vhost_kernel *v,
				       uint32_t ring)
{
	return v->ring[ring].bound;
}

#endif
