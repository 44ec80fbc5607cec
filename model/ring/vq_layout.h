/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the contract finds the layout that does what a queue is asked for. A
 * layout NAME has structs NAME_driver and NAME_device, cursors and functions,
 * each called as in the contract with NAME for vq.
 */
#ifndef TWINRING_MODEL_RING_VQ_LAYOUT_H
#define TWINRING_MODEL_RING_VQ_LAYOUT_H

#include "model/numbers/layouts.h"

/* Loops that are compiled once a layout, which is a constant in them. */
#define VQ_INLINE static inline __attribute__((always_inline))

/* What @object, a half or a cursor, does as its layout does it. */
#define VQ_CALL(object, operation, ...) \
	split_##operation(&(object)->split, ##__VA_ARGS__)

/* What a layout knows without a queue. */
#define VQ_ASK(layout, operation, ...) \
	((void)(layout), split_##operation(__VA_ARGS__))

/* Calls @loop, a VQ_INLINE, with the layout as a constant last argument. */
#define VQ_BY_LAYOUT(layout, loop, ...) \
	((void)(layout), loop(__VA_ARGS__, VQ_SPLIT))

#endif
