/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An emulated 82540EM: both sides of the trap. Its driver reads and writes
 * registers, each time with an exit to the process that emulates it; that
 * process works the rings of legacy descriptors in the guest's memory, in which
 * any word may be a lie. Knows neither driver nor process.
 */
#ifndef TWINRING_MODEL_E1000_E1000_DEVICE_H
#define TWINRING_MODEL_E1000_E1000_DEVICE_H

#include "model/canon/canon.h"
#include "model/cost.h"
#include "model/e1000/e1000_regs.h"
#include "model/memory/gmem.h"
#include "model/probe.h"

struct e1000_device;

/* What the device tells the process that emulates it. */
struct e1000_device_ops {
	/* The interrupt line went up or down. */
	void (*line)(struct e1000_device *d, bool up);
	/* A tail moved, so there may be something to do. */
	void (*work)(struct e1000_device *d);
	/* Receiver or transmitter were switched on or off. */
	void (*switched)(struct e1000_device *d);
	/* All registers are as at power-on. */
	void (*reset)(struct e1000_device *d);
};

struct e1000_device {
	const struct e1000_device_ops *ops;
	struct probe *probe;
	struct cost_meter *cost;
	const struct gmem *mem; /* the guest's */
	uint32_t nic;           /* nic_id() */
	uint16_t vm;
	uint8_t mac[6];
	uint32_t reg[E1000_ROWS];
	uint32_t tx_left; /* descriptors that the last write of TDT is good for
			   */
	bool line;        /* as the interrupt controller sees it */
};

/* A transmit descriptor, as it was fetched. */
struct e1000_tx {
	uint64_t gpa; /* of the buffer */
	uint32_t word[2];
	uint32_t index;
};

/* At power-on; all but registers is set. */
void e1000_device_init(struct e1000_device *d);

/* The guest's side of the trap: register @at of BAR 0. */
uint32_t e1000_read(struct e1000_device *d, uint32_t at);
void e1000_write(struct e1000_device *d, uint32_t at, uint32_t value);

/* All stops, and is as at power-on; who told it is not told. */
void e1000_device_reset(struct e1000_device *d);

/* The process's side: what it has to tell the driver. */
void e1000_cause(struct e1000_device *d, uint32_t causes);
void e1000_link(struct e1000_device *d, bool up);

/* Whether receiver and transmitter are both switched on. */
bool e1000_runs(const struct e1000_device *d);

/* Transmit: whether there is a descriptor, the next one, and that it is done
 * with it. The value is whether that was written back. */
bool e1000_tx_ready(const struct e1000_device *d);
void e1000_tx_fetch(struct e1000_device *d, struct e1000_tx *out);
bool e1000_tx_done(struct e1000_device *d, const struct e1000_tx *t);

/*
 * Receive: whether a frame of @len bytes is wanted at all, and whether there
 * are descriptors for it; where the buffer of the @k-th of these is, and that
 * all of them hold the frame.
 */
bool e1000_rx_wants(const struct e1000_device *d, uint32_t len);
bool e1000_rx_fits(const struct e1000_device *d, uint32_t len);
uint32_t e1000_rx_buffers(const struct e1000_device *d, uint32_t len);
uint64_t e1000_rx_fetch(struct e1000_device *d, uint32_t k);
void e1000_rx_done(struct e1000_device *d, uint32_t len);

/* Its canonical form: places in rings count from where their heads are. */
void e1000_device_canon(const struct e1000_device *d, struct canon *f);

static inline uint32_t e1000_reg(const struct e1000_device *d,
				 enum e1000_row row)
{
	return d->reg[row];
}

/* Descriptors of a ring whose length is that register. */
static inline uint32_t e1000_ring_size(const struct e1000_device *d,
				       enum e1000_row len)
{
	return d->reg[len] / E1000_DESC_SIZE;
}

#endif
