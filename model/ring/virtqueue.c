/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/virtqueue.h"

void vq_driver_begin(struct vq_driver *q, const struct vq_driver_setup *s)
{
	q->layout = (uint8_t)s->layout;
	VQ_CALL(q, driver_begin, s);
}

bool vq_device_begin(struct vq_device *q, const struct vq_device_setup *s,
		     struct verdict *why)
{
	const uint8_t before = q->layout;
	bool begins;

	q->layout = (uint8_t)s->layout;
	begins = VQ_CALL(q, device_begin, s, why);
	if (!begins)
		q->layout = before;
	return begins;
}
