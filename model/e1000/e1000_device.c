/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers of an emulated 82540EM, and its interrupt line. */
#include "model/e1000/e1000_device.h"

#include "model/mutant.h"

enum {
	CAUSES = 0x1ffff,
	EERD_WORD = 8,  /* shift: which word of the EEPROM */
	EERD_DATA = 16, /* shift: what it holds */
	RAH_VALID = INT32_MIN
};

static const struct {
	uint32_t at, stores;
} rows[] = {
#define E1000_REG(id, at, stores) {at, stores},
#include "model/e1000/e1000_regs.def"
#undef E1000_REG
};

_Static_assert(sizeof rows / sizeof rows[0] == E1000_ROWS, "one for each");

/* The row of register @at; E1000_ROWS: there is none. */
static uint32_t row_at(uint32_t at)
{
	uint32_t row = 0;

	while (row < E1000_ROWS && rows[row].at != at)
		row++;
	return row;
}

static void tell(const struct e1000_device *d, enum event_kind kind, uint32_t a,
		 uint32_t at)
{
	probe_emit(d->probe, kind, queue_of_nic(d->nic, NET_RX), a, at, 0, 0);
}

static void line_update(struct e1000_device *d)
{
	bool up = d->reg[E1000_ROW_ICR] & d->reg[E1000_ROW_IMS];

	if (up == d->line)
		return;
	d->line = up;
	tell(d, EV_LINE, up, 0);
	d->ops->line(d, up);
}

void e1000_cause(struct e1000_device *d, uint32_t causes)
{
	tell(d, EV_CAUSE, causes, 0);
	if (!MUTANT(E1000_CAUSE_LOST) || !d->reg[E1000_ROW_ICR])
		d->reg[E1000_ROW_ICR] |= causes;
	line_update(d);
}

bool e1000_runs(const struct e1000_device *d)
{
	return d->reg[E1000_ROW_RCTL] & E1000_RCTL_EN &&
	       d->reg[E1000_ROW_TCTL] & E1000_TCTL_EN;
}

void e1000_link(struct e1000_device *d, bool up)
{
	uint32_t *status = &d->reg[E1000_ROW_STATUS];

	if (!(*status & E1000_STATUS_LU) == !up)
		return;
	*status ^= E1000_STATUS_LU;
	e1000_cause(d, E1000_LSC);
}

static void registers_begin(struct e1000_device *d)
{
	const uint8_t *m = d->mac;

	memset(d->reg, 0, sizeof d->reg);
	d->tx_left = 0;
	d->reg[E1000_ROW_STATUS] = E1000_STATUS_FD;
	d->reg[E1000_ROW_RAL] = m[0] | (uint32_t)m[1] << 8 |
				(uint32_t)m[2] << 16 | (uint32_t)m[3] << 24;
	d->reg[E1000_ROW_RAH] =
		m[4] | (uint32_t)m[5] << 8 | (uint32_t)RAH_VALID;
}

void e1000_device_init(struct e1000_device *d)
{
	d->line = false;
	registers_begin(d);
}

void e1000_device_reset(struct e1000_device *d)
{
	tell(d, EV_STATUS, 0, 0);
	registers_begin(d);
	line_update(d);
	d->ops->reset(d);
	d->ops->switched(d);
}

/* A word of the EEPROM, of which the first three are the address. */
static void eeprom_read(struct e1000_device *d, uint32_t value)
{
	uint32_t word = value >> EERD_WORD & 0xff, data = 0;

	if (!(value & E1000_EERD_START))
		return;
	if (word < sizeof d->mac / 2)
		data = d->mac[2 * word] | (uint32_t)d->mac[2 * word + 1] << 8;
	d->reg[E1000_ROW_EERD] =
		word << EERD_WORD | E1000_EERD_DONE | data << EERD_DATA;
}

uint32_t e1000_read(struct e1000_device *d, uint32_t at)
{
	uint32_t row = row_at(at);
	uint32_t value = row < E1000_ROWS ? d->reg[row] : 0;

	cost_count(d->cost, COST_EXIT_HEAVY, 1);
	cost_count(d->cost, COST_REGISTER, 1);
	tell(d, EV_REGISTER_READ, value, at);
	if (row == E1000_ROW_ICR && !MUTANT(E1000_ICR_KEEPS)) {
		d->reg[E1000_ROW_ICR] = 0;
		line_update(d);
	}
	return value;
}

/* What is said of the interrupt line. */
static void causes_write(struct e1000_device *d, uint32_t row, uint32_t value)
{
	uint32_t *icr = &d->reg[E1000_ROW_ICR], *ims = &d->reg[E1000_ROW_IMS];

	switch (row) {
	case E1000_ROW_ICR:
		*icr &= ~value;
		break;
	case E1000_ROW_ICS:
		*icr |= value & CAUSES;
		break;
	case E1000_ROW_IMS:
		*ims |= value & CAUSES;
		if (MUTANT(E1000_UNMASK_BLIND))
			return;
		break;
	default:
		*ims &= ~value;
	}
	line_update(d);
}

/* A half of the device was switched on or off, perhaps, and more is wanted. */
static void control_write(struct e1000_device *d, uint32_t changed)
{
	_Static_assert((int)E1000_RCTL_EN == (int)E1000_TCTL_EN, "one bit");
	if (changed & E1000_RCTL_EN)
		d->ops->switched(d);
	d->ops->work(d);
}

void e1000_write(struct e1000_device *d, uint32_t at, uint32_t value)
{
	uint32_t row = row_at(at), before;

	cost_count(d->cost, COST_EXIT_HEAVY, 1);
	cost_count(d->cost, COST_REGISTER, 1);
	tell(d, EV_REGISTER_WRITE, value, at);
	if (row == E1000_ROWS)
		return;
	before = d->reg[row];
	if (rows[row].stores)
		d->reg[row] = value & rows[row].stores;
	switch (row) {
	case E1000_ROW_CTRL:
		if (value & E1000_CTRL_RST)
			e1000_device_reset(d);
		break;
	case E1000_ROW_EERD:
		eeprom_read(d, value);
		break;
	case E1000_ROW_ICR:
	case E1000_ROW_ICS:
	case E1000_ROW_IMS:
	case E1000_ROW_IMC:
		causes_write(d, row, value);
		break;
	case E1000_ROW_RCTL:
	case E1000_ROW_TCTL:
		control_write(d, before ^ value);
		break;
	case E1000_ROW_TDT:
		d->tx_left = e1000_ring_size(d, E1000_ROW_TDLEN);
		d->ops->work(d);
		break;
	case E1000_ROW_RDT:
		if (!MUTANT(E1000_RDT_SILENT))
			d->ops->work(d);
		break;
	default:
		break;
	}
}

/* How far a tail is from its head; UINT32_MAX where one of them is nonsense. */
static uint32_t distance(const struct e1000_device *d, enum e1000_row len,
			 enum e1000_row head, enum e1000_row tail)
{
	uint32_t size = e1000_ring_size(d, len), h = d->reg[head],
		 t = d->reg[tail];

	return h < size && t < size ? (t - h + size) % size : UINT32_MAX;
}

/* That; of nonsense, both as they are. */
static void distance_canon(const struct e1000_device *d, struct canon *f,
			   enum e1000_row len, enum e1000_row head,
			   enum e1000_row tail)
{
	canon_u32(f, distance(d, len, head, tail));
	if (distance(d, len, head, tail) != UINT32_MAX)
		return;
	canon_u32(f, d->reg[head]);
	canon_u32(f, d->reg[tail]);
}

/* What the last write of TDT is still good for; no more than there is. */
static uint32_t sends_left(const struct e1000_device *d)
{
	uint32_t left =
		distance(d, E1000_ROW_TDLEN, E1000_ROW_TDH, E1000_ROW_TDT);

	return d->tx_left < left ? d->tx_left : left;
}

static bool is_place(uint32_t row)
{
	return row == E1000_ROW_RDH || row == E1000_ROW_RDT ||
	       row == E1000_ROW_TDH || row == E1000_ROW_TDT;
}

void e1000_device_canon(const struct e1000_device *d, struct canon *f)
{
	canon_flags(f, d->line);
	for (uint32_t row = 0; row < E1000_ROWS; row++)
		if (!is_place(row))
			canon_u32(f, d->reg[row]);
	distance_canon(d, f, E1000_ROW_RDLEN, E1000_ROW_RDH, E1000_ROW_RDT);
	distance_canon(d, f, E1000_ROW_TDLEN, E1000_ROW_TDH, E1000_ROW_TDT);
	canon_u32(f, sends_left(d));
}
