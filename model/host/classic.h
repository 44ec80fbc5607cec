/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic virtio-net in the host: one copy, from a transmit chain's segments
 * to the segments of receive chains, headers converted between the forms that
 * the two ends negotiated.
 */
#ifndef TWINRING_MODEL_HOST_CLASSIC_H
#define TWINRING_MODEL_HOST_CLASSIC_H

#include "model/host/path_ops.h"

/* Copies the chain that @w holds into the receiver's posted buffers. */
enum forward classic_forward(struct worker *w);

/*
 * The same where @carry brings the frame of @frame bytes behind its header to
 * the receiver's posted buffers; all of the chain can be reached.
 */
enum forward classic_forward_by(struct worker *w,
				enum line_end (*carry)(struct worker *w,
						       uint32_t frame));

/*
 * Whether the chain that @w holds is a frame behind a header, in memory. If it
 * is not its sender broke a rule, and the chain has its outcome.
 */
bool classic_is_frame(struct worker *w);

/* The held chain, from its beginning, and what its receiver expects. */
struct cursor classic_frame(const struct worker *w);
struct rx_form classic_form(const struct worker *w);

/* The same as classic_forward() for buffers: as forward_batch of a path. */
uint32_t classic_forward_batch(struct worker *w);

/*
 * Completes the held chain without delivery, and says so: for nobody's fault,
 * or because its sender broke a rule that any device would find broken.
 */
void classic_drop(struct worker *w);
void classic_refuse(struct worker *w, enum clause broken);

/* Takes a receive chain into the receiver's line of buffers. */
bool classic_posted(struct nic *n, const struct ring_chain *c,
		    struct verdict *why);

/* The same for those that are ready: as posted_batch of a path. */
uint32_t classic_posted_batch(struct nic *n, uint32_t most);

#endif
