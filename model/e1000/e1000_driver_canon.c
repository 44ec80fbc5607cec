/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/e1000/e1000_driver.h"

/* Bytes of a buffer, which the device will read or the driver take. */
static void buffer_canon(const struct e1000_driver *d,
			 const struct e1000_ring *r, struct canon *f,
			 uint32_t index, uint32_t len,
			 const struct packet_senders *from)
{
	if (len > d->buffer_size)
		len = d->buffer_size;
	packet_frame_canon(from, f, r->buffers + (size_t)index * d->buffer_size,
			   len);
}

/* A frame that was sent is of interest until the device has done with it. */
static void sent_canon(const struct e1000_driver *d, struct canon *f,
		       const struct packet_senders *from)
{
	uint32_t given = e1000_given(d, &d->tx), index = d->tx.first;

	canon_u32(f, e1000_given(d, &d->tx));
	canon_u32(f, (d->tx.next - d->tx.told + d->size) % d->size);
	for (; given--; index = e1000_behind(d, index, 1)) {
		const uint8_t *at = e1000_desc(&d->tx, index);
		uint32_t status = gmem_load32(at + E1000_DESC_STATUS);
		uint32_t command = gmem_load32(at + E1000_DESC_LENGTH);

		canon_u32(f, gmem_load32(at + E1000_DESC_STATUS));
		if (status & E1000_STATUS_DD)
			continue;
		canon_u32(f, gmem_load32(at + E1000_DESC_LENGTH));
		buffer_canon(d, &d->tx, f, index, command & 0xffff, from);
	}
}

/* One that was received is of interest from then on. */
static void received_canon(const struct e1000_driver *d, struct canon *f,
			   const struct packet_senders *from)
{
	uint32_t given = e1000_given(d, &d->rx), index = d->rx.first;

	canon_u32(f, e1000_given(d, &d->rx));
	canon_u32(f, (d->rx.next - d->rx.told + d->size) % d->size);
	for (; given--; index = e1000_behind(d, index, 1)) {
		const uint8_t *at = e1000_desc(&d->rx, index);
		uint32_t status = gmem_load32(at + E1000_DESC_STATUS), len;

		canon_u32(f, gmem_load32(at + E1000_DESC_STATUS));
		if (!(status & E1000_STATUS_DD))
			continue;
		len = gmem_load32(at + E1000_DESC_LENGTH) & 0xffff;
		canon_u32(f, gmem_load32(at + E1000_DESC_LENGTH) & 0xffff);
		buffer_canon(d, &d->rx, f, index, len, from);
	}
}

void e1000_driver_canon(const struct guest_driver *driver, struct canon *f,
			const struct guest_canon *about)
{
	const struct e1000_driver *d = (const struct e1000_driver *)driver;
	struct packet_senders own = about->from;

	own.nic = driver->nic;
	canon_u8(f, d->stage);
	canon_flags(f, d->irq);
	if (about->dead || d->stage <= E1000_STAGE_RINGS)
		return;
	canon_u8(f, d->phase);
	canon_u32(f, d->causes);
	canon_flags(f, d->unmasked, d->link_up, d->acted,
		    d->wait_ps != UINT64_MAX);
	sent_canon(d, f, &own);
	received_canon(d, f, &about->from);
}
