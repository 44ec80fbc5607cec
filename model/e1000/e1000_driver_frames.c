/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that a driver of an 82540EM gives its device, and takes from it. */
#include "model/e1000/e1000_driver.h"
#include "model/mutant.h"

static uint16_t queue(const struct e1000_driver *d, uint32_t which)
{
	return queue_of_nic(d->driver.nic, which);
}

static uint64_t buffer_gpa(const struct e1000_driver *d,
			   const struct e1000_ring *r, uint32_t index)
{
	return r->buffers_gpa + (uint64_t)index * d->buffer_size;
}

static uint8_t *buffer_at(const struct e1000_driver *d,
			  const struct e1000_ring *r, uint32_t index)
{
	return r->buffers + (size_t)index * d->buffer_size;
}

static bool is_done(const struct e1000_ring *r, uint32_t index)
{
	return gmem_load32(e1000_desc(r, index) + E1000_DESC_STATUS) &
	       E1000_STATUS_DD;
}

/* Takes back what was sent; with @one, a descriptor. */
bool e1000_driver_clean(struct e1000_driver *d, bool one)
{
	struct e1000_ring *r = &d->tx;
	uint32_t n = 0;

	while (r->first != r->told && (!one || n == 0) &&
	       is_done(r, r->first)) {
		r->first = e1000_behind(d, r->first, 1);
		cost_count(d->cost, COST_ENTRY, 1);
		n++;
	}
	return n > 0;
}

/*
 * Descriptors of the next frame that was received, of which @len are to be told
 * where they lie; 0: it is not there as a whole.
 */
static uint32_t frame_find(struct e1000_driver *d, uint32_t *len)
{
	const struct e1000_ring *r = &d->rx;
	uint32_t given = e1000_given(d, r), index = r->first, pieces = 0;
	uint32_t status;

	for (*len = 0; pieces < given; index = e1000_behind(d, index, 1)) {
		const uint8_t *at = e1000_desc(r, index);
		uint32_t size;

		status = gmem_load32(at + E1000_DESC_STATUS);
		if (MUTANT(E1000_NO_DD))
			status |= E1000_STATUS_DD | E1000_STATUS_EOP;
		if (!(status & E1000_STATUS_DD))
			return 0;
		size = gmem_load32(at + E1000_DESC_LENGTH) & 0xffff;
		if (size > d->buffer_size)
			size = d->buffer_size; /* nobody wrote more */
		d->piece[pieces].bytes = buffer_at(d, r, index);
		d->piece[pieces++].len = size;
		*len += size;
		if (status & E1000_STATUS_EOP)
			return pieces;
	}
	return 0;
}

/* Takes one frame that was received. */
static bool frame_take(struct e1000_driver *d)
{
	uint32_t len, pieces = frame_find(d, &len);

	for (uint32_t k = 0; k < pieces; k++) {
		probe_emit(d->probe, EV_GUEST_READ, queue(d, NET_RX), 0,
			   buffer_gpa(d, &d->rx, d->rx.first), d->piece[k].len,
			   d->vm->id);
		d->rx.first = e1000_behind(d, d->rx.first, 1);
	}
	if (!pieces)
		return false;
	d->app->deliver(d->app_ctx, d->driver.nic, d->piece, pieces, len);
	cost_count(d->cost, COST_ENTRY, pieces);
	cost_count(d->cost, COST_PACKET, 1);
	cost_count(d->cost, COST_APP_BYTE, len);
	return true;
}

bool e1000_driver_take(struct e1000_driver *d, bool one)
{
	uint32_t n = 0, most = one ? 1 : d->burst;

	while (n < most && frame_take(d))
		n++;
	return n > 0;
}

static void desc_write(struct e1000_driver *d, const struct e1000_ring *r,
		       uint32_t index, uint32_t command)
{
	uint8_t *at = e1000_desc(r, index);

	gmem_store64(at, buffer_gpa(d, r, index));
	gmem_store32(at + E1000_DESC_LENGTH, command);
	gmem_store32(at + E1000_DESC_STATUS, 0);
	cost_count(d->cost, COST_DESC, 1);
}

bool e1000_driver_refill(struct e1000_driver *d)
{
	struct e1000_ring *r = &d->rx;
	uint32_t most = r->room - e1000_given(d, r);

	for (uint32_t n = 0; n < most; n++) {
		desc_write(d, r, r->next, 0);
		r->next = e1000_behind(d, r->next, 1);
	}
	return most > 0;
}

/* The peer has as many buffers of this size as this driver. */
static bool frame_fits(const struct e1000_driver *d, uint32_t len)
{
	uint32_t pieces = e1000_pieces(d, len);

	return len <= d->cfg->max_frame && pieces <= d->tx.room &&
	       pieces <= d->rx.room;
}

/* The next @len bytes of a frame, or none of it, go into the next buffer. */
static void piece_write(struct e1000_driver *d, const uint8_t *bytes,
			uint32_t len, bool last)
{
	struct e1000_ring *r = &d->tx;

	if (bytes && len)
		memcpy(buffer_at(d, r, r->next), bytes, len);
	probe_emit(d->probe, EV_GUEST_WRITE, queue(d, NET_TX), 0,
		   buffer_gpa(d, r, r->next), len, d->vm->id);
	desc_write(d, r, r->next,
		   len | E1000_CMD_RS | (last ? (uint32_t)E1000_CMD_EOP : 0));
	r->next = e1000_behind(d, r->next, 1);
}

/* As its application would write it. */
static void frame_write(struct e1000_driver *d, const struct app_packet *p)
{
	uint32_t pieces = e1000_pieces(d, p->len), off = 0;

	for (uint32_t k = 0; k < pieces; k++) {
		uint32_t left = p->len - off;
		uint32_t len = left < d->buffer_size ? left : d->buffer_size;

		piece_write(d, p->bytes ? p->bytes + off : NULL, len,
			    k + 1 == pieces);
		off += len;
	}
}

/* The application is rid of the packet, which was sent, or refused. */
static void frame_over(struct e1000_driver *d, const struct app_packet *p,
		       bool sent)
{
	d->app->taken(d->app_ctx, d->driver.nic, !sent);
	probe_emit(d->probe, sent ? EV_SEND : EV_REFUSE, queue(d, NET_TX),
		   (uint32_t)p->seq, sent ? p->hash : 0, p->len, p->to);
	cost_count(d->cost, COST_PACKET, 1);
	cost_count(d->cost, COST_APP_BYTE, p->len);
}

/* Sends the next frame, or refuses it; false: there is none, or no room. */
static bool frame_send(struct e1000_driver *d)
{
	struct app_packet p;

	if (d->app->peek(d->app_ctx, d->driver.nic, &p, &d->wait_ps) !=
	    APP_PACKET)
		return false;
	if (!frame_fits(d, p.len)) {
		frame_over(d, &p, false);
		return true;
	}
	if (e1000_given(d, &d->tx) + e1000_pieces(d, p.len) > d->tx.room)
		return false; /* those that are done will be told of */
	frame_write(d, &p);
	frame_over(d, &p, true);
	return true;
}

bool e1000_driver_send(struct e1000_driver *d, bool one)
{
	uint32_t n = 0, most = one ? 1 : d->burst;

	d->wait_ps = UINT64_MAX;
	d->peeked_ps = d->probe->time;
	while (d->link_up && n < most && frame_send(d))
		n++;
	return n > 0;
}
