/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rings of an emulated 82540EM, as the device works them: from its head to
 * the tail, which is the first descriptor that is not its own. What lies out of
 * reach is read as zeros and not written.
 */
#include "model/e1000/e1000_device.h"

#include "model/mutant.h"

/* A ring: rows of registers, and whose events they are. */
struct ring {
	enum e1000_row base, len, head, tail;
	uint32_t queue;
};

static const struct ring rx = {E1000_ROW_RDBAL, E1000_ROW_RDLEN, E1000_ROW_RDH,
			       E1000_ROW_RDT, NET_RX};
static const struct ring tx = {E1000_ROW_TDBAL, E1000_ROW_TDLEN, E1000_ROW_TDH,
			       E1000_ROW_TDT, NET_TX};

static uint64_t desc_gpa(const struct e1000_device *d, const struct ring *r,
			 uint32_t index)
{
	return (d->reg[r->base] | (uint64_t)d->reg[r->base + 1] << 32) +
	       (uint64_t)index * E1000_DESC_SIZE;
}

/* @places behind the head, which wraps, and begins anew behind the end. */
static uint32_t index_behind(const struct e1000_device *d, const struct ring *r,
			     uint32_t places)
{
	uint32_t size = e1000_ring_size(d, r->len), head = d->reg[r->head];

	if (size == 0)
		return 0;
	return ((head < size ? head : 0) + places) % size;
}

static const uint8_t *desc_fetch(struct e1000_device *d, const struct ring *r,
				 uint32_t index)
{
	uint64_t gpa = desc_gpa(d, r, index);
	const uint8_t *at = gmem_at(d->mem, gpa, E1000_DESC_SIZE);

	probe_emit(d->probe, EV_FETCH, queue_of_nic(d->nic, r->queue), index,
		   gpa, at ? E1000_DESC_SIZE : 0, d->vm);
	cost_count(d->cost, COST_DESC, 1);
	return at;
}

/* The status with DD, behind all else that the driver will look at. */
static void desc_write_back(struct e1000_device *d, const struct ring *r,
			    uint32_t index, uint32_t length, uint32_t status)
{
	uint64_t gpa = desc_gpa(d, r, index);
	uint8_t *at = gmem_at(d->mem, gpa, E1000_DESC_SIZE);

	if (at && r->queue == NET_RX)
		gmem_store32(at + E1000_DESC_LENGTH, length);
	if (at)
		gmem_store32(at + E1000_DESC_STATUS, status | E1000_STATUS_DD);
	probe_emit(d->probe, EV_WRITE_BACK, queue_of_nic(d->nic, r->queue),
		   index, gpa, at ? E1000_DESC_SIZE : 0, d->vm);
	cost_count(d->cost, COST_ENTRY, 1);
}

bool e1000_tx_ready(const struct e1000_device *d)
{
	uint32_t size = e1000_ring_size(d, E1000_ROW_TDLEN);
	uint32_t tail = d->reg[E1000_ROW_TDT];

	if (MUTANT(E1000_PAST_TAIL))
		tail = (tail + 1) % (size ? size : 1);
	return d->reg[E1000_ROW_TCTL] & E1000_TCTL_EN && size && d->tx_left &&
	       d->reg[E1000_ROW_TDH] != tail;
}

void e1000_tx_fetch(struct e1000_device *d, struct e1000_tx *out)
{
	uint32_t index = index_behind(d, &tx, 0);
	const uint8_t *at = desc_fetch(d, &tx, index);

	*out = (struct e1000_tx){.index = index};
	if (!at)
		return;
	out->gpa = gmem_load64(at);
	out->word[0] = gmem_load32(at + E1000_DESC_LENGTH);
	out->word[1] = gmem_load32(at + E1000_DESC_STATUS);
}

bool e1000_tx_done(struct e1000_device *d, const struct e1000_tx *t)
{
	bool wanted = t->word[0] & E1000_CMD_RS;

	if (wanted)
		desc_write_back(d, &tx, t->index, t->word[0], t->word[1]);
	d->reg[E1000_ROW_TDH] = index_behind(d, &tx, 1);
	d->tx_left -= d->tx_left != 0;
	return wanted;
}

bool e1000_rx_wants(const struct e1000_device *d, uint32_t len)
{
	uint32_t rctl = d->reg[E1000_ROW_RCTL];

	return rctl & E1000_RCTL_EN &&
	       (rctl & E1000_RCTL_LPE || len <= E1000_FRAME_MAX);
}

uint32_t e1000_rx_buffers(const struct e1000_device *d, uint32_t len)
{
	uint32_t size = e1000_buffer_size(d->reg[E1000_ROW_RCTL]);

	return len > size ? (len + size - 1) / size : 1;
}

bool e1000_rx_fits(const struct e1000_device *d, uint32_t len)
{
	uint32_t size = e1000_ring_size(d, E1000_ROW_RDLEN),
		 head = d->reg[E1000_ROW_RDH], tail = d->reg[E1000_ROW_RDT];

	return head < size && tail < size &&
	       (tail - head + size) % size >= e1000_rx_buffers(d, len);
}

uint64_t e1000_rx_fetch(struct e1000_device *d, uint32_t k)
{
	uint32_t index = index_behind(d, &rx, k);
	const uint8_t *at = desc_fetch(d, &rx, index);

	if (MUTANT(E1000_DD_FIRST))
		desc_write_back(d, &rx, index, E1000_FRAME_MAX,
				E1000_STATUS_EOP);
	return at ? gmem_load64(at) : 0;
}

void e1000_rx_done(struct e1000_device *d, uint32_t len)
{
	uint32_t size = e1000_buffer_size(d->reg[E1000_ROW_RCTL]);
	uint32_t count = e1000_rx_buffers(d, len);

	for (uint32_t k = 0; k < count; k++) {
		bool last = k + 1 == count;

		desc_write_back(d, &rx, index_behind(d, &rx, k),
				last ? len - k * size : size,
				last ? E1000_STATUS_EOP : 0);
	}
	d->reg[E1000_ROW_RDH] = index_behind(d, &rx, count);
}
