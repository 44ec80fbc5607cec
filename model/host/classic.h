/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic virtio-net in the host: one copy, from a transmit chain's segments
 * to the segments of receive chains, headers converted between the forms that
 * the two ends negotiated.
 */
#ifndef TWINRING_MODEL_HOST_CLASSIC_H
#define TWINRING_MODEL_HOST_CLASSIC_H

#include "model/host/link.h"

/* Copies the chain that @w holds into the receiver's posted buffers. */
enum carry classic_carry(struct worker *w);

/* Completes the held chain without delivery and says so. */
void classic_drop(struct worker *w);

/* Takes a receive chain into the receiver's line of buffers. */
bool classic_posted(struct nic *n, const struct ring_chain *c);

#endif
