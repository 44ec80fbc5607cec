/* SPDX-License-Identifier: BSD-3-Clause */
/* A capture in words: form, sizes, times, and how its two sides balance. */
#include <assert.h>
#include <inttypes.h>
#include <pcap/pcap.h>

#include "sim/traffic/capture.h"
#include "sim/traffic/direction.h"

enum { SIDES = 2 };

struct balance {
	uint64_t frames[SIDES];
	uint64_t bytes[SIDES];
};

static const char *byte_order(const struct capture *c)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	return little != c->swapped ? "little" : "big";
}

static void describe_form(const struct capture *c, FILE *out)
{
	const char *name = pcap_datalink_val_to_name(c->linktype);

	fprintf(out, "format      %s, %s-endian, %s%s\n", c->format,
		byte_order(c), c->nanoseconds ? "nanoseconds" : "microseconds",
		c->gzip ? ", gzip" : "");
	fprintf(out, "link type   %s (%d)%s\n", name ? name : "unknown",
		c->linktype, c->converted ? ", made into Ethernet" : "");
	fprintf(out, "packets     %" PRIu64 "\n", c->count);
	if (c->damaged)
		fprintf(out, "damaged     %s\n", c->problem);
	fprintf(out, "bytes       %" PRIu64 " on the wire\n", c->wire_bytes);
	if (c->count)
		fprintf(out, "frames      %" PRIu32 " to %" PRIu32 " bytes\n",
			c->frame_min, c->frame_max);
	fprintf(out,
		"snapped     %" PRIu64 " frames, %" PRIu64
		" bytes filled with zeros\n",
		c->snapped, c->zeros);
}

/* @amount a second, or 0 where that cannot be said. */
static uint64_t per_second(uint64_t amount, uint64_t span_ps)
{
	unsigned __int128 rate = (unsigned __int128)amount * 1000000000000;

	if (!span_ps || rate / span_ps > UINT64_MAX)
		return 0;
	return (uint64_t)(rate / span_ps);
}

static void describe_times(const struct capture *c, FILE *out)
{
	uint64_t span = c->count ? c->packet[c->count - 1].time_ps : 0;
	uint64_t bits = c->wire_bytes > UINT64_MAX / 8 ? 0 : c->wire_bytes * 8;

	fprintf(out, "span        %" PRIu64 ".%09" PRIu64 " s\n",
		span / 1000000000000, span / 1000 % 1000000000);
	if (span)
		fprintf(out,
			"rate        %" PRIu64 " packets/s, %" PRIu64
			" bit/s\n",
			per_second(c->count, span), per_second(bits, span));
	if (c->backwards)
		fprintf(out, "backwards   %" PRIu64 " time stamps\n",
			c->backwards);
	if (c->cut_gaps)
		fprintf(out, "cut gaps    %" PRIu64 ", to %" PRIu64 " us\n",
			c->cut_gaps, c->gap_limit_ps / 1000000);
}

/* A world that has just the two sides of a capture. */
static struct world_config two_sides(void)
{
	return (struct world_config){
		.vms = SIDES, .links = 1, .link = {{.end = {0, 1}}}};
}

static struct balance weigh(const struct capture *c, const struct direction *d)
{
	struct balance b = {{0}, {0}};

	for (uint64_t i = 0; i < c->count; i++) {
		assert(d->from[i] < SIDES);
		b.frames[d->from[i]]++;
		b.bytes[d->from[i]] += c->packet[i].wire_len;
	}
	return b;
}

static bool describe_direction(const struct capture *c, enum direction_by by,
			       FILE *out)
{
	struct world_config world = two_sides();
	enum direction_answer answer;
	struct direction d;
	struct balance b;

	fprintf(out, "by %-4s     ", direction_name(by));
	answer = direction_find(c, &world, by, &d);
	if (answer == DIRECTION_NO_MEMORY)
		return false;
	fprintf(out, "%" PRIu64 " endpoints, %" PRIu64 " packets decided",
		d.tally[by].endpoints, d.tally[by].decided);
	if (answer == DIRECTION_FOUND) {
		b = weigh(c, &d);
		fprintf(out,
			"; frames %" PRIu64 " : %" PRIu64 ", bytes %" PRIu64
			" : %" PRIu64,
			b.frames[0], b.frames[1], b.bytes[0], b.bytes[1]);
		direction_free(&d);
	}
	fputc('\n', out);
	return true;
}

static bool describe_verdict(const struct capture *c, FILE *out)
{
	struct world_config world = two_sides();
	struct direction d;

	fprintf(out, "direction   ");
	if (direction_find(c, &world, DIRECTION_AUTO, &d) != DIRECTION_FOUND)
		return false;
	if (d.by != DIRECTION_AUTO)
		fprintf(out, "auto decides by %s\n", direction_name(d.by));
	else if (d.one_way)
		fprintf(out, "only one side sends\n");
	else
		fprintf(out, "auto cannot tell which side sends\n");
	direction_free(&d);
	return true;
}

bool capture_describe(const struct capture *c, const char *file, FILE *out)
{
	fprintf(out, "file        %s\n", file);
	describe_form(c, out);
	describe_times(c, out);
	for (enum direction_by by = DIRECTION_MAC; by <= DIRECTION_PORT; by++)
		if (!describe_direction(c, by, out))
			return false;
	return describe_verdict(c, out);
}
