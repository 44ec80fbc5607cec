/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/traffic/feed.h"

#include <assert.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/traffic/direction/frame.h"

enum {
	GSO_TCPV4 = 1, /* virtio's numbers */
	GSO_TCPV6 = 4,
	GSO_FRAME_MIN = 1514 + 8 + 1, /* longer than the longest tagged frame */
	GSO_SIZE = 1448,
	TCP_CHECKSUM = 16,
};

static const uint64_t second_ps = UINT64_C(1000000000000);

bool feed_is_rate(const struct traffic_config *t)
{
	return t->pace == PACE_RATE && t->rate;
}

uint64_t feed_scaled(const struct traffic_config *t, uint64_t ps)
{
	unsigned __int128 wide = ps;

	if (t->pace == PACE_ASAP || t->pace == PACE_RATE)
		return 0;
	if (t->pace == PACE_SCALED && t->scale_percent)
		wide = wide * 100 / t->scale_percent;
	return wide < UINT64_MAX ? (uint64_t)wide : UINT64_MAX;
}

/* The packet's time in a pass. */
static void set_due(const struct feed *f, struct source_packet *p)
{
	const struct traffic_config *t = f->plan->traffic;
	unsigned __int128 wide = (unsigned __int128)f->place * second_ps;

	p->due = feed_scaled(t, f->packet.time_ps);
	p->rest = 0;
	if (feed_is_rate(t)) {
		p->due = (uint64_t)(wide / t->rate);
		p->rest = (uint64_t)(wide % t->rate);
	}
}

/* A frame that no wire carries was put together by an offload: say which. */
static void set_offload(struct source_packet *p)
{
	struct frame f;

	if (p->len < GSO_FRAME_MIN)
		return;
	frame_parse(p->bytes, p->len, &f);
	if (f.protocol != FRAME_TCP || f.fragment || !f.data ||
	    f.data >= p->len)
		return;
	assert(f.data <= UINT16_MAX && f.l4 < f.data);
	p->gso_type = f.ip_version == 4 ? GSO_TCPV4 : GSO_TCPV6;
	p->hdr_len = (uint16_t)f.data;
	p->gso_size = p->len - f.data < GSO_SIZE ? (uint16_t)(p->len - f.data)
						 : GSO_SIZE;
	p->csum_start = (uint16_t)f.l4;
	p->csum_offset = TCP_CHECKSUM;
}

bool feed_begin(struct feed *f, const struct feed_plan *plan)
{
	f->plan = plan;
	f->place = f->taken = 0;
	f->failed = false;
	direction_begin(&f->ways, plan->d);
	return capture_begin(&f->reader, plan->c);
}

void feed_end(struct feed *f)
{
	capture_end(&f->reader);
}

void feed_rewind(struct feed *f)
{
	f->taken = 0;
	direction_begin(&f->ways, f->plan->d);
	capture_rewind(&f->reader);
}

bool feed_next(struct feed *f)
{
	uint8_t to;

	do {
		if (!capture_next(&f->reader, &f->packet)) {
			f->failed |= f->reader.at < f->plan->c->count;
			return false;
		}
		if (!direction_next(&f->ways, &f->from, &to)) {
			f->failed = true;
			return false;
		}
	} while (f->packet.len == 0);
	f->to = direction_receivers(f->plan->world, f->from, to);
	f->place = f->taken++;
	return true;
}

struct source_packet feed_row(const struct feed *f, uint8_t *to)
{
	const struct capture_packet *c = &f->packet;
	struct source_packet p = {.bytes = to,
				  .len = c->len,
				  .copied = (f->to & (f->to - 1)) != 0};

	capture_copy(c, to);
	memset(to + c->len, 0, feed_room(c->len) - c->len);
	p.hash = XXH3_64bits(to, c->len);
	set_due(f, &p);
	set_offload(&p);
	return p;
}
