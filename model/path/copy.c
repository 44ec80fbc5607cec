/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reference that every other design is measured against: the host copies
 * each packet once, from the sender's descriptors to the receiver's. Same
 * rings, same notifications; no memory is shared between the guests.
 */
#include "model/host/classic.h"
#include "model/path/path.h"

const struct path_ops path_copy = {
	.name = "copy",
	.words = "the host copies each packet once, descriptor to descriptor",
	.members_min = 2,
	.members_max = 2,
	.forward = classic_forward,
	.forward_batch = classic_forward_batch,
	.give_up = classic_drop,
	.posted = classic_posted,
	.posted_batch = classic_posted_batch,
};
