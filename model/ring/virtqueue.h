/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ring contract: all that drivers, devices and paths know of a virtqueue.
 * How one lies in memory is a layout (layouts.def), private to model/ring: who
 * uses a queue includes this, names no layout's structs, fields or functions,
 * and hands its layout on as a constant to the loops that cursors run in.
 */
#ifndef TWINRING_MODEL_RING_VIRTQUEUE_H
#define TWINRING_MODEL_RING_VIRTQUEUE_H

#include "model/ring/vq_device.h"
#include "model/ring/vq_driver.h"

#endif
