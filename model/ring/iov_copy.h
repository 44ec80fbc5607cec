/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Moving bytes between segments of guest memory, with every access seen and
 * counted. Who moves them, host or guest software, is a matter of set-up.
 */
#ifndef TWINRING_MODEL_RING_IOV_COPY_H
#define TWINRING_MODEL_RING_IOV_COPY_H

#include "model/cost.h"
#include "model/memory/gmem.h"
#include "model/probe.h"
#include "model/ring/common/ring.h"

/* On whose account bytes move. */
struct iov_copy {
	struct probe *probe;
	struct cost_meter *cost;
	enum event_kind read, write; /* EV_HOST_* or EV_GUEST_* */
	enum cost copy, byte;
};

/* For cursor.vm: memory of whoever moves the bytes, which is no event. */
enum { NO_VM = 0xffff };

/* A place in a list of segments of one VM's memory. */
struct cursor {
	const struct gmem *mem;
	const struct ring_seg *seg;
	uint32_t count; /* segments */
	uint32_t i;     /* current one */
	uint32_t off;   /* in it */
	uint16_t vm;
	uint16_t queue; /* in events */
};

/* Whether all that @c still has before it can be reached. */
bool iov_copy_reaches(const struct cursor *c);

/*
 * Move @len bytes: out of segments, into them, or across. False when the
 * segments end early or name memory that cannot be reached.
 */
bool iov_copy_get(const struct iov_copy *m, struct cursor *from, void *to,
		  uint32_t len);
bool iov_copy_put(const struct iov_copy *m, struct cursor *to, const void *from,
		  uint32_t len);
bool iov_copy_move(const struct iov_copy *m, struct cursor *to,
		   struct cursor *from, uint32_t len);

#endif
