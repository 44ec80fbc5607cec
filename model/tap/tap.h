/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Taps of the host's kernel, one for each end of a link, and the bridge that
 * they are ports of. Whoever serves an end writes what it sends into its tap,
 * where a frame is copied into a packet buffer of the kernel and bridged; it
 * waits in the queues of the taps that it goes to until whoever serves these
 * reads it, and is copied into receive buffers. A queue holds so many frames,
 * in so many bytes; what comes when it is full is dropped, as is what comes for
 * an end that takes nothing.
 */
#ifndef TWINRING_MODEL_TAP_TAP_H
#define TWINRING_MODEL_TAP_TAP_H

#include "model/host/path_ops.h"

/* As arena, begin and canon of a path: l->own are its taps. */
size_t tap_arena(const struct link_config *cfg);
void tap_begin(struct link *l, const struct link_setup *s, struct arena *arena);
void tap_canon(const struct link *l, struct canon *f);

/* What a path keeps beside its taps. */
void **tap_beside(const struct link *l);

/*
 * Gives the chain that @w holds its outcome; false: nothing was written into
 * the tap, since it is no frame that can be.
 */
bool tap_write(struct worker *w);

/* Reads one frame for the end that @w serves: as deliver of a path. */
enum delivery tap_read(struct worker *w);

/* The frame that waits for buffers at the end that @w serves is dropped. */
void tap_give_up(struct worker *w);

/* What came for a driver that has gone is dropped: as stop of a path. */
bool tap_stop(struct nic *n, bool was_live);

#endif
