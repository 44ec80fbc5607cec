/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A guest's driver of an 82540EM. It knows its own memory and its device's
 * registers; not who emulates the device, nor how.
 *
 * Each descriptor has a buffer of its own, which stays. A frame takes as many
 * descriptors, one behind the other, as it needs.
 */
#ifndef TWINRING_MODEL_E1000_E1000_DRIVER_H
#define TWINRING_MODEL_E1000_E1000_DRIVER_H

#include "model/e1000/e1000_device.h"
#include "model/guest/guest_driver.h"

/*
 * What a driver works off in turn; with single actions, one action of one phase
 * is a step. Registers are read and written by hear, mask, look, both tells and
 * unmask, each with an exit.
 */
enum e1000_phase {
	E1000_PHASE_HEAR, /* an interrupt: why */
	E1000_PHASE_MASK, /* no more of them, while it works */
	E1000_PHASE_LOOK, /* the link came or went */
	E1000_PHASE_CLEAN,
	E1000_PHASE_TAKE,
	E1000_PHASE_REFILL,
	E1000_PHASE_SEND,
	E1000_PHASE_TELL_RX,
	E1000_PHASE_TELL_TX,
	E1000_PHASE_IDLE, /* nothing was found that is to be done */
	E1000_PHASE_UNMASK,
	E1000_PHASES
};

/* How far its device is set up, each a step. */
enum e1000_stage {
	E1000_STAGE_RESET,
	E1000_STAGE_RINGS,
	E1000_STAGE_ON,
	E1000_STAGE_LISTEN,
	E1000_STAGE_UP
};

/* One of its rings. What it gave the device lies between first and next. */
struct e1000_ring {
	uint64_t gpa;
	uint8_t *desc;
	uint64_t buffers_gpa;
	uint8_t *buffers;
	uint16_t room;  /* descriptors that it gives at most */
	uint16_t first; /* the oldest that it did not take back */
	uint16_t next;  /* the first that it did not give */
	uint16_t told;  /* the tail, as the device knows it */
};

struct e1000_driver {
	struct guest_driver driver;
	/* fixed at set-up */
	const struct app_ops *app;
	void *app_ctx;
	struct app_segment *piece; /* scratch for one received frame */
	struct e1000_device *device;
	const struct link_config *cfg;
	const struct vm_config *vmcfg;
	struct vm *vm;
	struct probe *probe;
	struct cost_meter *cost;
	uint32_t burst;
	uint32_t size;        /* descriptors of each ring */
	uint32_t buffer_size; /* bytes */

	struct e1000_ring rx, tx;
	uint64_t wait_ps;   /* for the next packet to send, from then on: */
	uint64_t peeked_ps; /* the time when it was looked for */
	uint32_t causes;    /* of the interrupt that it works off */
	uint8_t stage;
	uint8_t phase;
	bool irq;      /* there was one */
	bool unmasked; /* its device may interrupt */
	bool link_up;
	bool acted;
};

extern const struct guest_driver_ops e1000_driver_ops;

/* Memory, in e1000_driver_start.c; and a stage of setting the device up. */
uint64_t e1000_driver_ram(const struct link_config *cfg);
size_t e1000_driver_arena(const struct link_config *cfg, uint32_t burst);
struct guest_driver *e1000_driver_begin(const struct guest_driver_setup *s,
					struct arena *arena);
void e1000_driver_start(struct e1000_driver *d);
void e1000_driver_look(struct e1000_driver *d);
void e1000_driver_unmask(struct e1000_driver *d);

/* Phases, in e1000_driver_frames.c. True: something was done. */
bool e1000_driver_clean(struct e1000_driver *d, bool one);
bool e1000_driver_take(struct e1000_driver *d, bool one);
bool e1000_driver_refill(struct e1000_driver *d);
bool e1000_driver_send(struct e1000_driver *d, bool one);

/* As canon of its guest_driver_ops. */
void e1000_driver_canon(const struct guest_driver *driver, struct canon *f,
			const struct guest_canon *about);

/* Descriptors of @r that the device has, or is done with. */
static inline uint32_t e1000_given(const struct e1000_driver *d,
				   const struct e1000_ring *r)
{
	return (r->next - r->first + d->size) % d->size;
}

static inline uint16_t e1000_behind(const struct e1000_driver *d,
				    uint32_t index, uint32_t places)
{
	return (uint16_t)((index + places) % d->size);
}

static inline uint8_t *e1000_desc(const struct e1000_ring *r, uint32_t index)
{
	return r->desc + (size_t)index * E1000_DESC_SIZE;
}

/* Descriptors that a frame of @len bytes takes. */
static inline uint32_t e1000_pieces(const struct e1000_driver *d, uint32_t len)
{
	return len > d->buffer_size
		       ? (len + d->buffer_size - 1) / d->buffer_size
		       : 1;
}

#endif
