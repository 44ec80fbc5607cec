/* SPDX-License-Identifier: BSD-3-Clause */
/* Cursors of the plain driver half: how far a loop has come, and no more. */
#ifndef TWINRING_CONFORMANCE_PLAIN_SPLIT_DRIVER_BATCH_H
#define TWINRING_CONFORMANCE_PLAIN_SPLIT_DRIVER_BATCH_H

#include "model/ring/split/split_driver.h"

struct split_add_cursor {
	struct split_driver *q;
	uint32_t room;
	uint32_t put;
};

uint32_t split_add_most(const struct split_driver *q, uint32_t most);
struct split_add_cursor split_add_begin(struct split_driver *q, uint32_t count,
					uint32_t room);
struct event_item *split_add_tell(const struct split_driver *q, uint32_t count,
				  uint32_t room);
uint32_t split_add_put(struct split_add_cursor *a, uint64_t addr, uint32_t len,
		       uint32_t cookie);
void split_add_end(struct split_driver *q, const struct split_add_cursor *a,
		   uint32_t count);

struct split_get_cursor {
	const struct split_driver *q;
	struct plain_note *note;
	uint32_t taken;
};

uint32_t split_get_most(const struct split_driver *q, uint32_t most);
struct split_get_cursor split_get_begin(const struct split_driver *q);
bool split_get_look(const struct split_get_cursor *g, struct vq_used *out);
void split_get_take(struct split_get_cursor *g, const struct vq_used *u);
void split_get_end(struct split_driver *q, const struct split_get_cursor *g,
		   uint32_t count);

#endif
