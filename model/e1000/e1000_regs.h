/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an 82540EM and its driver agree on: registers, their bits, and legacy
 * descriptors, of which a ring has 16 bytes each. Names are the hardware's.
 */
#ifndef TWINRING_MODEL_E1000_E1000_REGS_H
#define TWINRING_MODEL_E1000_E1000_REGS_H

#include <stdint.h>

/* Offsets in BAR 0. */
enum e1000_at {
#define E1000_REG(id, at, stores) E1000_##id = at,
#include "model/e1000/e1000_regs.def"
#undef E1000_REG
};

/* Rows of that table. */
enum e1000_row {
#define E1000_REG(id, at, stores) E1000_ROW_##id,
#include "model/e1000/e1000_regs.def"
#undef E1000_REG
	E1000_ROWS
};

enum {
	E1000_CTRL_RST = 1 << 26,
	E1000_STATUS_FD = 1 << 0,
	E1000_STATUS_LU = 1 << 1, /* the link is up */
	E1000_EERD_START = 1 << 0,
	E1000_EERD_DONE = 1 << 4,
	E1000_RCTL_EN = 1 << 1,
	E1000_RCTL_UPE = 1 << 3, /* whoever a frame is for */
	E1000_RCTL_MPE = 1 << 4,
	E1000_RCTL_LPE = 1 << 5,   /* frames of more than 1518 bytes */
	E1000_RCTL_BSIZE = 16,     /* shift: 2048 bytes, halved so often */
	E1000_RCTL_BSEX = 1 << 25, /* and 16 times that, but of 2048 */
	E1000_TCTL_EN = 1 << 1
};

/* Causes of interrupts: ICR, ICS, IMS, IMC. */
enum {
	E1000_TXDW = 1 << 0, /* a transmit descriptor was written back */
	E1000_LSC = 1 << 2,  /* the link came or went */
	E1000_RXO = 1 << 6,  /* a frame found no receive descriptors */
	E1000_RXT0 = 1 << 7  /* frames were received */
};

/*
 * A legacy descriptor: where the buffer is, then two words. Of transmit: length
 * and command; status. Of receive, as written back: length; status.
 */
enum {
	E1000_DESC_SIZE = 16,
	E1000_DESC_LENGTH = 8,
	E1000_DESC_STATUS = 12,
	E1000_RING_UNIT = 8, /* descriptors: RDLEN, TDLEN count in 128 bytes */
	E1000_STATUS_DD = 1 << 0,  /* the device is done with it */
	E1000_STATUS_EOP = 1 << 1, /* a received frame ends here */
	E1000_CMD_EOP = 1 << 24,   /* likewise, of a frame to be sent */
	E1000_CMD_RS = 1 << 27,    /* DD is wanted */
	E1000_CMD_DEXT = 1 << 29,  /* not legacy */
	E1000_FRAME_MAX = 1518     /* without LPE */
};

/* Bytes of each receive buffer, by RCTL. */
static inline uint32_t e1000_buffer_size(uint32_t rctl)
{
	uint32_t size = UINT32_C(2048) >> (rctl >> E1000_RCTL_BSIZE & 3);

	return rctl & E1000_RCTL_BSEX && size < 2048 ? 16 * size : size;
}

#endif
