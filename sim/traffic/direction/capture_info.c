/* SPDX-License-Identifier: BSD-3-Clause */
/* A capture in words: form, sizes, times, and how its two sides balance. */
#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <string.h>

#include "sim/traffic/capture/linktype.h"
#include "sim/traffic/direction/capture_info.h"
#include "sim/traffic/direction/direction.h"

enum { ENDPOINTS_SHOWN = 8, SIDES = 2 };

static const char *byte_order(const struct capture *c)
{
	if (c->mixed_endian)
		return "mixed";
	return c->big_endian ? "big" : "little";
}

static void describe_linktypes(const struct capture *c, FILE *out)
{
	for (uint32_t i = 0; i < c->linktypes; i++) {
		int type = c->linktype[i].type;
		const char *name = pcap_datalink_val_to_name(type);

		fprintf(out, "link type   %s (%d)", name ? name : "unknown",
			type);
		if (c->linktypes > 1)
			fprintf(out, ", %" PRIu64 " packets",
				c->linktype[i].packets);
		if (!linktype_is_known(type))
			fprintf(out, ", left out");
		else if (!linktype_is_ethernet(type) && c->linktype[i].packets)
			fprintf(out, ", made into Ethernet");
		fputc('\n', out);
	}
}

static void describe_form(const struct capture *c, FILE *out)
{
	const char *packed = packing_name(c->packing);

	fprintf(out, "format      %s, %s-endian, %s%s%s\n", c->format,
		byte_order(c), c->nanoseconds ? "nanoseconds" : "microseconds",
		packed[0] ? ", " : "", packed);
	describe_linktypes(c, out);
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
	if (c->overlong)
		fprintf(out,
			"overlong    %" PRIu64
			" frames hold more than their length on the wire; all "
			"of it counts\n",
			c->overlong);
	if (c->empty)
		fprintf(out, "empty       %" PRIu64 " frames, not sent\n",
			c->empty);
	if (c->left_out)
		fprintf(out,
			"left out    %" PRIu64
			" packets that cannot be made into Ethernet\n",
			c->left_out);
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
	uint64_t span = c->span_ps;
	uint64_t bits = c->wire_bytes > UINT64_MAX / 8 ? 0 : c->wire_bytes * 8;

	fprintf(out, "span        %s%" PRIu64 ".%09" PRIu64 " s\n",
		span == UINT64_MAX ? "over " : "", span / 1000000000000,
		span / 1000 % 1000000000);
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
	return (struct world_config){.vms = SIDES,
				     .links = 1,
				     .link = {{.end = {0, 1}, .members = 2}}};
}

/* False unless there is an answer to write down. */
static bool look(const struct capture *c, enum direction_by by,
		 struct direction *d, enum direction_answer *answer)
{
	struct world_config world = two_sides();

	*answer = direction_find(c, &world, by, false, d);
	return *answer == DIRECTION_FOUND || *answer == DIRECTION_ONE_ENDPOINT;
}

static enum direction_answer describe_direction(const struct capture *c,
						enum direction_by by, FILE *out)
{
	enum direction_answer answer;
	struct direction d;

	fprintf(out, "by %-4s     ", direction_name(by));
	if (!look(c, by, &d, &answer))
		return answer;
	fprintf(out, "%" PRIu64 " endpoints, %" PRIu64 " packets decided",
		d.tally[by].endpoints, d.tally[by].decided);
	if (answer == DIRECTION_FOUND) {
		fprintf(out,
			"; frames %" PRIu64 " : %" PRIu64 ", bytes %" PRIu64
			" : %" PRIu64,
			d.frames[0], d.frames[1], d.bytes[0], d.bytes[1]);
		direction_free(&d);
	}
	fputc('\n', out);
	return DIRECTION_FOUND;
}

/* Who sends, in the order in which machines are given to them. */
static void describe_endpoints(const struct direction *d, FILE *out)
{
	const struct placement *p = &d->placement;

	for (uint32_t i = 0; i < p->shown && i < ENDPOINTS_SHOWN; i++)
		fprintf(out, "endpoint %-2" PRIu32 " %s, %" PRIu64 " packets\n",
			i, p->end[i].name, p->end[i].packets);
	if (p->endpoints > ENDPOINTS_SHOWN)
		fprintf(out, "            and %" PRIu64 " more\n",
			p->endpoints - ENDPOINTS_SHOWN);
}

static enum direction_answer describe_verdict(const struct capture *c,
					      FILE *out)
{
	enum direction_answer answer;
	struct direction d;

	fprintf(out, "direction   ");
	if (!look(c, DIRECTION_AUTO, &d, &answer))
		return answer;
	if (d.by != DIRECTION_AUTO)
		fprintf(out, "auto decides by %s\n", direction_name(d.by));
	else if (d.one_way)
		fprintf(out, "only one side sends\n");
	else
		fprintf(out, "auto cannot tell which side sends\n");
	describe_endpoints(&d, out);
	direction_free(&d);
	return DIRECTION_FOUND;
}

bool capture_describe(const struct capture *c, const char *file, FILE *out,
		      char *error, uint32_t size)
{
	enum direction_answer answer = DIRECTION_FOUND;

	fprintf(out, "file        %s\n", file);
	describe_form(c, out);
	describe_times(c, out);
	for (enum direction_by by = DIRECTION_MAC;
	     by <= DIRECTION_PORT && answer == DIRECTION_FOUND; by++)
		answer = describe_direction(c, by, out);
	if (answer == DIRECTION_FOUND)
		answer = describe_verdict(c, out);
	if (answer == DIRECTION_FOUND)
		return true;
	snprintf(error, size, "%s: %s", file,
		 answer == DIRECTION_CHANGED ? "it changed while it was read"
					     : strerror(errno));
	return false;
}
